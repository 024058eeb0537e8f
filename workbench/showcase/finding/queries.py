"""Searching what a reader may read, and the figures of a municipality beside what a template counts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from workbench.accounts.models import Council
from workbench.core.db import db
from workbench.core.search import conditions, relevance, typed_words
from workbench.core.text import current_language
from workbench.indicators.catalogue import AreaType
from workbench.indicators.compare import BOUNDS
from workbench.indicators.models import Area, Indicator, Observation, Series
from workbench.indicators.routes import THEME_NAMES
from workbench.knowledge.models import Law
from workbench.showcase.finding.words import plain
from workbench.showcase.models import KIND_NAMES, SharedTemplate, TemplateKind, TemplateUse
from workbench.showcase.queries import is_open, know_reader

PAGE_SIZE = 12
SHORTEST = 3  # letters of a typed word that may stand inside a longer one
E = TypeVar("E", bound=StrEnum)


class Effort(StrEnum):
    """How many figures and stories have to be found and kept up."""

    SMALL = "klein"
    MIDDLE = "middel"
    LARGE = "groot"


# Up to and including.
SMALL, MIDDLE = 10, 25
EFFORT_NAMES = {
    Effort.SMALL: lazy_gettext("klein: hooguit 10 cijfers en verhalen"),
    Effort.MIDDLE: lazy_gettext("middel: 11 tot en met 25"),
    Effort.LARGE: lazy_gettext("groot: meer dan 25"),
}


@dataclass(frozen=True)
class Choice:
    """What the showcase is narrowed to; None: not by this. `used`: at least one council copied it."""

    words: str = ""
    kind: TemplateKind | None = None
    theme: str | None = None
    law: str | None = None
    value: str | None = None
    size: int | None = None
    effort: Effort | None = None
    used: bool = False

    @property
    def narrows(self) -> bool:
        return self != Choice()

    @property
    def narrows_more(self) -> bool:
        """By what stands folded on the page."""
        return self.used or any(item is not None for item in (self.law, self.value, self.size, self.effort))


@dataclass(frozen=True)
class Hit:
    """A template that was found. `values`: (mark, name); `why`: one line."""

    template: SharedTemplate
    council: str
    used: int
    values: tuple[tuple[int, str], ...]
    why: str


@dataclass(frozen=True)
class Found:
    total: int
    hits: tuple[Hit, ...]
    is_alike: bool  # the words were only resembled

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))


@dataclass(frozen=True)
class Options:
    """What there is to narrow by: value -> name on screen."""

    kinds: dict[str, str]
    themes: dict[str, str]
    laws: dict[str, str]
    values: dict[str, str]
    sizes: dict[str, str]
    efforts: dict[str, str]


def read_choice(typed: Mapping[str, str]) -> Choice:
    """From an address; what is not known narrows nothing."""
    size = typed.get("grootte", "")
    return Choice(
        words=typed.get("q", "").strip()[:100],
        kind=_one_of(TemplateKind, typed.get("soort", "")),
        theme=typed.get("thema", "")[:100] or None,
        law=typed.get("wet", "")[:100] or None,
        value=typed.get("waarde", "")[:200] or None,
        size=int(size) if size in map(str, BOUNDS) else None,
        effort=_one_of(Effort, typed.get("werk", "")),
        used=typed.get("gebruikt") == "ja",
    )


def _one_of(kind: type[E], text: str) -> E | None:
    return kind(text) if text in list(kind) else None


def options() -> Options:
    """Only what occurs in what this reader may read; in two queries."""
    columns = {
        "theme": sa.func.unnest(SharedTemplate.themes),
        "law": sa.func.unnest(SharedTemplate.laws),
        "value": sa.func.unnest(SharedTemplate.value_names),
        "size": sa.cast(SharedTemplate.size, sa.Text),
        "kind": sa.cast(SharedTemplate.kind, sa.Text),
    }
    parts = [
        sa.select(sa.literal(name).label("name"), column.label("word")).where(is_open()).distinct()
        for name, column in columns.items()
    ]
    there: dict[str, set[str]] = {name: set() for name in columns}
    for name, word in db.execute(sa.union_all(*parts)):
        if word is not None:
            there[name].add(word)
    names = db.execute(sa.select(Law.slug, Law.name).where(Law.slug.in_(there["law"])).order_by(Law.name))
    return Options(
        kinds={kind.value: str(name) for kind, name in KIND_NAMES.items() if kind in there["kind"]},
        themes={theme.value: str(name) for theme, name in THEME_NAMES.items() if theme in there["theme"]},
        laws={slug: name for slug, name in names},  # noqa: C416 - rows are no tuples to the type checker
        values={name: name for name in sorted(there["value"], key=plain)},
        sizes={str(low): size_name(low) for low in BOUNDS if str(low) in there["size"]},
        efforts={effort.value: str(name) for effort, name in EFFORT_NAMES.items()},
    )


def size_name(low: int) -> str:
    """'50.000 tot 100.000 inwoners'."""
    number = current_language().number
    high = dict(pairwise(BOUNDS)).get(low)
    if high is None:
        return str(_("vanaf %(low)s inwoners", low=number(low)))
    if low == 0:
        return str(_("minder dan %(high)s inwoners", high=number(high)))
    return str(_("%(low)s tot %(high)s inwoners", low=number(low), high=number(high)))


# --- Searching ------------------------------------------------------------------------------------------------------


def find(choice: Choice, number: int = 1) -> Found:
    """A page of what fits: with words the best first, else the newest. Never by what a council reaches."""
    know_reader()
    words = typed_words(plain(choice.words))
    councils = sa.func.coalesce(TemplateUse.councils, 0)
    narrowed = (
        sa.select(SharedTemplate, Council.name, councils)
        .join(Council, Council.id == SharedTemplate.council_id)
        .outerjoin(TemplateUse, TemplateUse.template_id == SharedTemplate.id)
        .where(is_open(), *_narrowing(choice, councils))
    )
    for is_alike in (False, True) if words else (False,):
        query = narrowed.where(
            *conditions(words, SharedTemplate.search, SharedTemplate.search_text, is_alike=is_alike)
        )
        total = db.scalar(query.with_only_columns(sa.func.count(SharedTemplate.id))) or 0
        if total:
            break
    best = [relevance(words, SharedTemplate.search, SharedTemplate.search_name).desc()] if words else []
    rows = db.execute(
        query.order_by(*best, SharedTemplate.shared_at.desc(), SharedTemplate.id)
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    hits = tuple(
        Hit(
            template,
            council,
            used,
            tuple((value["mark"], value["name"]) for value in template.content.get("values", ())),
            why(template.content, template.title, words, choice),
        )
        for template, council, used in rows
    )
    return Found(total, hits, is_alike and total > 0)


def _narrowing(choice: Choice, councils: sa.ColumnElement[int]) -> list[sa.ColumnElement[bool]]:
    work = SharedTemplate.figures + SharedTemplate.stories
    efforts = {
        Effort.SMALL: work <= SMALL,
        Effort.MIDDLE: work.between(SMALL + 1, MIDDLE),
        Effort.LARGE: work > MIDDLE,
    }
    found: list[sa.ColumnElement[bool]] = []
    for column, word in (
        (SharedTemplate.themes, choice.theme),
        (SharedTemplate.laws, choice.law),
        (SharedTemplate.value_names, choice.value),
    ):
        if word:
            found.append(sa.literal(word) == sa.any_(column))
    if choice.kind:
        found.append(SharedTemplate.kind == choice.kind)
    if choice.size is not None:
        found.append(SharedTemplate.size == choice.size)
    if choice.effort:
        found.append(efforts[choice.effort])
    if choice.used:
        found.append(councils > 0)
    return found


def why(content: dict[str, Any], title: str, words: list[str], choice: Choice) -> str:
    """Why this fits, in one line: where the words stand, else what it was narrowed to, else how much work it is."""
    for word in words:
        for text, place in _places(content, title):
            if _stands_in(word, text):
                return str(_("Past bij ‘%(word)s’: %(place)s.", word=word, place=place))
    if words:
        return str(_("Lijkt op wat u zocht."))
    if choice.value:
        return str(_("Past bij de waarde %(name)s.", name=choice.value))
    figures = [figure for goal in content.get("goals", ()) for figure in goal["figures"]]
    if choice.theme and figures:
        return str(_("Telt onder meer: %(name)s.", name=figures[0]["name"]))
    if choice.effort or figures:
        stories = sum(len(goal["stories"]) for goal in content.get("goals", ()))
        counted = ngettext("%(num)s cijfer", "%(num)s cijfers", len(figures))
        told = ngettext("%(num)s soort verhalen", "%(num)s soorten verhalen", stories)
        return str(_("Wat u bijhoudt: %(counted)s en %(told)s.", counted=counted, told=told))
    return ""


def _places(content: dict[str, Any], title: str) -> Iterable[tuple[str, str]]:
    """(text, how it is called in a sentence), the weightiest first."""
    yield title, _("staat in de naam")
    for value in content.get("values", ()):
        yield value["name"], _("waarde %(name)s", name=value["name"])
    goals = content.get("goals", ())
    for goal in goals:
        yield goal["sentence"], _("doel ‘%(sentence)s’", sentence=goal["sentence"])
        yield from ((law, _("wet %(name)s", name=law)) for law in goal["laws"])
    for goal in goals:
        for figure in goal["figures"]:
            yield figure["name"], _("cijfer ‘%(name)s’", name=figure["name"])
    for section in content.get("sections", ()):
        yield section["title"], _("deel ‘%(name)s’ van de monitor", name=section["title"])
    for question in content.get("own_questions", ()):
        yield question["text"], _("vraag ‘%(text)s’", text=question["text"])
    for activity in content.get("script", ()):
        yield activity["title"], _("werkvorm ‘%(name)s’", name=activity["title"])


def _stands_in(word: str, text: str) -> bool:
    """As a whole word, in another form of it, or as part of a longer one."""
    stem = word[: max(SHORTEST, len(word) - 2)]
    return any(other == word or (len(word) >= SHORTEST and stem in other) for other in re.findall(r"\w+", plain(text)))  # fmt: skip


# --- With figures of a municipality ---------------------------------------------------------------------------------


def known_figures(hits: Iterable[Hit], area: Area) -> dict[UUID, tuple[int, int]]:
    """Template id -> (how many of its national figures have a value about this area, how many there are); in one query."""
    wanted = {hit.template.id: _slugs(hit.template.content) for hit in hits}
    every = set().union(*wanted.values()) if wanted else set()
    known = set(
        db.scalars(
            sa.select(Indicator.slug).where(
                Indicator.slug.in_(every),
                sa.exists().where(
                    Series.indicator_id == Indicator.id,
                    Observation.series_id == Series.id,
                    Observation.area_id == area.id,
                    Observation.loaded_until.is_(None),
                    Observation.value.is_not(None),
                ),
            )
        )
    )
    return {template_id: (len(slugs & known), len(slugs)) for template_id, slugs in wanted.items() if slugs}


def _slugs(content: dict[str, Any]) -> set[str]:
    return {
        figure["indicator"]
        for goal in content.get("goals", ())
        for figure in goal["figures"]
        if figure["indicator"]
    }


def municipalities() -> list[Area]:
    """Those of today, by name, to choose one's own."""
    return list(
        db.scalars(
            sa.select(Area)
            .where(Area.type == AreaType.GEMEENTE, Area.valid_until.is_(None))
            .order_by(Area.name)
        )
    )
