"""The templates that every installation starts with: whole, true to the other seeds, shared once and gently renewed."""

import re
from unittest import mock

import pytest
import sqlalchemy as sa

from seeds import read, starters
from seeds.schema import Starter
from tests.client import Client
from tests.factories import Cast
from workbench.accounts.models import Council, CouncilKind
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.showcase.content import SHARED_ANSWERS
from workbench.showcase.models import SharedTemplate

ALL = read.starters()
each = pytest.mark.parametrize("name", sorted(ALL))


def test_there_are_six() -> None:
    assert set(ALL) == {
        *("bestaanszekerheid", "opgroeien", "thuis-wonen-en-meedoen"),
        *("stapeling", "lokale-inclusieagenda", "klein-beginnen"),
    }


@each
def test_everything_that_it_names_exists(name: str) -> None:
    item = ALL[name]
    assert {value.key for value in item.values} <= {value.slug for value in read.value_library().values}
    assert {law for goal in item.goals for law in goal.laws} <= {law.slug for law in read.laws()}
    moments = [moment for goal in item.goals for moment in goal.moments]
    assert {moment.moment for moment in moments} <= {moment.slug for moment in read.moments()}
    assert {moment.instrument for moment in moments} <= {card.slug for card in read.instruments()}
    figures = {figure.indicator for goal in item.goals for figure in goal.figures if figure.indicator}
    assert figures <= {entry.slug for entry in read.indicators()}
    assert set(item.answers) <= SHARED_ANSWERS


@each
def test_every_goal_has_a_value_a_figure_and_a_kind_of_story_and_every_value_a_goal(name: str) -> None:
    item = ALL[name]
    for goal in item.goals:
        assert goal.values
        assert goal.figures
        assert goal.stories
        assert goal.sentence.startswith("Over vier jaar merken inwoners")
    assert {value.key for value in item.values} == {key for goal in item.goals for key in goal.values}


@each
def test_what_rests_on_something_unchecked_says_so(name: str) -> None:
    item = ALL[name]
    unchecked = {entry.slug for entry in read.indicators() if not entry.verified}
    unchecked |= {
        card.slug for card in (*read.laws(), *read.moments(), *read.instruments()) if not card.verified
    }
    named = {figure.indicator for goal in item.goals for figure in goal.figures}
    named |= {law for goal in item.goals for law in goal.laws}
    named |= {slug for goal in item.goals for card in goal.moments for slug in (card.moment, card.instrument)}
    assert item.verified is not bool(named & unchecked)


@each
def test_it_names_no_municipality_and_holds_no_figure_of_anybody(name: str) -> None:
    text = (read.TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")
    assert not re.search(r"(?<![-\w])\d", text)
    words = set(re.findall(r"\b[A-Z][a-zë]+\b", text))
    common = {"Best", "Huizen", "Delft", "Elburg", "Bergen", "Maar", "Houten", "Buren"}  # also ordinary words
    municipalities = {area.name for area in read.areas() if area.type == "gemeente"} - common
    assert not words & municipalities


def test_the_small_one_has_five_figures_and_five_kinds_of_stories() -> None:
    goals = ALL["klein-beginnen"].goals
    assert [len(goal.figures) for goal in goals] == [1] * 5
    assert len({goal.stories[0].kind for goal in goals}) == 5


def loaded() -> dict[str, SharedTemplate]:
    starters.load()
    act_for(db, None)
    rows = db.scalars(sa.select(SharedTemplate).join(Council).where(Council.slug == starters.SLUG))
    return {row.title: row for row in rows}


def test_everyone_reads_them_and_loading_twice_changes_nothing(cast: Cast, client: Client) -> None:
    first = {title: (row.id, row.number, row.shared_at) for title, row in loaded().items()}
    assert len(first) == 6
    assert {title: (row.id, row.number, row.shared_at) for title, row in loaded().items()} == first
    council = db.scalars(sa.select(Council).where(Council.slug == starters.SLUG)).one()
    assert (council.kind, council.is_demo) == (CouncilKind.ATELIER, False)
    shown = client.as_(None).page("/etalage")
    address = shown.link("Klein beginnen: vijf cijfers en vijf verhalen")
    assert "Raad van Monitorwerkbank" not in shown.words
    page = client.page(address)
    assert "Voorbeeld om mee te beginnen" in page.words
    assert "Nog te controleren" in page.words
    assert "fictief" not in page.words
    page = client.as_(cast.clerk).submit(f"/almere{address}/overnemen", title="Wij beginnen klein")
    assert page.title == "Wij beginnen klein"


def changed(item: Starter) -> Starter:
    """One question says it differently."""
    goal = item.goals[0]
    questions = {key: f"{text} En waarom?" for key, text in goal.questions.items()}
    goals = (goal.model_copy(update={"questions": questions}), *item.goals[1:])
    return item.model_copy(update={"goals": goals})


def test_what_changes_in_a_file_is_a_new_version_in_which_only_that_card_has_a_new_revision(
    cast: Cast,
) -> None:
    title = ALL["klein-beginnen"].title
    before = {title: row.number for title, row in loaded().items()}
    renewed = {**ALL, "klein-beginnen": changed(ALL["klein-beginnen"])}
    with mock.patch.object(read, "starters", return_value=renewed):
        rows = loaded()
        assert {title: row.number for title, row in rows.items()} == before | {title: 2}
        cards = starters._by_key(rows[title].content)
        assert loaded()[title].number == 2
    newer = [card for card in cards.values() if card["revision"] == 2]
    assert [card["text"] for card in newer] == list(renewed["klein-beginnen"].goals[0].questions.values())
