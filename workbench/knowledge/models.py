"""Law, Moment, Instrument, ChoiceCard: public cards, written by the platform from the seed files alone."""

from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from workbench.core.db import Model, words

# PostgreSQL keeps these by itself.
SEARCH_WEIGHTS = """setweight(to_tsvector('dutch', name), 'A') ||
    setweight(to_tsvector('dutch', slug || ' ' || plain_words(search_words)), 'B') ||
    setweight(to_tsvector('dutch', body), 'C')"""
SEARCH_TEXT = """lower(name || ' ' || slug || ' ' || plain_words(search_words) || ' ' || body)"""


class LawKind(StrEnum):
    ACT = "act"
    BILL = "bill"
    TREATY = "treaty"


class Weight(StrEnum):
    """How heavy an instrument is."""

    LIGHT = "light"
    MEDIUM = "medium"
    STRONG = "strong"
    HEAVY = "heavy"


class Asked(StrEnum):
    """What a law wants a plan to say, so that results can be followed."""

    VISION = "vision"
    GOALS = "goals"
    ACTIONS = "actions"
    RESULTS = "results"
    METHOD = "method"
    CRITERIA = "criteria"
    OUTCOME_CRITERIA = "outcome_criteria"
    PROVIDER_INDICATORS = "provider_indicators"


ASKED_NAMES = {
    Asked.VISION: _("uw visie"),
    Asked.GOALS: _("uw doelen"),
    Asked.ACTIONS: _("wat u gaat doen"),
    Asked.RESULTS: _("welke resultaten u wilt"),
    Asked.METHOD: _("hoe u die resultaten meet"),
    Asked.CRITERIA: _("waaraan u ziet dat het resultaat er is"),
    Asked.OUTCOME_CRITERIA: _("welke uitkomsten aanbieders moeten halen"),
    Asked.PROVIDER_INDICATORS: _("hoe u de prestaties van aanbieders volgt"),
}
KIND_NAMES = {LawKind.ACT: _("wet"), LawKind.BILL: _("wetsvoorstel"), LawKind.TREATY: _("verdrag")}
WEIGHT_NAMES = {
    Weight.LIGHT: _("licht"),
    Weight.MEDIUM: _("middelzwaar"),
    Weight.STRONG: _("sterk"),
    Weight.HEAVY: _("zwaar"),
}


class Known(Model):
    """What every card of knowledge has.

    `body` is all its text, to search in. `seen_on`: the day on which we took it over from the source. `open_points`:
    what must still be checked before it is certain; a card with one is not `verified`.
    """

    __abstract__ = True
    position: Mapped[int]
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    summary: Mapped[str]  # one sentence, for a list
    search_words: Mapped[list[str]]
    body: Mapped[str] = mapped_column(deferred=True)
    source: Mapped[str]
    seen_on: Mapped[date]
    verified: Mapped[bool]
    open_points: Mapped[list[str]]

    @declared_attr
    def search(self) -> Mapped[str]:
        return mapped_column(TSVECTOR, sa.Computed(SEARCH_WEIGHTS, persisted=True), deferred=True)

    @declared_attr
    def search_text(self) -> Mapped[str]:
        return mapped_column(sa.Text, sa.Computed(SEARCH_TEXT, persisted=True), deferred=True)


class Law(Known):
    """A law card (staalkaart).

    `decides`: [{who, what}]. `duties`: [{what, basis, rhythm, verified}], what the council must lay down. `measures`:
    [{basis, document, asks, max_years}], what the law wants a plan to say about goals and measuring. `changes`:
    [{text, verified}], what is about to be different.
    """

    __tablename__ = "law"
    kind: Mapped[LawKind] = mapped_column(words(LawKind, "law_kind"))
    number: Mapped[str | None]  # in the register of laws
    purpose: Mapped[str]
    target_group: Mapped[str]
    decides: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    duties: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    measures: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    room: Mapped[list[str]]
    money: Mapped[str]
    changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    related: Mapped[list[str]]  # slugs of other laws
    players: Mapped[list[str]]

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES[self.kind])

    @property
    def address(self) -> str | None:
        """Where the text in force stands."""
        return f"https://wetten.overheid.nl/{self.number}" if self.number else None


class Moment(Known):
    """A moment that comes back every council year. `by_council`: one that a council sets a date for itself."""

    __tablename__ = "moment"
    __table_args__ = (
        sa.CheckConstraint(
            "first_month BETWEEN 1 AND 12 AND last_month BETWEEN 1 AND 12", name="months_of_the_year"
        ),
    )
    first_month: Mapped[int]
    last_month: Mapped[int]
    question: Mapped[str]
    deadline: Mapped[str | None]
    basis: Mapped[str | None]
    use: Mapped[str]
    by_council: Mapped[bool]


class Instrument(Known):
    """Something a council can do. `findings`: [{see, ask}], when it fits what the monitor shows."""

    __tablename__ = "instrument"
    basis: Mapped[str]
    good_for: Mapped[str]
    not_for: Mapped[str]
    weight: Mapped[Weight] = mapped_column(words(Weight, "instrument_weight"))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)

    @property
    def weight_name(self) -> str:
        return str(WEIGHT_NAMES[self.weight])


class ChoiceCard(Known):
    """A choice that laws leave to a council (keuzekaart). `options`: [{name, gives, costs}]."""

    __tablename__ = "choice_card"
    laws: Mapped[list[str]]  # slugs
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
