"""A large monitor asks the database as little as a small one."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast
from tests.filling import fill_plan
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.monitors import building
from workbench.monitors.building import build_blocks


def test_a_page_with_forty_figures_asks_as_much_as_one_with_eight(
    client: Client, cast: Cast, query_count: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def quickly(item: Any, _language: Any, _around: Any) -> Any:
        return {
            "state": "ready",
            "title": "Titel",
            "sentence": "Zin.",
            "alt": "Beeld",
            "source": "Bron.",
        }, None

    monkeypatch.setattr(building, "_draw", quickly)
    council_id = cast.almere.id
    plan_id = fill_plan([cast.councillor.id]).id
    act_for(db, council_id)
    ids = db.scalars(sa.select(Link.id).order_by(Link.id)).all()
    client.as_(cast.clerk).page(f"/almere/trajecten/{plan_id}/monitor")
    asked = {}
    for wanted in (8, 40):
        rests = sa.case((Link.id.in_(ids[:wanted]), None), else_=sa.literal("2027-06-01").cast(sa.Date))
        db.execute(sa.update(Link).values(rests_until=rests))
        db.commit()
        build_blocks()
        db.commit()
        query_count.clear()
        page = client.page(f"/almere/trajecten/{plan_id}/monitor")
        assert page.text.count("data-figure=") == wanted
        asked[wanted] = len(query_count)
    assert asked[8] == asked[40]
