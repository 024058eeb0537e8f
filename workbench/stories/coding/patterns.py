"""What stories say about one goal: how many, from where, which way, what stands out, and who says otherwise. Pure.

Everything counts stories: a story counts once, however often it was coded, and stories have no average. A story is
about a goal when one of its excerpts has a label of that goal. Which way a story goes follows from those excerpts.

The story that says otherwise is chosen by a rule, not by hand: of the stories that go against most others (or, when
none does, of those that go both ways) the one with the most excerpts about the goal; then the newest; then the one that
came in first.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from workbench.core.language import Language

FEWEST = 3  # stories with a label before it can stand out
FEW = 20  # with fewer stories, what stands out may be chance
STANDS_OUT = Fraction(3, 2)  # times as often as in all stories


class Way(StrEnum):
    WELL = "well"
    NOT_WELL = "not_well"
    BOTH = "both"
    NEITHER = "neither"


OTHER_WAY = {Way.WELL: Way.NOT_WELL, Way.NOT_WELL: Way.WELL}


@dataclass(frozen=True)
class Excerpt:
    """A label on a passage of a story. `kind`: of the source; `way`: according to the label or the coder."""

    story_id: int
    tag_id: int
    kind: str
    way: Way
    month: date | None = None


@dataclass(frozen=True)
class Notable:
    """A label, not one of the goal, that these stories have clearly more often than all stories."""

    tag_id: int
    here: int
    everywhere: int


@dataclass(frozen=True)
class Patterns:
    """`dissent`: all stories that say otherwise, the chosen one first. `sides`: which way each story goes."""

    stories: int
    all_stories: int
    kinds: Mapping[str, int]  # most stories first
    ways: Mapping[Way, int]
    sides: Mapping[int, Way]
    notable: tuple[Notable, ...]
    majority: Way | None  # WELL or NOT_WELL; None: neither has more stories than the other
    dissent: tuple[int, ...]
    first: date | None
    last: date | None

    @property
    def is_most(self) -> bool:
        """Does one side have more than half of the stories? Else nobody is "the most"."""
        return self.majority is not None and 2 * self.ways[self.majority] > self.stories


def patterns(excerpts: Iterable[Excerpt], goal_tags: Collection[int], all_stories: int) -> Patterns:
    """Of one goal. `excerpts`: of all stories that may be counted; `all_stories`: how many were read for labels, whether
    they got one or not. A story that nobody read yet says nothing about the goal, not even that it is about another.
    """
    excerpts = list(excerpts)
    about: defaultdict[int, list[Excerpt]] = defaultdict(list)
    for excerpt in excerpts:
        if excerpt.tag_id in goal_tags:
            about[excerpt.story_id].append(excerpt)
    way = {story: _way(found) for story, found in about.items()}
    ways = Counter(way.values())
    kinds = Counter(found[0].kind for found in about.values())
    majority = None
    if ways[Way.WELL] != ways[Way.NOT_WELL]:
        majority = max(OTHER_WAY, key=lambda side: ways[side])
    months = [excerpt.month for found in about.values() for excerpt in found if excerpt.month]
    return Patterns(
        stories=len(about),
        all_stories=all_stories,
        kinds=dict(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        ways={side: ways[side] for side in Way},
        sides=way,
        notable=_notable(excerpts, about.keys(), goal_tags, all_stories),
        majority=majority,
        dissent=_dissent(about, way, majority),
        first=min(months, default=None),
        last=max(months, default=None),
    )


def _way(excerpts: Iterable[Excerpt]) -> Way:
    said = {excerpt.way for excerpt in excerpts} - {Way.NEITHER}
    if not said:
        return Way.NEITHER
    return said.pop() if len(said) == 1 else Way.BOTH


def _notable(
    excerpts: Iterable[Excerpt], stories: Collection[int], goal_tags: Collection[int], all_stories: int
) -> tuple[Notable, ...]:
    """The most striking first."""
    with_tag: defaultdict[int, set[int]] = defaultdict(set)
    for excerpt in excerpts:
        if excerpt.tag_id not in goal_tags:
            with_tag[excerpt.tag_id].add(excerpt.story_id)
    striking = []
    for tag, having in with_tag.items():
        here = len(having.intersection(stories))
        if here >= FEWEST:
            times = Fraction(here, len(stories)) / Fraction(len(having), all_stories)
            if times >= STANDS_OUT:
                striking.append((-times, tag, Notable(tag, here, len(having))))
    return tuple(notable for _, _, notable in sorted(striking, key=lambda item: item[:2]))


def _dissent(
    about: Mapping[int, Sequence[Excerpt]], way: Mapping[int, Way], majority: Way | None
) -> tuple[int, ...]:
    if majority is None:
        return ()
    against = [story for story in about if way[story] is OTHER_WAY[majority]]
    against = against or [story for story in about if way[story] is Way.BOTH]

    def order(story: int) -> tuple[int, int, int]:
        newest = max((excerpt.month.toordinal() for excerpt in about[story] if excerpt.month), default=0)
        return -len(about[story]), -newest, story

    return tuple(sorted(against, key=order))


# --- In words ---------------------------------------------------------------------------------------------------------


def sentences(
    found: Patterns,
    kind_names: Mapping[str, str],
    tag_names: Mapping[int, str],
    spoken: Language,
    unread: int = 0,
) -> list[str]:
    """Short sentences with the same numbers as the table. `unread`: stories that nobody read for labels yet."""
    _ = spoken.gettext
    if not found.stories:
        return [_("Over dit doel is nog geen verhaal verteld.")]
    told = [
        spoken.ngettext(
            "%(num)s van de %(all)s verhalen gaat over dit doel.",
            "%(num)s van de %(all)s verhalen gaan over dit doel.",
            found.stories,
            all=found.all_stories,
        ),
        *_not_read(unread, spoken),
        _(
            "Zij komen uit: %(kinds)s.",
            kinds=", ".join(f"{kind_names[kind]} ({number})" for kind, number in found.kinds.items()),
        ),
        *_in_time(found, spoken),
        *_which_way(found, spoken),
    ]
    told += [
        _(
            "Wat opvalt: label „%(tag)s” staat bij %(here)s van deze %(stories)s verhalen, en bij %(everywhere)s van alle %(all)s.",
            tag=tag_names[notable.tag_id],
            here=notable.here,
            stories=found.stories,
            everywhere=notable.everywhere,
            all=found.all_stories,
        )
        for notable in found.notable
    ]
    if found.notable and found.stories < FEW:
        told.append(_("Bij zo weinig verhalen kan wat opvalt ook toeval zijn."))
    return [*told, *_who_says_otherwise(found, spoken)]


def _not_read(unread: int, spoken: Language) -> list[str]:
    if not unread:
        return []
    return [
        spoken.ngettext(
            "%(num)s ander verhaal is nog niet samen gelezen. Dat telt nog niet mee.",
            "%(num)s andere verhalen zijn nog niet samen gelezen. Die tellen nog niet mee.",
            unread,
        )
    ]


def _in_time(found: Patterns, spoken: Language) -> list[str]:
    if found.first is None or found.last is None:
        return []
    first, last = spoken.month(found.first), spoken.month(found.last)
    if first == last:
        return [spoken.gettext("Zij zijn verteld in %(month)s.", month=first)]
    return [spoken.gettext("Zij zijn verteld van %(first)s tot en met %(last)s.", first=first, last=last)]


def _which_way(found: Patterns, spoken: Language) -> list[str]:
    names = {
        Way.WELL: spoken.gettext("het gaat goed"),
        Way.NOT_WELL: spoken.gettext("het gaat niet goed"),
        Way.BOTH: spoken.gettext("het gaat goed en niet goed"),
        Way.NEITHER: spoken.gettext("niets over goed of niet goed"),
    }
    return [
        spoken.ngettext(
            "%(num)s verhaal zegt: %(way)s.", "%(num)s verhalen zeggen: %(way)s.", number, way=names[side]
        )
        for side, number in found.ways.items()
        if number
    ]


def _who_says_otherwise(found: Patterns, spoken: Language) -> list[str]:
    _ = spoken.gettext
    if found.majority is None:
        return []
    if not found.is_most:
        return [_("Geen kant heeft meer dan de helft van de verhalen. Lees van elke kant een verhaal.")]
    if not found.dissent:
        return [_("Geen verhaal zegt iets anders dan de meeste.")]
    if found.ways[OTHER_WAY[found.majority]]:
        return [
            spoken.ngettext(
                "%(num)s verhaal zegt iets anders dan de meeste. Lees het ook.",
                "%(num)s verhalen zeggen iets anders dan de meeste. Lees er ook een van.",
                len(found.dissent),
            )
        ]
    return [
        spoken.ngettext(
            "Geen verhaal gaat tegen de meeste in. %(num)s verhaal gaat twee kanten op. Lees het ook.",
            "Geen verhaal gaat tegen de meeste in. %(num)s verhalen gaan twee kanten op. Lees er ook een van.",
            len(found.dissent),
        )
    ]
