"""Which municipality lies in which region: from a file of the operator and from a table of Statistics Netherlands."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from seeds import read
from tests.servers import Servers
from tests.sources.replay_v3 import ReplayV3, TableV3
from workbench.cli import cli
from workbench.core.db import as_platform, db
from workbench.indicators.catalogue import AreaType
from workbench.indicators.models import Area, RegionMembership
from workbench.indicators.regions import KINDS, Belonging, RegionsError, parse_regions
from workbench.sources import divisions
from workbench.sources.connectors import SourceChanged, SuspectResult
from workbench.sources.connectors.cbs_v3 import CbsV3

HEAD = "gemeente,soort,regio,naam,vanaf\n"
FLEVOLAND = "GM0034,ggd-regio,GG2406,GGD Flevoland,2024-01-01\n"
DIVISION = "90009NED"  # made up


def problems(text: str) -> list[str]:
    with pytest.raises(RegionsError) as found:
        parse_regions(text)
    return found.value.problems


# --- A file ---------------------------------------------------------------------------------------------------------


def test_a_file_is_read_with_commas_or_semicolons_a_mark_before_it_and_columns_in_any_order() -> None:
    wanted = [Belonging("GM0034", AreaType.GGD_REGIO, "GG2406", "GGD Flevoland", date(2024, 1, 1))]
    assert parse_regions(HEAD + FLEVOLAND) == wanted
    assert parse_regions("\ufeff" + (HEAD + FLEVOLAND).replace(",", ";")) == wanted
    turned = "vanaf,Naam,regio,soort,gemeente\n2024,GGD Flevoland,GG2406,ggd-regio,GM0034\n\n"
    assert parse_regions(turned) == wanted


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Almere,ggd-regio,GG2406,x,2024", "Regel 2, kolom gemeente: 'Almere' is geen gemeentecode"),
        ("GM0034,veiligheidsregio,VR25,x,2024", "Regel 2, kolom soort: 'veiligheidsregio' kennen we niet"),
        ("GM0034,ggd-regio,JZ01,x,2024", "Regel 2, kolom regio: 'JZ01' is geen code van deze soort"),
        ("GM0034,ggd-regio,GG2406,,2024", "Regel 2, kolom naam: de naam van de regio ontbreekt"),
        ("GM0034,ggd-regio,GG2406,x,morgen", "Regel 2, kolom vanaf: 'morgen' is geen dag"),
        ("GM0034,ggd-regio,GG2406,x,2024-02-30", "Regel 2, kolom vanaf: '2024-02-30' is geen dag"),
        ("GM0034,ggd-regio,GG2406", "Regel 2: er zijn 3 kolommen, verwacht 5"),
        ('GM0034,ggd-regio,GG2406,"x,2024', "de aanhalingstekens kloppen niet"),
    ],
)
def test_a_wrong_cell_is_named_by_line_and_column(row: str, words: str) -> None:
    [problem] = problems(HEAD + row + "\n")
    assert words in problem


def test_every_wrong_line_is_told_at_once_but_not_without_end() -> None:
    found = problems(HEAD + "x,x,x,,x\n" * 40)
    assert len(found) == 51
    assert found[-1].startswith("En nog ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "kolom gemeente, soort, regio, naam, vanaf ontbreekt"),
        ("gemeente,soort\n", "kolom regio, naam, vanaf ontbreekt"),
        (HEAD, "Er staat geen enkele regel"),
        (HEAD + FLEVOLAND + FLEVOLAND.replace("GG2406", "GG9999"), "in twee regio's"),
        (HEAD + FLEVOLAND + FLEVOLAND.replace("0034", "0995").replace("GGD ", ""), "twee namen"),
    ],
)
def test_a_file_without_sense_is_refused_whole(text: str, words: str) -> None:
    assert words in problems(text)[0]


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for whole in (text, HEAD + text):
        try:
            assert parse_regions(whole)
        except RegionsError as error:
            assert error.problems  # noqa: PT017 - either is right


# --- Into the database ----------------------------------------------------------------------------------------------


def load(tmp_path: Path, text: str) -> dict[str, int]:
    file = tmp_path / "regios.csv"
    file.write_text(text, encoding="utf-8")
    db.commit()
    with as_platform():
        done = divisions.regions_from_file(file)
        db.commit()
    return done


def stored() -> list[tuple[str, str, str]]:
    """(municipality, region, day), in order."""
    region = sa.orm.aliased(Area)
    rows = db.execute(
        sa.select(Area.code, region.code, RegionMembership.valid_from)
        .join(Area, Area.id == RegionMembership.area_id)
        .join(region, region.id == RegionMembership.region_id)
        .order_by(Area.code, RegionMembership.valid_from)
    )
    return [(area, code, day.isoformat()) for area, code, day in rows]


def test_loading_twice_changes_nothing_and_a_later_day_keeps_the_earlier(
    session: Session, tmp_path: Path
) -> None:
    assert load(tmp_path, HEAD + FLEVOLAND) == {"added": 1, "changed": 0, "unchanged": 0, "removed": 0}
    assert load(tmp_path, HEAD + FLEVOLAND) == {"added": 0, "changed": 0, "unchanged": 1, "removed": 0}
    load(tmp_path, HEAD + "GM0034,ggd-regio,GG2500,GGD Nieuw,2026\n")
    assert stored() == [("GM0034", "GG2406", "2024-01-01"), ("GM0034", "GG2500", "2026-01-01")]
    mended = load(tmp_path, HEAD + "GM0034,ggd-regio,GG2406,GGD Flevoland,2026\n")
    assert mended["changed"] == 1


def test_an_unknown_municipality_stops_the_whole_file(session: Session, tmp_path: Path) -> None:
    with pytest.raises(RegionsError, match="Regel 3: gemeente GM9999 is niet bekend"):
        load(tmp_path, HEAD + FLEVOLAND + FLEVOLAND.replace("GM0034", "GM9999"))
    assert stored() == []


# --- A table --------------------------------------------------------------------------------------------------------


def division(year: str = "2024", *, groups: tuple[str, ...] = ("Arbeidsmarktregio's", "GGD-regio's", "Jeugdregio's")) -> TableV3:  # fmt: skip
    """A table in the form of the recordings, with made-up regions for every municipality of today."""
    properties: list[dict[str, Any]] = [
        {"ID": 0, "ParentID": None, "Type": "GeoDetail", "Key": "RegioS", "Title": "Regio's"}
    ]
    columns = {}
    for number, group in enumerate(groups, start=1):
        properties.append({"ID": number, "ParentID": None, "Type": "TopicGroup", "Key": "", "Title": group})
        for place, title in enumerate(("Code", "Naam")):
            key = f"{title}_{number * 2 + place}"
            properties.append(
                {"ID": 10 * number + place, "ParentID": number, "Type": "Topic", "Key": key, "Title": f"{title} ",
                 "Datatype": "String", "Unit": "", "Decimals": 0}
            )  # fmt: skip
            columns[group, title] = key
    rows = []
    for area in read.areas():
        if area.type is AreaType.GEMEENTE and area.valid_until is None:
            row = {"RegioS": area.code.ljust(10)}
            for group in groups:
                letters = {"A": "AM", "G": "GG", "J": "JZ", "P": "PV"}[group[0]]
                row[columns[group, "Code"]] = f"{letters}{area.province[2:]}".ljust(8)
                row[columns[group, "Naam"]] = f"{group[:-2]} {area.province}".ljust(50)
            rows.append(row)
    about = {
        "Identifier": DIVISION,
        "Title": f"Gebieden in Nederland {year}",
        "Modified": f"{year}-01-02T02:00:00",
        "MetaDataModified": f"{year}-01-02T02:00:00",
        "Period": year,
        "RecordCount": len(rows),
    }
    return TableV3(about, {"DataProperties": properties, "TypedDataSet": rows, "UntypedDataSet": rows})


@pytest.fixture
def replay() -> Iterator[ReplayV3]:
    with ReplayV3(page_size=100) as started:
        started.add(division())
        yield started


def from_table(servers: Servers, replay: ReplayV3) -> dict[str, int]:
    db.commit()
    with as_platform():
        settings = servers.settings(cbs_v3_url=replay.base_url)
        done = divisions.regions_from_table(DIVISION, settings, CbsV3(sleep=lambda _seconds: None))
        db.commit()
    return done


def test_a_yearly_table_gives_every_municipality_its_three_regions(
    session: Session, servers: Servers, replay: ReplayV3
) -> None:
    done = from_table(servers, replay)
    assert done["added"] == 342 * len(KINDS)
    assert ("GM0034", "GG24", "2024-01-01") in stored()
    assert from_table(servers, replay)["unchanged"] == 342 * len(KINDS)
    names = dict(db.execute(sa.select(Area.code, Area.name).where(Area.type == AreaType.JEUGDREGIO)).all())
    assert names["JZ24"] == "Jeugdregio PV24"


def test_a_municipality_that_left_a_table_leaves_that_year(
    session: Session, servers: Servers, replay: ReplayV3
) -> None:
    from_table(servers, replay)
    table = replay.table_v3(DIVISION)
    table.sets["TypedDataSet"][:] = [
        row for row in table.sets["TypedDataSet"] if "GM0034" not in row["RegioS"]
    ]
    assert from_table(servers, replay)["removed"] == len(KINDS)


def test_half_a_table_and_a_table_of_something_else_leave_what_we_had(
    session: Session, servers: Servers, replay: ReplayV3
) -> None:
    from_table(servers, replay)
    before = stored()
    table = replay.table_v3(DIVISION)
    del table.sets["TypedDataSet"][200:]
    with pytest.raises(SuspectResult, match="maar 200 gemeenten"):
        from_table(servers, replay)
    replay.add(division(groups=("Arbeidsmarktregio's", "Provincies")))
    with pytest.raises(
        SourceChanged, match=r"ggd-regio, jeugdregio\. Wel in de tabel: Arbeidsmarktregio's, Provincies"
    ):
        from_table(servers, replay)
    replay.add(division(year="2023 en 2024"))
    with pytest.raises(SourceChanged):
        from_table(servers, replay)
    db.rollback()
    assert stored() == before


def test_the_command_wants_a_table_or_a_file_and_says_so() -> None:
    for words in ([], ["--table", "90009NED", "--file", __file__]):
        done = CliRunner().invoke(cli, ["areas", "regions", *words])
        assert done.exit_code == 2
        assert "either --table or --file" in done.output
