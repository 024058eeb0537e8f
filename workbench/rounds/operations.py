"""What happens to a round, for this slice and for the slices above it.

A higher slice that asks about its own things starts a round with options whose keys are those of its things, keeps the
id of the round in a table of its own, and maps the result back by those keys:

    round = operations.start_round("Wat staat voorop?", Method.RANKING, [Option(str(v.key), v.name) for v in values], by=…)
    operations.open_round(round)
    …
    found = queries.result(round)          # None until the reveal
    found.summary["options"][str(v.key)]

The id is there at once, so a higher slice may lead people to `rounds.show` right away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.dialects.postgresql import insert

from workbench.accounts.models import Membership
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.rounds import wall
from workbench.rounds.methods import (
    CALCULATIONS,
    FEWEST_OPTIONS,
    MOST_OPTIONS,
    WITHOUT_OPTIONS,
    Method,
    consent,
)
from workbench.rounds.methods.base import Content
from workbench.rounds.models import Ballot, Option, Participant, Round
from workbench.rounds.outcome import Answer, outcome
from workbench.rounds.queries import OwnAnswer

MANY = 30


@dataclass(frozen=True)
class Reply:
    """What someone sends in. `content` in the form of the method, or None for "I do not know"."""

    content: Content | None
    reason: str = ""
    share_reason: bool = False
    minority: str = ""
    faction: str | None = None


class ChangedElsewhere(Exception):
    """The person answered in another window since the form was opened. `theirs`: that answer."""

    def __init__(self, theirs: OwnAnswer) -> None:
        super().__init__("answered in another window")
        self.theirs = theirs


def start_round(
    question: str,
    method: Method,
    options: Sequence[Option] = (),
    *,
    by: UUID | None,
    explanation: str = "",
    **settings: Any,
) -> Round:
    """Prepare a round. Raises: Conflict. Settings: most, dots, per_option, ask_reason, factions, members, faction_of, devices.

    `members`: ids, as text, of the people who are asked; left out, every councillor is. `faction_of`: id, as text, to
    the faction of that member, "" for none; left out, a member chooses from `factions`. `devices`: phones without an
    account answer, and no member is asked.
    """
    made = Round(made_by_id=by)
    _fill(made, question, method, options, explanation=explanation, settings=settings)
    db.add(made)
    audit.record("round_made", made, by=by)
    return made


def change_round(
    found: Round,
    question: str,
    method: Method,
    options: Sequence[Option] = (),
    *,
    explanation: str = "",
    **settings: Any,
) -> Round:
    """Change a round that has not begun. Raises: Conflict."""
    _lock(found)
    found.must_be_draft()
    _fill(found, question, method, options, explanation=explanation, settings=settings)
    return found


def _fill(
    found: Round,
    question: str,
    method: Method,
    options: Sequence[Option],
    *,
    explanation: str,
    settings: dict[str, Any],
) -> None:
    _check_options(method, options)
    found.question, found.method, found.explanation = question, method, explanation
    found.option_list, found.settings = [asdict(option) for option in options], settings


def _check_options(method: Method, options: Sequence[Option]) -> None:
    fewest, most = (0, 0) if method in WITHOUT_OPTIONS else _how_many(method)
    if len(options) < fewest:
        raise Conflict(
            ngettext(
                "Deze werkvorm vraagt minstens één mogelijkheid. Zet elke mogelijkheid op een regel.",
                "Deze werkvorm vraagt minstens %(num)s mogelijkheden. Zet elke mogelijkheid op een regel.",
                fewest,
            )
        )
    if len(options) > most:
        raise Conflict(
            _("Deze werkvorm gaat met hooguit %(n)s mogelijkheden. Meer is te zwaar in één keer.", n=most)
        )
    for name in ("key", "label"):
        if len({getattr(option, name) for option in options}) < len(options):
            raise Conflict(_("Elke mogelijkheid mag maar één keer in de lijst staan."))
    if method == Method.POSITION and not all(option.counter for option in options):
        raise Conflict(
            _("Zet op elke regel twee kanten, met een schuine streep ertussen: nabijheid / deskundigheid.")
        )


def _how_many(method: Method) -> tuple[int, int]:
    return FEWEST_OPTIONS.get(method, 2), MOST_OPTIONS.get(method, MANY)


def discard_round(found: Round) -> None:
    """Throw away a round that has not begun. Raises: Conflict."""
    _lock(found)
    found.must_be_draft()
    audit.record("round_discarded", found)
    db.delete(found)


def open_round(found: Round) -> None:
    """From now on members can answer. Raises: Conflict."""
    _step(found, found.open, "round_opened")


def close_round(found: Round) -> None:
    """From now on nobody can answer; answers on their way are waited for. Raises: Conflict."""
    _step(found, found.close, "round_closed")


def reopen_round(found: Round) -> None:
    """For those who were late; not after the reveal. Raises: Conflict."""
    _step(found, found.reopen, "round_reopened")


def _step(found: Round, take: Callable[[], None], action: str) -> None:
    _lock(found)
    take()
    audit.record(action, found)


def ask_also(found: Round, faction_of: Mapping[UUID, str]) -> None:
    """People who came later are asked too, each with the own faction ("": none). Raises: Conflict."""
    _lock(found)
    found.must_be_open()
    new = {person_id: faction for person_id, faction in faction_of.items() if not found.asks(person_id)}
    if not new:
        raise Conflict(_("Er zijn geen nieuwe leden om te vragen. Iedereen van de werkgroep is al gevraagd."))
    found.ask_also(new)
    audit.record("round_asked_also", found, people=len(new))


def reveal_round(found: Round) -> None:
    """Read all answers once, keep what the group said together, and show it. Raises: Conflict."""
    _lock(found)
    found.must_be_closed()
    db.flush()
    with wall.revealing(found.id):
        answers = _answers(found)
    found.reveal(outcome(found.method, answers, found.keys, found.rules))
    audit.record("round_revealed", found)


def _answers(found: Round) -> list[Answer]:
    """The answers that count: not withdrawn, and of members that still are. As plain rows, kept nowhere."""
    members = sa.select(Membership.person_id).where(Membership.council_id == found.council_id)
    rows = db.execute(
        sa.select(Ballot.content, Ballot.reason, Ballot.share_reason, Ballot.minority, Participant.faction)
        .join(Participant, Participant.id == Ballot.participant_id)
        .where(
            Ballot.round_id == found.id,
            Participant.withdrawn_at.is_(None),
            sa.or_(Participant.person_id.is_(None), Participant.person_id.in_(members)),
        )
    )
    return [
        Answer(row.content, row.reason if row.share_reason else "", row.minority, row.faction) for row in rows
    ]


Check = Callable[[Round, str], None]
_checks: list[Check] = []


def check_texts(check: Check) -> None:
    """What a round is about may forbid words in reasons; who knows why says so here. Raises: Conflict, from `cast`."""
    _checks.append(check)


def cast(
    found: Round,
    reply: Reply,
    *,
    base_version: int | None = None,
    person_id: UUID | None = None,
    device_hash: str | None = None,
) -> Ballot:
    """Keep or change the answer of the person (or device) for whom this session acts.

    Raises: Conflict when the round is not open, AnswerRefused when the answer does not fit, ChangedElsewhere when
    the answer was changed since `base_version` (0: there was none) and says something else now.
    """
    # Shared: colleagues do not wait for each other, and closing waits for all.
    db.refresh(found, attribute_names=["state"], with_for_update={"read": True})
    found.must_be_open()
    if person_id is not None and not found.asks(person_id):
        raise Conflict(
            _("Deze ronde is voor de werkgroep. U hoort daar niet bij, dus u kunt niet antwoorden.")
        )
    if texts := "\n\n".join(text for text in (reply.reason, reply.minority) if text):
        for check in _checks:
            check(found, texts)
    content = reply.content
    if content is not None:
        content = CALCULATIONS[found.method].check(content, found.keys, found.rules)
        if found.method == Method.CONSENT:
            consent.check_reason(content, reply.reason)
    db.execute(
        insert(Participant.__table__)  # type: ignore[arg-type]
        .values(id=sa.func.gen_random_uuid(), round_id=found.id, person_id=person_id, device_hash=device_hash)
        .on_conflict_do_nothing()
    )
    participant = db.scalars(
        sa.select(Participant)
        .where(
            Participant.round_id == found.id,
            Participant.person_id == person_id if person_id else Participant.device_hash == device_hash,
        )
        .with_for_update()  # two windows of one person: one waits
        .execution_options(populate_existing=True)
    ).one()
    ballot = db.scalars(
        sa.select(Ballot)
        .where(Ballot.participant_id == participant.id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    faction = reply.faction if reply.faction in found.factions_for(person_id) else None
    new = {
        "content": content,
        "reason": reply.reason if found.asks_reason else "",
        "share_reason": reply.share_reason,
        "minority": reply.minority,
    }
    now = 0 if ballot is None or participant.withdrawn_at else ballot.version
    if ballot is not None and now and base_version is not None and base_version != now:
        same = all(getattr(ballot, name) == value for name, value in new.items())
        if not same or participant.faction != faction:
            raise ChangedElsewhere(OwnAnswer(ballot, participant.faction))
    if ballot is None:
        ballot = Ballot(round_id=found.id, participant_id=participant.id, version=0)
        db.add(ballot)
    for name, value in new.items():
        setattr(ballot, name, value)
    ballot.version += 1
    ballot.saved_at = datetime.now(UTC)
    participant.faction, participant.withdrawn_at = faction, None
    db.flush()
    return ballot


def withdraw(found: Round, person_id: UUID) -> None:
    """Take back one's own answer while the round is open; nothing of it stays. Raises: Conflict."""
    db.refresh(found, attribute_names=["state"], with_for_update={"read": True})
    found.must_be_open()
    participant = db.scalars(
        sa.select(Participant)
        .where(Participant.round_id == found.id, Participant.person_id == person_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if participant is None or participant.withdrawn_at:
        raise Conflict(_("U hebt in deze ronde geen antwoord gegeven."))
    participant.withdrawn_at, participant.faction = datetime.now(UTC), None
    db.execute(
        sa.update(Ballot)
        .where(Ballot.participant_id == participant.id)
        .values(content=sa.null(), reason="", share_reason=False, minority="")
    )


def _lock(found: Round) -> None:
    """Two people who press a button at once: the second sees what the first did."""
    db.flush()
    db.refresh(found, with_for_update=True)
