"""The monitor as people see it, the chart documents, and how much a page asks of the database."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import load
from workbench.core.db import as_platform, db
from workbench.evidence.focus.operations import set_size
from workbench.evidence.models import Link
from workbench.indicators.queries import find_indicator, search
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument
from workbench.vision.models import Goal, Plan, Value
from workbench.vision.operations import change_goal

SLUGS = ("inwoners", "huishoudensgrootte", "stedelijkheid", "eenpersoonshuishoudens")


@pytest.fixture
def link(cast: Cast) -> Link:
    """One figure in the monitor of Almere, built."""
    made = make_link(make_goal(make_value(make_plan())))
    build_blocks()
    db.commit()
    return made


@pytest.fixture
def plan(link: Link) -> Plan:
    return db.scalars(sa.select(Plan)).one()


@pytest.fixture
def chart(link: Link) -> str:
    """The address of its chart, without a version."""
    return f"/almere/figuren/{db.scalars(sa.select(BlockDocument.block_id).distinct()).one()}.json"


def version() -> str:
    return db.scalars(sa.select(BlockDocument.version).where(BlockDocument.language == "nl")).one()


# --- The page -------------------------------------------------------------------------------------------------------


def test_a_figure_shows_its_finding_sentence_table_drawing_source_and_limits(
    client: Client, cast: Cast, plan: Plan, link: Link
) -> None:
    content = db.scalars(sa.select(BlockDocument.content).where(BlockDocument.language == "nl")).one()
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor")
    assert page.soup is not None
    [figure] = page.soup.find_all("figure")
    assert figure["data-figure"] == str(db.scalars(sa.select(BlockDocument.block_id).distinct()).one())
    caption = " ".join(figure.find("figcaption").get_text(" ").split())  # type: ignore[union-attr]
    assert " ".join(content["title"].split()) in caption
    assert " ".join(content["sentence"].split())[:60] in caption
    rows = figure.select("table tbody tr")
    assert len(rows) == content["table_html"].count("<tr") - 1 > 3
    assert figure.find("svg") is not None
    assert figure.find(attrs={"role": "img"})["aria-label"]  # type: ignore[index]
    words = " ".join(figure.get_text(" ").split())
    for text in (link.reason, link.not_saying, "Wat dit cijfer niet zegt", "CBS", "03759ned"):
        assert text in words
    assert list(figure.strings).index("Wat dit cijfer niet zegt") > 0
    text = str(figure)
    assert text.index("<table") < text.index("<svg"), "the table comes before the drawing"
    assert f"v={version()}" in figure.find(attrs={"data-src": True})["data-src"]  # type: ignore[index]


def test_a_figure_that_is_not_built_yet_says_so_and_the_page_waits_for_it(client: Client, cast: Cast) -> None:
    link = make_link(make_goal(make_value(make_plan())))
    plan = db.scalars(sa.select(Plan)).one()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/monitor"
    page = client.as_(cast.clerk).page(address)
    assert "wordt gemaakt" in page.words
    assert link.indicator is not None if "indicator" in link.__dict__ else True
    assert page.soup is not None
    poll = page.soup.find(attrs={"data-poll": True})
    assert poll is not None
    assert "data-running" in client.page(str(poll["data-poll"])).text
    build_blocks()
    db.commit()
    assert "data-running" not in client.page(str(poll["data-poll"])).text
    assert "wordt gemaakt" not in client.page(address).words


def test_a_figure_without_a_source_is_told_under_what_we_do_not_know(client: Client, cast: Cast) -> None:
    found = next(item for item in search("")[1] if not item.series)
    make_link(make_goal(make_value(make_plan())), found.slug)
    plan = db.scalars(sa.select(Plan)).one()
    build_blocks()
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/monitor")
    assert page.soup is not None
    section = page.soup.find(id="weten-niet").find_parent("section")  # type: ignore[union-attr]
    assert section is not None
    assert found.name in section.get_text()
    assert "nog niet gekoppeld" in section.get_text()
    assert not page.soup.select("figure svg")


def test_a_newest_figure_that_is_kept_back_is_told_under_what_we_do_not_know(
    client: Client, cast: Cast
) -> None:
    load(
        "inwoners",
        ("GM0034", "2023JJ00", 9.0, "final", None),
        ("GM0034", "2024JJ00", None, "final", "suppressed"),
    )
    make_link(make_goal(make_value(make_plan())), "inwoners")
    plan = db.scalars(sa.select(Plan)).one()
    for newest, told in ((None, True), (12.0, False)):
        if newest:
            load(
                "inwoners",
                ("GM0034", "2023JJ00", 9.0, "final", None),
                ("GM0034", "2024JJ00", newest, "final", None),
            )
        build_blocks()
        db.commit()
        page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/monitor")
        assert page.soup is not None
        section = page.soup.find(id="weten-niet").find_parent("section")  # type: ignore[union-attr]
        assert section is not None
        said = "Inwoners op 1 januari: Geen cijfer over 2024: niet getoond, te weinig mensen."
        assert (said in " ".join(section.get_text().split())) is told


def test_a_goal_of_two_values_shows_its_figures_once(
    client: Client, cast: Cast, plan: Plan, link: Link
) -> None:
    second = make_value(plan, "Vrijheid")
    goal = db.scalars(sa.select(Goal)).one()
    db.refresh(goal, attribute_names=["values"])
    change_goal(goal, None, goal.version, values=[*goal.values, second])
    db.commit()
    page = client.as_(cast.clerk).page(f"/almere/trajecten/{plan.id}/monitor")
    assert page.soup is not None
    assert len(page.soup.find_all("figure")) == 1
    assert "De cijfers bij dit doel staan bij Nabijheid" in page.words


def test_values_and_goals_without_figures_are_in_the_monitor_too(client: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/monitor"
    client.as_(cast.clerk)
    assert "nog geen waarde genoemd" in client.page(address).words
    value = make_value(plan)
    db.commit()
    assert "nog geen doel" in client.page(address).words
    make_goal(value)
    db.commit()
    assert "nog geen cijfer gekozen" in client.page(address).words


def test_the_monitor_speaks_english_when_asked(client: Client, cast: Cast, plan: Plan) -> None:
    english = db.scalars(sa.select(BlockDocument.version).where(BlockDocument.language == "en")).one()
    client.as_(cast.clerk).send("/taal", language="en")
    page = client.page(f"/almere/trajecten/{plan.id}/monitor")
    assert english in page.text
    assert version() not in page.text


def test_home_shows_the_next_step_and_what_is_new(client: Client, cast: Cast, plan: Plan) -> None:
    title = db.scalars(
        sa.select(BlockDocument.content["title"].astext).where(BlockDocument.language == "nl")
    ).one()
    page = client.as_(cast.clerk).page("/almere")
    assert " ".join(title.split()) in page.words
    assert "Verder met deze stap" in page.words
    reader = client.as_(cast["reader"]).page("/almere")
    assert " ".join(title.split()) not in reader.words
    assert plan.title not in reader.words


@pytest.mark.parametrize("address", ["/almere/", "/almere/trajecten", "/almere/monitor"])
@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("clerk", "Begin met de opdracht"),
        ("councillor", "Begin met de opdracht"),
        ("officer", "griffier"),
        ("reader", "griffier"),
    ],
)
def test_in_a_fresh_council_there_is_one_task_and_who_reads_along_hears_what_happens(
    client: Client, cast: Cast, address: str, role: str, says: str
) -> None:
    page = client.as_(cast[role]).page(address)
    assert page.soup is not None
    assert says in page.words
    tasks = [item["href"] for item in page.soup.select("main a.utrecht-button, main button")]
    assert tasks == (["/almere/trajecten/nieuw"] if says.startswith("Begin") else [])


def test_the_monitor_leads_to_the_newest_plan_that_may_be_seen(
    client: Client, cast: Cast, plan: Plan
) -> None:
    assert client.as_(cast.clerk).page("/almere/monitor").location == f"/almere/trajecten/{plan.id}/monitor"
    assert "geen monitor die u kunt lezen" in client.as_(cast["reader"]).page("/almere/monitor").title.lower()
    assert client.page(f"/almere/trajecten/{plan.id}/monitor").status == 403
    plan.open()
    db.commit()
    assert client.page("/almere/monitor").status == 302
    assert client.page(f"/almere/trajecten/{plan.id}/monitor").status == 200


# --- Chart documents ------------------------------------------------------------------------------------------------


def test_a_chart_travels_compressed_and_may_be_kept_for_as_long_as_its_version(
    client: Client, cast: Cast, chart: str
) -> None:
    response = client.as_(cast.clerk).get(f"{chart}?v={version()}", headers={"Accept-Encoding": "gzip"})
    assert response.status_code == 200
    assert response.mimetype == "application/json"
    assert response.headers["Content-Encoding"] == "gzip"
    assert "immutable" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]
    document = json.loads(gzip.decompress(response.data))
    assert document["version"] == version()
    assert document["bokeh"]["root_id"]


def test_a_browser_without_gzip_gets_the_same_chart(client: Client, cast: Cast, chart: str) -> None:
    client.as_(cast.clerk)
    packed = client.get(chart, headers={"Accept-Encoding": "gzip"})
    plain = client.get(chart, headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.data == gzip.decompress(packed.data)
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_chart_that_did_not_change_is_not_sent_again(client: Client, cast: Cast, chart: str) -> None:
    tag = client.as_(cast.clerk).get(chart).headers["ETag"]
    response = client.get(chart, headers={"If-None-Match": tag})
    assert (response.status_code, response.data) == (304, b"")
    assert response.headers["ETag"] == tag
    assert client.get(chart, headers={"If-None-Match": '"oud"'}).status_code == 200


@pytest.mark.parametrize("question", ["", "?v=oud", "?v="])
def test_a_chart_without_its_version_is_asked_for_each_time(
    client: Client, cast: Cast, chart: str, question: str
) -> None:
    response = client.as_(cast.clerk).get(chart + question)
    assert response.status_code == 200
    assert "no-cache" in response.headers["Cache-Control"]
    assert "immutable" not in response.headers["Cache-Control"]


def test_a_chart_of_a_plan_that_was_not_opened_is_hidden(
    client: Client, cast: Cast, chart: str, plan: Plan
) -> None:
    response = client.as_(cast.officer).get(chart)
    assert response.status_code == 403
    assert b"bokeh" not in response.data
    tag = client.as_(cast.clerk).get(chart).headers["ETag"]
    assert client.as_(cast.officer).get(chart, headers={"If-None-Match": tag}).status_code == 403
    plan.open()
    db.commit()
    assert client.get(chart).status_code == 200


def test_an_unknown_chart_and_one_of_another_council_are_a_404(
    client: Client, cast: Cast, chart: str
) -> None:
    assert client.as_(cast.clerk).get(f"/almere/figuren/{uuid4()}.json").status_code == 404
    assert client.as_(cast.of_breda("clerk")).get(chart.replace("almere", "breda")).status_code == 404
    assert client.get(chart).status_code == 404


def test_where_nothing_can_be_drawn_there_is_no_chart(client: Client, cast: Cast) -> None:
    make_link(
        make_goal(make_value(make_plan())), next(item.slug for item in search("")[1] if not item.series)
    )
    build_blocks()
    db.commit()
    block_id = db.scalars(sa.select(BlockDocument.block_id).distinct()).one()
    assert client.as_(cast.clerk).get(f"/almere/figuren/{block_id}.json").status_code == 404


# --- How much a page asks -------------------------------------------------------------------------------------------


@pytest.fixture
def statements(client: Client, cast: Cast, query_count: list[str]) -> Callable[[str], int]:
    def count(address: str) -> int:
        client.as_(cast.clerk)
        client.page(address)  # once before, so that nothing is counted that happens only once
        query_count.clear()
        assert client.page(address).status == 200
        return len(query_count)

    return count


@pytest.mark.parametrize(
    ("address", "ceiling"),
    [
        ("/almere", 11),
        ("/almere/trajecten/{plan}", 8),
        ("/almere/trajecten/{plan}/monitor", 13),
        ("/almere/trajecten/{plan}/doelen", 12),
        ("/almere/trajecten/{plan}/waarden", 9),
        ("/almere/cijfers", 8),
        ("/almere/bronnen", 11),
        ("/almere/leden", 6),
        ("/almere/logboek", 6),
    ],
)
def test_a_page_asks_as_much_for_eight_figures_as_for_one(
    statements: Callable[[str], int], plan: Plan, address: str, ceiling: int
) -> None:
    address = address.format(plan=plan.id)
    for_one = statements(address)
    values = [
        db.scalars(sa.select(Value)).one(),
        make_value(plan, "Vrijheid"),
        make_value(plan, "Gelijkheid"),
    ]
    set_size(plan.id, 8)
    for number in range(7):
        make_link(make_goal(values[number % 3], f"zij dit merken {number}"), SLUGS[number % 4])
    build_blocks()
    db.commit()
    assert db.scalar(sa.select(sa.func.count()).select_from(Link)) == 8
    db.commit()
    for_eight = statements(address)
    assert for_eight == for_one
    assert for_eight <= ceiling


def test_the_monitor_tells_which_source_is_the_oldest_and_where_to_read_more(
    client: Client, cast: Cast
) -> None:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    for slug in ("inwoners", "stedelijkheid"):
        make_link(goal, slug)
    db.commit()
    with as_platform():
        for slug, day in (("inwoners", 2), ("stedelijkheid", 1)):
            indicator = find_indicator(slug)
            assert indicator is not None
            indicator.series[-1].fetched_at = datetime(2026, 3, day, 12, tzinfo=UTC)
            oldest = indicator.series[-1].table
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor")
    assert f"Minst verse bron tabel {oldest}, opgehaald op 1 maart 2026" in page.words
    assert page.link("alle bronnen") == "/almere/bronnen/"


def test_the_monitor_says_of_how_many_figures_the_age_is_not_known(client: Client, cast: Cast) -> None:
    plan = make_plan()
    make_link(make_goal(make_value(plan)), "stedelijkheid")
    page = client.as_(cast.councillor).page(f"/almere/trajecten/{plan.id}/monitor")
    assert "van 1 van de 1 cijfers is niet bekend wanneer het is opgehaald: het kwam mee" in page.words
