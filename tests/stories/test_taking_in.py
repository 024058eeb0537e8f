"""Stories come in sealed, are made safe by people, and stand nowhere readable before that."""

import io
import zipfile
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import Workbook

from tasks import stories as tasks
from tests.client import Client, Page, form_values
from tests.factories import Cast
from tests.privacy.looking import in_redis, listening
from tests.servers import Servers
from tests.stories.making import make_source, ready, story_to_check
from tests.stories.test_kept import everything
from workbench.accounts.models import Role
from workbench.core.audit import AuditEntry
from workbench.core.db import db, make_engine
from workbench.core.errors import Conflict
from workbench.core.jobs import Job
from workbench.core.language import Language
from workbench.core.tenancy import act_for
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import Consent, GivenBy, Sealing, Story, StoryWords, Way
from workbench.stories.kept.visibility import Allowed, Reach, State
from workbench.stories.taking_in import operations, queries
from workbench.stories.taking_in.models import PileState, StoryPile
from workbench.stories.taking_in.operations import Split

MARK = "zilverbrasem"
TEXT = f"Ik heet Fatima Yilmaz. Mijn zoon Daan kreeg hulp van de {MARK}. Bel 06-12345678."


@pytest.fixture(autouse=True)
def _inside(cast: Cast) -> None:
    act_for(db, cast.almere.id)


def work(sent_jobs: list[tuple[str, dict[str, str]]]) -> None:
    """Do what the worker would do, until nothing waits."""
    db.commit()
    while sent_jobs:
        name, ids = sent_jobs.pop(0)
        if name in (Job.READ_STORY, Job.READ_PILE):
            task = {Job.READ_STORY: tasks.read_story, Job.READ_PILE: tasks.read_pile}[Job(name)]
            task.run(**{key: UUID(value) for key, value in ids.items() if key != "council_id"})
            db.commit()


def fill(
    client: Client, address: str, *, action: str | None = None, page: Page | None = None, **fields: Any
) -> Page:
    """Send the form of this page with these fields and buttons; gives the answer itself."""
    form = (page or client.page(address)).form(action)
    return Page(client.post(form.get("action") or address, data=form_values(form) | fields))


def newest() -> Story:
    return db.scalars(sa.select(Story).order_by(Story.number.desc())).first()  # type: ignore[return-value]


def at(story: Story, page: str) -> str:
    return f"/almere/verhalen/{story.id}/{page}"


def bring(client: Client, cast: Cast, way: str, **values: Any) -> Page:
    source = make_source("Wijkgesprekken")
    db.commit()
    return fill(client.as_(cast.officer), f"/almere/verhaalbronnen/{source.id}/verhalen/{way}", **values)


# --- From coming in to readable -------------------------------------------------------------------------------------


def test_a_story_is_typed_checked_and_confirmed_and_stands_nowhere_readable_before(
    app: Flask,
    client: Client,
    cast: Cast,
    *,
    sent_jobs: list[tuple[str, dict[str, str]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG")
    with listening() as heard:
        answer = bring(client, cast, "tekst", text=TEXT)
        assert answer.status == 302
        assert MARK not in str(sent_jobs)
        assert "leest het verhaal" in client.page(answer.location).words
        work(sent_jobs)
        story = newest()
        assert story.state is State.TO_CHECK
        page = client.page(at(story, "nakijken"))
        assert MARK in page.words
        assert "Fatima Yilmaz" in page.words
        saved = fill(client, at(story, "nakijken"), words=MARK, instead="de buurt", do="verder")
        assert saved.location == at(story, "bevestiging")
        assert MARK not in everything()
        page = client.page(at(story, "bevestiging"))
        assert "hulp van de de buurt" in page.words
        assert MARK not in everything()
        assert MARK not in in_redis(app)
        done = fill(
            client,
            at(story, "bevestiging"),
            is_read="y",
            teller="moeder van twee kinderen",
            how="papier",
            reach="council",
        )
        assert done.location == at(story, "verwerking")
    db.expire_all()
    safe = db.scalars(sa.select(StoryWords)).one()
    assert "Fatima" not in safe.text
    assert "Daan" not in safe.text
    assert MARK not in everything(), "what was replaced is nowhere"
    assert safe.teller == "moeder van twee kinderen"
    assert story.state is State.READY
    assert story.reach is Reach.COUNCIL
    assert db.scalars(sa.select(Consent.form_version)).one() == "1 (papier)"
    assert kept.unsealed(story.id, Sealing.RAW) is None
    assert kept.unsealed(story.id, Sealing.DRAFT) is None
    assert MARK not in caplog.text
    assert MARK not in str(heard)


def test_a_transcript_in_a_file_stands_nowhere_readable_either(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    answer = bring(client, cast, "bestand", file=(io.BytesIO(TEXT.encode()), f"{MARK}.txt"))
    assert answer.status == 302
    assert MARK not in everything()
    work(sent_jobs)
    assert newest().state is State.TO_CHECK
    assert newest().way is Way.FILE
    assert MARK not in everything()


def test_who_opened_a_story_that_is_not_safe_stands_in_the_list_for_the_clerk(
    client: Client, cast: Cast
) -> None:
    story = story_to_check(TEXT)
    db.commit()
    client.as_(cast.officer).page(at(story, "nakijken"))
    page = client.as_(cast.clerk).page("/almere/verhalen/inzage")
    assert f"Verhaal {story.number}" in page.words
    assert cast.officer.name in page.words
    assert db.scalars(sa.select(AuditEntry.facts).where(AuditEntry.action == "story_opened")).all() == [{}]


def test_two_windows_on_one_story_lose_nothing(client: Client, cast: Cast) -> None:
    story = story_to_check(TEXT)
    db.commit()
    client.as_(cast.officer)
    one = client.page(at(story, "nakijken"))
    first = fill(client, at(story, "nakijken"), page=one, words=MARK, instead="de buurt", do="bewaren")
    assert first.status == 302
    second = fill(client, at(story, "nakijken"), page=one, **{"word-8": "mijn zus", "do": "bewaren"})
    assert second.status == 409
    assert "intussen ergens anders bewaard" in second.words
    assert second.soup is not None
    typed = second.soup.find("input", {"name": "word-8"})
    assert typed is not None
    assert typed["value"] == "mijn zus"  # type: ignore[index]
    again = fill(client, at(story, "nakijken"), page=second, do="bewaren")
    assert again.status == 302
    db.expire_all()
    draft = operations.draft_of(story)
    text = operations.drafts.safe_text(draft)
    assert "mijn zus" in text
    assert MARK not in text


def test_words_that_stay_need_a_reason_before_the_story_goes_on(client: Client, cast: Cast) -> None:
    story = story_to_check(TEXT)
    db.commit()
    client.as_(cast.officer)
    refused = fill(client, at(story, "nakijken"), **{"stay-8": "1", "do": "verder"})
    assert "mag blijven staan" in client.page(refused.location).words
    assert client.page(at(story, "bevestiging")).location == at(story, "nakijken?reden=mist")
    gone_on = fill(client, at(story, "nakijken"), **{"stay-8": "1", "reason-8": "narrator", "do": "verder"})
    assert gone_on.location == at(story, "bevestiging")
    assert "Fatima Yilmaz" in client.page(at(story, "bevestiging")).words


def test_who_tells_is_said_with_a_role_and_not_with_a_name(client: Client, cast: Cast) -> None:
    story = story_to_check("Ik wachtte lang.")
    db.commit()
    refused = fill(
        client.as_(cast.officer), at(story, "bevestiging"), teller="Fatma Yilmaz, moeder", is_read="y"
    )
    assert refused.status == 422
    assert "Zeg het met een rol" in refused.words
    assert story.state is State.TO_CHECK


def test_without_a_look_at_the_whole_text_nothing_becomes_readable(client: Client, cast: Cast) -> None:
    story = story_to_check("Wij liepen samen door het park.")
    db.commit()
    refused = fill(client.as_(cast.officer), at(story, "bevestiging"), teller="een buur")
    assert refused.status == 422
    assert "zet dan een vinkje" in refused.words
    half = fill(client, at(story, "bevestiging"), is_read="y", how="papier")
    assert half.status == 422
    assert "zoals de verteller zei" in half.words
    later = fill(client, at(story, "bevestiging"), teller="een buur", do="bewaren")
    assert later.status == 302
    assert story.state is State.TO_CHECK
    assert 'value="een buur"' in client.page(at(story, "bevestiging")).text


# --- The second look ------------------------------------------------------------------------------------------------


def sensitive_story(client: Client, cast: Cast) -> Story:
    story = story_to_check(f"Fatima Yilmaz kreeg hulp bij haar depressie van de {MARK}.")
    db.commit()
    assert story.is_sensitive
    fill(client.as_(cast.officer), at(story, "bevestiging"), is_read="y", how="hardop", reach="council")
    db.expire_all()
    assert story.state is State.SECOND_LOOK
    return story


def test_a_sensitive_story_waits_for_another_person_who_sees_no_names(client: Client, cast: Cast) -> None:
    story = sensitive_story(client, cast)
    assert MARK not in everything()
    assert client.page(at(story, "tweede-lezer")).location == at(story, "verwerking")
    page = client.as_(cast.clerk).page(at(story, "tweede-lezer"))
    assert MARK in page.words
    assert "Fatima" not in page.text
    fill(client, at(story, "tweede-lezer"), words=MARK, instead="de buurt")
    assert MARK not in client.page(at(story, "tweede-lezer")).words
    fill(client, at(story, "tweede-lezer"), do="akkoord")
    db.expire_all()
    assert story.state is State.READY
    assert "de buurt" in db.scalars(sa.select(StoryWords.text)).one()


def test_the_second_person_can_send_a_story_back(client: Client, cast: Cast) -> None:
    story = sensitive_story(client, cast)
    fill(client.as_(cast.clerk), at(story, "tweede-lezer"), do="terug", remark="De wijk staat er nog in.")
    db.expire_all()
    assert story.state is State.TO_CHECK
    assert "De wijk staat er nog in." in client.as_(cast.officer).page(at(story, "nakijken")).words


# --- Several stories at once ----------------------------------------------------------------------------------------


def survey() -> bytes:
    return (
        "naam;leeftijd;Wat hielp u?\n"
        f"Jan Jansen;44;De {MARK} kwam langs en luisterde naar ons\n"
        "Piet;50;nvt\n"
        "Kees;51;\n"
        f"Els;12;De {MARK} kwam langs en luisterde naar ons\n"
        "Bea;33;Er belde elke week iemand om te vragen hoe het ging\n"
    ).encode()


def test_of_a_survey_only_the_chosen_answers_become_stories(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    answer = bring(client, cast, "antwoorden", file=(io.BytesIO(survey()), "onderzoek.csv"))
    work(sent_jobs)
    assert MARK not in everything()
    page = client.page(answer.location)
    assert "Waar staan de antwoorden?" in page.words
    chosen = fill(client, answer.location)  # the column that looks like answers is chosen already
    assert chosen.status == 302
    work(sent_jobs)
    assert MARK not in everything()
    page = client.page(answer.location)
    assert "Er kwamen 2 verhalen bij" in page.words
    assert "Leeg gelaten: 1" in page.words
    assert "“geen”: 1" in page.words
    assert "nog een keer: 1" in page.words
    texts = [operations.draft_of(story).text for story in db.scalars(sa.select(Story).order_by(Story.number))]
    assert texts == [
        f"De {MARK} kwam langs en luisterde naar ons",
        "Er belde elke week iemand om te vragen hoe het ging",
    ]
    pile = db.scalars(sa.select(StoryPile)).one()
    assert pile.box is None, "nothing of the file is left"


def test_answers_come_from_a_workbook_as_well(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    book = Workbook()
    book.active.append(["nummer", "Wat hielp u?"])  # type: ignore[union-attr]
    book.active.append([1, "Een lang antwoord. " * 300])  # type: ignore[union-attr]
    book.active.append([2, "Er kwam iemand die goed luisterde"])  # type: ignore[union-attr]
    data = io.BytesIO()
    book.save(data)
    answer = bring(client, cast, "antwoorden", file=(io.BytesIO(data.getvalue()), "onderzoek.xlsx"))
    work(sent_jobs)
    fill(client, answer.location, columns=["1"])
    work(sent_jobs)
    assert db.scalar(sa.select(sa.func.count()).select_from(Story)) == 2


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        (Split.NOT, ["Anna: Een.\n---\nBram: Twee.\nAnna: Drie."]),
        (Split.MARKS, ["Anna: Een.", "Bram: Twee.\nAnna: Drie."]),
        (Split.SPEAKERS, ["Een.\n---\n\nDrie.", "Twee."]),
    ],
)
def test_a_note_comes_apart_as_the_collector_says(how: Split, expected: list[str]) -> None:
    assert operations.split("Anna: Een.\n---\nBram: Twee.\nAnna: Drie.", how) == expected


def test_a_note_of_a_talk_becomes_a_story_for_each_voice(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    text = "Bewoner 1: Ik wachtte lang.\nBewoner 2: Ik kreeg snel hulp.\nBewoner 1: Veel te lang."
    answer = bring(client, cast, "gesprek", text=text, split="speakers")
    work(sent_jobs)
    assert "Er kwamen 2 verhalen bij" in client.page(answer.location).words
    assert {story.way for story in db.scalars(sa.select(Story))} == {Way.TALK}
    empty = bring(client, cast, "gesprek", split="not")
    assert empty.status == 422
    assert "Typ of plak het verslag" in empty.words


def test_a_pile_that_nobody_went_on_with_is_gone_after_a_day(cast: Cast) -> None:
    source = make_source()
    pile = operations.take_pile(
        source, Way.ANSWER, "a.csv", survey(), by=cast.officer.id, told_on=None, split=Split.NOT
    )
    db.flush()
    operations.tend(pile.made_at + operations.PILE_STAYS / 2)
    assert db.scalar(sa.select(sa.func.count()).select_from(StoryPile)) == 1
    operations.tend(pile.made_at + operations.PILE_STAYS * 2)
    assert db.scalar(sa.select(sa.func.count()).select_from(StoryPile)) == 0


def test_backups_do_not_hold_piles(servers: Servers) -> None:
    engine = make_engine(servers.url("backup"), poolclass=sa.NullPool)
    with engine.connect() as connection, pytest.raises(sa.exc.ProgrammingError, match="permission denied"):
        connection.execute(sa.text("SELECT box FROM story_pile"))


def test_a_story_whose_job_was_lost_is_picked_up(
    cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    story = operations.take_text(make_source(), TEXT, by=cast.officer.id, told_on=None)
    db.commit()
    sent_jobs.clear()
    operations.tend(story.received_at + operations.PILE_STAYS / 2)
    db.commit()
    assert [name for name, _ids in sent_jobs] == [Job.READ_STORY]


# --- Bad input ------------------------------------------------------------------------------------------------------


def _bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w>" + b"a" * 60_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("scan.pdf", b"%PDF-1.4\n%%EOF"),
        ("bom.docx", _bomb()),
        ("leeg.txt", b""),
        ("beeld.txt", b"\x89PNG\r\n\x1a\n" + MARK.encode()),
        ("rommel.txt", bytes(range(256)) * 40),
    ],
)
def test_a_file_that_cannot_be_read_says_so_and_can_be_typed_over(
    client: Client,
    cast: Cast,
    sent_jobs: list[tuple[str, dict[str, str]]],
    *,
    name: str,
    data: bytes,
) -> None:
    answer = bring(client, cast, "bestand", file=(io.BytesIO(data), name))
    work(sent_jobs)
    story = newest()
    assert story.state is State.FAILED
    assert MARK not in everything()
    assert "Dit konden wij niet lezen" in client.page(answer.location).words
    typed = fill(client, at(story, "uitschrijven"), text="Wij liepen door het park.")
    assert typed.status == 302
    work(sent_jobs)
    assert story.state is State.TO_CHECK
    assert kept.unsealed(story.id, Sealing.FILE) is None


@pytest.mark.parametrize("way", ["bestand", "gesprek", "antwoorden"])
def test_a_file_that_is_too_large_is_refused_at_its_field(client: Client, cast: Cast, way: str) -> None:
    source = make_source()
    db.commit()
    address = f"/almere/verhaalbronnen/{source.id}/verhalen/{way}"
    fields = form_values(client.as_(cast.officer).page(address).form()) | {"told_on": "1-10-2026"}
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()
    ]
    parts.append(
        'Content-Disposition: form-data; name="file"; filename="gesprek.txt"\r\n\r\n' + "a" * 5_500_000
    )
    body = "".join(f"--part\r\n{part}\r\n" for part in parts) + "--part--\r\n"
    refused = Page(
        client.post(address, data=body.encode(), content_type="multipart/form-data; boundary=part")
    )
    assert refused.status == 422
    assert "groter dan 5 MB" in refused.words
    assert "1-10-2026" in refused.text  # nothing that was typed is lost
    assert db.scalar(sa.select(sa.func.count()).select_from(Story)) == 0


def test_a_file_that_is_far_too_large_is_cut_off_with_its_limit(client: Client, cast: Cast) -> None:
    source = make_source()
    db.commit()
    refused = Page(
        client.as_(cast.officer).post(
            f"/almere/verhaalbronnen/{source.id}/verhalen/bestand",
            data=b"a" * 16_000_000,
            content_type="multipart/form-data; boundary=part",
        )
    )
    assert refused.status == 413
    assert "hooguit 5 MB" in refused.words
    assert db.scalar(sa.select(sa.func.count()).select_from(Story)) == 0


def test_a_survey_that_cannot_be_read_says_so(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    answer = bring(client, cast, "antwoorden", file=(io.BytesIO(b"%PDF-1.4"), "a.csv"))
    work(sent_jobs)
    page = client.page(answer.location)
    assert "Dit konden wij niet lezen" in page.words
    pile = db.scalars(sa.select(StoryPile)).one()
    assert (pile.state, pile.box) == (PileState.FAILED, None)


def test_codes_of_web_pages_in_a_story_are_text(client: Client, cast: Cast) -> None:
    story = story_to_check("<script>alert(1)</script> en <b>vet</b> liepen door het park.")
    db.commit()
    page = client.as_(cast.officer).page(at(story, "nakijken"))
    assert "<script>alert(1)</script>" in page.words
    assert "<script>alert(1)" not in page.text


def test_what_somebody_sends_never_touches_a_disk(app: Flask) -> None:
    with app.test_request_context(
        method="POST",
        data=b'--part\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        + b"a" * 1_500_000
        + b"\r\n--part--\r\n",
        content_type="multipart/form-data; boundary=part",
    ) as context:
        assert type(context.request.files["file"].stream) is io.BytesIO


# --- What the narrator allows, recordings, removing -----------------------------------------------------------------


def test_a_consent_on_paper_can_come_after_the_check(client: Client, cast: Cast) -> None:
    story = story_to_check("Wij liepen door het park.")
    kept.make_safe(story, "Wij liepen door het park.", by=cast.officer.id)
    db.commit()
    client.as_(cast.officer)
    refused = fill(client, at(story, "verwerking"), action="toestemming", how="papier")
    assert refused.status == 422
    assert "zoals de verteller zei" in refused.words
    fill(client, at(story, "verwerking"), action="toestemming", how="papier", reach="public", quotes_only="y")
    db.expire_all()
    assert (story.reach, story.quotes_only, story.state) == (Reach.PUBLIC, True, State.READY)


def test_the_link_of_a_narrator_is_shown_once(client: Client, cast: Cast) -> None:
    story = ready()
    db.commit()
    page = fill(client.as_(cast.officer), at(story, "verwerking"), action="eigen-link")
    assert page.soup is not None
    code = page.soup.find("code")
    assert code is not None
    link = code.get_text()
    assert "/verteller/" in link
    assert link not in client.page(at(story, "verwerking")).text
    assert link not in everything()


def test_a_recording_is_written_out_and_gone_once_the_story_is_safe(
    client: Client, cast: Cast, sent_jobs: list[tuple[str, dict[str, str]]]
) -> None:
    story = kept.receive(
        make_source(), Way.NARRATOR, by=None, sealed={Sealing.AUDIO: b"OggS" + MARK.encode()}
    )
    operations.read_story(story.id, Language("nl"))
    db.commit()
    sound = client.as_(cast.officer).get(at(story, "geluid"))
    assert sound.mimetype == "audio/ogg"
    assert sound.headers["Cache-Control"] == "no-store"
    assert MARK not in everything()
    assert "Schrijf de opname uit" in client.page(at(story, "nakijken")).words
    fill(client, at(story, "uitschrijven"), text="Wij liepen door het park.")
    work(sent_jobs)
    fill(client, at(story, "bevestiging"), is_read="y")
    db.expire_all()
    assert story.state is State.WITH_NARRATOR
    assert kept.unsealed(story.id, Sealing.AUDIO) is None
    assert client.get(at(story, "geluid")).status_code == 404


def test_a_story_that_does_not_belong_here_can_be_removed_until_it_is_safe(
    client: Client, cast: Cast
) -> None:
    story = story_to_check(TEXT)
    safe = ready()
    db.commit()
    fill(client.as_(cast.officer), at(story, "verwerking"), action="verwijdering")
    db.expire_all()
    assert story.state is State.ENDED
    with pytest.raises(Conflict, match="al veilig"):
        operations.remove(safe, by=cast.officer.id)


# --- The page of a source -------------------------------------------------------------------------------------------


def test_the_page_of_a_source_says_how_far_it_is_and_what_waits_for_whom(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    source = make_source("Wijkgesprekken", how_many=20, spread="jongeren\nouderen")
    for _ in range(3):
        story_to_check(TEXT, source)
    ready(source=source)
    db.commit()
    query_count.clear()
    page = client.as_(cast.officer).page(f"/almere/verhaalbronnen/{source.id}/verhalen")
    assert len(query_count) <= 12
    assert "4 van de 20 verhalen zijn binnen" in page.words
    assert page.words.count("wacht op nakijken") == 3
    assert "jongeren" in page.words
    assert MARK not in page.text


def test_few_of_a_kind_are_not_counted_out(cast: Cast) -> None:
    source = make_source(spread="jongeren; ouderen")
    for _ in range(3):
        story = story_to_check("Wij liepen door het park.", source)
        kept.make_safe(story, "Wij liepen door het park.", by=None, traits={"jongeren": "ja"})
    assert [(group.who, group.count) for group in queries.spread(source)] == [
        ("jongeren", None),
        ("ouderen", 0),
    ]


def test_without_a_ground_of_the_law_the_page_says_what_to_do(client: Client, cast: Cast) -> None:
    source = make_source(basis=None)
    db.commit()
    page = client.as_(cast.officer).page(f"/almere/verhaalbronnen/{source.id}/verhalen")
    assert "grond van de wet" in page.words
    refused = fill(client, f"/almere/verhaalbronnen/{source.id}/verhalen/tekst", text=TEXT)
    assert refused.status == 409
    assert MARK not in everything()


def test_what_waits_is_told_to_those_who_collect_stories_only(client: Client, cast: Cast) -> None:
    story_to_check(TEXT)
    db.commit()
    assert "1 verhaal wacht tot iemand nakijkt" in client.as_(cast.officer).page("/almere").words
    assert "nakijkt" not in client.as_(cast[Role.READER]).page("/almere").words


@pytest.mark.parametrize("page", ["nakijken", "bevestiging", "verwerking", "uitschrijven"])
def test_pages_of_a_story_stay_light(
    client: Client, cast: Cast, query_count: list[str], *, page: str
) -> None:
    story = story_to_check(TEXT)
    db.commit()
    query_count.clear()
    client.as_(cast.officer).page(at(story, page))
    assert len(query_count) <= 12


def test_what_a_narrator_allowed_nobody_else_chooses(client: Client, cast: Cast) -> None:
    story = story_to_check("Wij liepen door het park.")
    kept.consent(
        story, Allowed(Reach.WORKING_GROUP, quotes_only=True), form_version="1", given_by=GivenBy.NARRATOR
    )
    db.commit()
    page = client.as_(cast.officer).page(at(story, "bevestiging"))
    assert "De verteller koos dit zelf" in page.words
    fill(client, at(story, "bevestiging"), page=page, is_read="y", how="papier", reach="public")
    db.expire_all()
    assert (story.state, story.reach, story.quotes_only) == (State.READY, Reach.WORKING_GROUP, True)
