"""Texts and lists in parts that fit on a screen, and where two readers differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.monitors.meeting import screens
from workbench.monitors.meeting.differences import Asked, Likeness, Side, Verdict, compared, likeness


@given(st.text(st.characters(codec="utf-8"), max_size=400), st.integers(5, 60))
def test_parts_fit_and_together_hold_every_letter_in_order(text: str, most: int) -> None:
    parts = screens.texts(text, most)
    assert all(0 < len(part) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_between_sentences() -> None:
    text = "Hulp is dichtbij. Iedereen kent een gezicht.\nDat blijft zo. En wie belt, krijgt antwoord."
    assert screens.texts(text, 50) == [
        "Hulp is dichtbij. Iedereen kent een gezicht.",
        "Dat blijft zo. En wie belt, krijgt antwoord.",
    ]
    assert screens.texts(text) == [text.replace("\n", " ")]
    assert screens.texts("  ") == []


@given(st.lists(st.integers(), max_size=40), st.integers(1, 7))
def test_a_list_is_cut_in_even_parts(lines: list[int], most: int) -> None:
    parts = screens.lists(lines, most)
    assert [line for part in parts for line in part] == lines
    assert all(0 < len(part) <= most for part in parts)
    assert len(parts) == -(-len(lines) // most)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Verdict.YES, Verdict.YES, Likeness.SAME),
        (Verdict.PARTLY, Verdict.PARTLY, Likeness.SAME),
        (Verdict.YES, Verdict.PARTLY, Likeness.SHADE),
        (Verdict.NO, Verdict.PARTLY, Likeness.SHADE),
        (Verdict.YES, Verdict.NO, Likeness.OPPOSITE),
        (Verdict.UNKNOWN, Verdict.NO, Likeness.ONE_UNSURE),
        (Verdict.UNKNOWN, Verdict.UNKNOWN, Likeness.BOTH_UNSURE),
    ],
)
def test_how_far_two_readers_are_apart(one: Verdict, other: Verdict, expected: Likeness) -> None:
    assert likeness(one, other) is likeness(other, one) is expected


def test_each_question_is_compared_once_and_keeps_who_said_what() -> None:
    found = compared(
        {
            Side.COALITION: {Asked.REACHED: Verdict.YES, Asked.WORTH: Verdict.YES},
            Side.OPPOSITION: {Asked.REACHED: Verdict.NO, Asked.WORTH: Verdict.YES},
        }
    )
    assert [(one.asked, one.likeness) for one in found] == [
        (Asked.REACHED, Likeness.OPPOSITE),
        (Asked.WORTH, Likeness.SAME),
    ]
    assert found[0].said == {Side.COALITION: Verdict.YES, Side.OPPOSITION: Verdict.NO}
