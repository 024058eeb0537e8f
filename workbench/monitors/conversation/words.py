"""What the conversation says of itself, in plain words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from workbench.core.text import current_language
from workbench.monitors.conversation.models import QuestionStep
from workbench.monitors.conversation.states import Act, State

_NOW = {
    State.ASKED: lazy_gettext("Deze vraag wacht op een antwoord."),
    State.ANSWERED: lazy_gettext("Deze vraag is al beantwoord."),
    State.UNCLEAR: lazy_gettext("Het antwoord was niet helder. De vraag wacht op een nieuw antwoord."),
    State.CLEAR: lazy_gettext("De vragensteller vond het antwoord al helder."),
    State.CLOSED: lazy_gettext("Deze vraag is gesloten."),
    State.WITHDRAWN: lazy_gettext("Dit is ingetrokken door wie het schreef."),
    State.SAID: lazy_gettext("Dit is geen vraag, dus er hoort geen antwoord bij."),
}


def refusal(state: State, act: Act) -> str:
    """Why a step cannot be taken: what happened before, and what to do."""
    if act in (Act.CLEAR, Act.UNCLEAR) and state is State.ASKED:
        return str(_("Er is nog geen antwoord om iets van te vinden."))
    return f"{_NOW[state]} {_('Lees eerst wat er intussen gebeurde.')}"


def step(done: QuestionStep) -> str:
    """'Sanne Bakker antwoordde' – who did what; the text stands apart."""
    who = done.by.name if done.by else _("Iemand")
    language = current_language()
    return str(
        {
            Act.ANSWER: lazy_gettext("%(who)s antwoordde", who=who),
            Act.CLEAR: lazy_gettext("%(who)s vindt het antwoord helder", who=who),
            Act.UNCLEAR: lazy_gettext("%(who)s vindt het antwoord niet helder en vraagt opnieuw", who=who),
            Act.WITHDRAW: lazy_gettext("%(who)s trok dit in", who=who),
            Act.REASSIGN: lazy_gettext(
                "%(who)s gaf de vraag door aan %(to)s", who=who, to=done.to.name if done.to else _("iemand")
            ),
            Act.SET_TERM: lazy_gettext(
                "%(who)s zette de laatste dag op %(day)s",
                who=who,
                day=language.date(done.due_on) if done.due_on else "",
            ),
            Act.CLOSE: lazy_gettext("%(who)s sloot de vraag", who=who),
        }[done.act]
    )
