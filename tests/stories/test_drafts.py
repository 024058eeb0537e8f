"""Taking out of a text who it is about: what is decided about words holds wherever they stand, and nothing else changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.stories.pseudonyms import Found, Kind, find
from workbench.stories.taking_in import drafts
from workbench.stories.taking_in.drafts import Choice, NotThere, begun

TEXT = "Daan woont bij Fatima. Daan de Vries belde. Daarna belde Fatima terug."


def named(text: str, *names: str, proposal: str = "[persoon]") -> list[Found]:
    """A find for each place where these names stand."""
    found = []
    for name in names:
        start = text.find(name)
        while start >= 0:
            found.append(Found(start, start + len(name), Kind.PERSON, name, proposal, sure=True))
            start = text.find(name, start + len(name))
    return sorted(found)


def test_everything_that_was_found_is_replaced_until_somebody_decides_otherwise() -> None:
    draft = begun(TEXT, named(TEXT, "Fatima", "Daan"))
    assert drafts.safe_text(draft) == (
        "[persoon] woont bij [persoon]. [persoon] de Vries belde. Daarna belde [persoon] terug."
    )


def test_a_choice_holds_wherever_the_same_words_stand() -> None:
    draft = begun(TEXT, named(TEXT, "Fatima"))
    (group,) = drafts.groups(draft)
    assert (group.words, group.times) == ("Fatima", 2)
    kept = drafts.decided(draft, {group.number: Choice("mijn zus")})
    assert drafts.safe_text(kept).count("mijn zus") == 2
    left = drafts.decided(draft, {group.number: Choice(None, "public")})
    assert drafts.safe_text(left) == TEXT
    assert drafts.groups(left)[0].reason == "public"


def test_a_name_that_opens_a_sentence_is_one_with_the_same_name_elsewhere() -> None:
    text = "Daan kwam. Toen zei Daan niets. Daan ging."
    first, second, third = (match.start() for match in re.finditer("Daan", text))
    found = [
        Found(first, first + 4, Kind.PERSON, "Daan", "Mijn zoon", sure=True),
        Found(second, second + 4, Kind.PERSON, "Daan", "mijn zoon", sure=True),
        Found(third, third + 4, Kind.PERSON, "Daan", "Mijn zoon", sure=True),
    ]
    draft = begun(text, found)
    (group,) = drafts.groups(draft)
    assert (group.times, group.alike) == (3, False)
    unchanged = drafts.decided(draft, {group.number: Choice(group.proposal)})
    assert drafts.safe_text(unchanged) == "Mijn zoon kwam. Toen zei mijn zoon niets. Mijn zoon ging."
    other = drafts.decided(draft, {group.number: Choice("De jongste")})
    assert drafts.safe_text(other) == "De jongste kwam. Toen zei de jongste niets. De jongste ging."
    named_otherwise = drafts.decided(draft, {group.number: Choice("[kind 1]")})
    assert drafts.safe_text(named_otherwise) == "[kind 1] kwam. Toen zei [kind 1] niets. [kind 1] ging."


def test_one_person_with_two_forms_of_a_name_is_replaced_everywhere_at_once() -> None:
    full = TEXT.index("Daan de Vries")
    found = [
        Found(0, 4, Kind.PERSON, "Daan", "[persoon 1]", sure=True),
        Found(full, full + 13, Kind.PERSON, "Daan de Vries", "[persoon 2]", sure=True),
        *named(TEXT, "Fatima"),
    ]
    draft = begun(TEXT, found)
    groups = {group.words: group for group in drafts.groups(draft)}
    assert groups["Daan"].alike
    assert groups["Daan de Vries"].alike
    assert not groups["Fatima"].alike
    changed = drafts.decided(draft, {0: Choice("mijn zoon")})
    changed = drafts.everywhere(changed, 0)
    assert drafts.safe_text(changed).count("mijn zoon") == 2
    assert "[persoon 2]" not in drafts.safe_text(changed)


def test_words_that_a_person_points_out_go_wherever_they_stand_but_not_inside_other_words() -> None:
    text = "De molen bij de molenaar. Elke\nmolen draait."
    draft = drafts.added(begun(text, []), "molen", "een gebouw")
    assert drafts.safe_text(draft) == "De een gebouw bij de molenaar. Elke\neen gebouw draait."
    assert drafts.groups(draft)[0].own
    with pytest.raises(NotThere):
        drafts.added(draft, "fabriek", "een gebouw")


def test_words_pointed_out_over_a_find_take_its_place() -> None:
    draft = drafts.added(begun(TEXT, named(TEXT, "Daan")), "Daan de Vries", "mijn zoon")
    assert drafts.safe_text(draft).startswith("[persoon] woont bij Fatima. mijn zoon belde.")


def test_another_text_keeps_what_was_decided_about_the_same_words() -> None:
    draft = begun(TEXT, named(TEXT, "Fatima"))
    draft = drafts.decided(draft, {drafts.groups(draft)[0].number: Choice("mijn zus")})
    draft = drafts.added(draft, "woont", "leeft")
    other = "Ik ging naar Fatima. Zij woont alleen."
    again = begun(other, named(other, "Fatima"), before=draft)
    assert drafts.safe_text(again) == "Ik ging naar mijn zus. Zij leeft alleen."
    assert again.version == draft.version + 1


@given(
    st.lists(
        st.sampled_from(["Daan ", "Fatima", " liep. ", "\n", "<b>", "é", "06-12345678 ", "x"]), max_size=25
    )
)
def test_a_draft_survives_being_sealed_and_its_pieces_are_the_whole_text(parts: list[str]) -> None:
    text = "".join(parts)
    draft = begun(text, find(text), ("een opmerking",))
    assert drafts.opened(draft.sealed_form()) == draft
    assert "".join(piece.text for piece in drafts.pieces(draft)) == text
    assert "".join(part for part, _asks in drafts.marked(text, [(0, 2), (1, 4)])) == text


def test_what_stays_or_goes_never_changes_the_rest_of_the_text() -> None:
    draft = begun(TEXT, find(TEXT))
    kept = {group.number: Choice(None, "no_name") for group in drafts.groups(draft)}
    assert drafts.safe_text(drafts.decided(draft, kept)) == TEXT
