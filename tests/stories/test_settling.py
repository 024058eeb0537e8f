"""What a council settles about stories: its form, its register, its risks, what ended and who looked."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa

from tasks import stories as tasks
from tests.client import Client
from tests.factories import Cast
from tests.stories.making import make_source, ready, received, story_to_check
from workbench.core.db import db
from workbench.stories.kept import operations as kept
from workbench.stories.kept.visibility import State
from workbench.stories.models import Basis
from workbench.stories.taking_in.models import StoryRisks, StorySettings
from workbench.stories.taking_in.risks import QUESTIONS


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
        "/almere/verhalen/instellingen",
        officer_name="Bureau Privacy",
        officer_email="fg@almere.example",
        contact="griffie@almere.example",
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
        "jonger dan 16",
        "Zo bereikt u de raad: griffie@almere.example",
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


def test_a_register_without_gaps_can_go_to_the_privacy_officer(client: Client, cast: Cast) -> None:
    make_source(
        "Wijkgesprekken",
        basis=Basis.PUBLIC_TASK,
        basis_why="Onderzoek voor beleid.",
        special_data=True,
        special_why="Onderzoek in het algemeen belang (artikel 9, lid 2, onder j).",
        purpose="De raad wil horen hoe lang u wacht.",
        collector="Het wijkteam",
        keep_until=date(2028, 1, 1),
    )
    db.commit()
    client.as_(cast.clerk).submit(
        "/almere/verhalen/instellingen",
        officer_name="Bureau Privacy",
        officer_email="fg@almere.example",
        contact="griffie@almere.example",
        processor="Een beheerder in Nederland",
    )
    page = client.page("/almere/verhalen/verwerkingsregister")
    assert "Dit mist nog: Risico's (DPIA)." in page.words
    settled = dict.fromkeys(QUESTIONS, "yes") | {"harm": "partly", "looked_on": "1-10-2026"}
    client.submit("/almere/verhalen/risico", **settled)
    page = client.page("/almere/verhalen/verwerkingsregister")
    assert "Dit mist nog" not in page.words
    for said in (
        "griffie@almere.example",
        "onder j",
        "Een beheerder in Nederland",
        "ook hun namen gaan eruit",
        "Nagelopen op 1 oktober 2026. Nog niet geregeld: Weet u wat u doet als het misgaat?",
    ):
        assert said in page.words
    assert "nog 1 punt niet geregeld" in client.page("/almere/verhalen/instellingen").words


def test_a_source_says_until_when_and_why_the_sensitive_may_be_kept(client: Client, cast: Cast) -> None:
    source = make_source(basis=None)
    db.commit()
    address = f"/almere/verhaalbronnen/{source.id}"
    client.as_(cast.clerk)
    refused = client.submit(address, basis="public_task", basis_why="Onderzoek.", special_data="y")
    assert refused.status == 422
    assert "Kies een laatste dag" in refused.words
    assert "welke uitzondering van artikel 9" in refused.words
    client.submit(
        address,
        basis="public_task",
        basis_why="Onderzoek.",
        special_data="y",
        special_why="Artikel 9, lid 2, onder j.",
        keep_until="1-1-2028",
    )
    db.expire_all()
    assert (source.basis, source.keep_until) == (Basis.PUBLIC_TASK, date(2028, 1, 1))


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


def test_the_report_says_when_the_night_job_looked_and_until_when_stories_stay(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    stays = make_source("Wijkgesprekken", keep_until=date(2030, 1, 1))
    ready(source=stays, ends_on=date(2029, 1, 1))
    forgotten = received(stays)
    forgotten.received_at = datetime.now(UTC) - timedelta(weeks=5)
    ready(source=make_source("Losse verhalen"))
    ready(source=make_source("Oude verhalen", keep_until=date(2020, 1, 1)))
    db.commit()
    address = "/almere/verhalen/verdwenen"
    assert "nog niet gebeurd" in client.as_(cast.clerk).page(address).words
    tasks.end_stories.run()
    db.commit()
    query_count.clear()
    page = client.page(address)
    assert len(query_count) <= 12
    assert "De laatste keer was" in page.words
    assert "de laatste dag van de bron was voorbij" in page.words
    table = page.soup.find_all("table")[-1]
    rows = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in table.tbody("tr")]
    assert rows == [
        ["Losse verhalen", "nog geen laatste dag", "1", "0", "0"],
        ["Wijkgesprekken", "1 januari 2030", "2", "1", "1"],
    ]
    db.scalars(sa.select(StorySettings)).one().tended_at = datetime.now(UTC) - timedelta(days=3)
    db.commit()
    assert "Vraag uw beheerder om hulp" in client.page(address).words


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


def test_the_report_says_who_took_a_story_away_before_it_was_safe(client: Client, cast: Cast) -> None:
    story = story_to_check("Ik wachtte lang.")
    client.as_(cast.officer).send(f"/almere/verhalen/{story.id}/verwijdering")
    words = client.as_(cast.clerk).page("/almere/verhalen/verdwenen").words
    assert f"weggehaald voordat het veilig was ({cast.officer.name})" in words
