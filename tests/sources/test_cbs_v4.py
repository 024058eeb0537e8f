from collections import defaultdict
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import unquote

import pytest

from tests.sources.batches import cells, changed
from tests.sources.replay import PAYLOADS, RECORDED, Replay
from workbench.core.language import Language
from workbench.indicators.periods import PeriodType
from workbench.sources.connectors import (
    Batch,
    Request,
    SourceChanged,
    SourceUnavailable,
    SuspectResult,
    connector,
    register,
)
from workbench.sources.connectors.cbs_v4 import CbsSettings, CbsV4
from workbench.sources.connectors.http import LONGEST_PAUSE, TRIES

POPULATION = Request(
    table="03759ned",
    measures=("M000352", "M000365"),
    region="RegioS",
    period="Perioden",
    levels=("nl", "provincie", "gemeente"),
    first_period="2019",
    filter={"Geslacht": "T001038", "Leeftijd": "10000", "BurgerlijkeStaat": "T001019"},
)
HELP = Request(
    table="00001ned",
    measures=("X000001",),
    region="RegioS",
    period="Perioden",
    levels=("nl", "gemeente"),
    period_type=PeriodType.YEAR,
    filter={"Geslacht": "T001038"},
)


class Trial:
    """The connector against a replay, with its pauses written down instead of waited for."""

    def __init__(self, replay: Replay) -> None:
        self.replay, self.pauses, self.progress = replay, [], []
        self.cbs = CbsV4(sleep=self.pauses.append)
        self.settings = CbsSettings(base_url=replay.base_url, user_agent="Workbench tests")

    def state(self, table="03759ned", **settings):
        return self.cbs.state(self.settings.model_copy(update=settings), table)

    def codes(self, request=POPULATION):
        return self.cbs.codes(self.settings, request)

    def fetch(self, request=POPULATION, **settings):
        settings = self.settings.model_copy(update=settings)
        return list(
            self.cbs.fetch(settings, request, self.cbs.codes(settings, request), self.progress.append)
        )


@pytest.fixture
def trial():
    with Replay(PAYLOADS) as replay:
        yield Trial(replay)


# What a table says


def test_the_state_of_a_table_costs_one_small_request(trial):
    state = trial.state()
    assert len(trial.replay.requests) == 1
    assert (state.table, state.version, state.status) == ("03759ned", "202606230000", "Regulier")
    assert state.title.startswith("Bevolking op 1 januari")
    assert state.modified == datetime.fromisoformat("2026-06-23T00:00:00+02:00")
    assert state.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_the_fingerprint_stays_while_nothing_moves_and_differs_after_a_revision(trial):
    before = trial.state()
    assert trial.state().fingerprint == before.fingerprint
    trial.replay.revise("03759ned", "M000352", "GM0034", "2026JJ00", 999)
    after = trial.state()
    assert after.fingerprint != before.fingerprint
    assert after.observations_modified > before.observations_modified


def test_a_change_of_the_texts_alone_also_moves_the_fingerprint(trial):
    before = trial.state()
    trial.replay.move("03759ned", observations=False)
    assert trial.state().fingerprint != before.fingerprint
    assert trial.state().observations_modified == before.observations_modified


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Modified", "2026-06-24T00:00:00+02:00"),
        ("ObservationsModified", "2026-06-24T00:00:00+02:00"),
        ("ObservationsModified", None),
        ("Version", "202606230001"),
    ],
)
def test_each_mark_of_an_edition_alone_moves_the_fingerprint(trial, name, value):
    before = trial.state()
    trial.replay.table("03759ned").properties[name] = value
    assert trial.state().fingerprint != before.fingerprint


def test_a_better_description_leaves_the_fingerprint(trial):
    before = trial.state()
    trial.replay.table("03759ned").properties |= {"Description": "Beter.", "Title": "Bevolking"}
    assert trial.state().fingerprint == before.fingerprint


def test_another_casing_of_a_table_is_another_table_and_the_sentence_says_so(trial):
    with pytest.raises(SourceChanged, match=r"03759NED is niet gevonden.*hoofdletters"):
        trial.state("03759NED")
    assert len(trial.replay.requests) == 1


def test_a_table_that_no_longer_says_when_it_changed_needs_a_person(trial):
    del trial.replay.table("03759ned").properties["Modified"]
    with pytest.raises(SourceChanged, match="wanneer"):
        trial.state()


def test_an_unreadable_moment_of_change_needs_a_person(trial):
    trial.replay.table("03759ned").properties["Modified"] = "gisteren"
    with pytest.raises(SourceChanged, match="onleesbare wijzigingsdatum"):
        trial.state()


def test_a_moment_without_zone_is_dutch_time(trial):
    trial.replay.table("03759ned").properties["Modified"] = "2026-06-23T00:00:00"
    assert trial.state().modified == datetime.fromisoformat("2026-06-23T00:00:00+02:00")


def test_a_check_of_a_working_source_says_nothing_and_costs_one_request(trial):
    assert trial.cbs.check(trial.settings) == []
    assert len(trial.replay.requests) == 1


def test_we_say_who_we_are_and_ask_for_json(trial):
    trial.state()
    assert trial.replay.requests[0].user_agent == "Workbench tests"
    assert trial.replay.requests[0].accept == "application/json"


# Code lists, and whether the request fits


def test_the_codes_come_trimmed_with_names_units_and_the_status_of_each_period(trial):
    codes = trial.codes(HELP)
    assert codes.measures["X000002"].unit == "%"
    assert codes.measures["X000002"].decimals == 1
    assert codes.areas["GM9001"] == "Oostdorp (verzonnen)"
    assert codes.period_status["2022JJ00"] == "final"
    assert codes.period_status["2023JJ00"] == "further_provisional"
    assert codes.period_status["2024JJ00"] == "provisional"
    assert codes.period_status["2024MM01"] == "unknown"


def test_an_unknown_measure_needs_a_person_and_the_candidates_are_named(trial):
    with pytest.raises(SourceChanged, match=r"onderwerp M000353 niet.*M000352 \(Bevolking op 1 januari"):
        trial.codes(changed(POPULATION, measures=("M000353",)))


def test_an_unknown_code_in_the_filter_needs_a_person_and_the_candidates_are_named(trial):
    with pytest.raises(SourceChanged, match=r"Geslacht de code T001039 niet.*T001038 \(Totaal"):
        trial.codes(changed(HELP, filter={"Geslacht": "T001039"}))


@pytest.mark.parametrize("dimensions", [{}, {"Geslacht": "T001038", "Herkomst": "T1"}])
def test_a_dimension_too_few_or_too_many_needs_a_person(trial, dimensions):
    with pytest.raises(SourceChanged, match="In de tabel: Geslacht, RegioS, Perioden"):
        trial.codes(changed(HELP, filter=dimensions))


def test_another_unit_than_before_needs_a_person(trial):
    request = changed(HELP, units={"X000001": "aantal"})
    trial.codes(request)
    trial.replay.patch("00001ned", "MeasureCodes", "X000001", Unit="x 1 000")
    with pytest.raises(SourceChanged, match="'aantal' in 'x 1 000'"):
        trial.codes(request)


def test_another_way_to_write_a_unit_is_no_change(trial):
    trial.replay.patch("00001ned", "MeasureCodes", "X000001", Unit="Aantal ")
    trial.codes(changed(HELP, units={"X000001": "aantal"}))


def test_code_lists_of_another_shape_need_a_person(trial):
    for row in trial.replay.table("00001ned").lists["MeasureCodes"]:
        del row["Unit"]
    with pytest.raises(SourceChanged, match="andere vorm"):
        trial.codes(HELP)


# The request


def test_the_filter_is_spelled_as_in_the_recording(trial):
    trial.codes()
    trial.fetch()
    (asked,) = {one.query for one in trial.replay.asked("Observations")}
    assert unquote(asked) == (
        "$filter=Geslacht eq 'T001038' and Leeftijd eq '10000' and BurgerlijkeStaat eq 'T001019'"
        " and (startswith(RegioS,'NL') or startswith(RegioS,'PV') or startswith(RegioS,'GM'))"
        " and Perioden ge '2019JJ00' and (Measure eq 'M000352' or Measure eq 'M000365')"
    )


def test_the_server_sends_only_what_was_asked(trial):
    (batch,) = trial.fetch()
    assert batch.read == len(batch) == 6 * 8 * 2
    assert (batch.outside, batch.repeated, batch.rejected.total()) == (0, 0, 0)


def test_every_period_of_the_asked_type_counts_from_the_first_year(trial):
    batches = trial.fetch(changed(HELP, first_period="2024", period_type=None))
    assert {period for _, _, period in cells(batches)} == {"2024JJ00", "2024HJ01", "2024KW01", "2024MM01"}


def test_a_first_period_keeps_to_its_own_type(trial):
    batches = trial.fetch(changed(HELP, first_period="2022JJ00", period_type=None))
    assert {period for _, _, period in cells(batches)} == {"2022JJ00", "2023JJ00", "2024JJ00"}
    assert sum(batch.outside for batch in batches) == 4 * 4


def test_a_table_without_periods_in_the_asked_time_is_suspect(trial):
    with pytest.raises(SuspectResult, match="geen perioden vanaf 2030"):
        trial.fetch(changed(HELP, first_period="2030"))


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"table": "03759ned/../x"}, "not a table id"),
        ({"filter": {"Geslacht eq 'x' or Leeftijd": "1"}}, "not a dimension name"),
        ({"region": "Regio's"}, "not a dimension name"),
        ({"levels": ("stad",)}, "unknown levels: stad"),
        ({"levels": ()}, "at least one"),
        ({"measures": ()}, "at least one"),
        ({"first_period": "2019W101"}, "not a period code"),
    ],
)
def test_a_request_that_could_never_be_sent_is_refused_at_once(fields, complaint):
    with pytest.raises(ValueError, match=complaint):
        changed(POPULATION, **fields)


def test_requests_can_be_keys_and_differ_by_their_filter():
    other = changed(POPULATION, filter={"Geslacht": "3000"})
    assert {POPULATION: 1, other: 2, changed(POPULATION): 3} == {POPULATION: 3, other: 2}


# Observations


def test_the_municipalities_add_up_to_the_country_in_the_small_table(trial):
    figures = cells(trial.fetch())
    for year in range(2019, 2027):
        municipal = [
            value
            for (measure, area, period), (value, _, _) in figures.items()
            if measure == "M000352" and area.startswith("GM") and period == f"{year}JJ00"
        ]
        assert sum(value or 0 for value in municipal) == figures["M000352", "NL01", f"{year}JJ00"][0]


def test_a_value_and_the_reasons_for_having_none_are_kept_apart(trial):
    figures = cells(trial.fetch(HELP))
    assert figures["X000001", "GM9001", "2021JJ00"] == (120.0, "final", None)
    assert figures["X000001", "GM9002", "2021JJ00"] == (None, "final", "not_delivered")
    assert figures["X000001", "GM9003", "2022JJ00"] == (None, "final", "suppressed")
    assert figures["X000001", "GM9003", "2023JJ00"] == (None, "further_provisional", "not_delivered")
    assert figures["X000001", "GM9003", "2024JJ00"] == (None, "provisional", "failed")
    assert cells(trial.fetch())["M000365", "NL01", "2026JJ00"] == (None, "final", "impossible")


def test_a_word_we_do_not_know_is_counted_under_its_own_name(trial):
    (batch,) = trial.fetch(HELP)
    assert batch.strange == {"Raadsel": 1}


@pytest.mark.parametrize("page_size", [1, 7, 96, 1000])
def test_pages_of_any_size_give_the_same_figures_and_progress_goes_up(trial, page_size):
    whole = cells(trial.fetch())
    trial.progress.clear()
    trial.replay.set(page_size=page_size)
    batches = trial.fetch()
    assert cells(batches) == whole
    assert len(batches) == -(-96 // page_size)
    assert trial.progress == sorted(trial.progress)
    assert trial.progress[-1] == 96


def test_between_pages_we_pause_as_long_as_set(trial):
    trial.replay.set(page_size=40)
    trial.fetch(page_pause=1.5)
    assert trial.pauses == [1.5, 1.5]


def test_pages_are_fetched_one_by_one_as_they_are_used(trial):
    trial.replay.set(page_size=10)
    batches = trial.cbs.fetch(trial.settings, POPULATION, trial.codes(), trial.progress.append)
    next(batches)
    assert len(trial.replay.asked("Observations")) == 1
    batches.close()


def test_a_table_without_regions_gives_figures_of_the_country(trial):
    table = trial.replay.table("00001ned")
    table.lists["Dimensions"] = [row for row in table.lists["Dimensions"] if row["Identifier"] != "RegioS"]
    table.lists["Observations"] = [row for row in table.lists["Observations"] if row["RegioS"] == "NL01"]
    for row in table.lists["Observations"]:
        del row["RegioS"]
    figures = cells(trial.fetch(changed(HELP, region=None, levels=("nl",))))
    assert len(figures) == 4
    assert {area for _, area, _ in figures} == {"NL01"}


def test_one_revised_value_is_the_only_difference(trial):
    before = cells(trial.fetch())
    trial.replay.revise("03759ned", "M000352", "GM0034", "2025JJ00", 1234)
    after = cells(trial.fetch())
    assert dict(after.items() - before.items()) == {
        ("M000352", "GM0034", "2025JJ00"): (1234.0, "final", None)
    }


def test_a_provisional_figure_becomes_final_with_its_period(trial):
    trial.replay.patch("00001ned", "PeriodenCodes", "2024JJ00", Status="Definitief")
    assert cells(trial.fetch(HELP))["X000001", "NL01", "2024JJ00"][1] == "final"


# What goes wrong on the way: try again


@pytest.mark.parametrize("kind", ["500", "503", "429", "reset", "truncated", "not_json"])
def test_a_passing_fault_is_tried_again_after_growing_pauses(trial, kind):
    whole = cells(trial.fetch())
    trial.pauses.clear()
    trial.replay.fail(kind, times=TRIES - 1, on="/Observations")
    assert cells(trial.fetch()) == whole
    assert len(trial.pauses) == TRIES - 1
    for pause, least in zip(trial.pauses, (1, 2, 4), strict=True):
        assert least <= pause <= least + 1


@pytest.mark.parametrize("kind", ["500", "503", "429", "reset", "truncated", "not_json"])
def test_a_lasting_fault_ends_after_four_tries_with_the_source_unavailable(trial, kind):
    trial.replay.fail(kind, times=None)
    with pytest.raises(SourceUnavailable, match="CBS"):
        trial.state()
    assert len(trial.replay.requests) == TRIES


def test_a_fault_halfway_costs_one_page_not_the_whole(trial):
    trial.replay.set(page_size=10)
    trial.replay.fail("truncated", on="/Observations", after=4)
    assert len(cells(trial.fetch())) == 96
    assert len(trial.replay.asked("/Observations")) == 10 + 1


def test_the_pause_that_the_source_asks_for_is_kept(trial):
    trial.replay.fail("429", retry_after="17")
    trial.state()
    assert trial.pauses == [17]


def test_a_pause_given_as_a_moment_is_kept(trial):
    until = datetime.now(UTC) + timedelta(seconds=30)
    trial.replay.fail("503", retry_after=format_datetime(until, usegmt=True))
    trial.state()
    assert 25 < trial.pauses[0] <= 30


def test_an_unreadable_pause_is_our_own_pause(trial):
    trial.replay.fail("503", retry_after="straks")
    trial.state()
    assert 1 <= trial.pauses[0] <= 2


def test_a_pause_too_long_to_wait_for_is_handed_to_the_caller(trial):
    trial.replay.fail("429", times=None, retry_after="3600")
    with pytest.raises(SourceUnavailable) as unavailable:
        trial.state()
    assert unavailable.value.retry_after == 3600 > LONGEST_PAUSE
    assert trial.pauses == []


def test_a_silent_source_is_given_up_after_the_read_time(trial):
    trial.replay.fail("slow", times=None, seconds=8)
    with pytest.raises(SourceUnavailable, match="te langzaam"):
        trial.state(read_seconds=0.05)


def test_a_dripping_source_is_given_up_after_the_total_time(trial):
    trial.replay.fail("slow", times=None, seconds=8)
    with pytest.raises(SourceUnavailable, match="te langzaam"):
        trial.state(total_seconds=0.3)
    assert len(trial.replay.requests) == 1


def test_a_source_that_is_not_there_is_unavailable(trial):
    with pytest.raises(SourceUnavailable, match="De verbinding met CBS lukt niet"):
        trial.state(base_url="http://127.0.0.1:9/odata")


def test_the_sender_can_be_forced_to_ipv4(trial):
    assert trial.state(force_ipv4=True).table == "03759ned"


# What goes wrong for good: a person must look


@pytest.mark.parametrize("kind", ["400", "403"])
def test_a_refusal_is_not_tried_again(trial, kind):
    trial.replay.fail(kind, times=None)
    with pytest.raises(SourceChanged, match=f"code {kind}"):
        trial.state()
    assert len(trial.replay.requests) == 1


def test_a_next_page_on_another_host_is_not_followed(trial):
    trial.replay.set(page_size=10)
    trial.replay.fail("wrong_host", on="/Observations", after=1)
    with pytest.raises(SourceChanged, match="ander adres"):
        trial.fetch()
    assert len(trial.replay.asked("/Observations")) == 2


@pytest.mark.parametrize(
    "link", ["http://127.0.0.1:1/odata/v1/CBS/x", "https://{host}/x", "http://[", "/x", 7]
)
def test_a_next_page_must_have_the_same_scheme_host_and_port(trial, monkeypatch, link):
    codes, answer = trial.codes(), trial.replay.answer
    link = link.format(host=trial.replay.origin.removeprefix("http://")) if isinstance(link, str) else link
    monkeypatch.setattr(trial.replay, "answer", lambda *asked: answer(*asked) | {"@odata.nextLink": link})
    with pytest.raises(SourceChanged, match="ander adres"):
        list(trial.cbs.fetch(trial.settings, POPULATION, codes, trial.progress.append))


def test_a_page_that_follows_itself_is_noticed(trial):
    trial.replay.set(page_size=10)
    trial.replay.fail("loop", times=None, on="/Observations")
    with pytest.raises(SourceChanged, match="steeds dezelfde"):
        trial.fetch()


def test_a_page_far_too_big_is_not_read_to_its_end(trial):
    with pytest.raises(SourceChanged, match="veel groter"):
        trial.fetch(max_page_bytes=10_000)


def test_a_lost_column_is_named_with_the_columns_that_are_there(trial):
    trial.replay.fail("lost_column", on="/Observations")
    with pytest.raises(SourceChanged, match=r"geen kolom Value\. Wel: .*Measure"):
        trial.fetch()


@pytest.mark.parametrize("shape", [{"value": "veel"}, {"value": [1, 2]}, {"rows": []}])
def test_an_answer_without_a_list_of_rows_needs_a_person(trial, monkeypatch, shape):
    codes = trial.codes()
    monkeypatch.setattr(trial.replay, "answer", lambda *_: shape)
    with pytest.raises(SourceChanged, match="andere vorm"):
        list(trial.cbs.fetch(trial.settings, POPULATION, codes, trial.progress.append))


@pytest.mark.parametrize(
    "address", ["ftp://cbs.nl/x", "datasets.cbs.nl", "https://datasets.cbs.nl/odata?key=secret", "https://"]
)
def test_an_address_that_cannot_be_a_source_is_refused(address):
    with pytest.raises(ValueError, match="http"):
        CbsSettings(base_url=address)


# What cannot be true: keep the old figures


def test_an_empty_answer_is_suspect(trial):
    trial.replay.fail("empty", on="/Observations")
    with pytest.raises(SuspectResult, match="geen enkele rij"):
        trial.fetch()


def test_a_measure_without_a_single_observation_is_suspect(trial):
    with pytest.raises(SuspectResult, match="geen enkele rij"):
        trial.fetch(changed(HELP, measures=("X000004",)))


def test_an_announced_measure_with_only_empty_cells_is_suspect(trial):
    with pytest.raises(SuspectResult, match="nog niet gevuld"):
        trial.fetch(changed(HELP, measures=("X000003",)))


def test_a_row_repeated_on_another_page_counts_once(trial):
    whole = cells(trial.fetch())
    trial.replay.set(page_size=40)
    trial.replay.fail("duplicate", on="/Observations", after=1)
    batches = trial.fetch()
    assert cells(batches) == whole
    assert [batch.repeated for batch in batches] == [0, 1, 0]
    assert sum(len(batch) for batch in batches) == 96


def test_a_row_that_comes_back_with_another_value_is_suspect(trial):
    trial.replay.set(page_size=40)
    trial.replay.fail("contradiction", on="/Observations", after=1)
    with pytest.raises(
        SuspectResult, match="twee verschillende cijfers voor M000352, gebied NL01, periode 2019JJ00"
    ):
        trial.fetch()


def test_rows_nobody_asked_for_are_left_out_and_counted(trial):
    whole = cells(trial.fetch(HELP))
    trial.replay.fail("unfiltered", on="/Observations")
    (batch,) = trial.fetch(HELP)
    assert cells([batch]) == whole
    assert batch.outside == batch.read - len(batch) > 300


def test_text_where_a_number_belongs_is_rejected_and_counted(trial):
    trial.replay.fail("nonsense", on="/Observations")
    (batch,) = trial.fetch()
    assert batch.rejected == {"not_a_number": 1}
    assert len(batch) == 95


# Sentences and names


def test_every_failure_has_a_sentence_for_the_user_without_an_address(trial):
    for kind in ("503", "reset", "not_json", "403", "404"):
        trial.replay.clear()
        trial.replay.fail(kind, times=None)
        with pytest.raises((SourceUnavailable, SourceChanged)) as failure:
            trial.state()
        sentence = str(failure.value)
        assert sentence.endswith(".")
        assert "http" not in sentence
        assert sentence == failure.value.sentence(Language("nl"))


def test_the_connector_is_found_by_its_kind():
    assert connector("cbs-v4").label == "CBS"


def test_an_unknown_kind_names_the_known_ones():
    with pytest.raises(LookupError, match="known: cbs-v3, cbs-v4, dataderden"):
        connector("cbs-v5")


def test_a_second_connector_of_one_name_stops_the_app():
    with pytest.raises(ValueError, match="two connectors are called 'cbs-v4'"):
        register("cbs-v4")(CbsV4)


# The recording


@pytest.fixture
def recording():
    if not (RECORDED / "03759ned").exists():
        pytest.skip("the recorded CBS tables (../shared/data/cbs-v4) are not here")
    with Replay(RECORDED, page_size=5000) as replay:
        yield Trial(replay)


def test_the_recorded_population_loads_whole_and_adds_up_in_all_eight_years(recording):
    batches = recording.fetch()
    figures = cells(batches)
    assert sum(batch.read for batch in batches) == len(figures) == 13_568
    assert not any(batch.outside or batch.repeated or batch.rejected or batch.strange for batch in batches)
    assert sum(value is not None for value, _, _ in figures.values()) == 5_403
    assert {missing for value, _, missing in figures.values() if value is None} == {"impossible"}
    municipal, counted = defaultdict(float), defaultdict(int)
    for (measure, area, period), (value, _, _) in figures.items():
        if measure == "M000352" and area.startswith("GM") and value is not None:
            municipal[period] += value
            counted[period] += 1
    years = [f"{year}JJ00" for year in range(2019, 2027)]
    assert [municipal[year] for year in years] == [figures["M000352", "NL01", year][0] for year in years]
    assert [counted[year] for year in years] == [355, 355, 352, 345, 342, 342, 342, 342]


def test_a_recorded_national_table_gives_its_months_with_the_last_three_provisional(recording):
    batches = recording.fetch(
        Request(
            "37789ksz", ("D000198_2",), None, "Perioden", ("nl",), "2025MM01", period_type=PeriodType.MONTH
        )
    )
    status = {period: status for (_, _, period), (_, status, _) in sorted(cells(batches).items())}
    assert len(status) == 16
    assert list(status.values()) == ["final"] * 13 + ["provisional"] * 3


def test_a_batch_is_as_long_as_each_of_its_columns(trial):
    for batch in [*trial.fetch(), Batch()]:
        columns = (batch.measure, batch.area, batch.period, batch.value, batch.status, batch.missing)
        assert {len(column) for column in columns} == {len(batch)}
