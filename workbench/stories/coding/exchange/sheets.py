"""Labels and citations as CSV, for who works in a spreadsheet: out and back in. Pure.

UTF-8 with a mark and semicolons, as a Dutch Excel opens it by itself. No text becomes a formula: it gets an
apostrophe in front, which reading takes off again. What is read is whole or refused, with the line in the file.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from workbench.core.language import LANGUAGES, Language
from workbench.indicators.download import FORMULA_STARTS
from workbench.stories.coding.exchange.project import (
    COLOUR,
    GUID,
    MEGABYTE,
    Checker,
    Coder,
    Coding,
    Refused,
    Source,
    Tag,
    short,
    tree_order,
)

MOST_BYTES = 20 * MEGABYTE


def tags_csv(tags: Iterable[Tag], spoken: Language) -> bytes:
    """One row per label, each after the label it hangs under."""
    rows = (
        [tag.guid, tag.name, tag.description, tag.colour or "", tag.parent or "", _yes(tag.codable, spoken)]
        for tag in tree_order(tags)
    )
    return b"".join(_lines(_tag_headings(spoken), rows))


def codings_csv(
    sources: Iterable[Source], tags: Sequence[Tag], coders: Sequence[Coder], spoken: Language
) -> Iterator[bytes]:
    """One row per label that a citation got, in pieces as the sources come."""
    tag_names = {tag.guid: tag.name for tag in tags}
    coder_names = {coder.guid: coder.name for coder in coders}
    rows = (
        [
            coding.guid,
            source.guid,
            source.name,
            str(coding.start),
            str(coding.end),
            source.text[coding.start : coding.end],
            coding.tag,
            tag_names[coding.tag],
            coding.coder or "",
            coder_names[coding.coder] if coding.coder else "",
            coding.created.astimezone(UTC).isoformat() if coding.created else "",
            coding.way,
        ]
        for source in sources
        for coding in source.codings
    )
    return _lines([*_coding_headings(spoken), spoken.gettext("wat zegt dit stuk")], rows)


def is_tags_csv(data: bytes) -> bool:
    """A table of labels, to judge by its columns; else of citations."""
    first = data[:1000].decode("utf-8-sig", errors="replace").partition("\n")[0].lower()
    own = [{heading.lower() for heading in _tag_headings(language)} for language in map(Language, LANGUAGES)]
    columns = {cell.strip().strip('"') for cell in first.replace(",", ";").replace("\t", ";").split(";")}
    return any(headings <= columns for headings in own)


def read_tags_csv(data: bytes, spoken: Language) -> tuple[Tag, ...]:
    """Labels, parents and all. Raises: Refused."""
    tags = tuple(
        Tag(
            guid=_guid(guid, line, spoken),
            name=name,
            description=description,
            colour=_colour(colour, line, spoken),
            parent=_guid(parent, line, spoken) if parent.strip() else None,
            codable=_is_yes(codable, line, spoken),
        )
        for line, (guid, name, description, colour, parent, codable) in _rows(data, _tag_headings, spoken)
    )
    Checker(spoken).codebook(tags, ())
    return tags


def read_codings_csv(
    data: bytes,
    sources: Sequence[Source],
    tags: Sequence[Tag],
    coders: Sequence[Coder] | None,
    spoken: Language,
) -> Mapping[str, tuple[Coding, ...]]:
    """Per source (its guid) the codings of the file, for sources that are here already. Raises: Refused.

    `coders` None: who coded does not matter. The citation in the row must be what stands at that place: else the text changed since.
    """
    texts = {source.guid: source for source in sources}
    found: dict[str, list[Coding]] = {}
    for line, row in _rows(data, _coding_headings, spoken):
        guid, source_guid, _name, start, end, cited, tag, _tag_name, coder, _coder_name, created = row
        source = texts.get(source_guid.strip().lower())
        if source is None:
            raise _refused(spoken.gettext("deze tekst kennen wij niet"), line, spoken)
        coding = Coding(
            guid=_guid(guid, line, spoken),
            start=_place(start, line, spoken),
            end=_place(end, line, spoken),
            tag=_guid(tag, line, spoken),
            coder=_guid(coder, line, spoken) if coder.strip() and coders is not None else None,
            created=_moment(created, line, spoken),
        )
        if source.text[coding.start : coding.end] != cited:
            raise _refused(spoken.gettext("het citaat staat niet op die plaats in de tekst"), line, spoken)
        found.setdefault(source.guid, []).append(coding)
    checker = Checker(spoken)
    checker.codebook(tags, ())
    checker.people(coders or ())
    read = {guid: tuple(codings) for guid, codings in found.items()}
    for guid, codings in read.items():
        source = texts[guid]
        checker.source(Source(guid, source.name, source.text, codings=codings))
    return read


def _tag_headings(spoken: Language) -> list[str]:
    _ = spoken.gettext
    return [_("kenmerk"), _("label"), _("omschrijving"), _("kleur"), _("hangt onder"), _("te gebruiken")]


def _coding_headings(spoken: Language) -> list[str]:
    _ = spoken.gettext
    return [
        _("kenmerk"),
        _("kenmerk van de tekst"),
        _("tekst"),
        _("begin"),
        _("einde"),
        _("citaat"),
        _("kenmerk van het label"),
        _("label"),
        _("kenmerk van de lezer"),
        _("lezer"),
        _("moment"),
    ]


# --- Out --------------------------------------------------------------------------------------------------------------


def _lines(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + _line(headings)
    for row in rows:
        yield _line([_guarded(cell) for cell in row])


def _line(cells: Sequence[str]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerow(cells)
    return file.getvalue().encode(errors="replace")


def _guarded(cell: str) -> str:
    return f"'{cell}" if _looks_guarded(cell) else cell


def _looks_guarded(cell: str) -> bool:
    """A formula, or a formula with apostrophes before it: so that taking one off again is always right."""
    return cell.lstrip("'").startswith(FORMULA_STARTS)


def _yes(value: bool, spoken: Language) -> str:  # noqa: FBT001 - it is the value itself
    return spoken.gettext("ja") if value else spoken.gettext("nee")


# --- In ---------------------------------------------------------------------------------------------------------------


def _rows(
    data: bytes, headings: Callable[[Language], list[str]], spoken: Language
) -> Iterator[tuple[int, list[str]]]:
    """Rows with their line in the file, in the order of our headings. Raises: Refused."""
    _ = spoken.gettext
    if len(data) > MOST_BYTES:
        raise Refused(_("Het bestand is groter dan 20 MB. Geef het in delen."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(
            _("De letters in dit bestand kunnen wij niet lezen. Sla het op als CSV UTF-8.")
        ) from error
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count), strict=True)
    try:
        order = _order([cell.strip().lower() for cell in next(reader, [])], headings, spoken)
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) <= max(order):
                raise _refused(_("er ontbreken kolommen"), reader.line_num, spoken)
            yield reader.line_num, [_bare(row[column]) for column in order]
    except csv.Error as error:
        raise _refused(_("dit is geen geldige CSV"), reader.line_num, spoken) from error


def _order(header: Sequence[str], headings: Callable[[Language], list[str]], spoken: Language) -> list[int]:
    """The column of each of our headings, in Dutch or English. Raises: Refused."""
    for language in map(Language, LANGUAGES):
        ours = [heading.lower() for heading in headings(language)]
        if set(ours) <= set(header):
            return [header.index(heading) for heading in ours]
    missing = next(heading for heading in headings(spoken) if heading.lower() not in header)
    raise Refused(spoken.gettext("De kolom „%(name)s” ontbreekt.", name=missing))


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _looks_guarded(cell) else cell


def _refused(what: str, line: int, spoken: Language) -> Refused:
    return Refused(spoken.gettext("Regel %(line)s: %(what)s.", line=line, what=what))


def _guid(cell: str, line: int, spoken: Language) -> str:
    guid = cell.strip().strip("{}").lower()
    if not GUID.fullmatch(guid):
        raise _refused(spoken.gettext("„%(name)s” is geen kenmerk (guid)", name=short(cell)), line, spoken)
    return guid


def _place(cell: str, line: int, spoken: Language) -> int:
    if not (cell.strip().isascii() and cell.strip().isdecimal() and len(cell) < 10):
        raise _refused(
            spoken.gettext("„%(name)s” is geen plaats in de tekst", name=short(cell)), line, spoken
        )
    return int(cell)


def _colour(cell: str, line: int, spoken: Language) -> str | None:
    colour = cell.strip().lower()
    if colour and not COLOUR.fullmatch(colour):
        raise _refused(
            spoken.gettext("„%(name)s” is geen kleur zoals #1a2b3c", name=short(cell)), line, spoken
        )
    return colour or None


def _is_yes(cell: str, line: int, spoken: Language) -> bool:
    answers = {
        _yes(value, language): value for language in map(Language, LANGUAGES) for value in (True, False)
    }
    answer = answers.get(cell.strip().lower())
    if answer is None:
        raise _refused(spoken.gettext("„%(name)s” is geen ja of nee", name=short(cell)), line, spoken)
    return answer


def _moment(cell: str, line: int, spoken: Language) -> datetime | None:
    if not cell.strip():
        return None
    try:
        moment = datetime.fromisoformat(cell.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _refused(spoken.gettext("„%(name)s” is geen moment", name=short(cell)), line, spoken) from error
