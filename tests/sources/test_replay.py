import gzip
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest

from tests.sources import replay as module
from tests.sources.replay import PAYLOADS, RECORDED, BadQueryError, Replay, parse_filter

ROWS = [
    {
        "Id": 0,
        "Measure": "M1",
        "RegioS": "NL01",
        "Perioden": "2018JJ00",
        "Value": 5,
        "Title": "'s-Gravenhage",
    },
    {"Id": 1, "Measure": "M1", "RegioS": "GM0034", "Perioden": "2019JJ00", "Value": None, "Title": "Almere"},
    {
        "Id": 2,
        "Measure": "M2",
        "RegioS": "PV24",
        "Perioden": "2020JJ00",
        "Value": -1.5,
        "Title": "Flevoland (PV)",
    },
]


@pytest.fixture
def replay():
    with Replay(PAYLOADS) as server:
        yield server


@pytest.fixture
def client(replay):
    with httpx.Client(base_url=replay.base_url) as http:
        yield http


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("Measure eq 'M1'", [0, 1]),
        ("Measure ne 'M1'", [2]),
        ("Perioden ge '2019JJ00'", [1, 2]),
        ("Perioden gt '2019JJ00'", [2]),
        ("Perioden le '2019JJ00'", [0, 1]),
        ("Perioden lt '2019JJ00'", [0]),
        ("Value eq 5", [0]),
        ("Value eq -1.5", [2]),
        ("Value eq null", [1]),
        ("Value ge -2", [0, 2]),
        ("startswith(RegioS,'GM')", [1]),
        ("endswith(RegioS, '1')", [0]),
        ("contains(Title,'vol')", [2]),
        ("Title eq '''s-Gravenhage'", [0]),
        ("not startswith(RegioS,'NL') and Measure eq 'M1'", [1]),
        ("Measure eq 'M2' or Measure eq 'M1' and RegioS eq 'NL01'", [0, 2]),
        ("(Measure eq 'M2' or Measure eq 'M1') and RegioS eq 'NL01'", [0]),
        ("not (Measure eq 'M2' or RegioS eq 'NL01')", [1]),
        ("'NL01' eq RegioS", [0]),
    ],
)
def test_a_filter_selects_as_the_standard_says(text, ids):
    condition = parse_filter(text)
    assert [row["Id"] for row in ROWS if condition(row)] == ids


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Measure",
        "Measure eq",
        "Measure is 'M1'",
        "(Measure eq 'M1'",
        "Measure eq 'M1')",
        "Measure eq 'M1",
        "startswith(RegioS)",
        "Measure eq 'M1' and",
        "Measure eq ;",
        "Measure eq ,",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(text):
    with pytest.raises(BadQueryError):
        parse_filter(text)


def test_table_ids_are_case_sensitive(client):
    assert client.get("/03759ned/Properties").json()["Identifier"] == "03759ned"
    assert client.get("/03759NED/Properties").status_code == 404


@pytest.mark.parametrize(
    "path", ["/03759ned", "/03759ned/Verzonnen", "/03759ned/LandCodes", "/onbekend/Observations"]
)
def test_an_unknown_address_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("query", ["$filter=Land eq 'NL'", "$filter=RegioS like 'NL'", "$top=veel"])
def test_options_that_cannot_be_read_are_refused(client, query):
    assert client.get(f"/03759ned/Observations?{query}").status_code == 400


def test_every_list_of_the_recorded_layout_is_served(client):
    for name in (
        "Dimensions",
        "MeasureCodes",
        "GeslachtCodes",
        "RegioSCodes",
        "PeriodenCodes",
        "Observations",
    ):
        answer = client.get(f"/03759ned/{name}").json()
        assert answer["value"]
        assert answer["@odata.context"].endswith(f"#03759ned/{name}")


def test_the_catalogue_lists_every_table_with_the_moment_of_its_edition(replay, client):
    replay.move("00001ned")
    rows = {row["Identifier"]: row for row in client.get("/Datasets").json()["value"]}
    assert set(rows) == {"00001ned", "03759ned"}
    assert rows["00001ned"]["Modified"] == "2026-03-03T06:30:00+01:00"


def test_filter_select_skip_top_and_count_work_together(client):
    query = "$filter=" + quote("startswith(RegioS,'GM')") + "&$select=RegioS,Value&$skip=1&$top=2&$count=true"
    answer = client.get(f"/03759ned/Observations?{query}").json()
    assert answer["@odata.count"] == 4 * 18
    assert [set(row) for row in answer["value"]] == [{"RegioS", "Value"}] * 2
    assert client.get("/03759ned/Observations/$count").text == "109"


def test_next_links_lead_through_all_rows_once_with_the_same_filter(replay, client):
    replay.set(page_size=10)
    url, ids = "/03759ned/Observations?$filter=" + quote("Measure eq 'M000352'"), []
    while url:
        answer = client.get(url).json()
        ids += [row["Id"] for row in answer["value"]]
        url = answer.get("@odata.nextLink")
        assert len(answer["value"]) <= 10
    assert len(ids) == len(set(ids)) == 55


def test_a_next_link_respects_the_top_that_was_asked(replay, client):
    replay.set(page_size=10)
    url, rows = "/03759ned/Observations?$top=25&$skip=3", []
    while url:
        answer = client.get(url).json()
        rows += answer["value"]
        url = answer.get("@odata.nextLink")
    assert [row["Id"] for row in rows] == list(range(3, 28))


def test_a_long_answer_is_compressed_for_who_can_read_that(replay, client):
    url = "/03759ned/Observations"
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.json() == plain.json()
    assert int(packed.headers["Content-Length"]) < len(plain.content) / 5
    assert gzip.decompress(gzip.compress(plain.content)) == plain.content


def test_a_revision_moves_value_and_edition_and_leaves_the_file_alone(replay, client):
    before = (PAYLOADS / "03759ned" / "observations-page-1.json").read_bytes()
    url = "/03759ned/Observations?$filter=" + quote(
        "RegioS eq 'GM0034' and Perioden eq '2026JJ00' and Measure eq 'M000352'"
    )
    old = client.get("/03759ned/Properties").json()
    assert client.get(url).json()["value"][0]["Value"] == 1160
    assert replay.revise("03759ned", "M000352", "GM0034", "2026JJ00", 1161) == 1
    assert client.get(url).json()["value"][0]["Value"] == 1161
    new = client.get("/03759ned/Properties").json()
    assert all(new[name] > old[name] for name in ("Modified", "ObservationsModified", "Version"))
    assert (PAYLOADS / "03759ned" / "observations-page-1.json").read_bytes() == before


def test_a_removed_observation_is_gone(replay, client):
    assert replay.remove("00001ned", "X000001", "GM9001", "2024JJ00", Geslacht="3000") == 1
    query = "$filter=" + quote(
        "Measure eq 'X000001' and contains(RegioS,'GM9001') and Perioden eq '2024JJ00'"
    )
    rows = client.get(f"/00001ned/Observations?{query}").json()["value"]
    assert {row["Geslacht"] for row in rows} == {"T001038", "4000"}


def test_a_revision_of_nothing_is_an_error(replay):
    with pytest.raises(LookupError):
        replay.revise("03759ned", "M000352", "GM0034", "1900JJ00", 1)


def test_a_fault_strikes_the_right_requests_the_right_number_of_times(replay, client):
    replay.fail("503", times=2, on="/Observations", after=1)
    asked = ["Properties", "Observations", "Properties", "Observations", "Observations", "Observations"]
    statuses = [client.get(f"/03759ned/{name}").status_code for name in asked]
    assert statuses == [200, 200, 200, 503, 503, 200]


def test_an_unknown_fault_is_refused(replay):
    with pytest.raises(ValueError, match="no fault is called 'regen'"):
        replay.fail("regen")


def test_a_reset_connection_and_a_broken_body_reach_the_client(replay, client):
    replay.fail("reset")
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        client.get("/03759ned/Properties")
    replay.fail("truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        client.get("/03759ned/Properties")
    assert client.get("/03759ned/Properties").status_code == 200


def test_the_controls_work_over_http(replay, client):
    control = f"{replay.origin}/_control"
    assert httpx.post(control, json={"do": "fail", "kind": "429", "retry_after": "9"}).status_code == 200
    refused = client.get("/03759ned/Properties")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "9")
    wish = {
        "do": "revise",
        "table": "03759ned",
        "measure": "M000352",
        "area": "GM0034",
        "period": "2026JJ00",
        "value": 1,
    }
    assert httpx.post(control, json=wish).json() == {"done": 1}
    log = httpx.get(control).json()
    assert log["count"] == 1
    assert log["requests"][0]["path"] == urlsplit(replay.base_url).path + "/03759ned/Properties"
    assert httpx.post(control, json={"do": "clear"}).status_code == 200
    assert httpx.get(control).json()["count"] == 0


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"do": "destroy"},
        {"do": "move"},
        {"do": "move", "table": "x"},
        {"do": "fail", "kind": "regen"},
        [1],
        "x",
    ],
)
def test_a_control_that_makes_no_sense_is_refused(replay, wish):
    assert httpx.post(f"{replay.origin}/_control", json=wish).status_code == 400


def test_the_first_folder_counts_where_two_hold_one_table(tmp_path):
    twin = tmp_path / "03759ned"
    twin.mkdir()
    (twin / "properties.json").write_text(json.dumps({"Identifier": "03759ned", "Title": "Tweeling"}))
    with Replay(tmp_path, PAYLOADS) as first, Replay(PAYLOADS, tmp_path) as last:
        titles = [
            httpx.get(f"{server.base_url}/03759ned/Properties").json()["Title"] for server in (first, last)
        ]
    assert titles[0] == "Tweeling" != titles[1]


def test_it_also_runs_as_a_program_of_its_own():
    command = [sys.executable, str(Path(module.__file__)), "--port", "0", "--data", str(PAYLOADS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            base_url = process.stdout.readline().strip()
            assert httpx.get(f"{base_url}/00001ned/Properties").json()["Identifier"] == "00001ned"
        finally:
            process.terminate()


@pytest.mark.parametrize("folder", sorted(PAYLOADS.iterdir()), ids=lambda folder: folder.name)
def test_our_own_payloads_say_that_they_are_invented(folder):
    assert json.loads((folder / "index.json").read_text())["generated"] is True
    assert "verzonnen" in json.loads((folder / "properties.json").read_text())["Title"]


def test_the_recorded_filter_gives_exactly_the_recorded_rows():
    if not (RECORDED / "03759ned").exists():
        pytest.skip("the recorded CBS tables (../shared/data/cbs-v4) are not here")
    index = json.loads((RECORDED / "03759ned" / "index.json").read_text())
    with Replay(RECORDED) as server:
        url = f"{server.base_url}/03759ned/Observations/$count?$filter={quote(index['sliceFilter'])}"
        assert httpx.get(url).text == str(index["observationRows"]) == "13568"
        assert len(httpx.get(f"{server.base_url}/Datasets").json()["value"]) >= 83
