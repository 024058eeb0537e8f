"""The format of a monitor: whatever people do to it, ids stay, nothing is lost, and the way back is exact."""

import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.monitors.formats import any_format, operations
from workbench.core.errors import WorkbenchError
from workbench.monitors import format as formats
from workbench.monitors.changes import What, differences
from workbench.monitors.format import (
    KINDS,
    CannotShape,
    Figure,
    Format,
    Question,
    Section,
    Table,
    Text,
    UnreadableFormat,
    from_json,
    key_of,
    to_json,
    written,
)

LINK = UUID(int=7)


def text(words: str) -> Text:
    return Text(id=uuid4(), text=words)


def titled(title: str, *blocks: Any) -> Section:
    return Section(id=uuid4(), title=title, blocks=blocks)


def two_parts() -> tuple[Format, list[Text]]:
    """Zorg with a, b and c; Wonen with d."""
    blocks = [text(letter) for letter in "abcd"]
    return Format(sections=(titled("Zorg", *blocks[:3]), titled("Wonen", blocks[3]))), blocks


def letters(format_: Format) -> list[str]:
    """Per section the texts of its blocks."""
    return ["".join(getattr(block, "text", "-") for block in section.blocks) for section in format_.sections]


def ids(format_: Format) -> list[UUID]:
    return [part.id for section in format_.sections for part in (section, *section.blocks)]


# --- Whatever people do ---------------------------------------------------------------------------------------------


@given(st.data())
def test_every_operation_gives_a_sound_format_or_says_in_a_sentence_why_not(data: st.DataObject) -> None:
    line = [data.draw(any_format())]
    before = [written(line[0])]
    refused: list[WorkbenchError] = []
    for _turn in range(data.draw(st.integers(1, 8))):
        operation = data.draw(operations(line[-1]))
        try:
            after = operation(line[-1])
        except CannotShape as refusal:
            refused.append(refusal)
            continue
        assert len(set(ids(after))) == len(ids(after))
        assert from_json(json.loads(written(after))) == after
        line.append(after)
        before.append(written(after))
    assert [written(format_) for format_ in line] == before, "the way back is byte for byte"
    sentences = [str(refusal) for refusal in refused]
    assert [words for words in sentences if not re.fullmatch(r"[A-Z][^%]*\.", words)] == []


@given(st.data())
def test_moving_and_splitting_lose_nothing(data: st.DataObject) -> None:
    format_ = data.draw(any_format().filter(lambda found: any(found.blocks)))
    block = data.draw(st.sampled_from(list(format_.blocks)))
    section = data.draw(st.sampled_from(format_.sections))
    room = len([other for other in section.blocks if other.id != block.id]) + 1
    place = data.draw(st.integers(1, room))
    moved = formats.move_block(format_, block.id, section.id, place)
    assert sorted(moved.blocks, key=str) == sorted(format_.blocks, key=str)
    where, at = formats.place_of(moved, block.id)
    assert (where.id, at) == (section.id, place)
    others = [other.id for other in format_.blocks if other.id != block.id]
    assert [other.id for other in moved.blocks if other.id != block.id] == others
    home, at = formats.place_of(format_, block.id)
    if at > 1:
        split = formats.split_section(format_, block.id, uuid4(), "Nieuw")
        assert list(split.blocks) == list(format_.blocks)
        assert len(split.sections) == len(format_.sections) + 1
        assert formats.place_of(split, block.id)[1] == 1
        assert [len(found.blocks) for found in split.sections if found.id == home.id] == [at - 1]


@given(any_format())
def test_a_format_travels_as_json_and_comes_back_the_same(format_: Format) -> None:
    assert from_json(to_json(format_)) == format_
    assert written(from_json(json.loads(written(format_)))) == written(format_)
    assert differences(format_, format_) == []


@given(st.data())
def test_what_differs_names_every_part_that_came_or_went_and_only_those(data: st.DataObject) -> None:
    before = data.draw(any_format())
    after = before
    for _turn in range(3):
        try:
            after = data.draw(operations(after))(after)
        except CannotShape:
            continue
    found = differences(before, after)
    assert bool(found) == (written(before) != written(after))
    was, now = set(ids(before)), set(ids(after))
    assert {item.part.id for item in found if item.what is What.ADDED} == now - was
    assert {item.part.id for item in found if item.what is What.GONE} == was - now


# --- Step by step ---------------------------------------------------------------------------------------------------


def test_a_block_goes_up_and_down_and_over_the_edge_of_its_section() -> None:
    format_, [a, _b, c, d] = two_parts()
    assert letters(formats.step_block(format_, c.id, -1)) == ["acb", "d"]
    assert letters(formats.step_block(format_, c.id, 1)) == ["ab", "cd"]
    assert letters(formats.step_block(format_, d.id, -1)) == ["abcd", ""]
    with pytest.raises(CannotShape, match="al bovenaan"):
        formats.step_block(format_, a.id, -1)
    with pytest.raises(CannotShape, match="al onderaan"):
        formats.step_block(format_, d.id, 1)


@pytest.mark.parametrize("place", [0, -1, 4, 99])
def test_a_place_that_is_not_there_is_refused_with_those_that_are(place: int) -> None:
    format_, [a, *_others] = two_parts()
    with pytest.raises(CannotShape, match="van 1 tot en met 3"):
        formats.move_block(format_, a.id, format_.sections[0].id, place)


def test_a_section_with_blocks_is_not_removed_and_an_empty_one_is() -> None:
    format_, [*_abc, d] = two_parts()
    living = format_.sections[1]
    with pytest.raises(CannotShape, match="Verplaats eerst"):
        formats.remove_section(format_, living.id)
    assert letters(formats.remove_section(formats.remove_block(format_, d.id), living.id)) == ["abc"]


def test_a_section_splits_only_below_its_first_block_and_under_a_name() -> None:
    format_, [a, b, *_others] = two_parts()
    split = formats.split_section(format_, b.id, uuid4(), "Jeugd")
    assert letters(split) == ["a", "bc", "d"]
    assert [section.title for section in split.sections] == ["Zorg", "Jeugd", "Wonen"]
    with pytest.raises(CannotShape, match="lager staat"):
        formats.split_section(format_, a.id, uuid4(), "Jeugd")
    with pytest.raises(CannotShape, match="naam"):
        formats.split_section(format_, b.id, uuid4(), " ")


def test_a_block_stays_of_its_kind_and_about_its_figure() -> None:
    figure = Figure(id=uuid4(), link_id=LINK)
    format_ = Format(sections=(titled("Zorg", figure),))
    other = figure.model_copy(update={"from_year": 2015})
    assert list(formats.change_block(format_, other).blocks) == [other]
    for stranger in (
        Table(id=figure.id, link_id=LINK),
        figure.model_copy(update={"link_id": UUID(int=8)}),
    ):
        with pytest.raises(CannotShape, match="dezelfde soort"):
            formats.change_block(format_, stranger)


@pytest.mark.parametrize("empty", ["", "  ", "x" * 4001])
def test_a_text_or_question_without_words_or_with_too_many_is_refused(empty: str) -> None:
    format_, _blocks = two_parts()
    for kind in (Text, Question):
        with pytest.raises(CannotShape):
            formats.add_block(format_, kind(id=uuid4(), text=empty), format_.sections[0].id)


# --- What a document is made from -----------------------------------------------------------------------------------


def test_the_key_of_a_block_covers_what_is_drawn_and_nothing_else() -> None:
    figure = Figure(id=uuid4(), link_id=LINK)
    same = [
        figure.model_copy(update={"id": uuid4()}),
        figure.model_copy(update={"hidden": True}),
        figure.model_copy(update={"table_open": True}),
    ]
    assert {key_of(block) for block in same} == {key_of(figure)}
    others = [
        figure.model_copy(update={"from_year": 2015}),
        figure.model_copy(update={"show_events": False}),
        figure.model_copy(update={"link_id": UUID(int=8)}),
        figure.model_copy(update={"view": figure.view.model_copy(update={"show_band": False})}),
        Table(id=figure.id, link_id=LINK),
    ]
    assert len({key_of(block) for block in [figure, *others]}) == 6


# --- Stored JSON ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoiled", "told"),
    [
        ({"kind": "hologram", "id": str(uuid4())}, "hologram"),
        ({"kind": "text", "id": str(uuid4())}, "text"),
        ({"kind": "text", "id": "geen id", "text": "x"}, "id"),
        ({"kind": "text", "id": str(uuid4()), "text": "x", "colour": "red"}, "colour"),
        ({"kind": "figure", "id": str(uuid4()), "link_id": str(LINK), "view": {"kind": "pie"}}, "view"),
    ],
)
def test_an_unknown_kind_or_field_is_refused_and_named(spoiled: dict[str, Any], told: str) -> None:
    stored = to_json(Format(sections=(titled("Zorg"),)))
    stored["sections"][0]["blocks"] = [spoiled]
    with pytest.raises(UnreadableFormat, match=told):
        from_json(stored)


@pytest.mark.parametrize("stored", [None, [], "x", {}, {"format": 2, "sections": []}, {"format": "1"}])
def test_what_is_no_format_of_this_version_is_refused(stored: object) -> None:
    with pytest.raises(UnreadableFormat):
        from_json(stored)


def test_an_id_that_occurs_twice_is_refused() -> None:
    block = text("a")
    stored = to_json(Format(sections=(titled("Zorg", block),)))
    stored["sections"].append(to_json(Format(sections=(titled("Wonen", block),)))["sections"][0])
    with pytest.raises(UnreadableFormat, match="twice"):
        from_json(stored)


def test_every_kind_of_block_is_known_by_its_name() -> None:
    assert set(KINDS) == {
        *("goal", "figure", "table", "quote", "stories", "text", "question", "money"),
        *("events", "resting", "unknown", "methods", "page_break"),
    }


# --- What differs ---------------------------------------------------------------------------------------------------


def told(before: Format, after: Format) -> list[tuple[str, str]]:
    return [
        (item.what.value, getattr(item.part, "text", getattr(item.part, "title", "")))
        for item in differences(before, after)
    ]


def test_one_block_that_moves_is_one_difference() -> None:
    format_, [a, *_others] = two_parts()
    after = formats.move_block(format_, a.id, format_.sections[0].id, 3)
    assert told(format_, after) == [("moved", "a")]
    over = formats.move_block(format_, a.id, format_.sections[1].id, 2)
    assert told(format_, over) == [("moved", "a")]


def test_added_gone_changed_hidden_and_shown_are_told_apart() -> None:
    format_, [a, b, c, _d] = two_parts()
    zorg = format_.sections[0]
    after = formats.remove_block(format_, b.id)
    after = formats.change_block(after, c.model_copy(update={"text": "C"}))
    after = formats.hide_block(after, a.id, True)
    after = formats.add_block(after, text("e"), zorg.id, 1)
    after = formats.rename_section(after, zorg.id, "Hulp")
    assert told(format_, after) == [
        ("changed", "Hulp"),
        ("added", "e"),
        ("hidden", "a"),
        ("changed", "C"),
        ("gone", "b"),
    ]
    assert ("shown", "a") in told(after, format_)
