"""Decisions of a person, put into the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.stories.pseudonyms import Decision, OutsideText, Overlapping, Topic, rare, replaced, sensitive


def test_accepted_changed_added_and_refused_decisions_are_put_in() -> None:
    text = "Daan en Roos wonen in Hoorn."
    decisions = [Decision(22, 27, "[plaats]"), Decision(0, 4, "mijn zoon"), Decision(8, 12, None)]
    done = replaced(text, decisions)
    assert done.text == "mijn zoon en Roos wonen in [plaats]."
    assert (done.replaced, done.refused) == (2, 1)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 2), (3, 2), (0, 99)])
def test_a_place_outside_the_text_is_an_error_without_its_words(start: int, end: int) -> None:
    with pytest.raises(OutsideText) as caught:
        replaced("Daan", [Decision(start, end, "x")])
    assert (caught.value.start, caught.value.end) == (start, end)
    assert "Daan" not in str(caught.value)


def test_two_decisions_about_the_same_words_are_an_error() -> None:
    with pytest.raises(Overlapping, match="from 2 to 6"):
        replaced("Daan fietst", [Decision(0, 4, "x"), Decision(2, 6, None)])


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=10, unique=True))
def test_what_no_decision_is_about_stays_as_it_was(text: str, cuts: list[int]) -> None:
    cuts = sorted(cut for cut in cuts if cut <= len(text))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    done = replaced(text, [Decision(start, end, "") for start, end in pairs])
    assert done.text == "".join(mark for n, mark in enumerate(text) if not any(s <= n < e for s, e in pairs))
    assert replaced(text, [Decision(start, end, None) for start, end in pairs]).text == text


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Hij kreeg de diagnose autisme.", Topic.HEALTH),
        ("Mijn broer zat in de gevangenis.", Topic.CRIME),
        ("Zij werd thuis mishandeld.", Topic.DANGER),
        ("Als Molukse vrouw ken ik dat.", Topic.ETHNICITY),
        ("Wij gaan naar de moskee.", Topic.RELIGION),
        ("Mijn zoon is homo.", Topic.SEXUAL_LIFE),
        ("De vakbond hielp ons.", Topic.POLITICS),
    ],
)
def test_what_the_law_protects_extra_is_flagged(text: str, topic: Topic) -> None:
    assert topic in {flag.topic for flag in sensitive(text)}


def test_an_ordinary_story_has_no_flags() -> None:
    text = "Ik wachtte acht weken op een brief over het huis. De balie was vriendelijk."
    assert sensitive(text) == []
    assert rare(text) == []


@pytest.mark.parametrize(
    "text",
    ["Ik heb zeven kinderen.", "Zij kreeg een drieling.", "Mijn opa is 97 jaar.", "Ik was de enige vrouw."],
)
def test_what_few_people_have_is_flagged_as_rare(text: str) -> None:
    [flag] = rare(text)
    assert flag.topic is Topic.RARE
    assert text[flag.start : flag.end] == flag.words
