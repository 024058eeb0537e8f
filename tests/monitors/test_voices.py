"""What may be said of a voice, and whom a proposal lets speak; without a database."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.language import Language
from workbench.monitors.proposal import VOICES, Facts, GoalFact, PassageFact, chosen_voices, propose
from workbench.monitors.voices import (
    Silence,
    Voice,
    as_kept,
    differ,
    from_all,
    mark_of,
    silent,
    told_by,
    why_not,
)

DUTCH = Language("nl")
LEANINGS = st.sampled_from(["well", "not_well", "both", "neither", ""])
PASSAGES = st.lists(st.builds(PassageFact, st.uuids(version=4), LEANINGS, st.booleans()), max_size=8)


@pytest.mark.parametrize(
    ("voice", "words"),
    [
        (
            Voice(uuid4(), "…", "moeder van twee.", "interviews", date(2026, 3, 2)),
            "Moeder van twee, in een gesprek, maart 2026",
        ),
        (Voice(uuid4(), "…", source="visits"), "Tijdens een werkbezoek"),
        (Voice(uuid4(), "…"), ""),
    ],
)
def test_a_voice_is_told_by_what_is_known_of_it(voice: Voice, words: str) -> None:
    assert told_by(voice, DUTCH) == words


@given(st.uuids(), st.text(), st.text())
def test_other_words_than_those_that_were_kept_are_not_said(excerpt_id: UUID, words: str, other: str) -> None:
    kept = mark_of(Voice(excerpt_id, words))
    found = as_kept(Voice(excerpt_id, other), kept)
    assert found.is_heard == (words == other)
    assert as_kept(Voice(excerpt_id, words), mark_of(silent(excerpt_id))).silence is Silence.CHANGED
    assert as_kept(silent(excerpt_id), kept).silence is Silence.GONE


def test_who_is_not_among_those_heard_is_silent_and_says_why() -> None:
    voice = from_all({}, uuid4(), "", "interviews")
    assert (voice.is_heard, voice.source) == (False, "")
    assert why_not(voice, DUTCH).startswith("Bron ingetrokken.")


@given(PASSAGES)
def test_a_proposal_lets_somebody_speak_who_sees_it_otherwise_than_the_first(
    passages: list[PassageFact],
) -> None:
    chosen = chosen_voices(passages)
    assert len(chosen) == min(VOICES, len(passages))
    if passages and any(differ((passages[0].leaning, one.leaning)) for one in passages):
        assert differ(one.leaning for one in chosen)


@given(PASSAGES)
def test_for_residents_only_who_shares_with_everyone_is_proposed(passages: list[PassageFact]) -> None:
    value, goal = uuid4(), uuid4()
    facts = Facts((value,), (GoalFact(goal, (value,), passages=tuple(passages)),))
    open_to_all = {one.id for one in passages if one.is_public}
    assert set(propose(uuid4(), facts.for_residents()).excerpt_ids) <= open_to_all


def test_who_speaks_stays_the_same_as_long_as_nobody_asked_for_passages() -> None:
    value, goal, monitor = uuid4(), uuid4(), uuid4()
    asked = GoalFact(goal, (value,), passages=(PassageFact(uuid4()), PassageFact(uuid4())))
    first = propose(monitor, Facts((value,), (asked,)))
    assert len(first.excerpt_ids) == 2
    again = propose(monitor, Facts((value,), (GoalFact(goal, (value,)),)), first)
    assert again.excerpt_ids == first.excerpt_ids
    without = propose(monitor, Facts((value,), (GoalFact(goal, (value,), passages=()),)), first)
    assert without.excerpt_ids == []
