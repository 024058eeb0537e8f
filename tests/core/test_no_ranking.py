"""No ranking of municipalities, held where it could arise: in what is asked of the database and in what is answered.

Two nets, each shown to catch what it is for. The first reads every statement that reaches the database while all pages,
the API and the worker do their work: none may order by figures, and none may fetch figures with the names of more areas
than one. The second plants figures that stand nowhere else, and reads every answer: none may hold those of two areas.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from flask import Flask, url_for
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.client import Client
from tests.core.test_rules import endpoints, things_of_almere
from tests.factories import Cast, make_goal, make_house_style, make_link, make_value
from tests.indicators.figures import load
from workbench.accounts.models import Role
from workbench.comparison import queries as comparison
from workbench.comparison.operations import decide
from workbench.core.db import db
from workbench.indicators.compare import Kind
from workbench.indicators.models import Area, Observation
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument
from workbench.sources.models import SourceTable
from workbench.vision.models import Plan

# Six others, so that no quartile is the figure of one of them.
PLANTED = {
    "GM0034": 213_411.0,
    "GM0050": 313_523.0,
    "GM0171": 413_637.0,
    "GM0184": 513_749.0,
    "GM0303": 613_861.0,
    "GM0995": 713_973.0,
    "GM0758": 813_087.0,
}
OURS = "GM0034"

# --- What is asked of the database ----------------------------------------------------------------------------------


def wrongs(statement: str) -> list[str]:
    """What is wrong with this SQL, as far as it reads observations."""
    sql = re.sub(r"\s+", " ", statement)
    if not re.search(r"\b(FROM|JOIN) observation\b", sql, re.IGNORECASE):
        return []
    names = re.findall(
        r"\b(?:FROM|JOIN|,) observation(?: AS)? (?!JOIN|WHERE|ON|LEFT|GROUP|ORDER)(\w+)", sql, re.IGNORECASE
    )
    figure = rf"(?:(?:{'|'.join(['observation', *names])})\.)?\bvalue\b"
    found = []
    for ordering in re.findall(r"ORDER BY (.*?)(?=\bLIMIT\b|\bOFFSET\b|\)|$)", sql, re.IGNORECASE):
        if re.search(figure, ordering, re.IGNORECASE):
            found.append("orders by figures")
    if re.search(r"\b(rank|dense_rank|percent_rank|row_number|ntile)\s*\(", sql, re.IGNORECASE):
        found.append("numbers rows")
    one_area = re.search(r"\.area_id = (?!\w+\.)(?:%\(|%s|\$|:|\d)", sql)
    columns = sql[: re.search(r"\bFROM\b", sql, re.IGNORECASE).start()]  # type: ignore[union-attr]
    named = re.search(r"\barea(?:_\d+)?\.(name|code)\b|\ba\.(name|code)\b", columns, re.IGNORECASE)
    if named and re.search(figure, columns, re.IGNORECASE) and not one_area:
        found.append("names areas with their figures")
    return found


@pytest.mark.parametrize(
    ("sql", "wrong"),
    [
        ("SELECT observation.value FROM observation ORDER BY observation.value DESC", "orders by figures"),
        ("SELECT o.value FROM observation AS o ORDER BY o.area_id, o.value", "orders by figures"),
        ("SELECT area_id FROM observation ORDER BY value LIMIT 3", "orders by figures"),
        (
            (
                "SELECT area.name, observation.value FROM observation JOIN area ON area.id = observation.area_id"
                " WHERE observation.series_id = %(id)s ORDER BY area.name"
            ),
            "names areas with their figures",
        ),
        ("SELECT rank() OVER (PARTITION BY x) FROM observation", "numbers rows"),
    ],
)
def test_the_net_catches_a_ranking(sql: str, wrong: str) -> None:
    assert wrong in wrongs(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT value.name FROM value ORDER BY value.name",
        "SELECT observation.value FROM observation WHERE observation.area_id = %(a)s ORDER BY period.ends_on",
        (
            "SELECT area.name, observation.value FROM observation JOIN area ON area.id = observation.area_id"
            " WHERE observation.area_id = %(a)s"
        ),
    ],
)
def test_the_net_lets_through_what_is_no_ranking(sql: str) -> None:
    assert wrongs(sql) == []


def test_the_net_sees_what_sqlalchemy_sends(session: Session, query_count: list[str]) -> None:
    session.execute(
        sa.select(Area.name, Observation.value)
        .join(Observation, Observation.area_id == Area.id)
        .order_by(Observation.value.desc())
        .limit(3)
    ).all()
    assert wrongs(query_count[-1]) == ["orders by figures", "names areas with their figures"]


@pytest.fixture
def planted(cast: Cast) -> dict[str, object]:
    """Almere compares itself by hand with six whose figures stand nowhere else; its monitor shows them."""
    load("inwoners", *((code, "2024JJ00", value, "final", None) for code, value in PLANTED.items()))
    ids = things_of_almere(cast) | {
        "table_id": db.scalars(sa.select(SourceTable.id).limit(1)).one(),
        "version": make_house_style(),
    }
    make_link(make_goal(make_value(db.scalars(sa.select(Plan)).one(), "Rust")), "huishoudensgrootte")
    decide(Kind.CHOSEN, "Daarom.", None, base=0, chosen=tuple(set(PLANTED) - {OURS}))
    build_blocks()
    db.commit()
    return ids


def every_page(app: Flask, ids: dict[str, object]) -> Iterator[str]:
    """The address of every page under a council, those with a question, and those about all sources."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and "council" in rule.arguments:
                yield url_for(rule.endpoint, council="almere", **{n: ids[n] for n in set(rule.arguments) - {"council"}})  # fmt: skip
    for kind in Kind:
        yield f"/almere/vergelijking/kiezen?soort={kind}"
    yield "/almere/vergelijking?dag=1-1-2026"
    yield "/almere/cijfers?q=inwoners"
    yield "/bronnen"
    yield f"/bronnen/{ids['table_id']}"
    yield "/etalage"
    yield f"/etalage/{ids['template_id']}/bekijken"


API = [
    "/api/v1/indicators/inwoners/observations?region=GM0034",
    "/api/v1/indicators/inwoners/observations?region=GM0050",
    "/api/v1/indicators/inwoners",
    "/api/v1/indicators",
    "/api/v1/areas?type=gemeente&per_page=100",
    "/api/v1/refresh-runs",
    "/api/v1/public-monitor?council=almere",
]


def test_no_statement_behind_any_page_the_api_or_the_worker_ranks(
    app: Flask, client: Client, cast: Cast, planted: dict[str, object], query_count: list[str]
) -> None:
    client.as_(cast.clerk)
    for address in [*every_page(app, planted), *API]:
        assert client.get(address).status_code < 500, address
    db.execute(sa.delete(BlockDocument))
    assert build_blocks() == 2
    reading = [sql for sql in query_count if re.search(r"\b(FROM|JOIN) observation\b", sql)]
    assert len(reading) > 20, "the net hung in the water"
    assert {sql: wrongs(sql) for sql in reading if wrongs(sql)} == {}


# --- What is answered -----------------------------------------------------------------------------------------------


def areas_in(text: str) -> set[str]:
    """Of which areas this answer holds the planted figure, in whatever notation."""
    digits = re.sub(r"(?<=\d)[.,\u00a0\u202f](?=\d{3})", "", text)
    return {code for code, value in PLANTED.items() if re.search(rf"(?<!\d){value:.0f}(?!\d)", digits)}


def test_the_second_net_reads_dutch_english_and_bare_numbers() -> None:
    assert areas_in("213.411 inwoners; 313,523 inhabitants; 413637.0") == {"GM0034", "GM0050", "GM0171"}


def text_of(answer: TestResponse) -> str:
    """The text of a page, or of all parts of a workbook, a Word file or an archive; a logo holds none."""
    if answer.mimetype == "image/png":
        return ""
    if not answer.mimetype.endswith((".sheet", ".document", "/zip")):
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.data)) as packed:
        kinds = ("xml", ".json", ".csv", ".svg", ".html", ".txt")
        return "\n".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(kinds))


def test_no_answer_holds_the_figures_of_two_municipalities(
    app: Flask, client: Client, cast: Cast, planted: dict[str, object]
) -> None:
    seen: dict[str, set[str]] = {}
    for role in (Role.CLERK, Role.OFFICER, Role.READER):
        client.as_(cast[role])
        for address in every_page(app, planted):
            seen[address] = areas_in(text_of(client.get(address)))
            assert seen[address] <= {OURS}, address
    assert [address for address, codes in seen.items() if codes], "our own figure stands somewhere"
    for address in API:
        assert len(areas_in(client.get(address).get_data(as_text=True))) <= 1, address
    assert areas_in(client.get(API[1]).get_data(as_text=True)) == {"GM0050"}
    other = f"/etalage/{planted['template_id']}/bekijken?gemeente=GM0050"
    assert areas_in(client.get(other).get_data(as_text=True)) == {"GM0050"}
    for stored in db.scalars(sa.select(BlockDocument.content)):
        assert areas_in(str(stored)) <= {OURS}


def test_names_of_comparable_municipalities_come_by_alphabet_without_figures(
    client: Client, cast: Cast, planted: dict[str, Any]
) -> None:
    area = db.scalars(sa.select(Area).where(Area.code == OURS)).one()
    found = comparison.comparables(area)
    assert found.names() == sorted(found.names(), key=str.casefold)
    assert len(found.names()) == len(PLANTED) - 1
    db.commit()
    page = client.as_(cast.clerk).get("/almere/vergelijking").get_data(as_text=True)
    assert all(name in page for name in comparison.recall(area, 1, found.known_at).names())  # type: ignore[union-attr]
    assert areas_in(page) == set()


def test_the_second_net_would_catch_a_list_with_figures(
    client: Client, cast: Cast, planted: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [f"{code}: {value:.0f}" for code, value in PLANTED.items()]
    monkeypatch.setattr("workbench.indicators.queries.names_of", lambda _ids: listed)
    page = client.as_(cast.clerk).get("/almere/vergelijking").get_data(as_text=True)
    assert areas_in(page) == set(PLANTED)


@pytest.mark.parametrize("parameter", ["sort", "order", "region[]", "regions", "rank", "top"])
def test_the_api_knows_no_parameter_that_orders_or_widens(client: Client, cast: Cast, parameter: str) -> None:
    assert client.get(f"{API[0]}&{parameter}=value").status_code == 400
    assert client.get(f"{API[0]}&region=GM0050").status_code == 400


def test_every_endpoint_is_under_the_net(app: Flask, planted: dict[str, object]) -> None:
    """What answers with GET is a page of a council, the API, or holds no figures at all."""
    without = {
        "accounts",
        "announced",
        "calendar_feed",
        "core",
        "knowledge",
        "narrator",
        "showcase",
        "statements",
        "styleguide",
        "static",
    }
    covered = {address.split("?")[0] for address in every_page(app, planted)}
    assert len(covered) > 20
    for name in endpoints(app):
        rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint == name]
        if all("council" not in rule.arguments for rule in rules):
            assert name.partition(".")[0] in {
                *without,
                "api",
                "all_sources",
                "comparing",
                "finding",
                "package",
                "phone",
            }, name
