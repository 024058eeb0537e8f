"""Open answers of a survey: what becomes a draft of a story, and where the rest went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.stories.transcripts.answers import Answers, Draft, gather, open_questions, says_nothing
from workbench.stories.transcripts.normal import normal

ROWS = [
    {"nr": "1", "wijk": "Noord", "Wat helpt?": "Mijn  buurvrouw komt elke dag.", "Wat mist u?": "Een bus naar het ziekenhuis."},
    {"nr": "2", "wijk": "Zuid", "Wat helpt?": "geen", "Wat mist u?": "N.v.t."},
    {"nr": "3", "wijk": "Noord", "Wat helpt?": "Mijn buurvrouw komt elke dag.", "Wat mist u?": "-"},
    {"nr": "4", "wijk": "Zuid", "Wat helpt?": "", "Wat mist u?": "Iemand om mee te praten."},
]  # fmt: skip


def test_answers_become_drafts_in_order_and_the_rest_is_counted() -> None:
    assert gather(ROWS, ["Wat helpt?", "Wat mist u?"]) == Answers(
        (
            Draft("Wat helpt?", "Mijn buurvrouw komt elke dag.", 2),
            Draft("Wat mist u?", "Een bus naar het ziekenhuis.", 1),
            Draft("Wat mist u?", "Iemand om mee te praten.", 1),
        ),
        empty=1,
        skipped={"geen": 1, "N.v.t.": 1, "-": 1},
    )


def test_the_same_words_to_two_questions_are_two_answers() -> None:
    drafts = gather([{"a": "De bus rijdt niet.", "b": "De bus rijdt niet."}], ["a", "b"]).drafts
    assert [(draft.question, draft.times) for draft in drafts] == [("a", 1), ("b", 1)]


def test_nothing_but_the_answers_is_taken() -> None:
    assert "Noord" not in str(gather(ROWS, ["Wat helpt?"]))


@pytest.mark.parametrize("text", ["-", "--", "...", "?", "Geen", "GEEN.", "n.v.t.", "NVT", "n/a", "x", "Geen opmerkingen!", "niet van toepassing"])  # fmt: skip
def test_words_that_only_fill_a_field_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["Nee", "weet ik niet", "Geen bus in de buurt.", "👍", "7", "Geen idee"])
def test_a_short_answer_is_an_answer(text: str) -> None:
    assert not says_nothing(text)


def test_columns_of_running_text_are_offered_as_open_questions() -> None:
    assert open_questions(ROWS) == ["Wat helpt?", "Wat mist u?"]
    assert open_questions([]) == []
    assert open_questions([{"wijk": "Almere Stad ten oosten van het spoor"}] * 20) == []


@given(st.lists(st.fixed_dictionaries({}, optional={"a": st.text(max_size=12), "b": st.sampled_from(["", "-", "ja hoor"])})))  # fmt: skip
def test_every_cell_is_counted_once(rows: list[dict[str, str]]) -> None:
    found = gather(rows, ["a", "b"])
    assert sum(d.times for d in found.drafts) + found.empty + sum(found.skipped.values()) == 2 * len(rows)
    assert all(draft.text == normal(draft.text) != "" for draft in found.drafts)
