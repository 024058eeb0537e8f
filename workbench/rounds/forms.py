"""Forms: making a round, and answering one. The form of an answer is put together for its round."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import validators

from workbench.core.forms import (
    CheckboxesField,
    CheckboxField,
    Form,
    NumberField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.rounds import words
from workbench.rounds.methods import WITHOUT_OPTIONS, Method
from workbench.rounds.methods.base import Content, Rules
from workbench.rounds.models import Option, Round
from workbench.rounds.operations import Reply
from workbench.rounds.queries import OwnAnswer

OPTIONAL = [validators.Optional()]
SIDES = " / "  # between the two ends of a line, as it is typed


def _number(label: Any, default: int, high: int) -> NumberField:
    message = lazy_gettext("Vul een getal in van %(low)s tot en met %(high)s.", low=1, high=high)
    return NumberField(
        label, default=default, validators=[validators.Optional(), validators.NumberRange(1, high, message)]
    )


class _Number(NumberField):
    """A number in an answer: the page says once that it may stay empty, not at each field."""

    optional = False


class _Radio(RadioField):
    optional = False


class _Checkboxes(CheckboxesField):
    optional = False


class _Text(TextArea):
    optional = False


class RoundForm(Form):
    question = TextField(
        lazy_gettext("Wat vraagt u de groep?"),
        maximum=300,
        description=lazy_gettext("Eén vraag, zoals: Wat staat bij ons voorop?"),
        validators=required(lazy_gettext("Schrijf de vraag op die de groep beantwoordt.")),
    )
    explanation = TextArea(lazy_gettext("Wat moet de groep erbij weten?"), validators=OPTIONAL)
    method = RadioField(
        lazy_gettext("Hoe geeft de groep antwoord?"),
        validators=required(lazy_gettext("Kies hoe de groep antwoord geeft.")),
    )
    options = TextArea(
        lazy_gettext("Waaruit kan de groep kiezen?"),
        description=lazy_gettext(
            "Eén per regel. Bij een plek op de lijn twee kanten op een regel: nabijheid / deskundigheid."
            " Bij één zin en bij bezwaren ophalen blijft dit leeg."
        ),
        validators=OPTIONAL,
    )
    most = _number(lazy_gettext("Bij kiezen: hoeveel mag ieder er hooguit kiezen?"), Rules.most, 30)
    dots = _number(lazy_gettext("Bij stippen: hoeveel stippen krijgt ieder?"), Rules.dots, 30)
    per_option = _number(
        lazy_gettext("Bij stippen: hoeveel mogen er hooguit bij één mogelijkheid?"), Rules.per_option, 30
    )
    factions = TextArea(
        lazy_gettext("Bij stellingen en een plek op de lijn: welke fracties doen mee?"),
        description=lazy_gettext(
            "Eén per regel. Leden kiezen zelf of zij hun fractie noemen. Groepen van minder dan drie mensen worden"
            " nooit apart getoond."
        ),
        validators=OPTIONAL,
    )
    ask_reason = CheckboxField(lazy_gettext("Vraag ook naar de reden"), default=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.method.choices = choices(
            {
                method: f"{name}: {words.METHOD_SENTENCES[method]}"
                for method, name in words.METHOD_NAMES.items()
            }
        )

    def start_from(self, found: Round) -> None:
        """Show what was prepared (not when other texts are already on their way)."""
        if self.is_submitted():
            return
        self.question.data, self.explanation.data = found.question, found.explanation
        self.method.data = found.method.value
        self.options.data = "\n".join(_typed(option) for option in found.options)
        self.factions.data = "\n".join(found.settings.get("factions", []))
        self.ask_reason.data = found.settings.get("ask_reason", True)
        for name, number in asdict(found.rules).items():
            self[name].data = number

    def chosen_method(self) -> Method:
        return Method(self.method.data)

    def chosen_options(self) -> list[Option]:
        """The lines as options; keys are plain numbers, since they stand for nothing else."""
        method = self.chosen_method()
        if method in WITHOUT_OPTIONS:
            return []
        found = []
        for number, line in enumerate(_lines(self.options.text)):
            label, _slash, counter = line.partition(SIDES) if method == Method.POSITION else (line, "", "")
            found.append(Option(str(number), label.strip(), counter.strip()))
        return found

    def chosen_settings(self) -> dict[str, Any]:
        rules = {name: self[name].data or getattr(Rules, name) for name in ("most", "dots", "per_option")}
        return {**rules, "ask_reason": self.ask_reason.data, "factions": _lines(self.factions.text)}


def _lines(text: str) -> list[str]:
    """The lines that say something, each once."""
    return list(dict.fromkeys(line.strip()[:300] for line in text.splitlines() if line.strip()))


def _typed(option: Option) -> str:
    return f"{option.label}{SIDES}{option.counter}" if option.counter else option.label


class BallotForm(Form):
    """What every answer has; `ballot_form` adds the fields of the method."""

    base_version = wtforms.HiddenField()
    blank = CheckboxField(lazy_gettext("Ik weet het niet, of ik heb hier geen mening over"))
    reason = TextArea(
        lazy_gettext("Waarom?"),
        maximum=1000,
        description=lazy_gettext("Zonder vinkje hieronder blijft uw reden alleen voor uzelf."),
        validators=OPTIONAL,
    )
    share_reason = CheckboxField(
        lazy_gettext("Na de onthulling mag de groep mijn reden lezen, zonder mijn naam")
    )
    minority = TextArea(
        lazy_gettext("Minderheidsstandpunt"),
        maximum=2000,
        description=lazy_gettext(
            "Ziet u het anders dan de groep waarschijnlijk ziet? Schrijf het hier op. Na de onthulling leest de groep"
            " dit, zonder uw naam. Het telt even zwaar."
        ),
        validators=OPTIONAL,
    )
    faction = SelectField(
        lazy_gettext("Bij welke fractie hoort u?"),
        description=lazy_gettext(
            "De groep ziet alleen waar fracties van drie of meer mensen samen staan. Kleinere gaan samen bij ‘overige’."
        ),
        validators=OPTIONAL,
    )
    round: Round

    def base(self) -> int:
        """The version this answer started from; a spoiled one shows as changed elsewhere."""
        data = self.base_version.data or ""
        return int(data) if data.isdecimal() and len(data) < 9 else 0

    def reply(self) -> Reply:
        return Reply(
            None if self.blank.data else self._content(),
            self.reason.text if self.reason else "",  # a field that is not asked is None
            bool(self.share_reason and self.share_reason.data),
            self.minority.text,
            (self.faction.data if self.faction else None) or None,
        )

    def _content(self) -> Content:
        method, options = self.round.method, self.round.options
        if method == Method.CHOOSE:
            return {"picks": [options[int(index)].key for index in self.answer.data or []]}
        if method == Method.SENTENCE:
            return {"text": self.answer.text}
        if method == Method.CONSENT:
            return {"choice": self.answer.data}
        if method == Method.PAIRWISE:
            asked = words.pairs_of(self.round)
            chosen = [(pair, self[f"answer_{index}"].data) for index, pair in enumerate(asked)]
            return {
                "pairs": [[pair[int(which)].key, pair[1 - int(which)].key] for pair, which in chosen if which]
            }
        given = {option.key: self[f"answer_{index}"].data for index, option in enumerate(options)}
        return {_NUMBERED[method]: {key: value for key, value in given.items() if value not in (None, "")}}

    def answers(self) -> list[Any]:
        """The fields of the method, for the page."""
        return [field for field in self if field.name.startswith("answer")]

    def refuse(self, sentence: str) -> None:
        """Put the error at the first field of the method."""
        field = (
            self.reason
            if self.answers()[0].data and self.round.method == Method.CONSENT
            else self.answers()[0]
        )
        field.errors = [*field.errors, sentence]


_NUMBERED = {
    Method.POSITION: "places",
    Method.DOTS: "dots",
    Method.POINTS: "points",
    Method.RANKING: "ranks",
    Method.STATEMENTS: "votes",
}


def ballot_form(
    found: Round, own: OwnAnswer | None, person_id: UUID | None, *, as_kept: bool = False
) -> BallotForm:
    """The form for this round, filled with one's own answer. No person: a device without an account.

    `as_kept`: never with what this request sends.
    """
    form_class = type("BallotFormOfRound", (BallotForm,), {"round": found, **_fields(found)})
    factions = found.factions_for(person_id)
    to_begin_with = {"faction": factions[0]} if factions and found.knows_factions else {}
    sent = {"formdata": None} if as_kept else {}
    form: BallotForm = form_class(data=_data(found, own) if own else to_begin_with, **sent)
    if not found.asks_reason:
        del form.reason, form.share_reason
    _offer_factions(form, factions)
    if not form.is_submitted():
        form.base_version.data = str(own.ballot.version if own else 0)
    return form


def _offer_factions(form: BallotForm, factions: list[str]) -> None:
    """That of this member, as the plan has it, or several to choose from."""
    if not factions:
        del form.faction
    elif form.round.knows_factions:
        form.faction.label.text = _("Telt uw antwoord mee bij uw fractie?")
        names = {name: _("Ja, bij %(name)s", name=name) for name in factions}
        form.faction.choices = choices({**names, "": _("Liever niet")})
    else:
        form.faction.choices = choices({"": _("Liever niet"), **{name: name for name in factions}})


def _fields(found: Round) -> dict[str, Any]:
    options, rules = found.options, found.rules
    if found.method == Method.CHOOSE:
        names = {str(index): option.label for index, option in enumerate(options)}
        label = _("Uw keuze, hooguit %(n)s", n=rules.most)
        return {"answer": _Checkboxes(label, choices=choices(names), validators=OPTIONAL)}
    if found.method == Method.SENTENCE:
        hint = _("Na de onthulling leest de groep uw zin, zonder uw naam.")
        return {"answer": _Text(_("Uw zin"), maximum=500, description=hint, validators=OPTIONAL)}
    if found.method == Method.CONSENT:
        return {"answer": _Radio(_("Uw antwoord"), choices=choices(words.CONSENT_NAMES), validators=OPTIONAL)}
    if found.method == Method.PAIRWISE:
        return {
            f"answer_{index}": _Radio(
                _(
                    "Keuze %(n)s van %(of)s: wat gaat voor?",
                    n=index + 1,
                    of=len(options) * (len(options) - 1) // 2,
                ),
                choices=choices({"0": one.label, "1": other.label}),
                validators=OPTIONAL,
            )
            for index, (one, other) in enumerate(words.pairs_of(found))
        }
    if found.method == Method.STATEMENTS:
        return {
            f"answer_{index}": _Radio(option.label, choices=choices(words.VOTE_NAMES), validators=OPTIONAL)
            for index, option in enumerate(options)
        }
    return {f"answer_{index}": _number_field(found, option) for index, option in enumerate(options)}


def _number_field(found: Round, option: Option) -> NumberField:
    label, hint = option.label, ""
    if found.method == Method.POSITION:
        label = words.line_name(option)
        hint = _(
            "0 is helemaal %(this)s, 50 is het midden, 100 is helemaal %(other)s.",
            this=option.label,
            other=option.counter,
        )
    return _Number(label, description=hint, validators=OPTIONAL)


def _data(found: Round, own: OwnAnswer) -> dict[str, Any]:
    """One's own answer as the data of the fields."""
    ballot = own.ballot
    data: dict[str, Any] = {
        "blank": ballot.content is None,
        "reason": ballot.reason,
        "share_reason": ballot.share_reason,
        "minority": ballot.minority,
        "faction": own.faction or "",
    }
    return data | (_content_data(found, ballot.content) if ballot.content else {})


def _content_data(found: Round, content: Content) -> dict[str, Any]:
    keys = found.keys
    if found.method == Method.CHOOSE:
        return {"answer": [str(keys.index(key)) for key in content["picks"]]}
    if found.method in WITHOUT_OPTIONS:
        (value,) = content.values()
        return {"answer": value}
    if found.method == Method.PAIRWISE:
        chosen = {frozenset(pair): pair[0] for pair in content["pairs"]}
        return {
            f"answer_{index}": "0" if chosen[frozenset((one.key, other.key))] == one.key else "1"
            for index, (one, other) in enumerate(words.pairs_of(found))
            if frozenset((one.key, other.key)) in chosen
        }
    (numbers,) = content.values()
    return {f"answer_{keys.index(key)}": value for key, value in numbers.items()}
