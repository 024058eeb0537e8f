"""Round, Participant, Ballot."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model, words
from workbench.core.errors import Conflict
from workbench.core.tenancy import CouncilOwned
from workbench.rounds.methods import BETWEEN_GROUPS, WITHOUT_OPTIONS, Method, groups
from workbench.rounds.methods.base import Rules


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"


@dataclass(frozen=True)
class Option:
    """One thing to choose from. The key leads back to what it stands for, such as the key of a value."""

    key: str
    label: str
    counter: str = ""  # position: the other end of the line


class Round(CouncilOwned, Model):
    """One question to the group, answered alone and looked at together."""

    __tablename__ = "round"
    question: Mapped[str]
    explanation: Mapped[str] = mapped_column(default="")
    method: Mapped[Method] = mapped_column(words(Method, "round_method"))
    option_list: Mapped[list[dict[str, str]]] = mapped_column("options", JSONB, default=list)
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    state: Mapped[State] = mapped_column(words(State, "round_state"), default=State.DRAFT)
    made_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    made_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # aggregates only; set once, at the reveal

    @property
    def options(self) -> list[Option]:
        return [Option(**option) for option in self.option_list]

    @property
    def keys(self) -> list[str]:
        return [option["key"] for option in self.option_list]

    @property
    def rules(self) -> Rules:
        return Rules(**{name: self.settings[name] for name in asdict(Rules()) if name in self.settings})

    @property
    def asks_reason(self) -> bool:
        """A sentence is its own reason; consent cannot do without."""
        if self.method in WITHOUT_OPTIONS:
            return self.method == Method.CONSENT
        return bool(self.settings.get("ask_reason", True))

    def factions_for(self, person_id: uuid.UUID | None) -> list[str]:
        """From which this member may choose, or none; asked only where it can be used and two groups may come out.

        Where the faction of each member is known, nobody can choose another's: then a group of three could be two
        guests and the one whose answer they want to know.
        """
        if self.method not in BETWEEN_GROUPS:
            return []
        if self.knows_factions:
            known: dict[str, str] = self.settings["faction_of"]
            own = known.get(str(person_id), "")
            return [own] if own and len(groups.safe_groups(list(known.values()))) > 1 else []
        return list(self.settings.get("factions", []))

    @property
    def knows_factions(self) -> bool:
        """Is the faction of each member known? Else a member says so."""
        return bool(self.settings.get("faction_of"))

    @property
    def members(self) -> frozenset[uuid.UUID]:
        """Who is asked, where that is not every councillor; empty: all of them."""
        return frozenset(map(uuid.UUID, self.settings.get("members", [])))

    def ask_also(self, faction_of: Mapping[uuid.UUID, str]) -> None:
        """Ask these people too, each with the own faction, "" for none."""
        added = {str(person_id): faction for person_id, faction in faction_of.items()}
        self.settings = {
            **self.settings,
            "members": sorted({*self.settings["members"], *added}),
            "faction_of": {**self.settings.get("faction_of", {}), **added},
        }

    def asks(self, person_id: uuid.UUID) -> bool:
        """Is this voter asked to answer?"""
        return not self.is_for_devices and (not self.members or person_id in self.members)

    @property
    def is_for_devices(self) -> bool:
        """Answered in a room, on phones without an account; no member is asked, and it stands in no list of members."""
        return bool(self.settings.get("devices"))

    def open(self) -> None:
        self._must_be(State.DRAFT, _("Deze ronde is al begonnen."))
        self.state, self.opened_at = State.OPEN, datetime.now(UTC)

    def close(self) -> None:
        self._must_be(State.OPEN, _("Deze ronde is niet open."))
        self.state, self.closed_at = State.CLOSED, datetime.now(UTC)

    def reopen(self) -> None:
        self._must_be(
            State.CLOSED,
            _("Heropenen kan alleen na het sluiten en vóór de onthulling. Begin anders een nieuwe ronde."),
        )
        self.state, self.closed_at = State.OPEN, None

    def reveal(self, result: dict[str, Any]) -> None:
        self.must_be_closed()
        self.state, self.revealed_at, self.result = State.REVEALED, datetime.now(UTC), result

    def must_be_draft(self) -> None:
        self._must_be(
            State.DRAFT, _("Deze ronde is al begonnen. De vraag en de mogelijkheden staan nu vast.")
        )

    def must_be_open(self) -> None:
        self._must_be(
            State.OPEN,
            _("Deze ronde is niet open. U kunt nu niet antwoorden. De begeleider kan de ronde heropenen."),
        )

    def must_be_closed(self) -> None:
        self._must_be(State.CLOSED, _("Sluit de ronde eerst. Daarna kunt u de uitkomst onthullen."))

    def _must_be(self, state: State, sentence: str) -> None:
        if self.state != state:
            raise Conflict(sentence)


class Participant(CouncilOwned, Model):
    """Who takes part in a round: a member, or the device of someone without an account.

    PostgreSQL shows a row to nobody else but the participant, and to the reveal; see wall.py.
    """

    __tablename__ = "participant"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "person_id", name="uq_participant_round_id_person_id"),
        sa.UniqueConstraint("round_id", "device_hash", name="uq_participant_round_id_device_hash"),
        sa.CheckConstraint("num_nonnulls(person_id, device_hash) = 1", name="one_kind"),
    )
    round_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("round.id"))
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    device_hash: Mapped[str | None]
    faction: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]


class Ballot(CouncilOwned, Model):
    """The answer of one participant; private for ever. Behind the same wall as the participant."""

    __tablename__ = "ballot"
    round_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("round.id"), index=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("participant.id"), unique=True)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # none: does not know
    reason: Mapped[str] = mapped_column(default="")
    share_reason: Mapped[bool] = mapped_column(default=False)
    minority: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
