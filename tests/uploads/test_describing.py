"""Putting an own figure better, letting everyone read it, and what becomes of files that nobody went on with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.api.test_api import described
from tests.client import Client
from tests.factories import Cast, load_own_figures, make_own_draft
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.jobs import Job
from workbench.core.tenancy import act_for, open_door, published_door
from workbench.uploads.models import OwnIndicator, OwnUpload
from workbench.uploads.operations import remove_old_drafts
from workbench.uploads.queries import DRAFTS_LAST

PUBLIC = "/api/v1/own-figures?council=almere"


@pytest.fixture
def own(cast: Cast) -> OwnIndicator:
    made = load_own_figures("2023;7 2024;137*")
    db.commit()
    return made


def address_of(own: OwnIndicator, step: str = "") -> str:
    return f"/almere/eigen-cijfers/{own.id}{step}"


def reread(cast: Cast, own: OwnIndicator) -> OwnIndicator:
    act_for(db, cast.almere.id)
    db.expire_all()
    return db.get_one(OwnIndicator, own.id)


def public(client: Client, address: str = PUBLIC) -> Any:
    """What somebody reads who is not signed in."""
    return client.as_(None).get(address).get_json()


# --- The description -------------------------------------------------------------------------------------------------


def test_an_officer_puts_the_description_better_and_everyone_reads_it(
    client: Client, cast: Cast, own: OwnIndicator, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    sent_jobs.clear()
    page = client.as_(cast.officer).submit(
        address_of(own, "/beschrijving"),
        name="Huishoudens met een plan",
        definition="Elk huishouden telt één keer.",
        unit="huishoudens",
        source="Zaaksysteem",
        decimals="1",
        direction="down",
        reading_up="Meer vraag, of meer vertrouwen.",
    )
    assert page.title == "Huishoudens met een plan"
    for text in (
        "De beschrijving is bewaard.",
        "Elk huishouden telt één keer.",
        "Zaaksysteem",
        "(huishoudens)",
        "137,0",
        "lager is beter",
        "Als het stijgt Meer vraag, of meer vertrouwen.",
    ):
        assert text in page.words
    assert sent_jobs == [(Job.BUILD_BLOCKS, {"council_id": str(cast.almere.id)})]
    entry = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figures_described")).one()
    assert set(entry.facts["fields"]) == {
        "name", "definition", "unit", "source", "decimals", "direction", "reading_up",
    }  # fmt: skip
    assert "Beschrijving van eigen cijfers veranderd" in client.as_(cast.clerk).page("/almere/logboek").words


def test_saving_without_a_change_changes_nothing(client: Client, cast: Cast, own: OwnIndicator) -> None:
    client.as_(cast.officer).submit(address_of(own, "/beschrijving"))
    assert reread(cast, own).edited_at is None
    assert not db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figures_described")).all()


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "", "Geef het cijfer een naam."),
        ("name", "MELDINGEN", "Er is al een eigen cijfer met deze naam."),
        ("definition", "", "Schrijf op wat u telt."),
        ("decimals", "9", "Vul een getal van 0 tot en met 3 in."),
        ("direction", "best", "Kies een van de mogelijkheden."),
    ],
)
def test_a_description_that_cannot_be_is_refused_and_what_was_typed_stays(
    client: Client, cast: Cast, field: str, text: str, sentence: str
) -> None:
    own = load_own_figures()
    load_own_figures(name="Meldingen")
    db.commit()
    page = client.as_(cast.officer).submit(
        address_of(own, "/beschrijving"), source="Een nieuwe herkomst", **{field: text}
    )
    assert page.status == 422
    assert sentence in page.words
    assert "Een nieuwe herkomst" in page.text
    assert reread(cast, own).source == "Registratie van het wijkteam"


# --- Who may read it -------------------------------------------------------------------------------------------------


def test_an_own_figure_is_for_the_council_until_an_officer_publishes_it(
    client: Client, cast: Cast, own: OwnIndicator
) -> None:
    page = client.as_(cast.officer).page(address_of(own))
    assert "Alleen de leden van uw eigen raad." in page.words
    assert "Iedereen kan de cijfers dan ophalen" in page.words
    assert "alleen voor de raad" in client.page("/almere/eigen-cijfers/").words
    assert public(client) == {"data": [], "fictitious": False}
    page = client.as_(cast.officer).submit(address_of(own), "/openbaar")
    assert "De cijfers zijn nu openbaar." in page.words
    assert page.link("Bekijk de open data") == PUBLIC
    assert "openbaar" in client.page("/almere/eigen-cijfers/").words
    [shown] = public(client)["data"]
    assert (shown["name"], shown["origin"]) == (own.name, "Registratie van het wijkteam")
    page = client.as_(cast.officer).submit(address_of(own), "/besloten")
    assert "weer alleen voor uw eigen raad" in page.words
    assert public(client)["data"] == []
    actions = set(db.scalars(sa.select(AuditEntry.action)))
    assert {"figures_published", "figures_unpublished"} <= actions


def test_everyone_reads_the_newest_published_figures_of_one_area_and_no_hidden_or_older_number(
    client: Client, cast: Cast, own: OwnIndicator
) -> None:
    figures = f"/api/v1/own-figures/observations?council=almere&figure={own.id}&region=GM0034"
    assert client.as_(None).get(figures).status_code == 404
    client.as_(cast.clerk).submit(address_of(own), "/openbaar")
    act_for(db, cast.almere.id)
    load_own_figures("2024;140", reread(cast, own))
    db.commit()
    rows = public(client, figures)["data"]
    assert [(row["period"], row["value"], row["missing"], row["status"]) for row in rows] == [
        ("2023JJ00", None, "suppressed", "final"),
        ("2024JJ00", 140, None, "final"),
    ]
    assert "137" not in client.get(figures).get_data(as_text=True)
    document = public(client, "/api/v1/openapi.json")
    for name, address in (("list_own_figures", PUBLIC), ("list_own_observations", figures)):
        described(document, name, "200").validate(public(client, address))
    assert client.get(figures.replace("region=GM0034", "region=GM0363")).get_json()["data"] == []
    assert client.get(figures.replace("council=almere", "council=breda")).status_code == 404
    assert client.get(figures.replace("council=almere", "council=nergens")).status_code == 404
    assert client.get(figures.replace("&region=GM0034", "")).status_code == 400


def test_the_database_shows_through_the_open_door_only_what_is_published_and_holds(
    client: Client, cast: Cast, own: OwnIndicator
) -> None:
    load_own_figures("2024;90", name="Besloten")
    client.as_(cast.clerk).submit(address_of(own), "/openbaar")
    act_for(db, cast.almere.id)
    load_own_figures("2024;140", reread(cast, own))
    db.commit()
    almere, breda = cast.almere.id, cast.breda.id
    act_for(db, None)
    rows = sa.text("SELECT value FROM own_observation ORDER BY period")
    names = sa.text("SELECT name FROM own_indicator")
    for council_id, found in ((almere, [None, 140]), (breda, [])):
        open_door(db, published_door(council_id))
        assert list(db.scalars(rows)) == found
        assert list(db.scalars(names)) == (["Gezinnen bij het wijkteam"] if found else [])
    db.rollback()
    open_door(db, "")
    assert list(db.scalars(rows)) == []


def test_withdrawing_ends_publishing_and_without_figures_nothing_can_be_published(
    client: Client, cast: Cast, own: OwnIndicator
) -> None:
    client.as_(cast.officer).submit(address_of(own), "/openbaar")
    page = client.submit(address_of(own, "/intrekken"), reason="Dubbel geteld.")
    assert "Openbaar maken" not in page.words
    assert public(client)["data"] == []
    assert client.as_(cast.officer).post(address_of(own, "/openbaar")).status_code == 409
    load_own_figures("2024;140", reread(cast, own))
    db.commit()
    assert public(client)["data"] == [], "somebody has to say so again"


def test_a_councillor_may_not_describe_publish_or_hide(client: Client, cast: Cast, own: OwnIndicator) -> None:
    client.as_(cast.councillor)
    for step in ("/beschrijving", "/openbaar", "/besloten"):
        assert client.post(address_of(own, step)).status_code == 403
    page = client.page(address_of(own))
    assert "Alleen de leden van uw eigen raad." in page.words
    assert "Openbaar maken" not in page.words
    assert "Beschrijving verbeteren" not in page.words


# --- Files that nobody went on with ----------------------------------------------------------------------------------


def test_a_file_that_nobody_went_on_with_is_removed_with_all_it_held(cast: Cast) -> None:
    load_own_figures()
    old, fresh = make_own_draft(b"gemeente;jaar;geheim\nAlmere;2024;120\n"), make_own_draft()
    old.uploaded_at = datetime.now(UTC) - DRAFTS_LAST
    fresh.uploaded_at = datetime.now(UTC) - DRAFTS_LAST + timedelta(hours=1)
    loaded = db.scalars(sa.select(OwnUpload).where(OwnUpload.loaded_at.is_not(None))).one()
    loaded.uploaded_at = datetime.now(UTC) - 2 * DRAFTS_LAST
    kept = {fresh.id, loaded.id}
    db.flush()
    assert remove_old_drafts() == 1
    db.flush()
    assert set(db.scalars(sa.select(OwnUpload.id))) == kept
    assert db.scalar(sa.text("SELECT count(*) FROM own_upload WHERE own_upload::text LIKE '%geheim%'")) == 0
    entries = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "figures_file_expired")).all()
    assert [entry.facts for entry in entries] == [{}]
    assert remove_old_drafts() == 0
