"""The connector of version 3 against a replay: small invented tables, and the recordings where they are."""

import gzip
import json
from collections import Counter
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.batches import cells, changed
from tests.sources.replay import Asked, parse_filter
from tests.sources.replay_v3 import (
    PAYLOADS_V3,
    RECORDED_V3,
    SHARED,
    ReplayV3,
    atom,
    finances,
    recorded_districts,
    recorded_provinces,
    untyped,
)
from workbench.indicators.periods import PeriodType
from workbench.sources.connectors import (
    Request,
    SourceChanged,
    SourceUnavailable,
    SuspectResult,
    TableCodes,
    connector,
)
from workbench.sources.connectors.cbs import bounds
from workbench.sources.connectors.cbs_v3 import CbsV3, CbsV3Settings, Dataderden, DataderdenSettings
from workbench.sources.connectors.http import TRIES

DISTRICTS = Request(
    table="90001NED",
    measures=("AantalInwoners", "PercentageJongerenMetJeugdzorg"),
    region="WijkenEnBuurten",
    period="2023JJ00",
    levels=("nl", "gemeente", "wijk", "buurt"),
)
HELP = Request(
    table="90002ned",
    measures=("HulpOntvangen",),
    region="RegioS",
    period="Perioden",
    levels=("nl", "gemeente"),
    first_period="2021",
    period_type=PeriodType.YEAR,
    filter={"Geslacht": "T001038"},
)
HEALTH = Request(
    table="90003NED",
    measures=("ErvarenGezondheidGoedZeerGoed",),
    region="WijkenEnBuurten",
    period="Perioden",
    levels=("gemeente",),
    filter={"Leeftijd": "20300", "Marges": "MW00000"},
)
COSTS = Request(
    table="90004NED",
    measures=("k_2ePlaatsing",),
    region="Gemeenten",
    period="Verslagsoort",
    levels=("gemeente",),
    filter={"TaakveldBalanspost": "6.1", "Categorie": "L1.1", "Verslagsoort": "2024X000"},
)


class Trial:
    """The connector against a replay, with its pauses written down instead of waited for."""

    def __init__(self, replay):
        self.replay, self.pauses, self.progress = replay, [], []
        self.cbs = CbsV3(sleep=self.pauses.append)
        self.settings = CbsV3Settings(base_url=replay.base_url, user_agent="Workbench tests")

    def state(self, table="90001NED", **settings):
        return self.cbs.state(self.settings.model_copy(update=settings), table)

    def codes(self, request=DISTRICTS):
        return self.cbs.codes(self.settings, request)

    def fetch(self, request=DISTRICTS, **settings):
        settings = self.settings.model_copy(update=settings)
        codes = self.cbs.codes(settings, request)
        return list(self.cbs.fetch(settings, request, codes, self.progress.append))

    def asked(self, part=""):
        return [unquote(one.query) for one in self.replay.asked(part)]


@pytest.fixture
def trial():
    with ReplayV3() as replay:
        yield Trial(replay)


# What a table says


def test_the_state_of_a_table_is_one_small_request_to_the_feed(trial):
    state = trial.state()
    [asked] = trial.replay.requests
    assert asked.path == "/ODataFeed/odata/90001NED/TableInfos"
    assert unquote(asked.query).startswith("$format=json&$select=Identifier,Title,Modified,MetaDataModified")
    assert (asked.user_agent, asked.accept) == ("Workbench tests", "application/json")
    assert (state.title, state.status) == ("Wijken en buurten 2023 (verzonnen)", "Regulier")
    assert state.modified.isoformat() == "2026-03-02T02:00:00+01:00"
    assert state.licence == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize("observations", [True, False])
def test_a_change_of_figures_or_of_texts_moves_the_fingerprint(trial, observations):
    before = trial.state()
    assert trial.state().fingerprint == before.fingerprint
    trial.replay.move("90001NED", observations=observations)
    after = trial.state()
    assert after.fingerprint != before.fingerprint
    assert (after.observations_modified > before.observations_modified) is observations
    assert after.modified > before.modified


@pytest.mark.parametrize("name", ["Modified", "MetaDataModified"])
def test_a_table_that_no_longer_says_when_it_changed_needs_a_person(trial, name):
    trial.replay.table_v3("90001NED").about[name] = None
    with pytest.raises(SourceChanged, match="wanneer zij is gewijzigd"):
        trial.state()


@pytest.mark.parametrize("table", ["90001ned", "90002NED", "12345NED"])
def test_a_table_goes_by_one_spelling_of_its_id_though_the_source_takes_any(trial, table):
    with pytest.raises(SourceChanged, match=rf"{table} is niet gevonden.*hoofdletters"):
        trial.state(table)


def test_a_check_of_a_working_source_says_nothing_and_costs_one_request(trial):
    assert trial.cbs.check(trial.settings) == []
    assert [one.path for one in trial.replay.requests] == ["/ODataCatalog/Tables"]


# Measures by the stem of their column


def test_a_measure_is_found_by_its_name_whatever_its_number(trial):
    assert trial.codes().columns == {
        "AantalInwoners": "AantalInwoners_5",
        "PercentageJongerenMetJeugdzorg": "PercentageJongerenMetJeugdzorg_88",
    }
    for topic in trial.replay.table_v3("90001NED").sets["DataProperties"]:
        if topic["Key"].startswith("Percentage"):
            topic["Key"] = "PercentageJongerenMetJeugdzorg_71"
    assert trial.codes().columns["PercentageJongerenMetJeugdzorg"] == "PercentageJongerenMetJeugdzorg_71"


def test_a_name_that_stands_there_twice_needs_the_whole_name_and_both_are_named(trial):
    with pytest.raises(
        SourceChanged, match=r"Totaal komt .* vaker voor: Totaal_\d \(Totaal .*\), Totaal_\d \(Totaal "
    ):
        trial.codes(changed(DISTRICTS, measures=("Totaal",)))
    figures = cells(trial.fetch(changed(DISTRICTS, measures=("Totaal_9",))))
    assert figures["Totaal_9", "GM0034", "2023JJ00"] == (303.0, "unknown", None)


def test_a_renamed_measure_needs_a_person_and_the_candidates_are_named(trial):
    wanted = "onderwerp PercentageJeugdzorg niet.*PercentageJongerenMetJeugdzorg_88 .Percentage jongeren"
    with pytest.raises(SourceChanged, match=wanted):
        trial.codes(changed(DISTRICTS, measures=("PercentageJeugdzorg",)))


def test_a_column_of_text_is_no_measure(trial):
    with pytest.raises(SourceChanged, match="onderwerp Gemeentenaam niet"):
        trial.codes(changed(DISTRICTS, measures=("Gemeentenaam",)))


def test_another_unit_than_before_needs_a_person(trial):
    request = changed(DISTRICTS, units={"PercentageJongerenMetJeugdzorg": "%", "AantalInwoners": "Aantal "})
    trial.codes(request)
    trial.replay.patch("90001NED", "DataProperties", "PercentageJongerenMetJeugdzorg_88", Unit="per 1 000")
    with pytest.raises(SourceChanged, match="'%' in 'per 1 000'"):
        trial.codes(request)


@pytest.mark.parametrize("filters", [{}, {"Geslacht": "T001038", "Herkomst": "T1"}])
def test_a_dimension_too_few_or_too_many_needs_a_person(trial, filters):
    with pytest.raises(SourceChanged, match="In de tabel: Geslacht, RegioS, Perioden"):
        trial.codes(changed(HELP, filter=filters))


def test_an_unknown_code_in_the_filter_needs_a_person_and_the_candidates_are_named(trial):
    with pytest.raises(SourceChanged, match=r"TaakveldBalanspost de code 6\.75 niet.*6\.72 \(6\.72 Maatwerk"):
        trial.codes(changed(COSTS, filter=COSTS.filter | {"TaakveldBalanspost": "6.75"}))


@pytest.mark.parametrize("lost", ["Key", "Type", "Unit"])
def test_code_lists_of_another_shape_need_a_person(trial, lost):
    for row in trial.replay.table_v3("90001NED").sets["DataProperties"]:
        del row[lost]
    with pytest.raises(SourceChanged, match="andere vorm"):
        trial.codes()


# Padding, bounds, and asking for JSON once


def test_codes_are_trimmed_and_the_country_of_districts_is_the_one_country(trial):
    codes = trial.codes()
    assert codes.areas["GM0034"] == "Almere"
    assert codes.areas["NL01"] == "Nederland"
    assert "NL00" not in codes.areas
    assert cells(trial.fetch())["AantalInwoners", "NL01", "2023JJ00"][0] == 9000


def test_a_filter_spells_codes_with_their_padding_and_bounds_levels_and_time(trial):
    trial.fetch(HELP)
    [asked] = trial.asked("UntypedDataSet")
    assert asked == (
        "$format=json"
        "&$filter=Geslacht eq 'T001038' and (startswith(RegioS,'NL') or startswith(RegioS,'GM')) and Perioden ge '2021JJ00'"
        "&$select=Geslacht,Perioden,RegioS,HulpOntvangen_1"
    )
    trial.fetch(changed(COSTS))
    assert "TaakveldBalanspost eq '6.1   ' and Categorie eq 'L1.1    '" in trial.asked("90004NED/Untyped")[0]


def test_without_the_padding_the_source_finds_nothing_and_does_not_say_so(trial):
    url = (
        f"{trial.replay.base_url}/ODataFeed/odata/90004NED/UntypedDataSet?$format=json&$filter=Categorie eq "
    )
    assert httpx.get(url + "'L1.1'").json()["value"] == []
    assert len(httpx.get(url + "'L1.1    '").json()["value"]) == 27


@given(
    st.lists(
        st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=9), unique=True
    ),
    st.integers(9, 14),
    st.data(),
)
def test_whatever_the_width_of_a_code_its_filter_finds_its_own_rows_and_no_other(codes, width, data):
    if not codes:
        return
    wanted = data.draw(st.sampled_from(codes))
    padded = {code: code.ljust(width) for code in codes}
    request = changed(COSTS, region=None, period="2024JJ00", filter={"Soort": wanted})
    [condition] = bounds(request, TableCodes({}, {}, {}, keys={"Soort": padded}))
    finds = parse_filter(condition)
    assert [code for code in codes if finds({"Soort": padded[code]})] == [wanted]


def test_json_is_asked_on_the_first_request_and_the_next_link_repeats_it(trial):
    trial.replay.set(page_size=3)
    trial.fetch()
    queries = trial.asked("UntypedDataSet")
    assert len(queries) == 3
    assert all(query.count("$format=json") == 1 for query in queries)
    assert [query.rpartition("$skip=")[2] for query in queries[1:]] == ["3", "6"]


def test_the_stand_in_speaks_atom_unless_json_is_asked_and_refuses_to_be_asked_twice(trial):
    url = f"{trial.replay.base_url}/ODataApi/odata/90001NED/WijkenEnBuurten"
    answer = httpx.get(url)
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    assert answer.text == atom(trial.replay.table_v3("90001NED").sets["WijkenEnBuurten"])
    assert httpx.get(f"{url}?$format=json").json()["value"][1]["Key"] == "GM0034    "
    assert httpx.get(f"{url}?$format=json&$format=json").status_code == 400


def test_an_answer_in_xml_needs_a_person_and_is_not_tried_again(trial):
    trial.replay.fail("atom", times=None)
    with pytest.raises(SourceChanged, match="antwoordt in XML"):
        trial.state()
    assert len(trial.replay.requests) == 1


# Figures and marks


def test_a_figure_and_the_reasons_for_having_none_are_kept_apart(trial):
    batches = trial.fetch(changed(DISTRICTS, measures=("PercentageJongerenMetJeugdzorg",)))
    figures = {area: cell[::2] for (_, area, _), cell in cells(batches).items()}
    assert figures == {
        "NL01": (12.5, None),
        "GM0034": (11.0, None),
        "WK003401": (11.0, None),
        "BU00340101": (None, "suppressed"),
        "BU00340102": (None, "unknown"),
        "GM9001": (None, "impossible"),
        "WK900101": (None, "failed"),
        "BU90010101": (0.0, None),
    }
    assert sum((batch.strange for batch in batches), Counter()) == {"?": 1}


def test_of_a_table_with_only_a_typed_set_the_reason_is_not_known(trial):
    trial.replay.table_v3("90001NED").only_typed()
    figures = cells(trial.fetch(changed(DISTRICTS, measures=("PercentageJongerenMetJeugdzorg",))))
    assert {cell[::2] for cell in figures.values()} == {
        (12.5, None),
        (11.0, None),
        (0.0, None),
        (None, "unknown"),
    }
    assert [one.path.rpartition("/")[2] for one in trial.replay.requests[-2:]] == [
        "UntypedDataSet",
        "TypedDataSet",
    ]


@pytest.mark.parametrize(
    ("mark", "content"),
    [
        ("   -6.72", (-6.72, None)),
        ("       0", (0.0, None)),
        ("  -99998", (None, "not_delivered")),
        (" -99998.000", (None, "not_delivered")),
        ("  -99997", (-99997.0, None)),
        ("       .", (None, "unknown")),
        ("        ", (None, "impossible")),
        ("     1e5", (None, "failed")),
        ("     nan", (None, "failed")),
        ("   1_000", (None, "failed")),
        ("    12,5", (None, "failed")),
        (7, (7.0, None)),
        (None, (None, "unknown")),
    ],
)
def test_a_cell_is_a_figure_or_a_mark_and_nothing_in_between(trial, mark, content):
    trial.replay.table_v3("90001NED").sets["UntypedDataSet"][1]["AantalInwoners_5"] = mark
    figures = cells(trial.fetch())
    assert figures["AantalInwoners", "GM0034", "2023JJ00"][::2] == content


@pytest.mark.parametrize("cell", [True, [7], 10**400])
def test_a_cell_that_is_neither_text_nor_number_is_rejected_and_counted(trial, cell):
    trial.replay.table_v3("90001NED").sets["UntypedDataSet"][1]["AantalInwoners_5"] = cell
    [batch] = trial.fetch()
    assert batch.rejected == {"not_a_number": 1}
    assert batch.read == 16 == len(batch) + 1


def test_a_municipality_that_merged_keeps_its_old_figures_and_then_cannot_have_one(trial):
    figures = cells(trial.fetch(HELP))
    line = {period: cell[::2] for (_, area, period), cell in figures.items() if area == "GM9001"}
    assert line == {
        "2021JJ00": (100.0, None),
        "2022JJ00": (None, "impossible"),
        "2023JJ00": (None, "impossible"),
        "2024JJ00": (None, "impossible"),
    }


# Periods


def test_a_series_keeps_to_one_type_of_period_with_the_status_that_the_table_gives(trial):
    figures = cells(trial.fetch(HELP))
    status = {period: status for (_, area, period), (_, status, _) in figures.items() if area == "NL01"}
    assert status == {
        "2021JJ00": "final",
        "2022JJ00": "final",
        "2023JJ00": "further_provisional",
        "2024JJ00": "provisional",
    }


@pytest.mark.parametrize(
    ("kind", "period", "value"),
    [
        (PeriodType.HALF_YEAR, "2024HJ01", 515),
        (PeriodType.QUARTER, "2024KW01", 257.5),
        (PeriodType.MONTH, "2024MM01", 103),
        (PeriodType.SCHOOL_YEAR, "2023SJ00", 1020),
    ],
)
def test_each_type_of_period_is_a_series_of_its_own(trial, kind, period, value):
    figures = cells(trial.fetch(changed(HELP, period_type=kind, levels=("nl",))))
    assert {key[2]: cell[0] for key, cell in figures.items()} == {period: round(value)}


def test_a_table_without_periods_in_the_asked_time_is_suspect(trial):
    with pytest.raises(SuspectResult, match="geen perioden vanaf 2030"):
        trial.fetch(changed(HELP, first_period="2030"))


def test_a_table_of_one_year_has_its_period_written_out_in_the_catalogue(trial):
    assert {period for _, _, period in cells(trial.fetch())} == {"2023JJ00"}


def test_a_year_that_is_not_the_tables_needs_a_person(trial):
    with pytest.raises(SourceChanged, match="90001NED gaat over 2023, niet over 2022"):
        trial.codes(changed(DISTRICTS, period="2022JJ00"))


def test_a_value_is_asked_without_its_margins_and_a_margin_by_itself(trial):
    assert cells(trial.fetch(HEALTH)) == {
        ("ErvarenGezondheidGoedZeerGoed", "GM0034", "2020JJ00"): (70.6, "final", None),
        ("ErvarenGezondheidGoedZeerGoed", "GM0034", "2022JJ00"): (71.6, "final", None),
    }
    lower = trial.fetch(changed(HEALTH, filter=HEALTH.filter | {"Marges": "MOG0095"}))
    assert [value for value, _, _ in cells(lower).values()] == [67.6, 68.6]


# Finances of municipalities


@pytest.mark.parametrize(("report", "value"), [("2024X000", 1000.0), ("2024X005", 1100.0)])
def test_the_budget_and_the_accounts_are_a_year(trial, report, value):
    figures = cells(trial.fetch(changed(COSTS, filter=COSTS.filter | {"Verslagsoort": report})))
    assert figures["k_2ePlaatsing", "GM0034", "2024JJ00"] == (value, "unknown", None)
    assert figures["k_2ePlaatsing", "GM9001", "2024JJ00"] == (None, "unknown", "not_delivered")


def test_a_report_halfway_the_year_is_not_a_year(trial):
    with pytest.raises(SuspectResult, match="geen enkele rij"):
        trial.fetch(changed(COSTS, filter=COSTS.filter | {"Verslagsoort": "2024X001"}))


def test_costs_are_the_sum_over_all_their_categories_and_a_missing_part_makes_it_missing(trial):
    request = changed(COSTS, filter=COSTS.filter | {"TaakveldBalanspost": "6.72", "Categorie": "L*"})
    trial.replay.set(page_size=2)
    batches = trial.fetch(request)
    assert "startswith(Categorie,'L')" in trial.asked("UntypedDataSet")[0]
    figures = {area: cell[::2] for (_, area, _), cell in cells(batches).items()}
    assert figures == {
        "GM0034": (3000.0, None),
        "GM9001": (None, "not_delivered"),
        "GM9002": (-151.5, None),
    }
    assert [(batch.read, batch.summed, len(batch)) for batch in batches] == [(2, 2, 0)] * 3 + [(0, 0, 3)]


def test_one_part_that_is_a_point_makes_the_sum_missing_and_one_that_cannot_occur_does_not(trial):
    request = changed(COSTS, filter=COSTS.filter | {"Categorie": "L*"})
    cell = {"TaakveldBalanspost": "6.1", "Categorie": "L3.8", "Verslagsoort": "2024X000"}
    trial.replay.revise("90004NED", "k_2ePlaatsing_2", "GM0034", None, "       .", **cell)
    assert cells(trial.fetch(request))["k_2ePlaatsing", "GM0034", "2024JJ00"][::2] == (None, "unknown")
    trial.replay.revise("90004NED", "k_2ePlaatsing_2", "GM0034", None, "", **cell)
    assert cells(trial.fetch(request))["k_2ePlaatsing", "GM0034", "2024JJ00"][::2] == (1000.0, None)


def test_a_sum_over_codes_that_are_not_there_needs_a_person(trial):
    with pytest.raises(SourceChanged, match=r"Categorie de code X\* niet"):
        trial.codes(changed(COSTS, filter=COSTS.filter | {"Categorie": "X*"}))


def test_a_repeated_part_does_not_count_twice_in_a_sum(trial):
    request = changed(COSTS, filter=COSTS.filter | {"Categorie": "L*"})
    whole = cells(trial.fetch(request))
    trial.replay.set(page_size=4)
    trial.replay.fail("duplicate", on="UntypedDataSet", after=1)
    batches = trial.fetch(request)
    assert cells(batches) == whole
    assert sum(batch.repeated for batch in batches) == 1


# Pages, and where a next link may lead


@pytest.mark.parametrize("page_size", [1, 3, 8, 100])
def test_pages_of_any_size_give_the_same_figures_and_progress_goes_up(trial, page_size):
    whole = cells(trial.fetch())
    trial.progress.clear()
    trial.replay.set(page_size=page_size)
    batches = trial.fetch()
    assert cells(batches) == whole
    assert len(batches) == -(-8 // page_size)
    assert trial.progress == sorted(trial.progress)
    assert trial.progress[-1] == 8


def test_pages_are_fetched_one_by_one_as_they_are_used(trial):
    trial.replay.set(page_size=2)
    batches = trial.cbs.fetch(trial.settings, DISTRICTS, trial.codes(), trial.progress.append)
    next(batches)
    assert len(trial.replay.asked("UntypedDataSet")) == 1
    batches.close()


def test_between_pages_we_pause_as_long_as_set(trial):
    trial.replay.set(page_size=4)
    codes = trial.codes()
    trial.pauses.clear()
    settings = trial.settings.model_copy(update={"page_pause": 1.5})
    list(trial.cbs.fetch(settings, DISTRICTS, codes, trial.progress.append))
    assert trial.pauses == [1.5]


def test_a_next_link_to_a_server_inside_is_brought_back_to_the_source(trial):
    whole = cells(trial.fetch())
    trial.replay.set(page_size=3)
    trial.replay.fail("inside_host", times=None, on="UntypedDataSet")
    assert cells(trial.fetch()) == whole


@pytest.mark.parametrize("kind", ["wrong_host", "other_path"])
def test_a_next_link_to_another_path_is_not_followed(trial, kind):
    trial.replay.set(page_size=3)
    trial.replay.fail(kind, on="UntypedDataSet")
    with pytest.raises(SourceChanged, match="ander adres"):
        trial.fetch()
    assert len(trial.replay.asked("UntypedDataSet")) == 1


@pytest.mark.parametrize("link", ["http://[", "/x", "", 7])
def test_a_next_link_that_is_no_address_is_not_followed(trial, monkeypatch, link):
    codes, page = trial.codes(), trial.replay.page
    monkeypatch.setattr(trial.replay, "page", lambda *asked: page(*asked) | {"odata.nextLink": link})
    with pytest.raises(SourceChanged, match="ander adres"):
        list(trial.cbs.fetch(trial.settings, DISTRICTS, codes, trial.progress.append))


def test_a_page_that_follows_itself_is_noticed(trial):
    trial.replay.set(page_size=3)
    trial.replay.fail("loop", times=None, on="UntypedDataSet")
    with pytest.raises(SourceChanged, match="steeds dezelfde"):
        trial.fetch()


# What goes wrong on the way


def test_more_than_ten_thousand_rows_is_a_refusal_with_its_reason_and_is_not_tried_again(trial):
    trial.replay.fail("too_many", times=None, on="UntypedDataSet")
    with pytest.raises(SourceChanged, match=r"meer dan 10\.000 rijen"):
        trial.fetch()
    assert len(trial.replay.asked("UntypedDataSet")) == 1


@pytest.mark.parametrize("kind", ["500", "503", "429", "reset", "truncated", "not_json"])
def test_a_passing_fault_is_tried_again_after_growing_pauses(trial, kind):
    whole = cells(trial.fetch())
    trial.pauses.clear()
    trial.replay.fail(kind, times=TRIES - 1, on="UntypedDataSet")
    assert cells(trial.fetch()) == whole
    for pause, least in zip(trial.pauses, (1, 2, 4), strict=True):
        assert least <= pause <= least + 1


@pytest.mark.parametrize("kind", ["500", "503", "429", "reset", "truncated", "not_json"])
def test_a_lasting_fault_ends_after_four_tries_with_the_source_unavailable(trial, kind):
    trial.replay.fail(kind, times=None)
    with pytest.raises(SourceUnavailable, match="CBS"):
        trial.state()
    assert len(trial.replay.requests) == TRIES


def test_the_pause_that_the_source_asks_for_is_kept(trial):
    trial.replay.fail("429", retry_after="17")
    trial.state()
    assert trial.pauses == [17]


@pytest.mark.parametrize("kind", ["400", "403"])
def test_a_refusal_is_not_tried_again(trial, kind):
    trial.replay.fail(kind, times=None)
    with pytest.raises(SourceChanged, match=f"code {kind}"):
        trial.state()
    assert len(trial.replay.requests) == 1


def test_a_dripping_source_is_given_up_after_the_total_time(trial):
    trial.replay.fail("slow", times=None, seconds=8)
    with pytest.raises(SourceUnavailable, match="te langzaam"):
        trial.state(total_seconds=0.3)


def test_one_connection_at_a_time_over_ipv4_when_that_is_set(trial, monkeypatch):
    made = []
    real = httpx.Client

    def client(**options):
        made.append(options)
        return real(**options)

    monkeypatch.setattr("workbench.sources.connectors.http.httpx.Client", client)
    assert trial.state(force_ipv4=True).table == "90001NED"
    [options] = made
    assert options["limits"].max_connections == 1
    assert options["transport"]._pool._local_address == "0.0.0.0"


# What cannot be true: keep the old figures


def test_an_empty_answer_is_suspect(trial):
    trial.replay.fail("empty", on="UntypedDataSet")
    with pytest.raises(SuspectResult, match="geen enkele rij"):
        trial.fetch()


def test_an_announced_measure_with_only_marks_is_suspect(trial):
    with pytest.raises(SuspectResult, match="nog niet gevuld"):
        trial.fetch(changed(DISTRICTS, measures=("WmoClienten",)))


def test_a_page_that_does_not_tell_of_the_next_one_is_noticed_because_the_table_has_no_holes(trial):
    trial.replay.set(page_size=3)
    trial.replay.fail("lost_page", on="UntypedDataSet")
    with pytest.raises(SuspectResult, match="6 van de 16 cijfers"):
        trial.fetch()


def test_of_a_table_with_holes_nobody_knows_how_much_to_expect(trial):
    trial.replay.table_v3("90001NED").about["RecordCount"] = 7
    assert trial.codes().expected is None


@pytest.mark.parametrize(
    ("request_", "expected"),
    [(DISTRICTS, 8), (HELP, 16), (HEALTH, 2), (changed(COSTS, filter=COSTS.filter | {"Categorie": "L*"}), 6)],
    ids=["districts", "help", "health", "costs"],
)
def test_so_many_rows_are_expected_of_a_table_without_holes(trial, request_, expected):
    assert trial.codes(request_).expected == expected


def test_a_row_that_comes_back_with_another_value_is_suspect(trial):
    trial.replay.set(page_size=3)
    trial.replay.fail("contradiction", on="UntypedDataSet", after=1)
    with pytest.raises(SuspectResult, match="twee verschillende cijfers voor AantalInwoners, gebied NL01"):
        trial.fetch()


def test_a_row_repeated_on_another_page_counts_once(trial):
    whole = cells(trial.fetch())
    trial.replay.set(page_size=3)
    trial.replay.fail("duplicate", on="UntypedDataSet", after=1)
    batches = trial.fetch()
    assert cells(batches) == whole
    assert [batch.repeated for batch in batches] == [0, 2, 0]


def test_rows_nobody_asked_for_are_left_out_and_counted(trial):
    whole = cells(trial.fetch(HELP))
    trial.replay.fail("unfiltered", on="UntypedDataSet")
    [batch] = trial.fetch(HELP)
    assert cells([batch]) == whole
    assert batch.outside == batch.read - len(batch) == 3 * 5 * 8 - 16


def test_a_lost_column_is_named_with_the_columns_that_are_there(trial):
    trial.replay.fail("lost_column", on="UntypedDataSet")
    with pytest.raises(SourceChanged, match=r"geen kolom AantalInwoners_5, .*Wel: WijkenEnBuurten"):
        trial.fetch()


# The twin for others' tables


def test_the_tables_of_others_are_at_their_own_address_and_say_nothing_of_a_licence(trial):
    cbs, settings = Dataderden(sleep=trial.pauses.append), DataderdenSettings(base_url=trial.replay.base_url)
    assert cbs.state(settings, "90003NED").licence is None
    assert DataderdenSettings().base_url == "https://dataderden.cbs.nl"
    assert connector("dataderden").label == "CBS Dataderden"
    assert connector("cbs-v3").label == "CBS"


# The stand-in itself


def test_above_ten_thousand_rows_only_the_feed_answers_in_pages():
    rows = {f"GM{number:04}": {"6.1": 1.0, "6.2": 2.0, "6.3": 3.0} for number in range(4000)}
    with ReplayV3() as replay:
        replay.add(finances("90005NED", "2024X000", rows, {}))
        table = "odata/90005NED/UntypedDataSet?$format=json"
        refused = httpx.get(f"{replay.base_url}/ODataApi/{table}")
        assert refused.status_code == 500
        assert "10000" in refused.text
        page = httpx.get(f"{replay.base_url}/ODataFeed/{table}").json()
        assert len(page["value"]) == 10_000
        assert len(httpx.get(page["odata.nextLink"]).json()["value"]) == 2_000
        filtered = httpx.get(f"{replay.base_url}/ODataFeed/{table}&$filter=k_2ePlaatsing_2 eq '1.0'")
        assert filtered.status_code == 500


def test_the_controls_work_over_http(trial):
    wish = {
        "do": "revise",
        "table": "90001NED",
        "measure": "AantalInwoners_5",
        "area": "GM0034",
        "period": None,
    }
    assert httpx.post(f"{trial.replay.origin}/_control", json=wish | {"value": 601}).json() == {"done": 1}
    assert cells(trial.fetch())["AantalInwoners", "GM0034", "2023JJ00"][0] == 601
    assert isinstance(trial.replay.requests[0], Asked)


@pytest.mark.parametrize("folder", sorted(PAYLOADS_V3.iterdir()), ids=lambda folder: folder.name)
def test_our_own_payloads_say_that_they_are_invented(folder):
    assert json.loads((folder / "index.json").read_text("utf-8"))["generated"] is True
    assert "verzonnen" in json.loads((folder / "TableInfos.json").read_text("utf-8"))["value"][0]["Title"]


# The recordings

absent = pytest.mark.skipif(
    not RECORDED_V3.exists(), reason="the recorded CBS tables (../shared/data) are not here"
)


@pytest.fixture(scope="module")
def recording():
    with ReplayV3() as replay:
        replay.add(recorded_districts())
        replay.add(recorded_provinces())
        yield Trial(replay)


KEY_FIGURES = Request(
    table="84799NED",
    measures=("AantalInwoners", "PersonenPerSoortUitkeringBijstand"),
    region="WijkenEnBuurten",
    period="2020JJ00",
    levels=("nl", "gemeente", "wijk", "buurt"),
)


@absent
def test_the_recorded_key_figures_load_whole_and_every_level_adds_up_to_the_country(recording):
    batches = recording.fetch(KEY_FIGURES)
    figures = cells(batches)
    assert [batch.read for batch in batches] == [20_000, 14_682]
    assert len(figures) == 2 * 17_341
    assert not any(batch.outside or batch.repeated or batch.rejected or batch.strange for batch in batches)
    total = figures["AantalInwoners", "NL01", "2020JJ00"]
    assert total == (17_407_585.0, "unknown", None)
    for prefix, areas, tolerance in (("GM", 355, 0), ("WK", 3_177, 4_000), ("BU", 13_808, 10_000)):
        values = [
            value or 0
            for (measure, area, _), (value, _, _) in figures.items()
            if area.startswith(prefix) and measure == "AantalInwoners"
        ]
        assert len(values) == areas
        assert (
            abs(sum(values) - total[0]) <= tolerance
        )  # districts are rounded to fives, and very small ones hidden
    assert figures["PersonenPerSoortUitkeringBijstand", "GM0363", "2020JJ00"][0] == 39_780


@absent
def test_the_recorded_columns_that_were_only_announced_are_suspect(recording):
    with pytest.raises(SuspectResult, match="aangekondigd, maar nog niet gevuld"):
        recording.fetch(changed(KEY_FIGURES, measures=("PercentageJongerenMetJeugdzorg",)))


@absent
def test_only_the_municipalities_of_the_recording_cost_one_page(recording):
    [batch] = recording.fetch(changed(KEY_FIGURES, levels=("gemeente",)))
    assert (batch.read, len(batch)) == (710, 710)


@absent
def test_recorded_provincial_finances_add_up_over_their_categories(recording):
    request = Request(
        table="45012NED",
        measures=("k_2dePlaatsing",),
        region="Provincies",
        period="Verslagsoort",
        levels=("provincie",),
        filter={"FunctieKostenplaatsBalanspost": "1.0", "Categorie": "L*", "Verslagsoort": "2013X005"},
    )
    figures = cells(recording.fetch(request))
    table = recorded_provinces()
    for province in ("PV20", "PV27", "PV31"):
        parts = [
            float(row["k_2dePlaatsing_2"])
            for row in table.sets["UntypedDataSet"]
            if row["Provincies"].strip() == province
            and row["FunctieKostenplaatsBalanspost"] == "1.0   "
            and row["Categorie"].startswith("L")
            and row["Verslagsoort"] == "2013X005"
        ]
        assert len(parts) == 27
        assert figures["k_2dePlaatsing", province, "2013JJ00"][0] == pytest.approx(sum(parts))
    assert len(figures) == 12


@absent
def test_the_recorded_figures_survive_being_written_as_text():
    rows = recorded_provinces().sets["UntypedDataSet"]
    assert sum(1 for row in rows if row["k_2dePlaatsing_2"].strip() == ".") == 8_808
    assert (
        min(float(row["k_2dePlaatsing_2"]) for row in rows if row["k_2dePlaatsing_2"].strip() != ".")
        == -706_896.578
    )
    assert untyped(12.5, 1) == "    12.5"


@pytest.fixture(scope="module")
def municipal_finances():
    """report -> municipality -> task -> costs x 1,000 euro; and the names of the municipalities."""
    path = SHARED / "iv3" / "iv3_data.json.gz"
    if not path.exists():
        pytest.skip("the recorded finances (../shared/data/iv3) are not here")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = json.load(file)
    costs = {}
    for row in rows:
        if row["model"] == "iv3.iv3summary":
            facts = row["fields"]
            costs.setdefault(facts["verslagsoort"], {})[facts["gm_code"]] = facts["lasten_per_taakveld"]
    names = {
        row["fields"]["gm_code"]: row["fields"]["gm_naam"] for row in rows if row["model"] == "iv3.gemeente"
    }
    return costs, names


def budget(municipal_finances, report, task, table="45999NED"):
    costs, names = municipal_finances
    with ReplayV3() as replay:
        replay.add(finances(table, report, costs[report], names))
        trial = Trial(replay)
        request = changed(
            COSTS,
            table=table,
            filter={"TaakveldBalanspost": task, "Categorie": "L*", "Verslagsoort": report},
        )
        return {area: cell for (_, area, _), cell in cells(trial.fetch(request)).items()}


def test_the_negative_budget_of_nieuwkoop_comes_through_as_it_is(municipal_finances):
    youth = budget(municipal_finances, "2024X000", "6.72")
    assert round(youth["GM0569"][0], -2) == -41_500
    assert round(budget(municipal_finances, "2024X000", "6.1")["GM0569"][0], -2) == 58_300
    assert len(youth) == 342
    assert [cell[::2] for cell in youth.values() if cell[0] is None] == [(None, "unknown")]  # did not deliver


def test_a_municipality_that_was_abolished_is_in_the_tables_until_then(municipal_finances):
    assert "GM0457" in budget(municipal_finances, "2021X000", "6.1")  # Weesp, until 24 March 2022
    assert "GM0457" not in budget(municipal_finances, "2023X000", "6.1")


def test_a_task_that_was_renamed_needs_a_person_and_its_successors_are_named(municipal_finances):
    with pytest.raises(SourceChanged, match=r"code 6\.72 niet\. Wel: .*6\.75"):
        budget(municipal_finances, "2025X000", "6.72")


def test_costs_over_the_main_task_are_the_sum_of_its_tasks(municipal_finances):
    whole = budget(municipal_finances, "2024X000", "6.*")
    parts = municipal_finances[0]["2024X000"]["GM0034"]
    assert whole["GM0034"][0] == pytest.approx(sum(parts[task] for task in parts if task.startswith("6.")))
