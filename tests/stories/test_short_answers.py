"""Short answers of a survey are read and confirmed many at a time, each one sealed until somebody ticked it."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.client import Client, Page, form_values
from tests.factories import Cast
from tests.stories.making import make_source
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.tenancy import act_for
from workbench.stories.kept import operations as kept
from workbench.stories.kept.models import Consent, Sealing, Story, StoryWords, Way
from workbench.stories.kept.visibility import Reach, State
from workbench.stories.models import StorySource
from workbench.stories.taking_in import operations, short

NAMED = "De wijkcoach Daan Yilmaz kwam snel. Bel 06-12345678."


@pytest.fixture(autouse=True)
def _inside(cast: Cast) -> None:
    act_for(db, cast.almere.id)


def answers(*texts: str, source: StorySource | None = None) -> StorySource:
    """Answers that wait to be checked."""
    source = source or make_source("Onderzoek")
    for text in texts:
        story = kept.receive(source, Way.ANSWER, by=None, sealed={Sealing.RAW: text.encode()})
        db.flush()
        operations.read_story(story.id, Language("nl"))
    db.commit()
    return source


def address(source: StorySource, page: str = "") -> str:
    return f"/almere/verhaalbronnen/{source.id}/verhalen/korte-antwoorden{page}"


def tick(client: Client, address: str, *numbers: int, page: Page | None = None, **fields: Any) -> Page:
    """Send the form with ticks at these stories."""
    page = page or client.page(address)
    assert page.soup is not None
    offered = [str(box["value"]) for box in page.soup.select("input[name=safe]")]
    ids = {str(story.id): story.number for story in db.scalars(sa.select(Story))}
    chosen = [value for value in offered if ids[value.split(":")[0]] in numbers]
    form = form_values(page.form()) | {"safe": chosen, "do": ""} | fields
    return Page(client.post(address, data=form))


def states() -> dict[int, State]:
    db.expire_all()
    return dict(db.execute(sa.select(Story.number, Story.state).order_by(Story.number)).all())  # type: ignore[arg-type]


def test_what_is_ticked_is_safe_and_what_is_not_stays_sealed(client: Client, cast: Cast) -> None:
    source = answers("Ik werd snel geholpen.", NAMED, "Het duurde lang.")
    page = client.as_(cast.officer).page(address(source))
    assert "U ziet er 3 van de 3 die nog wachten." in page.words
    assert "Ik werd snel geholpen." in page.words
    done = tick(
        client, address(source), 1, 2, teller="deelnemer", how="vragenlijst", reach="council", quotes_only="y"
    )
    assert done.status == 302
    assert states() == {1: State.READY, 2: State.READY, 3: State.TO_CHECK}
    safe = db.scalars(sa.select(StoryWords).join(Story).order_by(Story.number)).all()
    assert [words.teller for words in safe] == ["deelnemer", "deelnemer"]
    assert "Yilmaz" not in safe[1].text
    assert "06-" not in safe[1].text
    consent = db.scalars(sa.select(Consent)).first()
    assert consent is not None
    assert (consent.reach, consent.quotes_only, consent.form_version) == (
        Reach.COUNCIL,
        True,
        "1 (vragenlijst)",
    )
    after = client.page(address(source))
    assert "1 antwoord, het enige dat nog wacht" in after.words.replace("U ziet ", "")


def test_each_answer_that_is_shown_stands_in_the_list_of_who_read_what(client: Client, cast: Cast) -> None:
    source = answers("Goed.", "Slecht.")
    client.as_(cast.officer).page(address(source))
    opened = db.scalars(sa.select(AuditEntry).where(AuditEntry.action == "story_opened")).all()
    assert {entry.person_id for entry in opened} == {cast.officer.id}
    assert len(opened) == 2


def test_what_is_allowed_is_filled_in_once_for_a_survey(client: Client, cast: Cast) -> None:
    source = answers("Goed.", "Slecht.")
    tick(client.as_(cast.officer), address(source), 1, teller="deelnemer", how="vragenlijst", reach="public")
    form = form_values(client.page(address(source)).form())
    assert (form["teller"], form["how"], form["reach"]) == (["deelnemer"], ["vragenlijst"], ["public"])
    other = answers("Best.", source=make_source("Ander onderzoek"))
    form = form_values(client.page(address(other)).form())
    assert (form["teller"], form["how"], form.get("reach")) == ([""], [""], None)


def test_sensitive_answers_wait_for_another_person(client: Client, cast: Cast) -> None:
    source = answers("Ik ben depressief en kreeg geen hulp.", "Mijn depressie werd serieus genomen.")
    assert "gevoelig" in client.as_(cast.officer).page(address(source)).words
    tick(client, address(source), 1, 2, how="vragenlijst", reach="council")
    assert set(states().values()) == {State.SECOND_LOOK}
    same = client.get(address(source, "/tweede-lezer"))
    assert same.status_code == 302, "not the one who checked them"
    page = client.as_(cast.clerk).page(address(source, "/tweede-lezer"))
    assert "Mijn depressie werd serieus genomen." in page.words
    tick(client, address(source, "/tweede-lezer"), 2)
    assert states() == {1: State.SECOND_LOOK, 2: State.READY}


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"safe": []}, "Zet een vinkje bij elk antwoord dat veilig is."),
        ({"how": "vragenlijst"}, "Kies wie het verhaal mag lezen"),
        ({"how": "vragenlijst", "reach": "public", "until": "2020-01-01"}, "Deze dag is al voorbij."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    client: Client, cast: Cast, fields: dict[str, Any], problem: str
) -> None:
    source = answers("Goed.", "Slecht.")
    page = tick(client.as_(cast.officer), address(source), 2, **({"teller": "deelnemer"} | fields))
    assert page.status == 422
    assert problem in page.words
    assert form_values(page.form())["teller"] == ["deelnemer"]
    assert states() == {1: State.TO_CHECK, 2: State.TO_CHECK}
    assert page.soup is not None
    assert len(page.soup.select("input[name=safe][checked]")) == ("safe" not in fields)


def test_an_answer_that_was_changed_elsewhere_is_not_confirmed(client: Client, cast: Cast) -> None:
    source = answers("Goed.", "Slecht.", "Matig.")
    page = client.as_(cast.officer).page(address(source))
    story = db.scalars(sa.select(Story).where(Story.number == 2)).one()
    operations.keep(story, 1, lambda draft: draft)
    db.commit()
    after = tick(client, address(source), 1, 2, page=page, how="vragenlijst", reach="council")
    assert after.status == 409
    assert "Verhaal 2 is intussen ergens anders veranderd" in after.words
    assert set(states().values()) == {State.TO_CHECK}, "all of them or none"
    assert after.soup is not None
    [still] = after.soup.select("input[name=safe][checked]")
    assert str(still["id"]) == "safe-1"
    again = tick(client, address(source), 1, 2, how="vragenlijst", reach="council")
    assert again.status == 302
    assert states() == {1: State.READY, 2: State.READY, 3: State.TO_CHECK}


@pytest.mark.parametrize(
    "safe", ["", "x", "x:1", "11111111-1111-1111-1111-111111111111:1", "{story}", "{story}:x"]
)
def test_a_forged_tick_confirms_nothing(client: Client, cast: Cast, safe: str) -> None:
    source = answers("Goed.")
    story = db.scalars(sa.select(Story)).one()
    answer = client.as_(cast.officer).post(address(source), data={"safe": safe.format(story=story.id)})
    assert answer.status_code in (302, 422)
    assert states() == {1: State.TO_CHECK}


def test_stories_of_another_source_and_other_ways_in_are_not_confirmed_here(
    client: Client, cast: Cast
) -> None:
    source, other = answers("Goed."), answers("Slecht.", source=make_source("Ander onderzoek"))
    typed = kept.receive(source, Way.TYPED, by=None, sealed={Sealing.RAW: b"Een gesprek."})
    operations.read_story(typed.id, Language("nl"))
    db.commit()
    theirs = db.scalars(sa.select(Story).where(Story.source_id == other.id)).one()
    ticked = [f"{theirs.id}:1", f"{typed.id}:1"]
    client.as_(cast.officer).post(
        address(source), data={"safe": ticked, "how": "vragenlijst", "reach": "public"}
    )
    assert set(states().values()) == {State.TO_CHECK}


def test_a_long_answer_is_checked_on_its_own(client: Client, cast: Cast) -> None:
    source = answers("Goed.", "Het duurde lang. " * 200)
    page = client.as_(cast.officer).page(address(source))
    assert "het enige dat nog wacht" in page.words


def test_a_page_of_answers_asks_little(client: Client, cast: Cast, query_count: list[str]) -> None:
    source = answers(*(f"Antwoord {n}." for n in range(short.ON_A_PAGE + 3)))
    client.as_(cast.officer)
    query_count.clear()
    page = client.page(address(source))
    assert len(query_count) <= 12
    assert f"U ziet er {short.ON_A_PAGE} van de 23" in page.words


def test_nobody_is_asked_again_who_filled_in_a_survey(client: Client, cast: Cast) -> None:
    source = answers("Goed.", source=make_source("Onderzoek", asks_narrator=True))
    tick(client.as_(cast.officer), address(source), 1, how="vragenlijst", reach="council")
    assert states() == {1: State.READY}


def test_only_who_collects_stories_opens_them(client: Client, cast: Cast) -> None:
    source = answers("Goed.")
    assert client.as_(cast.councillor).get(address(source)).status_code == 403
