"""Asking, answering, then and now, the list, and who may do and see what."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import docx
import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast, load_own_figures, make_goal, make_link, make_plan, make_value
from workbench.accounts.models import Person
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.knowledge.calendar.models import today
from workbench.monitors.building import build_blocks
from workbench.monitors.conversation import operations, queries
from workbench.monitors.conversation.models import (
    FigureQuestion,
    Interpretation,
    Kind,
    QuestionSnapshot,
)
from workbench.monitors.conversation.states import Act, State
from workbench.monitors.models import BlockDocument, Monitor, MonitorKind
from workbench.monitors.operations import add_monitor, format_of, propose_monitors, publish
from workbench.monitors.plan_facts import facts_by_plan
from workbench.vision.models import Goal, Plan

SECRET = "Waarom is dat zo in de Bloemenbuurt?"
DAY = timedelta(days=1)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """One built figure in the monitor of Almere, in steps that everybody may read."""
    plan = make_plan()
    make_link(make_goal(make_value(plan)))
    plan.open()
    build_blocks()
    db.commit()
    return plan


@pytest.fixture
def block_id(plan: Plan) -> UUID:
    return db.scalars(sa.select(BlockDocument.block_id).distinct()).one()


def newest() -> FigureQuestion:
    found = sa.select(FigureQuestion).order_by(FigureQuestion.asked_at.desc()).limit(1)
    return db.scalars(found.execution_options(populate_existing=True)).one()


def put(block_id: UUID, cast: Cast, *, days_ago: int = 0, owner: Person | None = None) -> FigureQuestion:
    about = queries.figure(block_id)
    assert about is not None
    made = operations.ask(
        about,
        SECRET,
        (owner or cast.officer).id,
        cast.councillor.id,
        at=datetime.now(UTC) - days_ago * DAY,
    )
    db.commit()
    return made


# --- Asking ---------------------------------------------------------------------------------------------------------


def test_a_councillor_asks_about_a_point_and_the_officer_answers_and_it_is_clear(
    client: Client, cast: Cast, plan: Plan, block_id: UUID
) -> None:
    monitor = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor")
    page = client.submit(monitor.link("Stel een vraag"), text=SECRET, period="2023")
    assert page.status == 200
    assert SECRET in page.words
    assert "Er is niets veranderd." in page.words
    assert page.soup is not None
    assert len(page.soup.select(".wb-then-and-now > section")) == 1, "the same figure is shown once"
    assert "Gaat over 2023." in page.words
    question = newest()
    address = f"/almere/gesprek/{question.id}"
    assert (question.state, question.owner_id) == (State.ASKED, cast.officer.id), (
        "who explains figures is proposed"
    )
    assert question.due_on == today() + 30 * DAY

    page = client.as_(cast.officer).submit(f"{address}/antwoord", text="Daar is veel gebouwd.")
    assert "Officer van Almere antwoordde" in page.words
    page = client.as_(cast.councillor).page(address)
    assert "Is het antwoord helder?" in page.words
    assert client.send(f"{address}/helder").status == 302
    db.refresh(question)
    assert question.state is State.CLEAR
    assert client.as_(cast.clerk).submit(f"{address}/sluiten").status == 200
    db.refresh(question)
    assert question.state is State.CLOSED
    monitor = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor")
    assert monitor.link("1 bericht") == f"/almere/gesprek?figuur={block_id}"


def test_an_answer_that_is_not_clear_goes_back_with_a_new_term_on_the_same_card(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    question = put(block_id, cast, days_ago=40)
    address = f"/almere/gesprek/{question.id}"
    client.as_(cast.officer).submit(f"{address}/antwoord", text="Dat zegt artikel 2.3.5.")
    page = client.as_(cast.councillor).submit(f"{address}/niet-helder", text="")
    assert page.status == 422
    assert "Schrijf op wat u nog wilt weten." in page.words
    client.submit(f"{address}/niet-helder", text="Kan het in gewone taal?")
    db.refresh(question)
    assert question.state is State.UNCLEAR
    assert question.due_on == today() + 30 * DAY
    page = client.as_(cast.officer).page(f"{address}/antwoord")
    assert "Kan het in gewone taal?" in page.words
    page = client.submit(f"{address}/antwoord", text="Iedereen met een aanvraag krijgt hulp.")
    assert (
        page.words.index("artikel 2.3.5") < page.words.index("in gewone taal") < page.words.index("Iedereen")
    )
    assert db.scalar(sa.select(sa.func.count()).select_from(FigureQuestion)) == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": "  "}, "Schrijf op wat u wilt weten."),
        ({"text": "x" * 2001}, "Maak de tekst korter"),
        ({"text": SECRET, "period": "1812"}, "Kies een van de mogelijkheden."),
        ({"text": SECRET, "owner": str(uuid4())}, "Kies een van de mogelijkheden."),
    ],
)
def test_what_was_typed_stays_when_something_must_be_mended(
    client: Client, cast: Cast, block_id: UUID, fields: dict[str, str], message: str
) -> None:
    page = client.as_(cast.councillor).submit(f"/almere/figuren/{block_id}/vraag", **fields)
    assert page.status == 422
    assert message in page.words
    assert fields["text"].strip() in page.text
    assert db.scalars(sa.select(FigureQuestion)).all() == []


def test_a_link_to_a_point_fills_the_period_in(client: Client, cast: Cast, block_id: UUID) -> None:
    page = client.as_(cast.councillor).page(f"/almere/figuren/{block_id}/vraag?periode=2022")
    assert page.soup is not None
    [chosen] = page.soup.select("select[name=period] option[selected]")
    assert chosen["value"] == "2022"
    assert "Noem geen namen van inwoners" in page.words


def test_a_figure_that_is_not_made_yet_waits_for_its_first_question(client: Client, cast: Cast) -> None:
    make_link(make_goal(make_value(make_plan())))
    propose_monitors()
    db.commit()
    [block] = format_of(monitor := db.scalars(sa.select(Monitor)).one(), monitor.draft).drawn
    block_id = block.id
    page = client.as_(cast.clerk).submit(f"/almere/figuren/{block_id}/vraag", text=SECRET)
    assert page.status == 409
    assert "wordt nog gemaakt" in page.words
    assert client.page(f"/almere/figuren/{uuid4()}/vraag").status == 404


def test_only_what_readers_see_can_be_talked_about(
    client: Client, cast: Cast, plan: Plan, block_id: UUID
) -> None:
    monitor = db.scalars(sa.select(Monitor)).one()
    page, draft = f"/almere/trajecten/{plan.id}/monitor", f"/almere/monitors/{monitor.id}/concept"
    client.as_(cast.clerk)

    def shape(rest: str) -> None:
        db.expire_all()
        sent = client.send(f"/almere/monitors/{monitor.id}/{rest}", base=str(monitor.draft))
        assert sent.status == 302, rest
        act_for(db, cast.almere.id)
        build_blocks()
        db.commit()

    shape("publiceren")
    shape(f"blokken/{block_id}/verbergen")
    assert "Stel een vraag" in client.page(page).words, "it is hidden in the draft only"
    assert client.page(f"/almere/figuren/{block_id}/vraag").status == 200
    shape("publiceren")
    assert client.page(f"/almere/figuren/{block_id}/vraag").status == 404
    shape(f"blokken/{block_id}/tonen")
    assert "Inwoners op 1 januari" in client.page(draft).words
    assert "Stel een vraag" not in client.page(draft).words
    assert client.page(f"/almere/figuren/{block_id}/vraag").status == 404


def test_a_figure_of_another_monitor_is_talked_about_once_that_is_published_and_leads_back_there(
    client: Client, cast: Cast, plan: Plan
) -> None:
    other = add_monitor(
        plan.id, "Voor de wijk", MonitorKind.PUBLIC, facts_by_plan(plan.id)[plan.id], cast.clerk.id
    )
    [block] = format_of(other, other.draft).drawn
    build_blocks()
    other_id, ask = other.id, f"/almere/figuren/{block.id}/vraag"
    db.commit()
    assert client.as_(cast.councillor).page(ask).status == 404
    act_for(db, cast.almere.id)
    publish(other, other.draft, cast.clerk.id)
    db.commit()
    assert client.page(f"/almere/monitors/{other_id}").link("Stel een vraag") == ask
    page = client.submit(ask, text=SECRET)
    assert page.soup is not None
    assert page.soup.select(f'a[href^="/almere/monitors/{other_id}#cijfer-"]')


@pytest.mark.parametrize("place", ["doelen", "waarden"])
def test_a_text_of_the_plan_can_be_questioned_too(client: Client, cast: Cast, plan: Plan, place: str) -> None:
    goal = db.scalars(sa.select(Goal)).one()
    value_id = db.scalars(sa.text("SELECT id FROM value")).one()
    about = goal.id if place == "doelen" else value_id
    page = client.as_(cast["auditor"]).submit(f"/almere/{place}/{about}/vraag", text=SECRET)
    assert page.status == 200
    assert "Er is niets veranderd." in page.words
    address = f"/almere/gesprek/{newest().id}"
    act_for(db, cast.almere.id)
    db.execute(sa.text("UPDATE goal SET sentence = 'zij snel hulp krijgen'"))
    db.execute(sa.text("UPDATE value SET own_words = 'Hulp om de hoek.'"))
    db.commit()
    page = client.page(address)
    assert "De tekst is sindsdien veranderd." in page.words
    then, now = page.soup.select(".wb-then-and-now > section")  # type: ignore[union-attr]
    assert then.get_text() != now.get_text()
    assert ("hulp vinden" in then.get_text()) == (place == "doelen")


# --- Then and now ---------------------------------------------------------------------------------------------------


def test_an_old_question_shows_the_old_values_after_a_refresh_with_the_difference_in_words(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    figure = load_own_figures("2023;120\n2024;137\n")
    make_link(make_goal(make_value(plan)), figure)
    build_blocks()
    db.commit()
    block_id = db.scalars(sa.select(BlockDocument.block_id).distinct()).one()
    question = put(block_id, cast, days_ago=5)
    kept = db.scalars(sa.select(QuestionSnapshot.content).where(QuestionSnapshot.language == "nl")).one()
    load_own_figures("2024;141\n2025;160\n", figure)
    build_blocks()
    db.commit()
    page = client.as_(cast.councillor).page(f"/almere/gesprek/{question.id}")
    assert "2025 kwam erbij: 160; 2024 is herzien: toen 137, nu 141." in page.words
    then, now = page.soup.select(".wb-then-and-now > section")  # type: ignore[union-attr]
    assert kept["title"] in " ".join(then.get_text(" ").split())
    assert "137" in then.get_text()
    assert "160" not in then.get_text()
    assert "160" in now.get_text()
    assert then.find("svg") is not None
    assert now.find("svg") is not None
    assert then.find("table") is not None
    again = db.scalars(
        sa.select(QuestionSnapshot.content)
        .where(QuestionSnapshot.language == "nl")
        .execution_options(populate_existing=True)
    ).one()
    assert again == kept


def test_what_was_kept_can_not_be_changed(cast: Cast, block_id: UUID) -> None:
    put(block_id, cast)
    for statement in ("UPDATE question_snapshot SET language = 'xx'", "DELETE FROM question_step"):
        with pytest.raises(sa.exc.ProgrammingError), db.begin_nested():
            db.execute(sa.text(statement))


def test_a_question_outlives_the_figure_that_it_is_about(
    client: Client, cast: Cast, block_id: UUID, plan: Plan
) -> None:
    question = put(block_id, cast)
    act_for(db, cast.almere.id)
    link = db.scalars(sa.text("SELECT id FROM link")).one()
    assert client.as_(cast.clerk).send(f"/almere/koppelingen/{link}/verwijderen").status in (302, 200)
    page = client.page(f"/almere/gesprek/{question.id}")
    assert page.status == 200
    assert "Dit cijfer staat nu niet meer in de monitor." in page.words
    assert page.soup is not None
    assert page.soup.select_one(".wb-then-and-now svg") is not None, "what was seen then"
    assert client.page("/almere/gesprek").status == 200


def test_an_english_reader_gets_what_the_english_page_showed(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    question = put(block_id, cast)
    kept = {item.language: item.content for item in db.scalars(sa.select(QuestionSnapshot))}
    assert set(kept) == {"nl", "en"}
    client.as_(cast.clerk).send("/taal", language="en")
    page = client.page(f"/almere/gesprek/{question.id}")
    assert " ".join(kept["en"]["sentence"].split()) in page.words


# --- Out of turn, and by the wrong person ---------------------------------------------------------------------------


def test_a_step_out_of_turn_is_a_409_with_a_sentence_and_keeps_what_was_typed(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    address = f"/almere/gesprek/{put(block_id, cast).id}"
    page = client.as_(cast.councillor).send(f"{address}/helder")
    assert page.status == 409
    assert "Er is nog geen antwoord om iets van te vinden." in page.words
    client.as_(cast.officer).submit(f"{address}/antwoord", text="Ja.")
    page = client.as_(cast.clerk).send(f"{address}/antwoord", text="Mijn lange antwoord")
    assert page.status == 409
    assert "Deze vraag is al beantwoord." in page.words
    assert "Mijn lange antwoord" in page.text
    client.as_(cast.councillor).submit(f"{address}/intrekken", text="Ik weet het nu.")
    for wrong in ("antwoord", "doorgeven"):
        assert client.as_(cast.officer).send(f"{address}/{wrong}", text="x").status in (403, 409)
    assert client.as_(cast.clerk).send(f"{address}/sluiten", text="x").status == 409


def test_two_who_answer_at_once_do_not_both_succeed(cast: Cast, block_id: UUID) -> None:
    from workbench.core.errors import Conflict

    question = put(block_id, cast)
    db.execute(sa.update(FigureQuestion).values(state=State.ANSWERED))  # what another session just did
    with pytest.raises(Conflict, match="al beantwoord"):
        operations.act(question, Act.ANSWER, cast.clerk.id, "Ook ik.")


@pytest.mark.parametrize(
    "case",
    [
        ("councillor", "niet-helder", 409),
        ("facilitator", "niet-helder", 403),
        ("adviser", "intrekken", 403),
        ("executive", "antwoord", 403),
        ("executive", "doorgeven", 403),
        ("officer", "termijn", 403),
        ("councillor", "antwoord", 403),
        ("reader", "intrekken", 403),
        ("clerk", "termijn", 200),
        ("clerk", "intrekken", 403),
    ],
)
def test_each_step_is_for_whom_it_is_for(
    client: Client, cast: Cast, block_id: UUID, case: tuple[str, str, int]
) -> None:
    role, step, status = case
    question = put(block_id, cast)
    assert client.as_(cast[role]).page(f"/almere/gesprek/{question.id}/{step}").status == status


def test_the_executive_answers_what_was_put_to_the_executive(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    question = put(block_id, cast, owner=cast["executive"])
    page = client.as_(cast["executive"]).submit(f"/almere/gesprek/{question.id}/antwoord", text="Wij bouwen.")
    assert "Executive van Almere antwoordde" in page.words


def test_the_clerk_sets_another_day_and_the_owner_hands_the_question_on_each_with_a_reason(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    question = put(block_id, cast)
    address = f"/almere/gesprek/{question.id}"
    form = client.as_(cast.clerk).page(f"{address}/termijn").form()
    assert SECRET not in form.get_text(), "nothing was typed yet"
    for wrong in (today() - DAY, today() + 400 * DAY):
        page = client.submit(f"{address}/termijn", due_on=wrong.isoformat(), text="Daarom.")
        assert page.status == 422
        assert "Kies een dag vanaf vandaag" in page.words
    new = today() + 60 * DAY
    assert client.submit(f"{address}/termijn", due_on=new.isoformat(), text="").status == 422
    page = client.submit(f"{address}/termijn", due_on=new.strftime("%d-%m-%Y"), text="Na het reces.")
    assert "Na het reces." in page.words
    page = client.as_(cast.officer).submit(
        f"{address}/doorgeven", to=str(cast["executive"].id), text="Dit is politiek."
    )
    assert "gaf de vraag door aan Executive van Almere" in page.words
    db.refresh(question)
    assert (question.due_on, question.owner_id) == (new, cast["executive"].id)
    assert client.page(f"{address}/antwoord").status == 200, "an officer may still answer"


@pytest.mark.parametrize(
    "case",
    [
        ("executive", Kind.REACTION, "Geef uw reactie"),
        ("adviser", Kind.ADVICE, "Geef uw advies"),
        ("officer", Kind.REMARK, "Schrijf een opmerking"),
        ("councillor", Kind.REMARK, "Schrijf een opmerking"),
    ],
)
def test_each_says_it_in_their_own_kind_without_owner_or_term(
    client: Client, cast: Cast, block_id: UUID, case: tuple[str, Kind, str]
) -> None:
    role, kind, title = case
    address = f"/almere/figuren/{block_id}/opmerking"
    assert client.as_(cast[role]).page(address).title == title
    page = client.submit(address, text="Let op de nieuwbouw.")
    assert page.status == 200
    made = newest()
    assert (made.kind, made.state, made.owner_id, made.due_on) == (kind, State.SAID, None, None)
    client.submit(f"/almere/gesprek/{made.id}/intrekken", text="Vergissing.")
    db.refresh(made)
    assert made.state is State.WITHDRAWN


def test_a_reader_reads_and_the_executive_and_officer_do_not_ask(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    question = put(block_id, cast)
    assert client.as_(cast["reader"]).page(f"/almere/gesprek/{question.id}").status == 200
    assert client.page(f"/almere/figuren/{block_id}/opmerking").status == 403
    for role in ("reader", "executive", "officer"):
        assert client.as_(cast[role]).page(f"/almere/figuren/{block_id}/vraag").status == 403


def test_who_may_not_read_the_figures_reads_nothing_that_is_said_about_them(
    client: Client, cast: Cast, plan: Plan, block_id: UUID
) -> None:
    question = put(block_id, cast)
    act_for(db, cast.almere.id)
    for step in db.get_one(Plan, plan.id).steps:
        if step.number == 6:
            step.close()
    db.commit()
    for role in ("officer", "executive", "adviser", "reader"):
        client.as_(cast[role])
        assert client.page(f"/almere/gesprek/{question.id}").status == 403
        for address in ("/almere/gesprek?toon=alles", "/almere", "/almere/cijfers/inwoners"):
            assert "Bloemenbuurt" not in client.page(address).text
        assert client.get("/almere/gesprek.docx?toon=alles").status_code == 200
        assert "Beantwoord de vraag" not in client.page("/almere").words
    page = client.as_(cast.councillor).page(f"/almere/figuren/{block_id}/vraag")
    assert page.soup is not None
    offered = {option["value"] for option in page.soup.select("select[name=owner] option")}
    assert offered == {str(cast.clerk.id)}, "only who may read it can be asked"


def test_another_council_sees_nothing_of_it(client: Client, cast: Cast, block_id: UUID) -> None:
    question = put(block_id, cast)
    client.as_(cast.of_breda("clerk"))
    assert client.page(f"/breda/gesprek/{question.id}").status == 404
    assert client.page(f"/breda/figuren/{block_id}/vraag").status == 404
    assert "Bloemenbuurt" not in client.page("/breda/gesprek?toon=alles").text
    act_for(db, cast.breda.id)
    assert db.scalars(sa.select(QuestionSnapshot)).all() == []


def test_what_was_said_stands_in_no_log_no_audit_line_no_mail_and_no_job(
    client: Client,
    cast: Cast,
    block_id: UUID,
    capsys: pytest.CaptureFixture[str],
    sent_jobs: list[Any],
) -> None:
    client.as_(cast.councillor).submit(f"/almere/figuren/{block_id}/vraag", text=SECRET)
    client.as_(cast.officer).submit(f"/almere/gesprek/{newest().id}/antwoord", text=SECRET)
    act_for(db, cast.almere.id)
    lines = [(line.action, line.facts) for line in db.scalars(sa.select(AuditEntry))]
    assert ("figure_question_added", {}) in lines
    assert ("figure_question_answer", {}) in lines
    written = "".join(capsys.readouterr())
    assert "Bloemenbuurt" not in f"{lines}{written}{sent_jobs}"
    assert "Vraag gesteld bij de monitor" in client.as_(cast.clerk).page("/almere/logboek").words


# --- The list -------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_late_first_and_can_be_narrowed(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    late, fresh, done = (put(block_id, cast, days_ago=days) for days in (50, 1, 20))
    operations.act(done, Act.ANSWER, cast.officer.id, "Omdat er gebouwd is.")
    other = put(block_id, cast, days_ago=2, owner=cast.clerk)
    ids = {
        name: str(item.id)
        for name, item in (("late", late), ("fresh", fresh), ("done", done), ("other", other))
    }
    db.commit()

    def order(query: str) -> list[str]:
        page = client.page(f"/almere/gesprek{query}")
        assert page.soup is not None
        found = [str(a["href"]).rsplit("/", 1)[-1] for a in page.soup.select(".wb-plain-list h2 a")]
        return [name for item in found for name, known in ids.items() if known == item]

    client.as_(cast.officer)
    assert order("") == ["late", "other", "fresh"]
    assert order("?toon=aan-mij") == ["late", "fresh"]
    assert order("?toon=te-laat") == ["late"]
    assert order("?toon=beantwoord") == ["done"]
    assert order("?toon=alles") == ["late", "other", "fresh", "done"]
    assert order(f"?figuur={block_id}") == ["late", "other", "fresh", "done"]
    assert order(f"?traject={uuid4()}") == []
    assert order("?toon=onzin&traject=x&figuur=y&pagina=z")[0] == "late"
    assert "te laat" in client.page("/almere/gesprek").words
    file = docx.Document(io.BytesIO(client.get("/almere/gesprek.docx?toon=alles").data))
    text = "\n".join(paragraph.text for paragraph in file.paragraphs)
    assert text.index("Te laat") < text.index("Wacht op antwoord") < text.index("Omdat er gebouwd is.")
    assert text.count(SECRET) == 4


def test_pages_ask_as_much_of_the_database_for_many_questions_as_for_one(
    client: Client, cast: Cast, plan: Plan, block_id: UUID, query_count: list[str]
) -> None:
    question_id = put(block_id, cast, days_ago=40).id
    operations.interpret(queries.figure(block_id), cast.clerk.id, {"judge": "Goed."})  # type: ignore[arg-type]
    db.commit()

    def count(address: str) -> int:
        client.as_(cast.clerk).page(address)
        query_count.clear()
        assert client.page(address).status == 200
        return len(query_count)

    addresses = [
        f"/almere/trajecten/{plan.id}/monitor",
        "/almere/gesprek?toon=alles",
        f"/almere/gesprek/{question_id}",
        f"/almere/figuren/{block_id}/vraag",
        f"/almere/figuren/{block_id}/duiding",
        "/almere",
        "/almere/cijfers/inwoners",
    ]
    before = {address: count(address) for address in addresses}
    for days in range(40):
        act_for(db, cast.almere.id)
        made = put(block_id, cast, days_ago=days, owner=cast.clerk)
        operations.act(made, Act.ANSWER, cast.clerk.id, "Ja.")
    db.commit()
    after = {address: count(address) for address in addresses}
    assert after == before
    assert max(after.values()) <= 12, after


def test_many_questions_come_by_page(client: Client, cast: Cast, block_id: UUID) -> None:
    for days in range(30):
        put(block_id, cast, days_ago=days)
    first = client.as_(cast.clerk).page("/almere/gesprek?toon=alles")
    assert "Bladzijde 1 van 2" in first.words
    second = client.page(first.link("Volgende"))
    assert second.soup is not None
    assert len(second.soup.select(".wb-plain-list > li")) == 5
    assert client.page("/almere/gesprek?toon=alles&pagina=9").status == 200
    assert client.page(f"/almere/gesprek?toon=alles&pagina={'9' * 25}").status == 200


def test_the_page_about_an_indicator_tells_what_was_asked(client: Client, cast: Cast, block_id: UUID) -> None:
    question = put(block_id, cast)
    page = client.as_(cast["reader"]).page("/almere/cijfers/inwoners")
    assert page.link("Bloemenbuurt") == f"/almere/gesprek/{question.id}"
    question.in_english = "As a signal says it."  # a signal has its own words for who reads English
    db.commit()
    assert "Bloemenbuurt" in client.page("/almere/cijfers/inwoners").words
    client.post("/taal", data={"language": "en"})
    assert "As a signal says it." in client.page("/almere/cijfers/inwoners").words


# --- What it means --------------------------------------------------------------------------------------------------


def test_the_group_writes_down_what_a_figure_means_and_two_editors_lose_nothing(
    client: Client, cast: Cast, plan: Plan, block_id: UUID
) -> None:
    address = f"/almere/figuren/{block_id}/duiding"
    page = client.as_(cast.councillor).submit(
        address, recognise="Ja, vooral in Poort.", judge="Wij zijn het niet eens."
    )
    assert page.status == 200
    assert "Ja, vooral in Poort." in page.words
    assert "Wat de groep ervan vindt" in page.words
    first = db.scalars(sa.select(Interpretation)).one()
    assert (first.block_id, first.revision) == (block_id, 1)
    page = client.as_(cast.clerk).submit(address, base_version="0", recognise="Nee.")
    assert page.status == 409
    assert "Ja, vooral in Poort." in page.words
    assert "Nee." in page.text
    assert client.as_(cast.officer).page(address).status == 403
    reader = client.as_(cast["reader"]).page(f"/almere/trajecten/{plan.id}/monitor")
    assert "Ja, vooral in Poort." in reader.words


# --- What waits -----------------------------------------------------------------------------------------------------


def test_home_names_the_question_that_waits_for_me_and_the_answer_that_came(
    client: Client, cast: Cast, block_id: UUID
) -> None:
    late, other = put(block_id, cast, days_ago=45), put(block_id, cast)
    operations.act(other, Act.ANSWER, cast.officer.id, "Zo zit dat.")
    title, late_id = late.title, late.id
    db.commit()
    officer = client.as_(cast.officer).page("/almere")
    assert f"Beantwoord de vraag over ‘{title}’: de laatste dag is voorbij." in officer.words
    assert officer.link("Beantwoord de vraag") == f"/almere/gesprek/{late_id}"
    assert (
        "1 vraag bij de monitor kreeg niet op tijd antwoord." in client.as_(cast.clerk).page("/almere").words
    )
    assert (
        f"Lees het antwoord op uw vraag over ‘{title}’." in client.as_(cast.councillor).page("/almere").words
    )
    assert "Lees het antwoord" not in client.as_(cast["adviser"]).page("/almere").words


def test_the_reminder_names_the_figure_and_the_way_there_and_not_what_was_asked(
    client: Client, cast: Cast, block_id: UUID, servers: Any
) -> None:
    from tests.monitors.test_waiting import send

    question = put(block_id, cast, days_ago=45)
    title, question_id = question.title, question.id
    db.commit()
    letters = {letter.to: " ".join(letter.body.split()) for letter in send(servers)}
    assert f"Beantwoord de vraag over ‘{title}’" in letters["officer@almere.example"]
    assert f"/almere/gesprek/{question_id}" in letters["officer@almere.example"]
    assert "niet op tijd antwoord" in letters["clerk@almere.example"]
    assert "/almere/gesprek" in letters["clerk@almere.example"]
    assert not [body for body in letters.values() if "Bloemenbuurt" in body]
