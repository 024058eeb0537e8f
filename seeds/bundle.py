"""Maintainer's tool: `python -m seeds.bundle FOLDER` makes areas.csv, area_changes.csv and figures/ from tidy files.

FOLDER holds gemeenten.csv (code, naam, provincie, ontstaan, opgeheven, …), herindelingen_alle_mutaties.csv (datum,
van_code, naar_code, woningen, inwoners, …; most told from both sides), naamswijzigingen.csv (datum, code, soort,
andere_code, …) and indicatoren_gemeente.csv.gz (indicator, regio, periode, waarde, eenheid, tabel, maat, berekend,
status). No figure is rounded, added or estimated: what has no row there has an empty cell here. Every series of
FOLDER must be named below, or the tool stops.
"""

import csv
import gzip
import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import yaml

from seeds.read import AREA_CHANGES, AREAS, FIGURES
from seeds.schema import Status
from workbench.indicators.recast import ChangeKind

LICENCE = "CC BY 4.0"
STATUSES = {"Definitief": Status.FINAL, "Voorlopig": Status.PROVISIONAL, "": Status.UNKNOWN}
PROVINCES = {
    "PV20": "Groningen",
    "PV21": "Fryslân",
    "PV22": "Drenthe",
    "PV23": "Overijssel",
    "PV24": "Flevoland",
    "PV25": "Gelderland",
    "PV26": "Utrecht",
    "PV27": "Noord-Holland",
    "PV28": "Zuid-Holland",
    "PV29": "Zeeland",
    "PV30": "Noord-Brabant",
    "PV31": "Limburg",
}
# The central register of persons was no municipality; the list of codes says when it ended.
ENDED = {"GM0997": "1994-10-01"}
ABROAD = "GM0998"


@dataclass(frozen=True)
class Recipe:
    """Where one figures file comes from: `indicator` and `column` select its rows, the rest is its heading."""

    name: str
    indicator: str
    column: str
    source: str
    table: str
    measure: str
    title: str
    unit: str
    source_line: str
    computed: str | None = None
    modified: date | None = None
    recorded_on: date | None = None

    @property
    def heading(self) -> dict[str, object]:
        return {
            "source": self.source,
            "table": self.table,
            "measure": self.measure,
            "title": self.title,
            "unit": self.unit,
            "licence": LICENCE,
            "source_line": self.source_line,
            "computed": self.computed,
            "modified": self.modified,
            "recorded_on": self.recorded_on,
        }


def population_recipes() -> Iterator[Recipe]:
    inhabitants = Recipe(
        name="inwoners",
        indicator="inwoners",
        column="M000352",
        source="cbs-v4",
        table="03759ned",
        measure="M000352",
        title="Inwoners op 1 januari",
        unit="aantal",
        source_line="Bron: CBS StatLine, tabel 03759ned Bevolking op 1 januari en gemiddeld; geslacht, leeftijd en regio.",
        modified=date(2026, 6, 23),
        recorded_on=date(2026, 7, 2),
    )
    yield inhabitants
    yield replace(
        inhabitants,
        name="gemiddelde-bevolking",
        indicator="gemiddelde_bevolking",
        column="M000365",
        measure="M000365",
        title="Gemiddelde bevolking",
    )


AGES = [
    ("0-15", "0_15", "0 tot 15 jaar", "k_0Tot15Jaar_8"),
    ("15-25", "15_25", "15 tot 25 jaar", "k_15Tot25Jaar_9"),
    ("25-45", "25_45", "25 tot 45 jaar", "k_25Tot45Jaar_10"),
    ("45-65", "45_65", "45 tot 65 jaar", "k_45Tot65Jaar_11"),
    ("65-plus", "65plus", "65 jaar of ouder", "k_65JaarOfOuder_12"),
]
BENEFITS = [
    ("bijstand", "Bijstand_83", "een bijstandsuitkering"),
    ("ao", "AO_84", "een arbeidsongeschiktheidsuitkering"),
    ("ww", "WW_85", "een WW-uitkering"),
    ("aow", "AOW_86", "een AOW-uitkering"),
]


def neighbourhood_table_recipes() -> Iterator[Recipe]:
    """The municipal rows of 'Kerncijfers wijken en buurten'. A measure goes by its stem: `_83` moves every year."""
    base = Recipe(
        name="",
        indicator="",
        column="",
        source="cbs-v3",
        table="84799NED",
        measure="",
        title="",
        unit="%",
        source_line="Bron: CBS StatLine, tabel 84799NED Kerncijfers wijken en buurten 2020.",
        modified=date(2021, 3, 26),
    )
    for slug, indicator, words, column in AGES:
        share = replace(
            base,
            name=f"aandeel-{slug}-2020",
            indicator=f"aandeel_{indicator}",
            column=column,
            measure=f"{stem(column)} / AantalInwoners",
            title=f"Aandeel inwoners van {words}",
            computed=f"inwoners van {words} / alle inwoners × 100",
        )
        yield share
        yield replace(
            share,
            name=f"aandeel-{slug}-2024",
            column=f"Bevolking/Leeftijdsgroepen/{words} (aantal)",
            source="cbs-export",
            table="85984NED",
            measure=f"Bevolking/Leeftijdsgroepen/{words} / Bevolking/Aantal inwoners",
            source_line="Bron: CBS StatLine, tabel 85984NED Kerncijfers wijken en buurten 2024.",
            modified=None,
        )
    for slug, column, words in BENEFITS:
        persons = replace(
            base,
            name=f"{slug}-personen-2020",
            indicator=f"{slug}_personen",
            column=f"PersonenPerSoortUitkering{column}",
            measure=stem(f"PersonenPerSoortUitkering{column}"),
            title=f"Personen met {words} in 2020",
            unit="aantal",
        )
        yield persons
        yield replace(
            persons,
            name=f"{slug}-per-1000-2020",
            indicator=f"{slug}_per_1000",
            measure=f"{persons.measure} / AantalInwoners",
            title=f"Personen met {words} per 1.000 inwoners in 2020",
            unit="per 1.000 inwoners",
            computed="personen / alle inwoners × 1.000",
        )
    yield replace(
        base,
        name="eenpersoonshuishoudens",
        indicator="eenpersoonshuishoudens",
        column="Eenpersoonshuishoudens_29",
        measure="Eenpersoonshuishoudens / HuishoudensTotaal",
        title="Aandeel eenpersoonshuishoudens",
        computed="eenpersoonshuishoudens / alle huishoudens × 100",
    )
    for slug, indicator, column, title, unit in [
        (
            "huishoudensgrootte",
            "huishoudensgrootte",
            "GemiddeldeHuishoudensgrootte_32",
            "Gemiddelde grootte van een huishouden",
            "personen",
        ),
        (
            "adressendichtheid",
            "omgevingsadressendichtheid",
            "Omgevingsadressendichtheid_116",
            "Adressen in de omgeving",
            "per km²",
        ),
        ("stedelijkheid", "stedelijkheid", "MateVanStedelijkheid_115", "Stedelijkheid", "klasse 1-5"),
        (
            "afstand-supermarkt",
            "afstand_supermarkt",
            "AfstandTotGroteSupermarkt_106",
            "Afstand tot een grote supermarkt",
            "km",
        ),
    ]:
        yield replace(
            base, name=slug, indicator=indicator, column=column, measure=stem(column), title=title, unit=unit
        )


def income_recipes() -> Iterator[Recipe]:
    for slug in ("mediaan-gestandaardiseerd", "mediaan-besteedbaar", "gemiddeld-besteedbaar"):
        title = f"{slug.replace('-', ' ').capitalize()} inkomen"
        column = f"Inkomen/{title} (1 000 euro)"
        yield Recipe(
            name=f"{slug}-inkomen",
            indicator=f"{slug.replace('-', '_')}_inkomen",
            column=column,
            source="cbs-export",
            table="Inkomen van huishoudens; regio",
            measure=column,
            title=f"{title} van huishoudens",
            unit="1.000 euro",
            source_line="Bron: CBS StatLine, tabel Inkomen van huishoudens; regio (export van 11-12-2025).",
            recorded_on=date(2025, 12, 11),
        )


REPORTS = {"begroting": "begroting", "rekening": "jaarrekening"}
# (file, part of the name in FOLDER, tasks added up, words for the title)
SPENDING = [
    ("totaal", "lasten_totaal", "lasten", "alle taken samen"),
    ("sociaal-domein", "sociaal_domein", "hoofdtaakveld 6", "het sociaal domein"),
    ("samenkracht", "samenkracht_6_1", "6.1", "samenkracht en burgerparticipatie"),
    ("toegang", "wijkteams_6_2", "6.2", "wijkteams"),
    ("inkomensregelingen", "inkomensregelingen_6_3", "6.3", "inkomensregelingen"),
    ("begeleide-participatie", "begeleide_participatie_6_4", "6.4", "begeleide participatie"),
    ("arbeidsparticipatie", "arbeidsparticipatie_6_5", "6.5", "arbeidsparticipatie"),
    ("wmo", "wmo_6_6_6_71", "6.6+6.71", "maatwerk Wmo"),
    ("jeugd", "jeugd_6_72_74", "6.72", "jeugdhulp, indeling tot en met 2022"),
    ("jeugd-2023", "jeugd_6_72_74", "6.72+6.73+6.74", "jeugdhulp, indeling 2023 en 2024"),
    ("opvang-beschermd-wonen", "geescaleerd_18plus_6_81", "6.81", "geëscaleerde zorg 18+"),
    ("jeugdbescherming", "geescaleerd_18min_6_82", "6.82", "geëscaleerde zorg 18-"),
    ("volksgezondheid", "volksgezondheid_7_1", "7.1", "volksgezondheid"),
]
SPENDING_FROM_2025 = [
    ("toegang-2025", "toegang_6_21_23", "6.21+6.22+6.23", "toegang en eerstelijnsvoorzieningen"),
    ("wmo-2025", "wmo_6_60_6_71", "6.60+6.71", "Wmo: hulpmiddelen, diensten en maatwerk"),
    ("jeugd-2025", "jeugd_6_75_76", "6.75+6.76", "jeugdhulp ambulant en met verblijf"),
]


def finance_recipes() -> Iterator[Recipe]:
    """Iv3, the information municipalities give to third parties: one logical table per report over all years."""
    for slug, report in REPORTS.items():
        for name, indicator, tasks, words in SPENDING + (SPENDING_FROM_2025 if slug == "begroting" else []):
            code = "X000" if slug == "begroting" else "X005"
            yield Recipe(
                name=f"uitgaven-{slug}-{name}",
                indicator=f"iv3_{report}_{indicator}",
                column=tasks,
                source="iv3",
                table=f"Iv3 {report}",
                measure=tasks,
                title=f"Uitgaven per inwoner ({report}): {words}",
                unit="euro per inwoner",
                source_line=f"Bron: CBS, Iv3-gegevens van gemeenten, {report} (verslagsoort {code}).",
                computed="lasten (× 1.000 euro) × 1.000 / inwoners op 1 januari volgens Iv3",
            )
    yield Recipe(
        name="solvabiliteit",
        indicator="iv3_solvabiliteit",
        column="eigen_vermogen/balanstotaal",
        source="iv3",
        table="Iv3 jaarrekening",
        measure="eigen vermogen / balanstotaal",
        title="Solvabiliteit",
        unit="%",
        source_line="Bron: CBS, Iv3-gegevens van gemeenten, jaarrekening (verslagsoort X005).",
        computed="eigen vermogen / balanstotaal × 100",
    )


def recipes() -> list[Recipe]:
    return [*population_recipes(), *neighbourhood_table_recipes(), *income_recipes(), *finance_recipes()]


def stem(column: str) -> str:
    """`PersonenPerSoortUitkeringBijstand_83` -> `PersonenPerSoortUitkeringBijstand`."""
    return column.rpartition("_")[0]


def plain(number: str) -> str:
    """The same number in its shortest spelling: '17282163.0' -> '17282163', '18.6042' -> '18.6042'."""
    value = float(number)
    return str(int(value)) if value.is_integer() else repr(value)


def areas_csv(municipalities: Iterable[dict[str, str]], renamed: Iterable[dict[str, str]]) -> str:
    """Text of areas.csv: the country, the provinces, then every municipality code by number.

    A new name brought a new code, so it ends one code and begins another.
    """
    rows = list(renamed)
    begun = {row["code"]: row["datum"] for row in rows if row["soort"] == "oude"}
    ended = ENDED | {row["code"]: row["datum"] for row in rows if row["soort"] == "nieuwe"}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["code", "name", "type", "province", "valid_from", "valid_until"])
    writer.writerow(["NL01", "Nederland", "nl", "", "", ""])
    writer.writerows([code, name, "provincie", "", "", ""] for code, name in PROVINCES.items())
    for row in sorted(municipalities, key=lambda row: row["code"]):
        code, province = row["code"], row["provincie"] if row["provincie"] in PROVINCES else ""
        begins, ends = row["ontstaan"] or begun.get(code), row["opgeheven"] or ended.get(code)
        writer.writerow([code, row["naam"], "gemeente", province, begins, ends])
    return out.getvalue()


def area_changes_csv(
    municipalities: Iterable[dict[str, str]],
    transfers: Iterable[dict[str, str]],
    renamed: Iterable[dict[str, str]],
) -> str:
    """Text of area_changes.csv: what went from one municipality to another, by day; each transfer once.

    The part that a municipality keeps is left out, and so is the border with other countries.
    """
    ended = {row["code"]: row["opgeheven"] for row in municipalities}
    once = {(row["datum"], row["van_code"], row["naar_code"]): row for row in transfers}
    moved = {key: row for key, row in once.items() if key[1] != key[2] and ABROAD not in key}
    heirs = Counter((day, origin) for day, origin, _heir in moved)
    changes = [
        [row["datum"], row["code"], row["andere_code"], ChangeKind.RENAMED, "", ""]
        for row in renamed
        if row["soort"] == "nieuwe"
    ]
    for (day, origin, heir), row in moved.items():
        if ended[origin] != day:
            kind = ChangeKind.BORDER
        else:
            kind = ChangeKind.MERGED if heirs[day, origin] == 1 else ChangeKind.SPLIT
        changes.append([day, origin, heir, kind, row["inwoners"], row["woningen"]])
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["day", "origin", "heir", "kind", "inhabitants", "dwellings"])
    writer.writerows(sorted(changes))
    return out.getvalue()


def figures_csv(recipe: Recipe, rows: Iterable[dict[str, str]]) -> str:
    """Text of one figures file: heading as YAML comments, then a row per area and a column per period."""
    cells: dict[str, dict[str, str]] = {}
    statuses: dict[str, Status] = {}
    for row in rows:
        area, period, status = row["regio"], row["periode"], STATUSES[row["status"]]
        if statuses.setdefault(period, status) is not status:
            raise ValueError(f"{recipe.name}: {period} has two statuses")
        if cells.setdefault(area, {}).setdefault(period, plain(row["waarde"])) != plain(row["waarde"]):
            raise ValueError(f"{recipe.name}: {area} has two values for {period}")
    periods = sorted(statuses)
    heading = recipe.heading | {"statuses": {period: str(statuses[period]) for period in periods}}
    text = yaml.safe_dump(heading, allow_unicode=True, sort_keys=False, width=1000)
    out = io.StringIO()
    out.writelines(f"# {line}\n" for line in text.splitlines())
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["area", *periods])
    # The country comes first.
    for area in sorted(cells, key=lambda code: (not code.startswith("NL"), code)):
        writer.writerow([area, *(cells[area].get(period, "") for period in periods)])
    return out.getvalue()


def bundle(folder: Path) -> None:
    """Write all files anew. Raises ValueError when FOLDER holds a series that has no recipe."""
    municipalities = _rows(folder / "gemeenten.csv")
    renamed = _rows(folder / "naamswijzigingen.csv")
    AREAS.write_text(areas_csv(municipalities, renamed), encoding="utf-8")
    transfers = _rows(folder / "herindelingen_alle_mutaties.csv")
    AREA_CHANGES.write_text(area_changes_csv(municipalities, transfers, renamed), encoding="utf-8")
    rows: dict[tuple[str, str], list[dict[str, str]]] = {}
    with gzip.open(folder / "indicatoren_gemeente.csv.gz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault((row["indicator"], row["maat"]), []).append(row)
    known = {(recipe.indicator, recipe.column): recipe for recipe in recipes()}
    if rows.keys() != known.keys():
        raise ValueError(f"series and recipes differ: {sorted(rows.keys() ^ known.keys())}")
    FIGURES.mkdir(exist_ok=True)
    for old in FIGURES.glob("*.csv"):
        old.unlink()
    for key, recipe in known.items():
        (FIGURES / f"{recipe.name}.csv").write_text(figures_csv(recipe, rows[key]), encoding="utf-8")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    bundle(Path(sys.argv[1]))
