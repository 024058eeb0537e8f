"""Reading the cards of knowledge, and searching in all of them at once."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from workbench.core.db import db
from workbench.core.search import conditions, relevance, typed_words
from workbench.knowledge.models import ChoiceCard, Instrument, Known, Law, Moment


class Kind(StrEnum):
    LAW = "law"
    CHOICE = "choice"
    INSTRUMENT = "instrument"
    MOMENT = "moment"


MODELS: dict[Kind, type[Known]] = {
    Kind.LAW: Law,
    Kind.CHOICE: ChoiceCard,
    Kind.INSTRUMENT: Instrument,
    Kind.MOMENT: Moment,
}


@dataclass(frozen=True)
class Hit:
    kind: Kind
    slug: str
    name: str
    summary: str


@dataclass(frozen=True)
class Found:
    """The cards with these words, the best match first, and whether the words were only resembled."""

    hits: list[Hit]
    is_alike: bool


def laws() -> list[Law]:
    return list(db.scalars(sa.select(Law).order_by(Law.position)))


def find_law(slug: str) -> Law | None:
    return db.scalar(sa.select(Law).where(Law.slug == slug))


def names_of_laws(slugs: list[str]) -> list[tuple[str, str]]:
    """(slug, name) of these laws, in the order of the list."""
    if not slugs:
        return []
    names = dict(db.execute(sa.select(Law.slug, Law.name).where(Law.slug.in_(slugs))).all())
    return [(slug, names[slug]) for slug in slugs if slug in names]


def law_names() -> list[tuple[str, str]]:
    """(slug, name) of every law card, in order."""
    return [(slug, name) for slug, name in db.execute(sa.select(Law.slug, Law.name).order_by(Law.position))]


def moments() -> list[Moment]:
    """The moments of the council year, in its order."""
    return list(db.scalars(sa.select(Moment).order_by(Moment.position)))


def instruments() -> list[Instrument]:
    """The instruments, from light to heavy."""
    return list(db.scalars(sa.select(Instrument).order_by(Instrument.weight, Instrument.position)))


def choice_cards(law: str | None = None) -> list[ChoiceCard]:
    """The choices that laws leave to a council; of one law, or all."""
    query = sa.select(ChoiceCard).order_by(ChoiceCard.position)
    return list(db.scalars(query.where(sa.literal(law) == sa.any_(ChoiceCard.laws)) if law else query))


def _text(model: type[Known], *, is_alike: bool) -> Any:
    """Where words are looked for: everywhere, or only where a word that looks the same is worth something."""
    titles = sa.func.lower(model.name + " " + sa.func.plain_words(model.search_words))
    return titles if is_alike else model.search_text


def search(text: str) -> Found:
    """Cards with all these words in any form; when there is none, those with words that look the same."""
    words = typed_words(text)
    for is_alike in (False, True) if words else ():
        parts = [
            sa.select(
                sa.literal(kind.value).label("kind"),
                model.slug,
                model.name,
                model.summary,
                relevance(words, model.search, model.name).label("relevance"),
            ).where(*conditions(words, model.search, _text(model, is_alike=is_alike), is_alike=is_alike))
            for kind, model in MODELS.items()
        ]
        every = sa.union_all(*parts).subquery()
        rows = db.execute(
            sa.select(every.c.kind, every.c.slug, every.c.name, every.c.summary).order_by(
                every.c.relevance.desc(), every.c.name, every.c.slug
            )
        ).all()
        if rows:
            return Found([Hit(Kind(kind), *rest) for kind, *rest in rows], is_alike)
    return Found([], is_alike=False)
