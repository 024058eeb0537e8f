import tracemalloc
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.sources.connectors import Measure, Request, SourceChanged, SuspectResult, TableCodes
from workbench.sources.connectors.tidy import MISSING, Tidy

REQUEST = Request("00001ned", ("X1",), "RegioS", "Perioden", ("gemeente",), "2022", filter={"Geslacht": "T1"})
CODES = TableCodes(
    {"X1": Measure("Iets", "aantal", 0)},
    {"GM0001": "Ergens", "GM0002": "Elders"},
    {"2021JJ00": "final", "2022JJ00": "final", "2023JJ00": "provisional", "2023W101": "unknown"},
)
# The words of the outside contract; not_asked is for what was never requested.
WORDS = {"not_delivered", "suppressed", "impossible", "not_asked", "failed", "unknown"}


def row(**cells):
    usual = {
        "Measure": "X1",
        "ValueAttribute": "None",
        "Value": 7,
        "Geslacht": "T1",
        "RegioS": "GM0001",
        "Perioden": "2022JJ00",
    }
    return usual | cells


def tidy(*rows):
    return Tidy(REQUEST, CODES).page(rows)


def test_padded_codes_are_trimmed():
    batch = tidy(row(Measure="X1  ", RegioS="GM0001    ", Perioden="2022JJ00 ", Geslacht="T1   "))
    assert (batch.measure, batch.area, batch.period) == (["X1"], ["GM0001"], ["2022JJ00"])


def test_a_row_gets_the_status_of_its_period():
    assert tidy(row(Perioden="2023JJ00")).status == ["provisional"]


@pytest.mark.parametrize(
    "cells",
    [
        {"Measure": "X2"},
        {"RegioS": "NL01"},
        {"RegioS": None},
        {"Perioden": "2021JJ00"},
        {"Perioden": "2023W101"},
        {"Perioden": "20230101"},
        {"Geslacht": "3000"},
    ],
)
def test_a_row_that_was_not_asked_for_is_left_out_and_counted(cells):
    batch = tidy(row(**cells), row())
    assert (len(batch), batch.read, batch.outside) == (1, 2, 1)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"Value": "7"}, "not_a_number"),
        ({"Value": True}, "not_a_number"),
        ({"Value": float("nan")}, "not_a_number"),
        ({"Value": float("inf")}, "not_a_number"),
        ({"Value": 10**400}, "not_a_number"),
        ({"Value": [7]}, "not_a_number"),
        ({"RegioS": "GM0099"}, "unknown_area"),
        ({"Perioden": "2024JJ00"}, "unknown_period"),
    ],
)
def test_a_row_that_cannot_be_used_is_rejected_with_its_reason(cells, reason):
    batch = tidy(row(**cells), row())
    assert (len(batch), batch.rejected) == (1, {reason: 1})


@pytest.mark.parametrize(
    ("word", "value", "outcome"),
    [
        ("None", 0, (0.0, None)),
        ("None", -41.5, (-41.5, None)),
        ("None", None, (None, "not_delivered")),
        (None, 3, (3.0, None)),
        ("Impossible", None, (None, "impossible")),
        ("Confidential", None, (None, "suppressed")),
        ("Confidential", 3, (None, "suppressed")),
        ("NotAvailable", None, (None, "not_delivered")),
        ("Raadsel", 3, (None, "failed")),
    ],
)
def test_the_word_beside_a_value_decides_whether_it_is_shown(word, value, outcome):
    batch = tidy(row(ValueAttribute=word, Value=value))
    assert (batch.value[0], batch.missing[0]) == outcome


def test_only_words_of_the_contract_are_used_for_what_is_missing():
    assert set(MISSING.values()) < WORDS


def test_a_repeated_row_counts_once_over_all_pages():
    pages = Tidy(REQUEST, CODES)
    assert len(pages.page([row(), row(RegioS="GM0002")])) == 2
    again = pages.page([row(), row(Perioden="2023JJ00")])
    assert (len(again), again.repeated) == (1, 1)


@pytest.mark.parametrize("cells", [{"Value": 8}, {"Value": None}, {"ValueAttribute": "Confidential"}])
def test_a_row_that_returns_with_another_content_is_suspect(cells):
    with pytest.raises(SuspectResult, match="twee verschillende cijfers voor X1, gebied GM0001"):
        tidy(row(), row(**cells))


@pytest.mark.parametrize("column", ["Measure", "ValueAttribute", "Value", "Geslacht", "RegioS", "Perioden"])
def test_each_column_is_needed(column):
    cells = {name: cell for name, cell in row().items() if name != column}
    with pytest.raises(SourceChanged, match=f"geen kolom {column}"):
        tidy(cells)


def test_nothing_kept_is_suspect():
    pages = Tidy(REQUEST, CODES)
    pages.page([row(Measure="X2")])
    with pytest.raises(SuspectResult, match="geen enkele rij"):
        pages.finish()


def test_only_empty_cells_are_suspect_and_one_value_is_enough():
    pages = Tidy(REQUEST, CODES)
    pages.page([row(ValueAttribute="Impossible", Value=None)])
    with pytest.raises(SuspectResult, match="nog niet gevuld"):
        pages.finish()
    pages.page([row(Perioden="2023JJ00")])
    pages.finish()


def test_a_table_without_regions_is_about_the_country():
    request = replace(REQUEST, region=None, levels=("nl",))
    codes = replace(CODES, areas={"NL01": "Nederland"})
    cells = {name: cell for name, cell in row().items() if name != "RegioS"}
    assert Tidy(request, codes).page([cells]).area == ["NL01"]


CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text(max_size=10)
    | st.lists(st.none(), max_size=1)
)


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "Measure": st.sampled_from(["X1", "X2"]),
                "ValueAttribute": st.sampled_from(["None", "Impossible", "Raadsel"]) | CELLS,
                "Value": CELLS,
                "Geslacht": st.just("T1"),
                "RegioS": st.sampled_from(["GM0001", "GM0002 ", "NL01"]) | CELLS,
                "Perioden": st.sampled_from(["2021JJ00", "2022JJ00", "2023JJ00"]) | CELLS,
            }
        ),
        max_size=8,
    )
)
def test_every_row_received_is_accounted_for_and_never_both_valued_and_missing(rows):
    try:
        batch = tidy(*rows)
    except SuspectResult:
        return
    assert batch.read == len(rows) == len(batch) + batch.outside + batch.repeated + batch.rejected.total()
    assert all(
        (value is None) != (missing is None)
        for value, missing in zip(batch.value, batch.missing, strict=True)
    )
    assert set(batch.missing) - {None} <= WORDS


def test_what_is_remembered_of_a_figure_is_nine_bytes_however_many_pages():
    areas = {f"GM{number:04}": "Ergens" for number in range(5000)}
    codes = replace(CODES, areas=areas)
    pages = Tidy(replace(REQUEST, measures=tuple(f"X{number}" for number in range(10))), codes)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for measure in pages.request.measures:
            for period in ("2022JJ00", "2023JJ00"):
                pages.page([row(Measure=measure, RegioS=area, Perioden=period) for area in areas])
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pages.kept == 100_000
    assert after - before < 12 * pages.kept


def test_a_sum_holds_every_part_once_and_comes_after_the_last_page():
    pages = Tidy(replace(REQUEST, filter={"Geslacht": "T*"}), CODES)
    first = pages.page([row(Geslacht="T1", Value=3), row(Geslacht="T2 ", Value=-4.5), row(Geslacht="30")])
    again = pages.page([row(Geslacht="T1", Value=3), row(RegioS="GM0002", ValueAttribute="Confidential")])
    assert (len(first), first.summed, first.outside) == (0, 2, 1)
    assert (len(again), again.summed, again.repeated) == (0, 1, 1)
    sums = pages.sums()
    assert list(zip(sums.area, sums.value, sums.missing, strict=True)) == [
        ("GM0001", -1.5, None),
        ("GM0002", None, "suppressed"),
    ]
    pages.finish()


def test_fewer_rows_than_the_table_holds_are_suspect_and_rejected_ones_count_as_seen():
    pages = Tidy(REQUEST, replace(CODES, expected=3))
    pages.page([row(), row(RegioS="GM0002", Value="veel")])
    with pytest.raises(SuspectResult, match="2 van de 3 cijfers"):
        pages.finish()
    pages.page([row(Perioden="2023JJ00")])
    pages.finish()


WIDE = TableCodes(
    {"X": Measure("Iets", "aantal", 0), "Y": Measure("Nog iets", "%", 1)},
    CODES.areas,
    CODES.period_status,
    {"X": "X_1", "Y": "Y_2"},
)


@settings(deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "X_1": st.sampled_from(["       .", "", "x", "  -99998", "    12.5", "?"]) | CELLS,
                "Y_2": CELLS,
                "Geslacht": st.sampled_from(["T1   ", "3000 "]),
                "RegioS": st.sampled_from(["GM0001", "GM0002 ", "GM0099", "NL01"]) | CELLS,
                "Perioden": st.sampled_from(["2021JJ00", "2022JJ00", "2023JJ00"]) | CELLS,
            }
        ),
        max_size=8,
    ),
    st.integers(0, 8),
)
def test_every_cell_received_is_accounted_for_wherever_a_page_ends(rows, cut):
    request = replace(REQUEST, measures=("X", "Y"))
    one, two = Tidy(request, WIDE), Tidy(request, WIDE)
    try:
        whole = [one.wide_page(rows)]
    except SuspectResult:
        return
    parts = [two.wide_page(rows[:cut]), two.wide_page(rows[cut:])]
    for batch in [*whole, *parts]:
        assert batch.read == len(batch) + batch.outside + batch.repeated + batch.rejected.total()
        assert all(
            (value is None) != (why is None) for value, why in zip(batch.value, batch.missing, strict=True)
        )
        assert set(batch.missing) - {None} <= WORDS
    assert whole[0].value == parts[0].value + parts[1].value
    assert whole[0].area == parts[0].area + parts[1].area
    assert sum(batch.read for batch in parts) == 2 * len(rows)
