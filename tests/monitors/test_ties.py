"""A voice beside one point of a figure: in the drawing, in words, in the table, and only as long as it is shown."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast
from tests.figures.test_figures import make_frame, year
from tests.monitors.quoting import Told, make_told
from workbench.core.db import db
from workbench.core.language import Language
from workbench.evidence.models import Link
from workbench.figures import drawing, registry
from workbench.figures.options import parse_options
from workbench.monitors import operations
from workbench.monitors.building import build_blocks
from workbench.monitors.format import Quote, hide_block, key_of, to_json
from workbench.monitors.models import BlockDocument
from workbench.monitors.ties import period_of, with_voices, with_words
from workbench.stories.kept.visibility import Reach

DUTCH, ENGLISH = Language("nl"), Language("en")
FRAME = make_frame(*(year(100 + number, 2017 + number) for number in range(6)))
SAID = "Bij 2019 hoort wat een inwoner vertelt."


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2024", "2024JJ00"),
        (" 2e  halfjaar 2023 ", None),
        ("Tweede half jaar 2023", "2023HJ02"),
        ("Half-year 2 of 2023", "2023HJ02"),
        ("2023HJ02", "2023HJ02"),
        ("vorig voorjaar", None),
    ],
)
def test_a_time_is_known_by_its_name_in_both_languages(typed: str, code: str | None) -> None:
    assert period_of(typed, ["2023HJ02", "2024JJ00"]) == code


def built(kind: str, language: Language = DUTCH) -> Mapping[str, Any]:
    frame = with_voices(FRAME, ["2019", "1850", "2019"], language)
    return with_words(drawing.draw(frame, parse_options({"kind": kind}), language), frame, language)


def test_a_point_with_a_voice_is_marked_in_the_drawing_and_told_once_everywhere_else() -> None:
    found = built("trend")
    assert found["svg"].count("“ verhaal") == 1
    assert SAID in found["svg"], "who hears the drawing hears it too"
    assert [note["text"] for note in found["notes"]].count(SAID) == 1
    assert found["alt"].count(SAID) == 1
    marked = [row for row in found["table"]["rows"] if "hierbij hoort een verhaal" in row[-1]]
    assert [row[0] for row in marked] == ["2019"]
    assert "story" in built("trend", ENGLISH)["svg"]


@pytest.mark.parametrize("kind", [kind for kind, view in registry.KINDS.items() if view.FRAME is type(FRAME)])
def test_every_view_of_a_line_says_so(kind: str) -> None:
    found = built(kind)
    assert SAID in found["alt"]
    assert [note["text"] for note in found["notes"]].count(SAID) == 1


def test_a_voice_numbers_no_event_and_cuts_no_line() -> None:
    frame = with_voices(FRAME, ["2019"], DUTCH)
    assert [mark.number for mark in frame.marks] == [0]
    assert frame.own_runs == FRAME.own_runs


# --- In a monitor ---------------------------------------------------------------------------------------------------


@pytest.fixture
def told(cast: Cast) -> Told:
    return make_told()


def newest(told: Told) -> str:
    """The newest period of the figure, as people say it."""
    content = db.scalars(sa.select(BlockDocument.content).where(BlockDocument.language == "nl")).first()
    assert content is not None
    return str(content["periods"][-1][1])


def quote(told: Told, period: str) -> Quote:
    figure = db.scalars(sa.select(Link.id).where(Link.goal_id == told.goal.id)).one()
    made = told.tell("Ik wachtte op een zilverbrasem.", Reach.COUNCIL)
    return Quote(id=uuid4(), goal_id=told.goal.id, excerpt_id=made.id, beside=figure, period=period)


def test_a_quote_at_a_point_of_a_figure_leads_there_and_back(client: Client, cast: Cast, told: Told) -> None:
    period = newest(told)
    block = quote(told, period)
    told.show(block)
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{told.plan.id}/monitor")
    assert page.soup is not None
    assert f"Bij {period} hoort wat een inwoner vertelt." in page.words
    assert "hierbij hoort een verhaal" in page.words
    there = page.soup.find("a", href=f"#blok-{block.id}")
    assert there is not None
    assert f"Lees wat er bij dit cijfer verteld is ({period})" in there.get_text(" ", strip=True)
    back = page.soup.find("a", href=f"#cijfer-{block.beside}")
    assert back is not None
    assert "Hoort bij: Inwoners op 1 januari" in back.get_text()
    targets = {str(tag["id"]) for tag in page.soup.find_all(id=True)}
    assert {f"blok-{block.id}", f"cijfer-{block.beside}"} <= targets


def test_a_figure_is_drawn_anew_when_a_voice_comes_beside_it_and_when_it_is_hidden(told: Told) -> None:
    block = quote(told, newest(told))
    told.show(block)
    monitor = told.monitor
    [drawn] = operations.format_of(monitor, monitor.draft).drawn
    assert drawn.told == (block.period,)
    assert "told" not in str(to_json(operations.format_of(monitor, monitor.draft))), "it is found, not stored"
    content = db.scalars(
        sa.select(BlockDocument.content).where(
            BlockDocument.key == key_of(drawn), BlockDocument.language == "nl"
        )
    ).one()
    assert "hoort wat een inwoner vertelt" in str(content["notes"])
    operations.shape(
        monitor, monitor.draft, lambda it: hide_block(it, block.id, True), {"what": "hidden"}, None
    )
    operations.publish(monitor, monitor.draft, None)
    build_blocks()
    db.expire_all()
    contents = db.scalars(sa.select(BlockDocument.content).where(BlockDocument.language == "nl")).all()
    assert len(contents) == 1
    assert "hoort wat een inwoner vertelt" not in str(contents)


def test_a_time_that_the_figure_does_not_have_stays_with_the_quote_and_the_builder_is_told(
    client: Client, cast: Cast, told: Told
) -> None:
    block = quote(told, "dit voorjaar")
    told.show(block)
    address = f"/almere/monitors/{told.monitor.id}/blokken/{block.id}"
    client.as_(cast.clerk)
    assert "‘dit voorjaar’ is geen punt in de figuur" in client.page(address).words
    there = newest(told)
    page = client.submit(address, period=there)
    assert f"komt bij {there} een merkteken" in page.words


def test_who_changes_a_figure_is_not_held_up_by_a_colleague_who_puts_a_voice_beside_it(told: Told) -> None:
    monitor = told.monitor
    before = monitor.draft
    told.show(quote(told, newest(told)), publish=False)
    [drawn] = operations.format_of(monitor, monitor.draft).drawn
    assert operations.shape(
        monitor, before, lambda it: hide_block(it, drawn.id, True), {"what": "hidden"}, None, part_id=drawn.id
    )
