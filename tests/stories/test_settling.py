"""What a council settles about stories: its form, its register, its risks, what ended and who looked."""

from datetime import date

import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast
from tests.stories.making import make_source, ready
from workbench.core.db import db
from workbench.stories.kept import operations as kept
from workbench.stories.kept.visibility import State
from workbench.stories.models import Basis
from workbench.stories.taking_in.models import StoryRisks, StorySettings


def test_another_text_on_the_form_is_another_version(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    client.submit("/almere/verhalen/instellingen", form_text="Bel gerust.", officer_email="fg@almere.example")
    settings = db.scalars(sa.select(StorySettings)).one()
    assert settings.form_version == 1
    client.submit("/almere/verhalen/instellingen", receivers="een bureau")
    client.submit("/almere/verhalen/instellingen", form_text="Bel of mail gerust.")
    db.expire_all()
    assert settings.form_version == 2
    assert settings.receivers == "een bureau"
    refused = client.submit("/almere/verhalen/instellingen", officer_email="geen adres")
    assert refused.status == 422


def test_the_form_of_a_source_says_what_a_narrator_must_know(client: Client, cast: Cast) -> None:
    source = make_source(
        basis=Basis.CONSENT, purpose="De raad wil horen hoe lang u wacht.", keep_until=date(2028, 1, 1)
    )
    db.commit()
    client.as_(cast.clerk).submit(
        "/almere/verhalen/instellingen", officer_name="Bureau Privacy", officer_email="fg@almere.example"
    )
    words = client.as_(cast.officer).page(f"/almere/verhaalbronnen/{source.id}/toestemmingsformulier").words
    for said in (
        "hoe lang u wacht",
        "1 januari 2028",
        "Nee zeggen mag altijd",
        "Bureau Privacy: fg@almere.example",
        "autoriteitpersoonsgegevens.nl",
        "intrekken",
        "versie 1",
    ):
        assert said in words


def test_the_register_says_what_is_known_and_what_is_missing(client: Client, cast: Cast) -> None:
    make_source(
        "Wijkgesprekken", basis=Basis.PUBLIC_TASK, basis_why="Onderzoek voor beleid.", special_data=True
    )
    db.commit()
    page = client.as_(cast.clerk).page("/almere/verhalen/verwerkingsregister")
    assert "publieke taak" in page.words
    assert "Onderzoek voor beleid." in page.words
    assert "gevoelige gegevens" in page.words
    assert "Dit mist nog:" in page.words
    file = client.get("/almere/verhalen/verwerkingsregister.docx")
    assert file.status_code == 200
    assert file.data.startswith(b"PK")


def test_answers_about_risks_are_kept_per_source_and_for_the_council(client: Client, cast: Cast) -> None:
    source = make_source("Wijkgesprekken")
    db.commit()
    client.as_(cast.clerk)
    client.submit(
        "/almere/verhalen/risico", need="yes", need_note="Cijfers zeggen dit niet.", looked_on="1-10-2026"
    )
    client.submit(f"/almere/verhaalbronnen/{source.id}/risico", known="partly")
    client.submit(f"/almere/verhaalbronnen/{source.id}/risico", known="yes")
    kept_answers = {risks.source_id: risks for risks in db.scalars(sa.select(StoryRisks))}
    assert kept_answers[None].answers["need"] == {"answer": "yes", "note": "Cijfers zeggen dit niet."}
    assert kept_answers[None].looked_on == date(2026, 10, 1)
    assert kept_answers[source.id].answers["known"]["answer"] == "yes"
    assert "nagelopen op" in client.page("/almere/verhalen/instellingen").words
    assert "Cijfers zeggen dit niet." in client.page("/almere/verhalen/risico").text


def test_the_list_of_what_ended_says_when_and_by_which_rule(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    withdrawn, over = ready(), ready()
    kept.end(withdrawn, State.WITHDRAWN)
    kept.end(over, State.ENDED)
    kept.cleared(over.id, over.gone)
    db.commit()
    query_count.clear()
    page = client.as_(cast.clerk).page("/almere/verhalen/verdwenen")
    assert len(query_count) <= 12
    assert "ingetrokken door de verteller" in page.words
    assert "de tijd was om" in page.words
    assert "nog bezig" in page.words
