"""What the municipality counts itself, as a figure in the monitor."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast, load_own_figures, make_goal, make_link, make_plan, make_value
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument
from workbench.uploads.models import OwnIndicator
from workbench.uploads.operations import describe, withdraw
from workbench.vision.models import Goal, Plan


@pytest.fixture
def goal(cast: Cast) -> Goal:
    return make_goal(make_value(make_plan()))


def linked(goal: Goal, rows: str, **about: Any) -> OwnIndicator:
    own = load_own_figures(rows, **about)
    make_link(goal, own)
    assert build_blocks() == 1
    assert build_blocks() == 0
    return own


def document(language: str = "nl") -> BlockDocument:
    db.flush()
    db.expire_all()
    return db.scalars(sa.select(BlockDocument).where(BlockDocument.language == language)).one()


def monitor(client: Client, cast: Cast) -> str:
    db.commit()
    plan = db.scalars(sa.select(Plan)).one()
    return client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor").words


def test_an_own_figure_has_table_sentence_drawing_chart_and_the_municipality_as_its_source(
    client: Client, cast: Cast, goal: Goal
) -> None:
    linked(goal, "2022;120 2023;140 2024;162*")
    content = document().content
    assert content["title"] == "Gezinnen bij het wijkteam, gestegen van 120 in 2022 naar 162 in 2024"
    assert content["sentence"] == "Het cijfer over 2024 is voorlopig en kan nog veranderen."
    assert content["svg"].startswith("<svg")
    assert document().chart is not None
    assert content["table_html"].count("<tr") == 4
    assert content["source"].startswith(
        "Bron: gemeente Almere, eigen cijfer (Registratie van het wijkteam); 2022 tot en met 2024"
    )
    assert content["comparison"] is None
    words = monitor(client, cast)
    assert "Bron: gemeente Almere, eigen cijfer (Registratie van het wijkteam)" in words
    assert "geen vergelijking met andere gemeenten" in words
    assert "Minst verse bron eigen cijfer “Gezinnen bij het wijkteam”, aangeleverd op" in words
    assert "Uitleg bij dit cijfer" in words


def test_a_small_number_stands_in_the_table_as_too_few_people_and_nowhere_as_a_number(goal: Goal) -> None:
    linked(goal, "2022;7 2023;140 2024;162")
    content = document().content
    assert "niet getoond, te weinig mensen" in content["table_html"]
    assert "gestegen van 140 in 2023 naar 162" in content["title"]
    assert ">7<" not in content["table_html"] + content["svg"]
    assert any("2022" in note["text"] and "te weinig mensen" in note["text"] for note in content["notes"])


def test_only_small_numbers_give_a_block_that_says_so(goal: Goal) -> None:
    linked(goal, "2023;7 2024;8")
    assert document().content["state_text"] == "Dit cijfer tonen wij niet: het gaat om te weinig mensen."
    assert document().chart is None


def test_a_new_file_builds_the_figure_again_and_says_what_was_revised(
    goal: Goal, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    own = linked(goal, "2023;140 2024;162")
    before = document().data_changed_at
    db.commit()
    sent_jobs.clear()
    load_own_figures("2024;171 2025;180", own)
    db.commit()
    assert [job for job, _ids in sent_jobs] == [Job.BUILD_BLOCKS]
    assert build_blocks() == 1
    content = document().content
    assert "naar 180 in 2025" in content["title"]
    [revised] = [note["text"] for note in content["notes"] if note["kind"] == "revised"]
    assert "het was 162, het is nu 171" in revised
    assert before is not None
    assert (document().data_changed_at or before) > before


def test_a_number_that_became_too_small_to_show_does_not_tell_what_it_was(goal: Goal) -> None:
    own = linked(goal, "2023;140 2024;162")
    load_own_figures("2024;6", own)
    build_blocks()
    content = document().content
    assert "162" not in str(content)
    assert "niet getoond, te weinig mensen" in content["table_html"]


def test_a_withdrawn_figure_shows_its_reason_and_no_number_and_comes_back_with_a_new_file(
    client: Client, cast: Cast, goal: Goal
) -> None:
    own = linked(goal, "2023;140 2024;162")
    withdraw(own, "Er is dubbel geteld.")
    assert build_blocks() == 1
    content = document().content
    assert content["state"] == "missing"
    assert "Reden: Er is dubbel geteld." in content["state_text"]
    assert document().chart is None
    assert "162" not in str(content)
    words = monitor(client, cast)
    assert words.count("Reden: Er is dubbel geteld.") == 2, "in its place, and under what we do not know"
    assert "Bron: gemeente Almere, eigen cijfer" in words
    load_own_figures("2023;131 2024;150", own)
    assert build_blocks() == 1
    content = document().content
    assert "van 131 in 2023 naar 150 in 2024" in content["title"]
    assert "162" not in str(content), "a withdrawn number was wrong, not revised"


def test_a_better_description_builds_the_figure_again_without_being_news(goal: Goal) -> None:
    own = linked(goal, "2023;140 2024;162")
    changed = document().data_changed_at
    describe(
        own, name="Huishoudens met een plan", unit="huishoudens", reading_up="Meer vraag, of meer vertrouwen."
    )
    assert build_blocks() == 1
    assert build_blocks() == 0
    content = document().content
    assert content["title"].startswith("Huishoudens met een plan, gestegen van 140")
    assert "162\u00a0huishoudens" in content["title"]
    assert any("Meer vraag, of meer vertrouwen." in note["text"] for note in content["notes"])
    assert document().data_changed_at == changed


def test_figures_about_districts_only_say_that_there_is_none_of_the_whole(cast: Cast, goal: Goal) -> None:
    linked(goal, "2024;90")
    db.execute(sa.text("UPDATE own_observation SET area_code = 'WK003401'"))
    db.execute(sa.text("UPDATE own_indicator SET edited_at = now()"))
    db.expire_all()
    assert build_blocks() == 1
    assert document().content["state_text"] == "In dit eigen cijfer staat geen getal over heel Almere."


def test_public_and_own_figures_stand_in_one_monitor_within_the_same_number_of_questions(
    client: Client, cast: Cast, goal: Goal, query_count: list[str]
) -> None:
    make_link(goal)
    make_link(goal, load_own_figures())
    make_link(goal, load_own_figures("2024;90", name="Meldingen"))
    assert build_blocks() == 3
    address = f"/almere/trajecten/{goal.plan_id}/monitor"
    db.commit()
    client.as_(cast.councillor)
    query_count.clear()
    page = client.page(address)
    assert len(query_count) <= 12
    assert page.soup is not None
    assert len(page.soup.select("figure svg.figure-svg")) == 3
