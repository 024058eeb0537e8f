"""Preparing a workshop: its facts, its script, and what is still missing."""

import pytest

from tests.client import Client
from tests.factories import Cast
from tests.workshops.making import make_activity, make_workshop
from workbench.core.db import db
from workbench.workshops.models import State, Workshop

FACTS = {
    "title": "Wat vinden wij belangrijk?",
    "day": "4-3-2027",
    "begins": "19:30",
    "ends": "21.30 uur",
    "size": "12",
}


def test_a_facilitator_prepares_a_workshop_in_dutch_time(client: Client, cast: Cast) -> None:
    page = client.as_(cast["facilitator"]).submit("/almere/ateliers/nieuw", **FACTS)
    assert page.title == "Wat vinden wij belangrijk?"
    made = db.query(Workshop).one()
    assert made.starts_at.isoformat() == "2027-03-04T18:30:00+00:00"
    assert made.ends_at is not None
    assert made.ends_at.isoformat() == "2027-03-04T20:30:00+00:00"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("begins", "half acht", "Schrijf de tijd als 19:30."),
        ("begins", "24:10", "Schrijf de tijd als 19:30."),
        ("ends", "19:20", "Dat is meer dan twaalf uur."),
        ("size", "1", "Vul een getal in van 2 tot en met 500."),
        ("day", "donderdag", "Vul een datum in, zoals 23-6-2027."),
    ],
)
def test_what_cannot_be_read_is_explained_and_nothing_typed_is_lost(
    client: Client, cast: Cast, field: str, typed: str, sentence: str
) -> None:
    page = client.as_(cast.clerk).submit("/almere/ateliers/nieuw", **{**FACTS, field: typed})
    assert page.status == 422
    assert sentence in page.words
    assert typed in page.text
    assert FACTS["title"] in page.text


def test_a_workshop_may_go_on_past_midnight(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk).submit("/almere/ateliers/nieuw", **{**FACTS, "begins": "20:00", "ends": "0:30"})
    made = db.query(Workshop).one()
    assert made.ends_at is not None
    assert (made.ends_at - made.starts_at).total_seconds() == 4.5 * 3600


def test_a_draft_is_only_for_those_who_run_workshops(client: Client, cast: Cast) -> None:
    draft = make_workshop()
    announced = make_workshop(title="Samen duiden", state=State.ANNOUNCED)
    make_activity(announced)
    db.commit()
    client.as_(cast.councillor)
    assert client.page(f"/almere/ateliers/{draft.id}").status == 403
    assert client.page(f"/almere/ateliers/{announced.id}").status == 200
    words = client.page("/almere/ateliers").words
    assert "Samen duiden" in words
    assert draft.title not in words


def test_when_two_people_change_the_facts_the_second_sees_both_versions(client: Client, cast: Cast) -> None:
    workshop = make_workshop()
    db.commit()
    client.as_(cast.clerk)
    address = f"/almere/ateliers/{workshop.id}/bewerken"
    first = client.page(address)
    base = first.soup.find("input", {"name": "base_version"})["value"]  # type: ignore[union-attr, index]
    client.submit(address, place="Bibliotheek")
    page = client.submit(address, place="Stadhuis", base_version=base)
    assert page.status == 409
    assert "Bibliotheek" in page.words
    assert "Stadhuis" in page.text
    db.expire_all()
    assert db.query(Workshop).one().place == "Bibliotheek"
