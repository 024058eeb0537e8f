"""What stories say about a goal: counted, in words with the same numbers, and the dissenting story is never lost."""

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.language import Language
from workbench.stories.coding.patterns import (
    OTHER_WAY,
    Excerpt,
    Notable,
    Way,
    patterns,
    sentences,
)

DUTCH = Language()
HELP, WAITING, SHAME = 1, 2, 3
KINDS = {"interviews": "gesprekken", "mirror_talk": "spiegelgesprekken"}
TAGS = {HELP: "hulp", WAITING: "wachten", SHAME: "schaamte"}


def of(story: int, tag: int, way: Way, kind: str = "interviews", month: int | None = None) -> Excerpt:
    return Excerpt(story, tag, kind, way, date(2026, month, 1) if month else None)


STORIES = [
    of(1, HELP, Way.NOT_WELL, month=3),
    of(1, HELP, Way.NOT_WELL, month=3),
    of(1, WAITING, Way.NOT_WELL, month=3),
    of(2, HELP, Way.NOT_WELL, month=4),
    of(2, WAITING, Way.NEITHER, month=4),
    of(3, HELP, Way.WELL, "mirror_talk", month=5),
    of(3, WAITING, Way.NOT_WELL, "mirror_talk", month=5),
    of(4, HELP, Way.WELL, "interviews", month=7),
    of(4, HELP, Way.NOT_WELL, "interviews", month=7),
    of(5, HELP, Way.NOT_WELL, month=6),
    of(6, SHAME, Way.NOT_WELL, month=6),
    of(7, WAITING, Way.WELL, month=6),
]


def test_the_stories_of_a_goal_are_counted_and_told() -> None:
    found = patterns(STORIES, {HELP}, all_stories=10)
    assert (found.stories, found.kinds) == (5, {"interviews": 4, "mirror_talk": 1})
    assert found.ways == {Way.WELL: 1, Way.NOT_WELL: 3, Way.BOTH: 1, Way.NEITHER: 0}
    assert found.notable == (Notable(WAITING, here=3, everywhere=4),)
    assert (found.majority, found.dissent) == (Way.NOT_WELL, (3,))
    assert sentences(found, KINDS, TAGS, DUTCH) == [
        "5 van de 10 verhalen gaan over dit doel.",
        "Zij komen uit: gesprekken (4), spiegelgesprekken (1).",
        "Zij zijn verteld van maart 2026 tot en met juli 2026.",
        "1 verhaal zegt: het gaat goed.",
        "3 verhalen zeggen: het gaat niet goed.",
        "1 verhaal zegt: het gaat goed en niet goed.",
        "Wat opvalt: label „wachten” staat bij 3 van deze 5 verhalen, en bij 4 van alle 10.",
        "Bij zo weinig verhalen kan wat opvalt ook toeval zijn.",
        "1 verhaal zegt iets anders dan de meeste. Lees het ook.",
    ]


def test_without_a_story_that_says_otherwise_the_one_that_goes_both_ways_is_shown() -> None:
    found = patterns([e for e in STORIES if e.story_id != 3], {HELP}, 10)
    assert found.dissent == (4,)
    assert sentences(found, KINDS, TAGS, DUTCH)[-1] == (
        "Geen verhaal gaat tegen de meeste in. 1 verhaal gaat twee kanten op. Lees het ook."
    )


def test_of_several_the_one_with_most_excerpts_then_the_newest_then_the_first_is_chosen() -> None:
    against = [of(n, HELP, Way.WELL, month=m) for n, m in ((10, 1), (11, 2), (12, 2), (13, 1), (13, 1))]
    majority = [of(n, HELP, Way.NOT_WELL) for n in range(20, 30)]
    assert patterns(against + majority, {HELP}, 20).dissent == (13, 11, 12, 10)


def test_when_both_ways_weigh_the_same_there_is_no_majority() -> None:
    found = patterns([of(1, HELP, Way.WELL), of(2, HELP, Way.NOT_WELL)], {HELP}, 2)
    assert (found.majority, found.dissent) == (None, ())


def test_two_of_six_are_not_called_the_most() -> None:
    ways = [(1, Way.WELL), (2, Way.NOT_WELL), (3, Way.NOT_WELL), *((n, Way.BOTH) for n in (4, 5, 6))]
    found = patterns([of(story, HELP, way) for story, way in ways], {HELP}, 6)
    assert (found.majority, found.is_most, found.dissent) == (Way.NOT_WELL, False, (1,))
    told = sentences(found, KINDS, TAGS, DUTCH)
    assert told[-1] == "Geen kant heeft meer dan de helft van de verhalen. Lees van elke kant een verhaal."
    assert not any("de meeste" in sentence for sentence in told)


def test_stories_that_nobody_read_yet_are_told_apart() -> None:
    told = sentences(patterns(STORIES, {HELP}, 10), KINDS, TAGS, DUTCH, unread=2)
    assert told[1] == "2 andere verhalen zijn nog niet samen gelezen. Die tellen nog niet mee."


def test_a_goal_without_stories_says_so() -> None:
    found = patterns(STORIES, {99}, 10)
    assert sentences(found, KINDS, TAGS, DUTCH) == ["Over dit doel is nog geen verhaal verteld."]


EXCERPTS = st.lists(
    st.builds(
        lambda story, tag, way, month: of(
            story, tag, way, "interviews" if story % 2 else "mirror_talk", month
        ),
        st.integers(1, 9),
        st.sampled_from([HELP, WAITING, SHAME]),
        st.sampled_from(Way),
        st.none() | st.integers(1, 12),
    ),
    max_size=40,
)


@given(EXCERPTS)
def test_the_counts_add_up_and_who_says_otherwise_is_never_hidden(excerpts: list[Excerpt]) -> None:
    found = patterns(excerpts, {HELP}, 9)
    about = {e.story_id for e in excerpts if e.tag_id == HELP}
    assert found.stories == sum(found.kinds.values()) == sum(found.ways.values()) == len(about)
    assert set(found.dissent) <= about
    if found.majority:
        other = found.ways[OTHER_WAY[found.majority]]
        assert len(found.dissent) == (other or found.ways[Way.BOTH])


@given(EXCERPTS, st.randoms())
def test_the_order_in_which_excerpts_come_does_not_matter(excerpts: list[Excerpt], random: object) -> None:
    shuffled = list(excerpts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    told = [sentences(patterns(order, {HELP}, 9), KINDS, TAGS, DUTCH) for order in (excerpts, shuffled)]
    assert told[0] == told[1]


@given(EXCERPTS)
def test_the_numbers_in_the_sentences_are_those_of_the_table(excerpts: list[Excerpt]) -> None:
    found = patterns(excerpts, {HELP}, 9)
    text = " ".join(s for s in sentences(found, KINDS, TAGS, DUTCH) if not s.startswith("Zij zijn verteld"))
    expected: list[int] = []
    if found.stories:
        expected = [found.stories, 9, *found.kinds.values(), *(n for n in found.ways.values() if n)]
        for notable in found.notable:
            expected += [notable.here, found.stories, notable.everywhere, 9]
        if found.dissent and found.is_most:
            expected.append(len(found.dissent))
    assert [int(number) for number in re.findall(r"\d+", text)] == expected
