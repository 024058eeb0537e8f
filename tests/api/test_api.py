"""The open interface: what it answers, what it refuses, and that its own description is true."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.client import Client
from tests.factories import Cast
from workbench.api.routes import operations
from workbench.core.db import as_platform, db
from workbench.indicators import store
from workbench.indicators.models import Area, Indicator, Missing, Observation, PeriodRow, Series, Status
from workbench.sources.models import RefreshRequest, RefreshRun, RunState, SourceTable

INHABITANTS = "/api/v1/indicators/inwoners/observations"
CONTRACT = {
    "indicator", "region", "period", "period_type", "value", "unit", "status", "missing", "level", "table",
    "measure", "fetched_at", "revised_from",
}  # fmt: skip


def ask(client: Client, address: str, **query: object) -> Any:
    response = client.get(address, query_string=query or None)
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.mimetype == "application/json"
    return response.get_json()


def refused(response: TestResponse, status: int) -> Any:
    """The problem in this answer; what each one must hold is checked here."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    assert response.headers["API-Version"] == "1.0.0"
    problem = response.get_json()
    assert problem["status"] == status
    assert problem["title"]
    return problem


def refused_parameters(client: Client, address: str, query: str | dict[str, object]) -> list[str]:
    problem = refused(client.get(address, query_string=query), 400)
    assert all(error["detail"] in problem["detail"] for error in problem["errors"])
    return [error["parameter"] for error in problem["errors"]]


def revise(series: Series, area: Area, period: str, value: float | None, missing: str | None = None) -> None:
    """A refresh brings another value for one period; all else of the series stays as it was."""
    year = int(period[:4])
    load = uuid4()
    with as_platform():
        kept = db.execute(
            sa.select(Area.code, PeriodRow.code, Observation.value, Observation.status, Observation.missing)
            .join(Area, Area.id == Observation.area_id)
            .join(PeriodRow, PeriodRow.id == Observation.period_id)
            .where(Observation.series_id == series.id, Observation.loaded_until.is_(None))
            .where(sa.func.extract("year", PeriodRow.starts_on) >= year)
        ).all()
        store.Staging(load).add_rows(
            (series.id, a, p, value, "final", missing)
            if (a, p) == (area.code, period)
            else (series.id, a, p, v, s.value, m and m.value)
            for a, p, v, s, m in kept
        )
        store.merge(load, [series.id], datetime.now(UTC), first_year=year)


def series_of(slug: str) -> Series:
    return db.scalars(sa.select(Series).join(Indicator).where(Indicator.slug == slug)).one()


def add_observation(series: Series, area: str, period: str, **values: Any) -> None:
    with as_platform():
        db.add(
            Observation(
                series_id=series.id,
                area_id=db.scalars(sa.select(Area.id).where(Area.code == area)).one(),
                period_id=period_id(period),
                loaded_from=datetime.now(UTC),
                **values,
            )
        )


def period_id(code: str) -> int:
    from workbench.indicators.periods import parse_period

    known = db.scalar(sa.select(PeriodRow.id).where(PeriodRow.code == code))
    if known:
        return known
    period = parse_period(code)
    row = PeriodRow(code=code, type=period.type, starts_on=period.starts_on, ends_on=period.ends_on)
    db.add(row)
    db.flush()
    return row.id


def add_run(table: str = "03759ned", **values: Any) -> None:
    with as_platform():
        found = db.scalars(sa.select(SourceTable).where(SourceTable.table == table)).one()
        db.add(RefreshRun(source_table_id=found.id, **values))


# --- Observations ---


def test_an_observation_is_exactly_what_the_contract_says(client: Client) -> None:
    answer = ask(client, INHABITANTS, region="GM0034", **{"from": 2023, "to": 2023})
    [observation] = answer["data"]
    assert set(observation) == CONTRACT
    assert observation["indicator"] == "inwoners"
    assert observation["region"] == "GM0034"
    assert observation["period"] == "2023JJ00"
    assert observation["period_type"] == "year"
    assert observation["unit"] == "aantal"
    assert observation["status"] == "final"
    assert observation["level"] == "gemeente"
    assert (observation["table"], observation["measure"]) == ("03759ned", "M000352")
    assert observation["missing"] is None
    assert observation["revised_from"] is None
    assert 200_000 < observation["value"] < 250_000
    assert observation["fetched_at"] == "2026-07-02T12:00:00Z"


def test_observations_carry_the_source_line_and_the_licence(client: Client) -> None:
    [source] = ask(client, INHABITANTS, region="GM0034")["source"]
    assert source["licence"] == "CC BY 4.0"
    assert source["source_line"].startswith("Bron: CBS StatLine, tabel 03759ned")


def test_only_the_sources_of_the_figures_in_the_answer_are_named(client: Client) -> None:
    answer = ask(client, "/api/v1/indicators/aandeel-0-15/observations", region="GM0034", to=2020)
    assert [item["period"] for item in answer["data"]] == ["2020JJ00"]
    assert {item["table"] for item in answer["source"]} == {item["table"] for item in answer["data"]}
    assert answer["source"][0]["computed"]


def test_from_and_to_are_both_included_and_may_be_left_out(client: Client) -> None:
    def years(**query: object) -> list[str]:
        return [item["period"][:4] for item in ask(client, INHABITANTS, region="GM0034", **query)["data"]]

    everything = years()
    assert everything == sorted(everything)
    assert everything[0] == "2019"
    assert years(**{"from": 2021, "to": 2023}) == ["2021", "2022", "2023"]
    assert years(**{"from": 2025}) == [year for year in everything if year >= "2025"]
    assert years(to=2019) == ["2019"]
    assert years(**{"from": 2090}) == []


def test_the_country_is_a_region_too(client: Client) -> None:
    answer = ask(client, INHABITANTS, region="NL01", **{"from": 2023, "to": 2023})
    assert answer["data"][0]["level"] == "nl"
    assert answer["data"][0]["value"] > 17_000_000


def test_a_revised_value_says_what_it_was(client: Client) -> None:
    area = db.scalars(sa.select(Area).where(Area.code == "GM0034")).one()
    [before] = ask(client, INHABITANTS, region="GM0034", **{"from": 2025, "to": 2025})["data"]
    revise(series_of("inwoners"), area, "2025JJ00", 123.0)
    [after] = ask(client, INHABITANTS, region="GM0034", **{"from": 2025, "to": 2025})["data"]
    assert (after["value"], after["revised_from"]) == (123.0, before["value"])
    [other] = ask(client, INHABITANTS, region="GM0034", **{"from": 2024, "to": 2024})["data"]
    assert other["revised_from"] is None


@pytest.mark.parametrize("reason", list(Missing))
def test_a_value_that_is_missing_says_why(client: Client, reason: Missing) -> None:
    area = db.scalars(sa.select(Area).where(Area.code == "GM0034")).one()
    revise(series_of("inwoners"), area, "2026JJ00", None, reason.value)
    [observation] = ask(client, INHABITANTS, region="GM0034", **{"from": 2026})["data"]
    assert (observation["value"], observation["missing"]) == (None, reason.value)


@pytest.mark.parametrize(
    ("code", "word"),
    [("2019HJ02", "half-year"), ("2019KW04", "quarter"), ("2019MM12", "month"), ("2019SJ00", "school year")],
)
def test_period_types_are_spelled_as_in_the_contract(client: Client, code: str, word: str) -> None:
    add_observation(series_of("inwoners"), "GM0034", code, value=1.0, status=Status.UNKNOWN)
    found = ask(client, INHABITANTS, region="GM0034", **{"from": 2019, "to": 2019})["data"]
    [observation] = [item for item in found if item["period"] == code]
    assert (observation["period_type"], observation["status"]) == (word, "unknown")


def test_an_indicator_without_a_table_has_no_observations_and_says_so(client: Client) -> None:
    bare = next(
        item["slug"]
        for item in ask(client, "/api/v1/indicators", per_page=100)["data"]
        if not item["connected"]
    )
    answer = ask(client, f"/api/v1/indicators/{bare}/observations", region="GM0034")
    assert answer == {"source": [], "data": []}
    assert ask(client, f"/api/v1/indicators/{bare}")["source"] == []


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("", "region"),
        ("region=", "region"),
        ("region=GM0034,GM0363", "region"),
        ("region=GM0034&region=GM0363", "region"),
        ("region=gm0034", "region"),
        ("region=%20GM0034", "region"),
        ("region=GM0034%0A", "region"),
        ("region=GM0034%00", "region"),
        ("region=*", "region"),
        ("region=Almere", "region"),
        ("region=%F0%9F%8F%98", "region"),
        ("region=%FF%FE", "region"),
        ("region=GM%D9%A0%D9%A0%D9%A3%D9%A4", "region"),
        ("region=" + "9" * 5000, "region"),
        ("region=GM0034&from=abc", "from"),
        ("region=GM0034&from=20.5", "from"),
        ("region=GM0034&from=-1", "from"),
        ("region=GM0034&from=99999999999999999999", "from"),
        ("region=GM0034&from=2015&from=2016", "from"),
        ("region=GM0034&to=2015-01-01", "to"),
        ("region=GM0034&to=%00", "to"),
        ("region=GM0034&from=2020&to=2019", "to"),
        ("region=GM0034&sort=value", "sort"),
        ("region=GM0034&_external=1", "_external"),
        ("regio=GM0034&region=GM0034", "regio"),
    ],
)
def test_a_wrong_question_is_refused_and_the_parameter_named(client: Client, query: str, named: str) -> None:
    assert refused_parameters(client, INHABITANTS, query) == [named]


def test_every_wrong_parameter_is_named_at_once(client: Client) -> None:
    assert set(refused_parameters(client, INHABITANTS, "from=abc&sort=value")) == {"region", "from", "sort"}


def test_a_refusal_says_what_to_do(client: Client) -> None:
    problem = refused(client.get(INHABITANTS), 400)
    assert problem["detail"].startswith("region: Deze parameter ontbreekt.")
    assert "GM0034" in problem["detail"]


@pytest.mark.parametrize(
    "raw", ["region=\xff\xfe", "\xff=1", "region=GM0034&from=\xb2\xb0", "%", "&&=&", "region[]=GM0034"]
)
def test_bytes_that_are_no_text_are_refused(client: Client, raw: str) -> None:
    refused(client.get(INHABITANTS, environ_overrides={"QUERY_STRING": raw}), 400)


def test_a_long_name_of_a_parameter_is_not_given_back_whole(client: Client) -> None:
    response = client.get(INHABITANTS, query_string={"x" * 5000: "1", "region": "GM0034"})
    assert len(response.data) < 1000
    refused(response, 400)


def test_a_region_that_is_not_there_is_a_404(client: Client) -> None:
    assert "GM9999" in refused(client.get(INHABITANTS, query_string={"region": "GM9999"}), 404)["detail"]


@pytest.mark.parametrize(
    "slug", ["bestaat-niet", "INWONERS", "inw%00oners", "%F0%9F%98%80", "%FF", "a" * 3000, "<b>", "'--"]
)
@pytest.mark.parametrize("rest", ["", "/observations?region=GM0034"])
def test_an_indicator_that_is_not_there_is_a_404(client: Client, slug: str, rest: str) -> None:
    refused(client.get(f"/api/v1/indicators/{slug}{rest}"), 404)


# --- Catalogue, areas, runs ---


def test_the_catalogue_is_searched_by_words_and_theme(client: Client) -> None:
    everything = ask(client, "/api/v1/indicators")["total"]
    found = ask(client, "/api/v1/indicators", q="inwoners 15", theme="jeugd")
    assert "aandeel-0-15" in [item["slug"] for item in found["data"]]
    assert all("jeugd" in item["themes"] for item in found["data"])
    assert 0 < found["total"] < everything
    assert ask(client, "/api/v1/indicators?q=&theme=&page=")["total"] == everything


@pytest.mark.parametrize(
    "words", ["😀", "%", "_", "\\", "'; drop table indicator; --", "\u202ecba", "x" * 100]
)
def test_strange_words_find_nothing_and_break_nothing(client: Client, words: str) -> None:
    assert ask(client, "/api/v1/indicators", q=words + "zzz"[: 100 - len(words)])["total"] == 0


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("q=" + "a" * 101, "q"),
        ("q=a%00b", "q"),
        ("theme=onbekend", "theme"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=twee", "page"),
        ("page=1e9", "page"),
        ("page=99999999999999999999", "page"),
        ("per_page=101", "per_page"),
        ("per_page=0", "per_page"),
        ("sort=name", "sort"),
        ("region=GM0034", "region"),
    ],
)
def test_a_wrong_search_is_refused_and_the_parameter_named(client: Client, query: str, named: str) -> None:
    assert refused_parameters(client, "/api/v1/indicators", query) == [named]


def test_an_indicator_tells_what_it_means_and_where_its_figures_come_from(client: Client) -> None:
    indicator = ask(client, "/api/v1/indicators/inwoners")
    assert indicator["direction"] == "context"
    assert indicator["reading_up"]
    assert indicator["reading_down"]
    assert indicator["caveats"]
    assert [(item["table"], item["licence"]) for item in indicator["source"]] == [("03759ned", "CC BY 4.0")]


def test_areas_are_listed_by_code_and_type(client: Client) -> None:
    answer = ask(client, "/api/v1/areas", type="provincie", per_page=100)
    codes = [area["code"] for area in answer["data"]]
    assert len(codes) == answer["total"] == 12
    assert codes == sorted(codes)
    almere = next(
        a for a in all_pages(client, "/api/v1/areas?type=gemeente&per_page=100") if a["code"] == "GM0034"
    )
    assert almere == {
        "code": "GM0034", "name": "Almere", "type": "gemeente", "province_code": "PV24",
        "valid_from": None, "valid_until": None, "successors": [],
    }  # fmt: skip
    assert refused_parameters(client, "/api/v1/areas", "type=stad") == ["type"]


def test_an_abolished_area_names_what_it_went_on_in(client: Client) -> None:
    found = {area["code"]: area for area in all_pages(client, "/api/v1/areas?type=gemeente&per_page=100")}
    assert found["GM0788"]["valid_until"] == "2021-01-01"
    assert found["GM0788"]["successors"] == ["GM0757", "GM0824", "GM0855", "GM0865"]
    assert (found["GM0457"]["valid_until"], found["GM0457"]["successors"]) == ("2022-03-24", ["GM0363"])
    assert (found["GM0241"]["valid_until"], found["GM0241"]["successors"]) == ("2016-01-01", ["GM1945"])
    assert (found["GM1945"]["valid_from"], found["GM1945"]["successors"]) == ("2016-01-01", [])
    assert {code for code, area in found.items() if area["valid_until"] and not area["successors"]} == {
        "GM0997"
    }


def links(response: TestResponse) -> dict[str, str]:
    return {name: href for href, name in re.findall(r'<([^>]+)>; rel="(\w+)"', response.headers["Link"])}


def all_pages(client: Client, address: str) -> list[Any]:
    found = []
    while address:
        response = client.get(address)
        found += response.get_json()["data"]
        address = links(response).get("next", "")
    return found


def test_following_the_links_gives_every_area_once(client: Client) -> None:
    codes = [area["code"] for area in all_pages(client, "/api/v1/areas?type=gemeente&per_page=100")]
    total = ask(client, "/api/v1/areas", type="gemeente")["total"]
    assert len(codes) == len(set(codes)) == total


def test_links_keep_the_question_and_stop_at_the_ends(client: Client) -> None:
    first = links(client.get("/api/v1/indicators", query_string={"q": "in woners", "per_page": 1}))
    assert set(first) == {"first", "next", "last"}
    assert first["next"] == "/api/v1/indicators?per_page=1&q=in+woners&page=2"
    last = client.get(first["last"])
    assert set(links(last)) == {"first", "prev", "last"}
    assert len(last.get_json()["data"]) == 1


def test_a_page_past_the_end_is_empty_and_leads_back(client: Client) -> None:
    response = client.get("/api/v1/areas?type=nl&page=100000")
    assert response.get_json()["data"] == []
    assert links(response)["prev"] == "/api/v1/areas?page=1&type=nl"


def test_runs_are_told_newest_first_in_the_words_of_the_command(client: Client) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    add_run(
        state=RunState.DONE, queued_at=now - timedelta(days=1), started_at=now, finished_at=now + timedelta(seconds=2),
        rows_read=10, inserted=9, revised=1,
    )  # fmt: skip
    add_run(state=RunState.DONE, queued_at=now, same_as_before=True)
    newest, before = ask(client, "/api/v1/refresh-runs")["data"][:2]
    assert (newest["state"], newest["seconds"]) == ("unchanged", None)
    assert (before["state"], before["inserted"], before["revised"], before["seconds"]) == ("done", 9, 1, 2.0)
    assert (before["source"], before["table"]) == ("cbs-v4", "03759ned")


def test_runs_do_not_tell_which_council_asked(client: Client, cast: Cast) -> None:
    table = db.scalars(sa.select(SourceTable).where(SourceTable.table == "03759ned")).one()
    db.add(RefreshRequest(source_table_id=table.id, asked_by_id=cast.officer.id))
    db.commit()
    add_run(
        state=RunState.FAILED, message="Tabel %(table)s is er niet.", message_values={"table": "03759ned"}
    )
    text = client.get("/api/v1/refresh-runs").get_data(as_text=True)
    assert "Tabel 03759ned is er niet." in text
    for word in ("almere", "officer", str(cast.officer.id), str(cast.almere.id)):
        assert word not in text.lower()


# --- Rules of the whole interface ---


SOUND = {
    "list_indicators": ["/api/v1/indicators", "/api/v1/indicators?q=jeugd&per_page=3"],
    "show_indicator": ["/api/v1/indicators/inwoners", "/api/v1/indicators/aandeel-0-15"],
    "list_observations": [f"{INHABITANTS}?region=GM0034", f"{INHABITANTS}?region=NL01&from=2020&to=2021"],
    "list_areas": ["/api/v1/areas", "/api/v1/areas?type=gemeente&page=2"],
    "list_refresh_runs": ["/api/v1/refresh-runs"],
}


def test_the_description_is_valid_openapi_3_1(client: Client) -> None:
    document = ask(client, "/api/v1/openapi.json")
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_the_description_names_every_address_and_every_parameter(app: Flask, client: Client) -> None:
    document = ask(client, "/api/v1/openapi.json")
    served = {
        re.sub(r"<(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and rule.rule != "/api/v1/openapi.json"
    }
    assert set(document["paths"]) == served
    parameters = {
        (path, item["name"], item["required"])
        for path, methods in document["paths"].items()
        for item in methods["get"]["parameters"]
    }
    assert ("/indicators/{slug}/observations", "region", True) in parameters
    assert ("/indicators/{slug}/observations", "from", False) in parameters
    assert ("/indicators/{slug}", "slug", True) in parameters
    assert ("/areas", "type", False) in parameters
    assert not [name for _path, name, _required in parameters if "sort" in name or "order" in name]


def described(document: Any, operation_id: str, status: str) -> Draft202012Validator:
    """A validator for the answer that the description promises; a field that is not described is refused too."""
    [found] = [get["get"] for get in document["paths"].values() if get["get"]["operationId"] == operation_id]
    [content] = found["responses"][status]["content"].values()
    schemas = {
        name: {**item, "additionalProperties": False} if item["type"] == "object" else item
        for name, item in document["components"]["schemas"].items()
    }
    return Draft202012Validator(
        {**content["schema"], "components": {"schemas": schemas}},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )


@pytest.mark.parametrize(
    "operation_id", list(SOUND)
)  # what a council published: tests/uploads, tests/monitors/publishing
def test_real_answers_are_as_described(client: Client, operation_id: str) -> None:
    add_run(state=RunState.DONE, message=None)
    document = ask(client, "/api/v1/openapi.json")
    for address in SOUND[operation_id]:
        answer = ask(client, address)
        described(document, operation_id, "200").validate(answer)
        assert answer.get("data", True), "an empty list would prove nothing"
        assert not described(document, operation_id, "200").is_valid({**answer, "extra": 1})


@pytest.mark.parametrize(
    "operation_id", list(SOUND)
)  # what a council published: tests/uploads, tests/monitors/publishing
def test_real_problems_are_as_described(client: Client, operation_id: str) -> None:
    document = ask(client, "/api/v1/openapi.json")
    address = SOUND[operation_id][0].partition("?")[0]
    described(document, operation_id, "400").validate(client.get(f"{address}?sort=value").get_json())
    if "inwoners" in address:
        missing = client.get(
            address.replace("inwoners", "nergens") + "?region=GM0034"[: 14 * ("observations" in address)]
        )
        described(document, operation_id, "404").validate(refused(missing, 404))


def test_every_question_for_everyone_is_tried() -> None:
    names = {item.name for item in operations if not item.for_members}
    assert names == {*SOUND, "list_own_figures", "list_own_observations", "show_public_monitor"}


def test_every_answer_says_its_version_and_forbids_framing(client: Client) -> None:
    for address in ["/api/v1/openapi.json", *(address for group in SOUND.values() for address in group)]:
        response = client.get(address)
        assert response.headers["API-Version"] == "1.0.0"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Language"] == "nl"
        assert "Set-Cookie" not in response.headers
        assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1", "/api/v1/", "/api/v1/indicators/", "/api/v1/areas/", "/api/v1/refresh-runs/", f"{INHABITANTS}/",
        "/api/v1/openapi.json/", "/api/v1/councils", "/api/v1/indicators/inwoners/ranking", "/api/v2/indicators",
    ],
)  # fmt: skip
def test_what_is_not_there_is_a_404_and_so_is_a_slash_at_the_end(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 404
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_the_interface_only_reads(client: Client, method: str) -> None:
    response = client.open("/api/v1/indicators", method=method)
    refused(response, 405)
    assert "GET" in response.headers["Allow"]


def test_a_crash_is_a_problem_too_and_tells_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("workbench.indicators.queries.search", crash)
    response = client.get("/api/v1/indicators")
    refused(response, 500)
    assert "secret" not in response.get_data(as_text=True)


def test_an_address_may_ask_120_times_a_minute_over_all_the_interface(client: Client) -> None:
    for number in range(120):
        address = ("/api/v1/areas?type=nl", "/api/v1/indicators/inwoners")[number % 2]
        assert client.get(address).status_code == 200
    response = client.get("/api/v1/refresh-runs")
    assert "120" in refused(response, 429)["detail"]
    assert response.headers["Retry-After"] == "60"
    elsewhere = client.get("/api/v1/refresh-runs", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


def test_a_person_who_reads_english_gets_the_same_answer(client: Client) -> None:
    before = client.get(INHABITANTS).get_json()
    client.post("/taal", data={"language": "en"})
    assert client.get(INHABITANTS).get_json() == before


def test_no_answer_holds_values_of_more_than_one_area(client: Client) -> None:
    """Only an observation holds a value, only /observations answers with these, and all are of the area asked."""
    schemas = ask(client, "/api/v1/openapi.json")["components"]["schemas"]
    for kind in ("Observation", "OwnObservation"):
        reference = f"'#/components/schemas/{kind}'"
        assert [name for name, item in schemas.items() if reference in str(item)] == [f"{kind}s"]
    holders = {name for name, item in schemas.items() if "value" in item.get("properties", {})}
    assert holders == {"Observation", "OwnObservation"}
    for region in ("GM0034", "NL01"):
        answer = ask(client, INHABITANTS, region=region)
        assert {item["region"] for item in answer["data"]} == {region}


def test_questions_stay_few(client: Client, session: Session, query_count: list[str]) -> None:
    ask(client, INHABITANTS, region="GM0034")
    assert len(query_count) <= 4
    query_count.clear()
    ask(client, "/api/v1/indicators", per_page=100)
    assert len(query_count) <= 3  # how many, those of the page, their series
    query_count.clear()
    ask(client, "/api/v1/areas", per_page=100)
    assert len(query_count) <= 3  # how many, those of the page, their successors
