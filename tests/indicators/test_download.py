"""Downloads, read back as a spreadsheet would."""

import csv
import io
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from workbench.core.language import Language
from workbench.indicators.download import FORMULA_STARTS, Row, as_csv, as_xlsx, headings

DUTCH = Language()
ROW = Row(
    period="2024",
    period_code="2024JJ00",
    value=1234.5,
    unit="aantal",
    status="definitief",
    missing="",
    revised_from=-1200.25,
    revised_on=date(2026, 3, 2),
    level="gemeente",
    area_code="GM0034",
    area="Almere",
    table="03759ned",
    measure="M000352",
    computed="",
    fetched_on=date(2026, 7, 2),
    source="Bron: CBS; tabel 03759ned.",
)
ATTACKS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=cmd|" /C calc"!A0', "=HYPERLINK(\"http://x\")"]  # fmt: skip


def replaced(**changes: object) -> Row:
    return Row(**{**vars(ROW), **changes})  # type: ignore[arg-type]


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "without this mark Excel garbles accents"
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_csv_has_decimal_commas_and_a_source_in_every_row() -> None:
    rows = read_csv(as_csv([ROW, replaced(value=None, missing="niet geleverd", revised_from=None)], DUTCH))
    first, second = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert (first["waarde"], first["was voor herziening"]) == ("1234,5", "-1200,25")
    assert (first["herzien op"], first["opgehaald op"]) == ("2026-03-02", "2026-07-02")
    assert (second["waarde"], second["waarom geen waarde"]) == ("", "niet geleverd")
    assert first["bron"] == second["bron"] == "Bron: CBS; tabel 03759ned."


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_a_formula_in_the_csv(attack: str) -> None:
    _heading, row = read_csv(as_csv([replaced(measure=attack, area=attack)], DUTCH))
    assert not [cell for cell in row if cell.startswith(FORMULA_STARTS) and not _is_number(cell)]
    assert f"'{attack}" in row


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return "\t" not in text


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_text_becomes_a_formula_in_the_workbook(attack: str) -> None:
    book = load_workbook(io.BytesIO(as_xlsx([replaced(measure=attack)], [("Let op", attack)], 1, DUTCH)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert sum(str(cell.value).lstrip() == attack.lstrip() for cell in cells) == 2


def test_the_workbook_has_numbers_dates_and_a_sheet_that_explains() -> None:
    content = as_xlsx([ROW, replaced(value=None)], [("Licentie", "CC BY 4.0")], 1, DUTCH)
    figures, about = load_workbook(io.BytesIO(content)).worksheets
    assert [cell.value for cell in figures[1]] == headings(DUTCH)
    assert figures["C2"].value == 1234.5
    assert figures["C2"].number_format == "#,##0.0"
    assert figures["C3"].value is None
    assert figures["H2"].value.date() == date(2026, 3, 2)
    assert [cell.value for cell in about[1]] == ["Licentie", "CC BY 4.0"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(), st.floats(allow_nan=False, allow_infinity=False))
def test_any_text_and_number_comes_back_from_the_csv(text: str, value: float) -> None:
    written = text.encode("utf-8", "replace").decode()
    rows = read_csv(as_csv([replaced(area=text, value=value)], DUTCH))
    row = dict(zip(rows[0], rows[1], strict=True))
    assert row["gebied"].removeprefix("'") == written.removeprefix("'")
    assert float(row["waarde"].replace(",", ".")) == value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200))
def test_any_text_can_stand_in_the_workbook(text: str) -> None:
    assert as_xlsx([replaced(area=text)], [("Let op", text)], 0, DUTCH)
