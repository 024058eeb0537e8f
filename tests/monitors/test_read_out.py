"""A monitor in words says what its page says, and the same monitor gives the same bytes."""

import pytest
import sqlalchemy as sa
from flask import Flask, g

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Membership, Role
from workbench.core.db import db
from workbench.evidence.models import Link
from workbench.monitors.building import build_blocks
from workbench.monitors.contents import MonitorWords, fingerprint, to_json, written
from workbench.monitors.read_out import council_monitor_in_words
from workbench.vision.models import Plan
from workbench.vision.queries import VALUE_STEPS

SLUGS = ("inwoners", "huishoudensgrootte", "eenpersoonshuishoudens")


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    for slug in SLUGS:
        make_link(goal, slug)
    build_blocks()
    db.commit()
    return plan


def read(app: Flask, cast: Cast, plan: Plan, role: Role = Role.COUNCILLOR) -> MonitorWords:
    membership = Membership(role=role)
    with app.test_request_context("/almere/"):
        g.council_slug = cast.almere.slug
        return council_monitor_in_words(plan, cast.almere, membership, "nl")


def test_the_words_are_those_of_the_page(app: Flask, client: Client, cast: Cast, plan: Plan) -> None:
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor")
    words = read(app, cast, plan)
    assert page.soup is not None
    assert [figure.state for figure in words.figures] == ["ready"] * 3
    for figure, shown in zip(words.figures, page.soup.find_all("figure"), strict=True):
        assert shown["data-figure"] == str(figure.id)
        said = " ".join(shown.get_text(" ").split())
        for text in (
            figure.title,
            figure.sentence,
            figure.reason,
            figure.not_saying,
            *figure.source,
            *figure.notes,
        ):
            assert " ".join(text.split()) in said
        assert figure.table is not None
        cells = [" ".join(cell.get_text(" ").split()) for cell in shown.select("tbody th, tbody td")]
        assert len(cells) == sum(len(row) for row in figure.table.rows) > 3
        assert figure.table.rows[0][0] in cells[0]
    for section in words.sections:
        assert section.name in page.words
        assert section.position.replace(".", "") in page.words.replace(".", "")
        for item in section.items:
            for line in getattr(item, "lines", ()):
                assert line in page.words


def test_the_same_monitor_gives_the_same_bytes_and_comes_back_whole(
    app: Flask, cast: Cast, plan: Plan
) -> None:
    first, second = read(app, cast, plan), read(app, cast, plan)
    assert written(first) == written(second)
    assert fingerprint(first) == fingerprint(to_json(second))
    assert MonitorWords.model_validate(to_json(first)) == first
    assert first.unready == 0


def test_what_is_not_open_to_a_reader_is_not_in_the_words(app: Flask, cast: Cast, plan: Plan) -> None:
    for step in plan.steps:
        step.opened_at = None
    plan.open(*VALUE_STEPS)
    db.flush()
    words = read(app, cast, plan, Role.READER)
    assert words.sections
    assert words.figures == []
    assert not any(link.reason in str(words) for link in db.scalars(sa.select(Link)))
    assert read(app, cast, plan).figures
