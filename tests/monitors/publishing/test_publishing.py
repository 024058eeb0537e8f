"""What residents read of a monitor: only what was ticked, only while it stands open, and without being followed."""

import gzip
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import Image
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from tasks import worker
from tasks.publishing import draw_public_pictures
from tests.client import Client
from tests.factories import Cast, make_event
from tests.monitors.publishing.stage import (
    PAGE,
    SECRET,
    Stage,
    in_the_past,
    publish,
    set_stage,
    size_of,
    tick,
)
from workbench.accounts.models import Council, Role
from workbench.accounts.theme import operations as themes
from workbench.accounts.theme.logo import read_logo
from workbench.core import jobs
from workbench.core.db import as_platform, db
from workbench.core.tenancy import act_as, act_for, open_door, published_door
from workbench.knowledge.calendar.models import today
from workbench.monitors import operations
from workbench.monitors.building import build_blocks
from workbench.monitors.contents import MonitorWords, SectionWords
from workbench.monitors.format import change_block, hide_block
from workbench.monitors.models import BlockDocument, MonitorKind
from workbench.monitors.plan_facts import facts_by_plan
from workbench.monitors.publishing.models import (
    Publication,
    PublicationChart,
    PublicationPage,
    PublicationPicture,
    PublicationSettings,
)
from workbench.monitors.publishing.pictures import picture
from workbench.uploads import operations as uploads

DAY = timedelta(days=1)


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def draw(app: Flask, cast: Cast) -> None:
    """As the worker does."""
    keep = jobs._sender[:]
    worker.init_app(app)
    jobs._sender[:] = keep
    db.commit()
    draw_public_pictures(council_id=str(cast.almere.id))
    db.expire_all()


def addresses(stage: Stage) -> list[str]:
    """Everything of the first figure that a visitor can ask."""
    block = stage.shown.id
    return [
        PAGE,
        f"{PAGE}?taal=en",
        f"{PAGE}/blok/{block}",
        f"{PAGE}/figuren/{block}.json",
        f"{PAGE}/beeld.png",
        f"{PAGE}/beeld.png?taal=en",
    ]


def statuses(client: Client, stage: Stage) -> set[int]:
    return {client.get(address).status_code for address in addresses(stage)}


def settings(**values: Any) -> None:
    db.execute(sa.delete(PublicationSettings))
    db.add(PublicationSettings(**values))
    db.commit()


# --- Choosing -------------------------------------------------------------------------------------------------------


def test_nothing_is_ticked_at_first_and_every_block_can_be(client: Client, cast: Cast, stage: Stage) -> None:
    page = client.as_(cast.clerk).page(stage.choose)
    assert page.soup is not None
    boxes = page.soup.select("input[name=blok]")
    assert not [box for box in boxes if box.has_attr("checked")]
    offered = {UUID(str(box["value"])) for box in boxes}
    assert {stage.shown.id, stage.other.id, stage.own.id, stage.section_id} < offered
    assert {stage.blocks[kind].id for kind in ("text", "question", "money", "events", "unknown")} < offered
    assert stage.blocks["goal"].id not in offered  # comes along with what is under it
    assert SECRET["conversation"] not in page.text


def test_no_tick_at_all_is_told_and_nothing_is_kept(client: Client, cast: Cast, stage: Stage) -> None:
    page = tick(client.as_(cast.clerk), stage)
    assert page.status == 422
    assert "Er staat nog nergens een vinkje" in page.words
    assert tick(client, stage, uuid4()).status == 422
    assert db.scalar(sa.select(Publication.id)) is None


def test_ticks_come_back_when_the_clerk_chooses_again(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id, stage.section_id)
    page = client.page(stage.choose)
    assert page.soup is not None
    checked = {UUID(str(box["value"])) for box in page.soup.select("input[name=blok][checked]")}
    assert checked == {stage.shown.id, stage.section_id}


def test_what_was_ticked_of_one_monitor_stays_while_another_is_published(
    client: Client, cast: Cast, stage: Stage
) -> None:
    facts = facts_by_plan(stage.plan.id)[stage.plan.id]
    other = operations.add_monitor(stage.plan.id, "Voor de wijk", MonitorKind.PUBLIC, facts, cast.clerk.id)
    operations.publish(other, other.draft, None)
    build_blocks()
    [block, *_] = operations.format_of(other, other.draft).drawn
    choose, block_id = f"/almere/inwoners/monitors/{other.id}", block.id
    db.commit()
    client.as_(cast.clerk)
    tick(client, stage, stage.shown.id)
    client.send(choose, blok=[str(block_id)])
    page = client.page("/almere/inwoners")
    assert page.words.count("koos u blokken die nog niet gepubliceerd zijn") == 2
    assert "Er staat altijd één monitor voor inwoners." in page.words
    client.submit(f"{choose}/publiceren")
    assert "Voor de wijk" in client.page(PAGE).words
    page = client.page(f"{stage.choose}/publiceren")
    assert "Inwoners lezen nu een andere monitor." in page.words
    assert "Inwoners op 1 januari" in page.words
    client.submit(f"{stage.choose}/publiceren")
    assert "Voor de wijk" not in client.page(PAGE).words
    assert db.scalar(sa.select(sa.func.count()).where(Publication.published_at.is_(None))) == 0


def test_an_own_figure_goes_along_only_when_it_is_everybodys(
    client: Client, cast: Cast, stage: Stage
) -> None:
    page = client.as_(cast.clerk).page(stage.choose)
    assert page.soup is not None
    assert page.soup.find(id=f"blok-{stage.own.id}").has_attr("disabled")  # type: ignore[union-attr]
    assert tick(client, stage, stage.own.id).status == 422
    uploads.publish(stage.own_figure)
    db.commit()
    publish(client, stage, stage.own.id)
    visitor = client.as_(None)
    assert SECRET["own"] in visitor.page(PAGE).words
    uploads.unpublish(stage.own_figure)
    db.commit()
    assert SECRET["own"] not in visitor.get(PAGE).text
    assert visitor.get(f"{PAGE}/figuren/{stage.own.id}.json").status_code == 404
    assert visitor.get(f"{PAGE}/blok/{stage.own.id}").status_code == 404


def test_a_monitor_that_is_not_published_for_the_council_is_not_for_residents(
    client: Client, cast: Cast, stage: Stage
) -> None:
    stage.monitor.published = None
    db.commit()
    page = client.as_(cast.clerk).page(stage.choose)
    assert page.status == 409
    assert "nog niet gepubliceerd" in page.words
    assert "eerst voor de raad" in client.page("/almere/inwoners").words


# --- What a visitor reads -------------------------------------------------------------------------------------------


def everything(client: Client, stage: Stage) -> Iterator[tuple[str, str]]:
    """All that a visitor can get hold of, whatever block is asked for."""
    blocks = {stage.shown.id, stage.other.id, stage.own.id, stage.section_id}
    blocks |= {block.id for block in stage.blocks.values()}
    for language in ("", "?taal=en"):
        yield PAGE, client.get(f"{PAGE}{language}").text
        for block in blocks:
            for address in (f"{PAGE}/blok/{block}", f"{PAGE}/figuren/{block}.json"):
                yield address, client.get(f"{address}{language}").text
    yield "api", client.get("/api/v1/indicators?per_page=500").text


def test_a_visitor_reads_what_was_ticked_with_its_goal_and_value_and_nothing_else(
    app: Flask, client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id, stage.blocks["unknown"].id)
    draw(app, cast)
    visitor = client.as_(None)
    page = visitor.page(PAGE)
    assert page.status == 200
    assert page.title == "Zo gaat het hier"
    for text in ("Nabijheid", "zij in de buurt hulp vinden", "Inwoners", "Omdat iedereen meetelt.", "CBS"):
        assert text in page.words
    assert "Vrijheid" not in page.words
    names = {person.name for person in cast.people.values()}
    hidden = {*SECRET.values(), *names, "Huishoudens", "77.000", "Zelf kiezen"}
    found = list(everything(visitor, stage))
    assert len([text for _address, text in found if "data-figure" in text]) >= 4
    for address, text in found:
        assert {word for word in hidden if word in text} == set(), address


@pytest.mark.parametrize(
    ("kind", "marker"),
    [("text", SECRET["text"]), ("question", SECRET["question"]), ("money", SECRET["cost"])],
)
def test_each_kind_of_block_is_read_once_it_is_ticked(
    client: Client, cast: Cast, stage: Stage, kind: str, marker: str
) -> None:
    publish(client.as_(cast.clerk), stage, stage.blocks[kind].id)
    page = client.as_(None).page(PAGE)
    assert marker in page.words
    assert SECRET["goal"] in page.words  # it stands under that goal
    others = {SECRET[name] for name in ("text", "question", "cost", "words", "reason")} - {marker}
    assert {word for word in others if word in page.words} == set()
    assert marker in client.page(f"{PAGE}/blok/{stage.blocks[kind].id}").words


def test_the_words_of_the_group_have_a_tick_of_their_own(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.section_id)
    page = client.as_(None).page(PAGE)
    assert SECRET["words"] in page.words
    assert "zij in de buurt hulp vinden" not in page.words


def test_texts_and_figures_stay_as_they_were_when_the_monitor_changes(
    client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.blocks["text"].id, stage.shown.id)
    before = client.as_(None).page(PAGE).words
    chart = client.get(f"{PAGE}/figuren/{stage.shown.id}.json").data
    text = stage.blocks["text"].model_copy(update={"text": "Iets heel anders."})
    operations.shape(
        stage.monitor, stage.monitor.draft, lambda f: change_block(f, text), {"what": "changed"}, None
    )
    operations.publish(stage.monitor, stage.monitor.draft, None)
    db.execute(sa.delete(BlockDocument))
    db.commit()
    assert client.page(PAGE).words == before
    assert client.get(f"{PAGE}/figuren/{stage.shown.id}.json").data == chart


def test_the_page_is_there_in_english_too(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    page = client.as_(None).page(f"{PAGE}?taal=en")
    assert page.soup is not None
    assert page.soup.html is not None
    assert page.soup.html["lang"] == "en"
    assert page.link("Nederlands") == PAGE
    chart = page.soup.select_one("[data-src]")
    assert chart is not None
    assert "taal=en" in str(chart["data-src"])
    assert client.get(str(chart["data-src"])).status_code == 200
    assert client.page(f"{PAGE}?taal=de").link("English") == f"{PAGE}?taal=en"


# --- As long as it stands open --------------------------------------------------------------------------------------


def test_each_address_answers_by_the_state_it_is_in(
    app: Flask, client: Client, cast: Cast, stage: Stage
) -> None:
    visitor, gone, there = (lambda: client.as_(None)), {404}, {200}
    assert statuses(visitor(), stage) == gone
    tick(client.as_(cast.clerk), stage, stage.shown.id)
    assert statuses(visitor(), stage) == gone, "a draft"
    client.as_(cast.clerk).submit(f"{stage.choose}/publiceren")
    draw(app, cast)
    assert statuses(visitor(), stage) == there, "published"
    in_the_past(stage, starts_on=today() + DAY)
    assert statuses(visitor(), stage) == gone, "before its first day"
    in_the_past(stage, starts_on=today(), ends_on=today())
    assert statuses(visitor(), stage) == there, "on its first and last day"
    in_the_past(stage, starts_on=today() - 2 * DAY, ends_on=today() - DAY)
    assert statuses(visitor(), stage) == gone, "after its last day"
    in_the_past(stage, ends_on=None)
    settings(quiet_from=today() - DAY, quiet_until=today(), quiet_hides=True)
    assert statuses(visitor(), stage) == gone, "hidden before elections"
    settings(quiet_from=today() - DAY, quiet_until=today(), quiet_hides=False)
    assert statuses(visitor(), stage) == there, "quiet, but there"
    client.as_(cast.clerk).send("/almere/inwoners/intrekken")
    assert statuses(visitor(), stage) == gone, "revoked"


@pytest.mark.parametrize("role", [*Role, None])
def test_every_role_reads_the_same_as_a_visitor(
    client: Client, cast: Cast, stage: Stage, role: Role | None
) -> None:
    person = cast[role] if role else None
    assert client.as_(person).get(PAGE).status_code == 404
    tick(client.as_(cast.clerk), stage, stage.shown.id)
    assert client.as_(person).get(PAGE).status_code == 404
    assert (client.get(f"{stage.choose}/voorbeeld").status_code == 200) == (role is Role.CLERK)
    client.as_(cast.clerk).submit(f"{stage.choose}/publiceren")
    answer = client.as_(person).get(PAGE)
    assert answer.status_code == 200
    assert answer.text == client.as_(None).get(PAGE).text
    client.as_(cast.clerk).send("/almere/inwoners/intrekken")
    assert client.as_(person).get(PAGE).status_code == 404


def test_an_unknown_council_one_with_nothing_and_a_revoked_page_answer_alike(
    client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    client.send("/almere/inwoners/intrekken")
    visitor = client.as_(None)
    answers = [
        visitor.get(f"/{slug}/monitor/openbaar") for slug in ("almere", "breda", "nergens", "Fout_adres")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


def test_pages_for_residents_wear_the_house_style_of_their_council_and_no_other(
    client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    addresses_ = (
        PAGE,
        f"{PAGE}/blok/{stage.shown.id}",
        f"{PAGE}/blok/{uuid4()}",
        f"{stage.choose}/voorbeeld",
    )
    tick(client, stage, stage.shown.id)
    before = [client.get(address).text for address in addresses_]
    assert not any("huisstijl-" in text or "/logo-" in text for text in before)
    tried = themes.try_out("#7a1f5c", read_logo(logo_file()), keeps_logo=True)
    themes.take_into_use(themes.version_of(tried), None)
    db.commit()
    for address in addresses_:
        answer = client.as_(cast.clerk if "voorbeeld" in address else None).get(address)
        [sheet] = re.findall(r'href="(/almere/huisstijl-[^"]+\.css)"', answer.text)
        [logo] = re.findall(r'src="(/almere/logo-[^"]+\.png)"', answer.text)
        if answer.status_code == 200 and "voorbeeld" not in address:
            policy = answer.headers["Content-Security-Policy"]
            assert "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" in policy
            assert "unsafe" not in policy
    for person in (None, cast.clerk):
        with client.as_(person).session_transaction() as kept:
            kept.permanent = True
        for file in (sheet, logo):
            assert "Set-Cookie" not in client.get(file).headers
    assert "#7a1f5c" in client.get(sheet).text
    assert "huisstijl-" not in client.get("/breda/monitor/openbaar").text


def logo_file() -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (120, 40), "#7a1f5c").save(written, "PNG")
    return written.getvalue()


def test_the_block_of_one_council_is_not_to_be_had_at_another(
    client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    visitor = client.as_(None)
    for rest in (f"blok/{stage.shown.id}", f"figuren/{stage.shown.id}.json", "beeld.png", ""):
        assert visitor.get(f"/breda/monitor/openbaar/{rest}").status_code == 404


def test_postgresql_itself_shows_only_what_stands_open_behind_the_door_of_its_council(
    app: Flask, client: Client, cast: Cast, stage: Stage, session: Session
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    draw(app, cast)
    tables = (Publication, PublicationPage, PublicationChart, PublicationPicture)
    tick(client, stage, stage.blocks["text"].id)  # a draft beside it

    def seen(door: UUID | None) -> list[int]:
        open_door(db, published_door(door) if door else "")
        return [db.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]

    clerk, almere, breda = cast.clerk, cast.almere.id, cast.breda.id
    act_as(db, clerk.id)
    act_for(db, None)
    assert seen(None) == seen(breda) == [0, 0, 0, 0]
    assert seen(almere) == [1, 2, 2, 2]
    db.execute(sa.text("UPDATE publication SET revoked_at = now()"))
    assert seen(almere) == [1, 2, 2, 2], "a visitor revokes nothing"
    client.send("/almere/inwoners/intrekken")
    assert seen(almere) == [0, 0, 0, 0]


@pytest.mark.parametrize("table", ["publication_page", "publication_chart", "publication_picture"])
def test_what_was_published_cannot_be_rewritten(session: Session, cast: Cast, table: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        db.execute(sa.text(f"UPDATE {table} SET language = 'xx'"))


# --- Publishing exactly what was looked at --------------------------------------------------------------------------


def test_the_preview_is_the_page_and_says_that_it_is_one(client: Client, cast: Cast, stage: Stage) -> None:
    tick(client.as_(cast.clerk), stage, stage.shown.id)
    preview = client.page(f"{stage.choose}/voorbeeld")
    assert "voorbeeld Zo leest een inwoner het" in preview.words
    client.submit(f"{stage.choose}/publiceren")
    page = client.as_(None).page(PAGE)
    assert preview.soup is not None
    assert page.soup is not None
    for part in preview.soup, page.soup:
        for chart in part.select("[data-src]"):
            del chart["data-src"]
    assert str(preview.soup.main) == str(page.soup.main)


def test_pressing_twice_leads_to_what_stands(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    again = client.send(f"{stage.choose}/publiceren", seen="", starts_on=f"{today():%d-%m-%Y}", ends_on="")
    assert again.location == "/almere/inwoners"
    assert "Deze monitor staat al voor inwoners" in client.page("/almere/inwoners").words
    assert db.scalars(sa.select(Publication)).one().published_at is not None


def test_what_changed_since_the_look_is_not_published(client: Client, cast: Cast, stage: Stage) -> None:
    tick(client.as_(cast.clerk), stage, stage.blocks["text"].id)
    looked = client.page(f"{stage.choose}/publiceren").form()
    seen = looked.find("input", attrs={"name": "seen"})["value"]  # type: ignore[index]
    text = stage.blocks["text"].model_copy(update={"text": "Iets heel anders."})
    operations.shape(
        stage.monitor, stage.monitor.draft, lambda f: change_block(f, text), {"what": "changed"}, None
    )
    operations.publish(stage.monitor, stage.monitor.draft, None)
    db.commit()
    fields = {"starts_on": f"{today():%d-%m-%Y}", "ends_on": ""}
    answer = client.send(f"{stage.choose}/publiceren", seen=str(seen), **fields)
    assert answer.status == 409
    assert "Er is nog niets gepubliceerd" in answer.words
    assert client.as_(None).get(PAGE).status_code == 404
    client.as_(cast.clerk).submit(f"{stage.choose}/publiceren")
    assert "Iets heel anders." in client.as_(None).page(PAGE).words


def test_a_figure_that_is_still_being_made_is_waited_for(client: Client, cast: Cast, stage: Stage) -> None:
    tick(client.as_(cast.clerk), stage, stage.shown.id)
    db.execute(sa.delete(BlockDocument))
    db.commit()
    answer = client.submit(f"{stage.choose}/publiceren")
    assert answer.status == 409
    assert "wordt nog gemaakt" in answer.words


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (("", ""), "Vul de dag in"),
        (("1-1-2026", "1-2-2026"), "Die dag is voorbij"),
        (("1-1-2090", "1-1-2080"), "ligt voor de eerste dag"),
        (("morgen", ""), "Vul de dag in"),
    ],
)
def test_days_that_cannot_be_are_told(
    client: Client, cast: Cast, stage: Stage, days: tuple[str, str], told: str
) -> None:
    tick(client.as_(cast.clerk), stage, stage.shown.id)
    answer = client.submit(f"{stage.choose}/publiceren", starts_on=days[0], ends_on=days[1])
    assert answer.status == 422
    assert told in answer.words
    assert client.as_(None).get(PAGE).status_code == 404


def test_in_the_quiet_weeks_nothing_new_is_published_and_residents_read_why(
    client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    settings(quiet_from=today(), quiet_until=today() + DAY)
    tick(client, stage, stage.blocks["text"].id)
    answer = client.submit(f"{stage.choose}/publiceren")
    assert answer.status == 409
    assert "stille tijd voor de verkiezingen" in answer.words
    answer = client.send("/almere/inwoners/bijwerken")
    assert answer.status == 409
    page = client.as_(None).page(PAGE)
    assert "In de weken voor de verkiezingen komt er op deze pagina niets nieuws bij." in page.words
    assert SECRET["text"] not in page.words


# --- Newer figures --------------------------------------------------------------------------------------------------


def revise(stage: Stage) -> None:
    """The worker made the figure anew, from newer numbers."""
    for document in db.scalars(sa.select(BlockDocument).where(BlockDocument.block_id == stage.shown.id)):
        document.content = {**document.content, "sentence": "Nu zijn het er 999.999."}
        document.version = f"nieuw-{document.language}"
        document.chart = gzip.compress(b'{"bokeh": "nieuw"}')
    db.commit()


def test_newer_figures_follow_in_one_press_and_only_those(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id, ends_on="1-1-2090")
    index = "/almere/inwoners"
    assert "nieuwe cijfers" not in client.page(index).words
    assert client.send("/almere/inwoners/bijwerken").status == 409
    revise(stage)
    assert "Er zijn nieuwe cijfers" in client.page(index).words
    assert "999.999" not in client.page(PAGE).words
    answer = client.submit(index, "/bijwerken")
    assert "Bijgewerkt" in answer.words
    assert "1 januari 2090" in answer.words
    visitor = client.as_(None)
    assert "999.999" in visitor.page(PAGE).words
    assert visitor.get(f"{PAGE}/figuren/{stage.shown.id}.json").json == {"bokeh": "nieuw"}


def test_when_more_than_figures_changed_the_clerk_looks_first(
    client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id, stage.other.id)
    operations.shape(
        stage.monitor,
        stage.monitor.draft,
        lambda f: hide_block(f, stage.other.id, True),
        {"what": "hidden"},
        None,
    )
    operations.publish(stage.monitor, stage.monitor.draft, None)
    db.commit()
    page = client.page("/almere/inwoners")
    assert "De monitor is veranderd sinds u publiceerde" in page.words
    assert client.send("/almere/inwoners/bijwerken").status == 409


# --- Without being followed -----------------------------------------------------------------------------------------


def test_no_page_for_residents_sets_a_cookie_or_asks_another_site(
    app: Flask, client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    draw(app, cast)
    for person in (None, cast.clerk):
        with client.as_(person).session_transaction() as kept:
            kept.permanent = True
        for address in [*addresses(stage), "/nergens/monitor/openbaar", f"{PAGE}/blok/{uuid4()}"]:
            answer = client.get(address)
            assert "Set-Cookie" not in answer.headers, address
            assert "Cookie" not in answer.headers.get("Vary", ""), address
            if answer.mimetype == "text/html":
                assert "csrf" not in answer.text
                assert "<form" not in answer.text
                sources = [part.split('"')[0] for part in answer.text.split('src="')[1:]]
                assert all(source.startswith("/") for source in sources), sources


def test_a_cache_asks_each_time_and_a_browser_gets_304_until_it_is_revoked(
    app: Flask, client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    draw(app, cast)
    visitor = client.as_(None)
    for address in addresses(stage):
        answer = visitor.get(address, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Cache-Control"] == "public, no-cache", address
        known = {"If-None-Match": answer.headers["ETag"], "Accept-Encoding": "gzip"}
        assert visitor.get(address, headers=known).status_code == 304, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    client.as_(cast.clerk).send("/almere/inwoners/intrekken")
    assert client.as_(None).get(address, headers=known).status_code == 404


def test_the_chart_comes_gzipped_or_not_as_asked(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    address = f"{PAGE}/figuren/{stage.shown.id}.json"
    packed = client.as_(None).get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == client.get(address, headers={"Accept-Encoding": "identity"}).data


def test_pages_are_small_and_ask_the_database_little(
    client: Client, cast: Cast, stage: Stage, query_count: list[str]
) -> None:
    client.as_(cast.clerk).get(stage.choose)
    asked = []
    for address in (
        stage.choose,
        f"{stage.choose}/publiceren",
        f"{stage.choose}/voorbeeld",
        "/almere/inwoners",
    ):
        if address.endswith("publiceren"):
            tick(client, stage, stage.shown.id)
        elif address.endswith("inwoners"):
            client.submit(f"{stage.choose}/publiceren")
        query_count.clear()
        assert client.get(address).status_code == 200
        asked.append((address, len(query_count)))
    visitor = client.as_(None)
    for address in (PAGE, f"{PAGE}/blok/{stage.shown.id}", f"{PAGE}/figuren/{stage.shown.id}.json"):
        query_count.clear()
        answer = visitor.get(address, headers={"Accept-Encoding": "gzip"})
        asked.append((address, len(query_count)))
        is_drawn = answer.mimetype == "text/html"  # then also asks how the council dresses its pages
        assert len(query_count) == 2 + is_drawn, query_count
        assert len(answer.data) < 200_000
    assert all(count <= 12 for _address, count in asked), asked


# --- On other websites ----------------------------------------------------------------------------------------------


def test_only_websites_that_the_council_named_may_show_a_block(
    client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    assert "<iframe" not in client.page("/almere/inwoners").words
    block = f"{PAGE}/blok/{stage.shown.id}"
    assert "frame-ancestors 'none'" in client.get(block).headers["Content-Security-Policy"]
    answer = client.submit("/almere/inwoners/instellingen", hosts="https://www.almere.nl/\nnieuws.example.nl")
    assert "iframe" in answer.text
    policy = client.as_(None).get(block).headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors https://www.almere.nl https://nieuws.example.nl")
    assert "X-Frame-Options" not in client.get(block).headers
    assert "frame-ancestors 'none'" in client.get(PAGE).headers["Content-Security-Policy"]
    page = client.as_(cast.clerk).page("/almere/inwoners")
    assert page.soup is not None
    code = page.soup.select_one("textarea")
    assert code is not None
    assert f'{PAGE}/blok/{stage.shown.id}" title="' in code.get_text()


@pytest.mark.parametrize(
    "host", ["http://x.nl", "https://*", "'self'", "https://x.nl; script-src *", "almere", "https://x.nl/pad"]
)
def test_what_is_no_address_of_a_website_is_refused_and_stays_in_the_form(
    client: Client, cast: Cast, host: str
) -> None:
    answer = client.as_(cast.clerk).submit("/almere/inwoners/instellingen", hosts=host, quiet_from="1-2-2030")
    assert answer.status == 422
    assert "is geen adres van een website" in answer.words
    assert "Vul allebei de dagen in" in answer.words
    assert host in answer.form().get_text()
    assert db.scalar(sa.select(PublicationSettings.id)) is None


def test_other_sites_get_a_title_a_sentence_and_a_picture(
    app: Flask, client: Client, cast: Cast, stage: Stage
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    assert "og:image" not in client.as_(None).get(PAGE).text  # the worker has still to draw it
    draw(app, cast)
    for language, locale in (("nl", "nl_NL"), ("en", "en_GB")):
        page = client.page(f"{PAGE}?taal={language}")
        assert page.soup is not None
        said = {tag["property"]: str(tag["content"]) for tag in page.soup.select("meta[property]")}
        assert said["og:title"] == page.title
        assert said["og:locale"] == locale
        assert "Almere" in said["og:description"]
        assert said["og:url"].startswith("http")
        at = said["og:image"].index("/almere/")
        answer = client.get(said["og:image"][at:])
        assert answer.mimetype == "image/png"
        assert size_of(answer.data) == (1200, 630)
    assert db.scalar(sa.select(sa.func.count()).select_from(PublicationPicture)) == 2
    draw(app, cast)
    assert db.scalar(sa.select(sa.func.count()).select_from(PublicationPicture)) == 2


def test_the_worker_is_asked_for_the_picture(
    client: Client, cast: Cast, stage: Stage, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    assert ("monitors.draw_public_pictures", {"council_id": str(cast.almere.id)}) in sent_jobs


def test_a_fictitious_council_says_so_everywhere(client: Client, cast: Cast, stage: Stage) -> None:
    with as_platform():
        db.execute(sa.update(Council).where(Council.slug == "almere").values(is_demo=True))
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    visitor = client.as_(None)
    page = visitor.page(PAGE)
    assert page.title.startswith("Fictief voorbeeld")
    assert page.soup is not None
    assert "Fictief voorbeeld" in str(page.soup.select_one('meta[property="og:title"]'))
    assert page.soup.select_one('meta[name="robots"][content="noindex, nofollow"]')
    block = visitor.page(f"{PAGE}/blok/{stage.shown.id}")
    assert "Fictief voorbeeld: de personen" in block.words
    assert block.title.startswith("Fictief voorbeeld")


# --- Who may, and what is kept of it --------------------------------------------------------------------------------


def test_the_audit_trail_tells_what_was_done(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    revise(stage)
    client.send("/almere/inwoners/bijwerken")
    client.submit("/almere/inwoners/instellingen", hosts="https://www.almere.nl")
    client.submit("/almere/inwoners/intrekken")
    words = client.page("/almere/logboek").words
    for told in (
        "Monitor voor inwoners gepubliceerd",
        "Cijfers voor inwoners bijgewerkt",
        "Stille tijd of websites voor inwoners veranderd",
        "Monitor voor inwoners ingetrokken",
    ):
        assert told in words


def test_without_something_to_do_there_is_nothing_there(client: Client, cast: Cast, stage: Stage) -> None:
    client.as_(cast.clerk)
    assert client.get(f"{stage.choose}/voorbeeld").status_code == 404
    assert client.send(f"{stage.choose}/publiceren").location == stage.choose
    assert client.send("/almere/inwoners/intrekken").location == "/almere/inwoners"
    assert "Intrekken is niet nodig" in client.page("/almere/inwoners").words
    for rest in ("voorbeeld", "publiceren"):
        assert client.get(f"/almere/inwoners/monitors/{uuid4()}/{rest}").status_code == 404
    assert client.send("/almere/inwoners/bijwerken").status == 404
    assert "Er staat niets voor inwoners" in client.page("/almere/inwoners").words


def test_an_event_on_a_figure_stays_behind_with_its_list(client: Client, cast: Cast, stage: Stage) -> None:
    make_event("huishoudensgrootte", text=f"De {SECRET['event']} draaide door.")
    build_blocks()
    db.commit()
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    assert SECRET["event"] not in client.as_(None).get(PAGE).text
    publish(client.as_(cast.clerk), stage, stage.blocks["events"].id)
    assert SECRET["event"] in client.as_(None).get(PAGE).text


def test_the_longest_texts_still_fit_one_picture() -> None:
    sections = tuple(
        SectionWords(id=uuid4(), name="Bestaanszekerheid " * 6, value_id=uuid4()) for _ in range(9)
    )
    words = MonitorWords(
        council="Súdwest-Fryslân en Noardeast-Fryslân",
        title="Meedoen in de wijk " * 20,
        language="nl",
        warning="Fictief",
        read_on=today(),
        sections=sections,
    )
    assert size_of(picture(words)) == (1200, 630)
