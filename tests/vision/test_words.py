"""Answers and differences in words."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from workbench.vision.steps import QuestionKind
from workbench.vision.words import answer_words, difference

TEXT = st.text(st.sampled_from("ab \n."), max_size=40)


@given(TEXT, TEXT)
def test_a_difference_holds_both_texts_whole(before: str, after: str) -> None:
    parts = difference(before, after)
    assert "".join(part.text for part in parts if part.change != "gone") == after
    assert "".join(part.text for part in parts if part.change != "added") == before


def test_a_difference_goes_by_words() -> None:
    parts = [(part.text, part.change) for part in difference("Hulp om de hoek", "Hulp om elke hoek")]
    assert parts == [("Hulp om ", ""), ("de ", "gone"), ("elke ", "added"), ("hoek", "")]


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (QuestionKind.LONG, "", ""),
        (QuestionKind.DATE, "2027-06-23", "23 juni 2027"),
        (QuestionKind.NUMBER, 1150000, "1.150.000"),
        (QuestionKind.NUMBER, 0, "0"),
        (QuestionKind.PEOPLE, {"1": "Samen", "2": ""}, "Noor, Pim (Samen)"),
        (QuestionKind.PEOPLE, {"3": ""}, "iemand die geen lid meer is"),
    ],
)
def test_an_answer_reads_as_people_write_it(
    app: Flask, kind: QuestionKind, value: object, words: str
) -> None:
    with app.test_request_context():
        assert answer_words(kind, value, {"1": "Pim", "2": "Noor"}) == words
