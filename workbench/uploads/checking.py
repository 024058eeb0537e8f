"""From a table and the officer's choices to figures, with what is wrong and what is strange per row and column. Pure.

Errors stop; the officer repairs the file or makes another choice. Warnings ask for a reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from statistics import median
from typing import cast

from workbench.core.language import Language
from workbench.core.numbers import Cell, NotANumber, is_number, parse_cell
from workbench.core.tables import Table
from workbench.indicators.disclosure import Rules, Sum, show_share
from workbench.indicators.periods import Period, PeriodType
from workbench.uploads.mapping import (
    IN_HEADERS,
    OWN_AREA,
    Certainty,
    Dated,
    Gazetteer,
    Layout,
    Match,
    period_headers,
    read_period,
)

SKIP = "skip"
NAMED = 10  # rows with a strange name that are each pointed out; of more we tell how many
MOST_MUNICIPALITIES = 1000  # names in a column that says where each row lies
STRANGE = 3  # times as much, or as little, as in the other periods
ROUNDED_BY = 5  # sources round each part this coarsely

Key = tuple[str, str]  # area code, period code


class Kind(StrEnum):
    """What the values are: it decides how small numbers are guarded."""

    PEOPLE = "people"
    SHARE = "share"
    OTHER = "other"


@dataclass(frozen=True)
class About:
    """What the officer says of the figures as a whole."""

    kind: Kind
    status: str  # for figures that bear no mark themselves
    rules: Rules
    base: int | None = None  # column with the number of people that a share is of
    period_type: PeriodType | None = None  # of the figures that there are already


@dataclass(frozen=True)
class Problem:
    """One sentence about a cell; line 0 is the file as a whole. `tells`: the figures whose values stand in it."""

    line: int
    column: str
    text: str
    tells: frozenset[Key] = frozenset()


@dataclass(frozen=True)
class Figure:
    """One value, or why there is none, of an area in a period. `guarded`: we hide it, whatever it is."""

    code: str
    name: str
    period: Period
    value: float | None
    missing: str | None
    status: str
    line: int
    guarded: bool = False

    @property
    def key(self) -> Key:
        return self.code, self.period.code


Plan = dict[int, Dated | None]  # value column -> its period, or None when a column of the row says it
Row = tuple[int, Sequence[str]]  # line in the file, its cells


@dataclass
class Checked:
    figures: list[Figure] = field(default_factory=list)
    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    doubtful: dict[str, Match] = field(default_factory=dict)  # names the officer has to look at
    unknown: list[str] = field(default_factory=list)
    skipped: int = 0  # rows left out by choice


@dataclass
class Checker:
    """Reads every cell that the layout points to: `Checker(…).check(before, today)`. `picks`: area text -> code or SKIP."""

    table: Table
    layout: Layout
    areas: Gazetteer
    about: About
    picks: Mapping[str, str]
    spoken: Language
    found: Checked = field(default_factory=Checked)
    strange_rows: int = 0  # with an area that we do not know

    def check(self, before: Mapping[Key, float], today: date) -> Checked:
        """`before`: the figures that there are already, for what is strange beside them."""
        plan = self._plan()
        if self.found.errors:
            return self.found
        rows = self._chosen_rows()
        self.found.skipped = len(self.table.rows) - len(rows)
        self._read_rows(rows, plan, self._match(rows))
        self._check_whole(before, today)
        return self.found

    def _wrong(self, text: str, line: int = 0, column: int | None = None) -> None:
        name = self.table.header[column] if column is not None else ""
        self.found.errors.append(Problem(line, name, text))

    def _warn(self, text: str, line: int = 0, tells: Iterable[Key] = ()) -> None:
        self.found.warnings.append(Problem(line, "", text, frozenset(tells)))

    def _number(self, value: float) -> str:
        """12 and 12,5: a decimal only where there is one."""
        return self.spoken.number(value, 0 if value == round(value) else 1)

    # --- Columns, rows and areas ---

    def _plan(self) -> Plan:
        layout, gettext, header = self.layout, self.spoken.gettext, self.table.header

        def inside(number: int | None) -> bool:
            return number is not None and 0 <= number < len(header)

        if layout.region != OWN_AREA and not inside(layout.region):
            self._wrong(gettext("Kies de kolom waarin staat om welk gebied het gaat."))
        if layout.region == OWN_AREA and self.areas.own is None:
            self._wrong(gettext("Deze raad hoort nog niet bij een gemeente. Kies een kolom met het gebied."))
        if layout.period == IN_HEADERS:
            columns: Plan = {
                n: read_period(header[n]) for n in period_headers(self.table) if n != layout.region
            }
            if not columns:
                self._wrong(
                    gettext("In de kop staat geen enkele periode. Kies een andere plek voor de periode.")
                )
            return columns
        if layout.value is None or not inside(layout.value):
            self._wrong(gettext("Kies de kolom met de cijfers."))
            return {}
        if layout.value in (layout.region, layout.period):
            self._wrong(gettext("De kolom met de cijfers kan niet ook het gebied of de periode zijn."))
        if layout.period is not None:
            if not inside(layout.period):
                self._wrong(gettext("Kies waar de periode staat."))
            return {layout.value: None}
        try:
            return {layout.value: read_period(layout.fixed_period)}
        except ValueError:
            self._wrong(
                gettext(
                    "Vul in over welke periode het bestand gaat, bijvoorbeeld 2024, 2024 1e halfjaar of januari 2024."
                )
            )
            return {}

    def _chosen_rows(self) -> list[Row]:
        rows: list[Row] = list(zip(self.table.lines, self.table.rows, strict=True))
        number, mark, value = self.layout.only.partition("=")
        if mark and number.isdecimal() and int(number) < len(self.table.header):
            rows = [(line, cells) for line, cells in rows if cells[int(number)] == value]
        return rows

    def _match(self, rows: Sequence[Row]) -> dict[str, str]:
        """Text in the region column -> code, or SKIP; what is missing here is an error in its rows."""
        region = self.layout.region
        if region is None or region < 0:
            return {}
        codes: dict[str, str] = {}
        for text, match in self.areas.match_all(
            cells[region] for _line, cells in rows if cells[region]
        ).items():
            picked = self.picks.get(text, "")
            meant = self.areas.match(picked) if picked and picked != SKIP else None
            if picked == SKIP:
                codes[text] = SKIP
            elif meant and meant.code and meant.certainty is Certainty.SURE:
                codes[text] = meant.code
            elif match.certainty is Certainty.SURE and match.code:
                codes[text] = match.code
            elif match.certainty is Certainty.UNKNOWN and self.layout.skip_unknown:
                codes[text] = SKIP
            if match.certainty is Certainty.DOUBTFUL:
                self.found.doubtful[text] = match
                if text not in codes:
                    self._wrong(
                        self.spoken.gettext(
                            "Wij twijfelen over „%(name)s”. Kies hieronder welk gebied het is.",
                            name=text[:80],
                        )
                    )
            elif match.certainty is Certainty.UNKNOWN:
                self.found.unknown.append(text)
        return codes

    # --- Cells ---

    def _read_rows(self, rows: Sequence[Row], plan: Plan, matches: Mapping[str, str]) -> None:
        first: dict[Key, tuple[int, int]] = {}
        elsewhere = self._elsewhere(rows, matches)
        for line, cells in rows:
            code = self._area(line, cells, matches)
            if code == SKIP or (line in elsewhere and self._is_skipped_elsewhere(line, cells)):
                self.found.skipped += 1
            if code is None or code == SKIP or line in elsewhere:
                continue
            for column, dated in plan.items():
                when = dated or self._period(line, cells)
                cell = self._cell(line, cells[column], column) if when else None
                if when is None or cell is None:
                    continue
                if self.layout.skip_unknown and self._is_gone(code, cells, when.period):
                    self.found.skipped += (
                        1  # another area of the same name: a district that was a municipality once
                    )
                    continue
                figure = Figure(
                    code=code,
                    name=self._name(code, cells),
                    period=when.period,
                    value=cell.value,
                    missing=cell.missing,
                    status=cell.mark or when.mark or self.about.status,
                    line=line,
                )
                earlier = first.setdefault(figure.key, (line, column))
                if earlier == (line, column):
                    self.found.figures.append(self._guard_share(figure, cells))
                elif not self.layout.first_of_double:
                    self._wrong(
                        self.spoken.gettext(
                            "%(name)s, %(period)s staat ook op regel %(line)s. Laat één van de twee weg, of kies hieronder dat de eerste geldt.",
                            name=figure.name,
                            period=when.period.label(self.spoken),
                            line=earlier[0],
                        ),
                        line,
                        column,
                    )
        if self.strange_rows > NAMED:
            self._wrong(
                self.spoken.gettext(
                    "Nog %(n)s rijen noemen een gebied dat wij niet kennen. Zijn het wijken of buurten? Sla zulke rijen dan over, of gebruik de CBS-codes.",
                    n=self.spoken.number(self.strange_rows - NAMED),
                )
            )

    def _elsewhere(self, rows: Sequence[Row], matches: Mapping[str, str]) -> set[int]:
        """Lines of districts that are called as a municipality: Waterland in Alkmaar, beside Waterland in Waterland.

        Only where another column says in which municipality each row lies, and another row of that name lies at home.
        """
        region = self.layout.region
        homes = self._homes(rows) if region is not None and region >= 0 else {}
        named: dict[str, set[int]] = defaultdict(set)
        at_home = set()
        for line, cells in rows:
            text = cells[region or 0]
            code = matches.get(text, "")
            if line in homes and code.startswith("GM") and code != text:
                if code in homes[line]:
                    at_home.add(text)
                else:
                    named[text].add(line)
        return {line for text in at_home for line in named[text]}

    def _homes(self, rows: Sequence[Row]) -> dict[int, frozenset[str]]:
        """Line -> the municipalities that another column of that row may mean; of the first column that does so."""
        used = (self.layout.region, self.layout.period, self.layout.value)
        for column in (number for number in range(len(self.table.header)) if number not in used):
            texts = Counter(cells[column] for _line, cells in rows)
            if not 1 < len(texts) <= MOST_MUNICIPALITIES:
                continue
            found = {text: self.areas.match(text) for text in texts}
            sure = {text for text, match in found.items() if match.certainty is Certainty.SURE}
            if sum(texts[text] for text in sure) > 0.9 * len(rows):
                meant = {
                    text: frozenset({match.code or "", *match.candidates}) for text, match in found.items()
                }
                return {line: meant[cells[column]] for line, cells in rows}
        return {}

    def _is_skipped_elsewhere(self, line: int, cells: Sequence[str]) -> bool:
        """A choice, as for an area that we do not know; else an error."""
        if not self.layout.skip_unknown:
            self._wrong(
                self.spoken.gettext(
                    "Deze rij ligt in een andere gemeente dan „%(name)s”. Gebruik de CBS-code, of sla zulke rijen over.",
                    name=cells[self.layout.region or 0][:80],
                ),
                line,
                self.layout.region,
            )
        return self.layout.skip_unknown

    def _area(self, line: int, cells: Sequence[str], matches: Mapping[str, str]) -> str | None:
        region = self.layout.region
        if region is None or region < 0:
            return self.areas.own
        text = cells[region]
        if not text:
            self._wrong(
                self.spoken.gettext("Hier ontbreekt het gebied. Vul een naam of code in."), line, region
            )
        elif text not in matches and text not in self.found.doubtful:
            self.strange_rows += 1
            if self.strange_rows > NAMED:
                return None
            self._wrong(
                self.spoken.gettext(
                    "Wij kennen „%(name)s” niet als gebied. Verbeter de naam, gebruik de CBS-code, of sla zulke rijen over.",
                    name=text[:80],
                ),
                line,
                region,
            )
        return matches.get(text)

    def _is_gone(self, code: str, cells: Sequence[str], period: Period) -> bool:
        """Does this name mean an area that was no more in this period? A code, or a choice, means what it says."""
        place, region = self.areas.by_code.get(code), self.layout.region
        if place is None or place.valid_until is None or region is None or region < 0:
            return False
        named = cells[region] not in self.picks and cells[region] != code
        return named and place.valid_until <= period.starts_on

    def _name(self, code: str, cells: Sequence[str]) -> str:
        """The register's name; of a district that it does not know, the first text before its code."""
        if place := self.areas.by_code.get(code):
            return place.name
        before = cells[: (self.layout.region or 0) + 1]
        return next((cell for cell in before if cell and not is_number(cell)), code)[:200]

    def _period(self, line: int, cells: Sequence[str]) -> Dated | None:
        column = self.layout.period or 0
        try:
            return read_period(cells[column])
        except ValueError:
            self._wrong(
                self.spoken.gettext(
                    "„%(text)s” is geen periode die wij kennen. Schrijf bijvoorbeeld 2024, 2024 1e halfjaar of januari 2024.",
                    text=cells[column][:80],
                )
                if cells[column]
                else self.spoken.gettext("Hier ontbreekt de periode. Schrijf bijvoorbeeld 2024."),
                line,
                column,
            )
            return None

    def _cell(self, line: int, text: str, column: int) -> Cell | None:
        gettext = self.spoken.gettext
        try:
            cell = parse_cell(text, self.layout.decimal)
        except NotANumber:
            self._wrong(self._no_number(text), line, column)
            return None
        problem = None
        if cell.value is None:
            pass
        elif self.about.kind is Kind.PEOPLE and cell.value < 0:
            problem = gettext("Een aantal mensen kan niet onder nul zijn. Verbeter het getal.")
        elif self.about.kind is Kind.PEOPLE and cell.value != int(cell.value):
            problem = gettext(
                "Een aantal mensen is een heel getal. Verbeter het, of kies bij stap 2 een ander soort cijfer."
            )
        elif self.about.kind is Kind.SHARE and not 0 <= cell.value <= 100:
            problem = gettext(
                "Een aandeel ligt tussen 0 en 100 procent. Verbeter het getal, of kies bij stap 2 een ander soort cijfer."
            )
        if problem:
            self._wrong(problem, line, column)
            return None
        return cell

    def _no_number(self, text: str) -> str:
        gettext, short = self.spoken.gettext, text[:80]
        try:
            parse_cell(text, "." if self.layout.decimal == "," else ",")
        except NotANumber:
            if text.startswith("#"):
                return gettext(
                    "De formule in dit vakje geeft een fout (%(text)s). Verbeter de formule.", text=short
                )
            return gettext(
                "„%(text)s” is geen getal. Verbeter het, of zet een punt als er geen cijfer is.", text=short
            )
        if self.layout.decimal == ",":
            return gettext(
                "„%(text)s” past niet bij de andere getallen: die hebben een komma voor de decimalen. Schrijf alle getallen hetzelfde.",
                text=short,
            )
        return gettext(
            "„%(text)s” past niet bij de andere getallen: die hebben een punt voor de decimalen. Schrijf alle getallen hetzelfde.",
            text=short,
        )

    def _guard_share(self, figure: Figure, cells: Sequence[str]) -> Figure:
        """A share is hidden when the number of people that it is of is small, or not given."""
        base, about = self.about.base, self.about
        if about.kind is not Kind.SHARE or base is None or figure.value is None or base >= len(cells):
            return figure
        try:
            people = parse_cell(cells[base], self.layout.decimal).value
        except NotANumber:
            self._wrong(
                self.spoken.gettext(
                    "Hier staat geen getal. Zo weten wij niet over hoeveel mensen het aandeel gaat."
                ),
                figure.line,
                base,
            )
            return figure
        if people is not None and show_share(figure.value, round(people), about.rules):
            return figure
        return replace(figure, value=None, missing="suppressed", guarded=True)

    # --- The figures together ---

    def _check_whole(self, before: Mapping[Key, float], today: date) -> None:
        found, gettext = self.found, self.spoken.gettext
        if not found.errors and not any(
            figure.value is not None or figure.guarded for figure in found.figures
        ):
            self._wrong(gettext("Wij vinden geen enkel cijfer. Kijk of u de goede kolommen hebt gekozen."))
        kinds = Counter(figure.period.type for figure in found.figures)
        usual = self.about.period_type or next((kind for kind, _n in kinds.most_common(1)), None)
        for figure in found.figures:
            if figure.period.type is not usual:
                self._wrong(
                    gettext(
                        "%(period)s past niet bij de andere periodes. Hele en halve jaren kunnen niet in één reeks: maak er twee van.",
                        period=figure.period.label(self.spoken),
                    ),
                    figure.line,
                )
        self._warn_of_time(today)
        if self.about.kind is Kind.SHARE and self.about.base is None and found.figures:
            self._warn(
                gettext(
                    "Wij weten niet over hoeveel mensen elk aandeel gaat. Kies die kolom, of schrijf op waarom het niet om weinig mensen gaat."
                )
            )
        if self.about.kind is Kind.PEOPLE:
            self._warn_of_totals()
        self._warn_of_leaps(before)

    def _warn_of_time(self, today: date) -> None:
        for figure in self.found.figures:
            place = self.areas.by_code.get(figure.code)
            if figure.period.starts_on > today:
                self._warn(
                    self.spoken.gettext(
                        "%(period)s moet nog beginnen. Klopt de periode?",
                        period=figure.period.label(self.spoken),
                    ),
                    figure.line,
                )
            if place and place.valid_until and place.valid_until <= figure.period.starts_on:
                self._warn(
                    self.spoken.gettext(
                        "%(name)s bestaat sinds %(day)s niet meer. Hoort dit cijfer bij een ander gebied?",
                        name=place.name,
                        day=self.spoken.date(place.valid_until),
                    ),
                    figure.line,
                )

    def _warn_of_totals(self) -> None:
        """Districts fill their municipality; municipalities may be a choice of a province, but never exceed it."""
        figures = {figure.key: figure for figure in self.found.figures}
        for line in sums_of(figures, self.areas):
            total = figures[cast("Key", line.total)]
            parts = [figures[cast("Key", part)] for part in line.parts]
            if total.value is None or any(part.value is None for part in parts):
                continue
            added = sum(part.value or 0 for part in parts)
            room = ROUNDED_BY * len(parts)
            filled = total.code[:2] in ("GM", "WK")
            if added > total.value + room or (filled and added < total.value - room):
                self._warn(
                    self.spoken.gettext(
                        "De delen van %(name)s tellen in %(period)s op tot %(added)s, het totaal is %(total)s.",
                        name=total.name,
                        period=total.period.label(self.spoken),
                        added=self._number(added),
                        total=self._number(total.value),
                    ),
                    total.line,
                    tells=[total.key, *(part.key for part in parts)],
                )

    def _warn_of_leaps(self, before: Mapping[Key, float]) -> None:
        """Three times as much, or as little, as in the other periods of the same area."""
        known: dict[str, dict[str, float]] = defaultdict(dict)
        for (code, period), value in before.items():
            known[code][period] = value
        for figure in self.found.figures:
            if figure.value is not None:
                known[figure.code][figure.period.code] = figure.value
        for figure in self.found.figures:
            others = [value for period, value in known[figure.code].items() if period != figure.period.code]
            if figure.value is None or len(others) < 2:
                continue
            middle = median(others)
            if self.about.kind is Kind.PEOPLE and abs(figure.value - middle) < 2 * self.about.rules.threshold:
                continue
            if middle > 0 and not middle / STRANGE <= figure.value <= middle * STRANGE:
                self._warn(
                    self.spoken.gettext(
                        "%(name)s, %(period)s: %(value)s is heel anders dan in andere periodes (midden: %(middle)s). Klopt dit?",
                        name=figure.name,
                        period=figure.period.label(self.spoken),
                        value=self._number(figure.value),
                        middle=self._number(middle),
                    ),
                    figure.line,
                    tells=[(figure.code, period) for period in known[figure.code]],
                )


def sums_of(keys: Iterable[Key], areas: Gazetteer) -> list[Sum]:
    """How areas add up per period: each area with the areas right under it that are in the table."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code, period in keys:
        codes[period].add(code)
    found = []
    for period, there in codes.items():
        parts: dict[str, list[Key]] = defaultdict(list)
        for code in sorted(there):
            above = next((up for up in _above(code, areas) if up in there), None)
            if above:
                parts[above].append((code, period))
        found += [Sum((above, period), tuple(keys)) for above, keys in parts.items()]
    return found


def _above(code: str, areas: Gazetteer) -> list[str]:
    """The areas that hold this one, the nearest first."""
    found = []
    if code.startswith("BU"):
        found.append("WK" + code[2:8])
    if code.startswith(("BU", "WK")):
        found.append("GM" + code[2:6])
    municipality = areas.by_code.get(found[-1] if found else code)
    if municipality and municipality.province:
        found.append(municipality.province)
    return found if code == "NL01" else [*found, "NL01"]
