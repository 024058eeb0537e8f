"""The monitor on one sheet: the four pieces Visie, Kennis, Sturing and Informatie with the council's own content. Pure.

The values come first. A long text is cut at a word; the sheet itself makes its lists as long as fits.
"""

from datetime import date

from pydantic import BaseModel, ConfigDict

from workbench.core.language import Language
from workbench.documents import typeset
from workbench.documents.parts import FORBIDDEN

LONGEST = 170  # characters of one line
SHORTER = ((9, 70), (5, 110))  # in a list of so many lines, so that more of them fit
PPI = 110  # of the picture: 1,819 by 1,286 pixels


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Frozen):
    strong: str = ""
    text: str = ""


class Group(_Frozen):
    title: str
    lines: tuple[Line, ...]


class PieceWords(_Frozen):
    """`about`: the question that this piece answers; `empty`: what stands there when nothing is filled in or open."""

    name: str
    about: str
    empty: str
    groups: tuple[Group, ...] = ()


class SummaryWords(_Frozen):
    """`pieces`: four, the values first."""

    council: str
    title: str
    language: str
    read_on: date
    warning: str = ""
    pieces: tuple[PieceWords, PieceWords, PieceWords, PieceWords]


def cut(text: str, longest: int = LONGEST) -> str:
    """No longer than this, ending at a word, with a mark that something was left out."""
    text = " ".join(FORBIDDEN.sub("", text).split())
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    whole = head.rpartition(" ")[0] if text[longest - 1] != " " else head
    return (whole or head).rstrip(" ,;:.–-") + "…"


def pdf(words: SummaryWords) -> bytes:
    return typeset.pdf("summary", _data(words))


def png(words: SummaryWords) -> bytes:
    return typeset.pngs("summary", _data(words), PPI)[0]


def _data(words: SummaryWords) -> dict[str, object]:
    spoken = Language(words.language)
    day = words.read_on
    return {
        "kind": spoken.gettext("De monitor op één blad"),
        "title": cut(words.title, 90),
        "council": words.council,
        "language": words.language,
        "read_on": (day.year, day.month, day.day),
        "dated": spoken.gettext("Stand van %(day)s", day=spoken.date(day)),
        "warning": words.warning,
        "more": spoken.gettext("En nog {n}: zie de monitor."),
        "pieces": [
            {
                "name": piece.name,
                "about": piece.about,
                "empty": piece.empty,
                "groups": [
                    {
                        "title": group.title,
                        "lines": _lines(group),
                    }
                    for group in piece.groups
                    if group.lines
                ],
            }
            for piece in words.pieces
        ],
    }


def _lines(group: Group) -> list[dict[str, str]]:
    longest = next((most for least, most in SHORTER if len(group.lines) >= least), LONGEST)
    return [{"strong": cut(line.strong, 90), "text": cut(line.text, longest)} for line in group.lines]
