"""Hints on the wording of a goal."""

import pytest

from workbench.vision.hints import hints


@pytest.mark.parametrize(
    ("sentence", "part"),
    [
        ("de gemeente meer projecten begint", "wat de gemeente doet"),
        ("er een integrale aanpak is", "buurvrouw"),
        ("80 procent tevreden is", "stap 6"),
        ("zij hulp vinden en rondkomen en zich thuis voelen", "twee doelen"),
        (" ".join(["woord"] * 26), "lange zin"),
    ],
)
def test_a_sentence_that_slides_away_from_residents_gets_one_hint(sentence: str, part: str) -> None:
    (hint,) = hints(sentence, "Ouderen", 2030)
    assert part in hint


def test_a_good_goal_gets_no_hint() -> None:
    assert hints("zij in hun eigen wijk snel hulp vinden", "Iedereen", 2030) == []


def test_what_is_left_open_is_asked_for() -> None:
    found = hints("zij snel hulp vinden", "", None)
    assert len(found) == 2
    assert "Om wie" in found[0]
    assert "jaar" in found[1]
