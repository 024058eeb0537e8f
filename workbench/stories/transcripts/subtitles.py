"""Subtitles as a talk: without times and styling, with names, and with what rolls by twice said once.

Pure string work: a cue is lines of text under a line with an arrow. Programs that make subtitles of a recording repeat
the line before in the next cue, and cut sentences anywhere; a reader wants paragraphs.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.stories.transcripts.normal import normal

_CLOCK = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
ARROW = re.compile(rf"^[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?:[ \t].*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,80})?[ \t]{1,9}([^>\n]{1,80})>")
_TAG = re.compile(r"</?(?:[a-zA-Z][^<>\n]{0,200}|[\d:.,]{4,12})?>|\{\\[^{}\n]{0,200}\}")
_NAMED = re.compile(r"^(?:- ?|>> ?)?([A-ZÀ-Þ][\w .'’-]{0,38}?) ?(?:\([^()]{0,30}\))?: +(?=\S)")
MOST_ROLLING = 5  # lines that roll by in one picture
LEAST_PARAGRAPH = 400  # characters, after which a sentence's end ends a paragraph when there are no speakers


@dataclass(frozen=True)
class Cue:
    """What is said in one cue, and by whom as far as it says so."""

    speaker: str | None
    lines: tuple[str, ...]


def is_subtitles(text: str) -> bool:
    """A WebVTT header with a cue, or a first cue as in SRT: a number and a line with an arrow."""
    lines = [line.strip() for line in text[:4000].lstrip("\ufeff \r\n").splitlines()]
    if not lines:
        return False
    if re.match(r"WEBVTT(\s|$)", lines[0]):
        return any(ARROW.match(line) for line in lines)
    first = lines[1] if lines[0].isdigit() and len(lines) > 1 else lines[0]
    return bool(ARROW.match(first))


def talk(text: str) -> tuple[str, tuple[str, ...]]:
    """The talk in a file of subtitles, in normal form, and who the file says that speak."""
    paragraphs: list[tuple[str | None, list[str]]] = []
    before = Cue(None, ())
    for cue in _cues(text):
        other = cue.speaker is not None and cue.speaker != before.speaker
        fresh = cue.lines if other else _fresh(before.lines, cue.lines)
        before = Cue(cue.speaker or before.speaker, cue.lines)
        if not fresh:
            continue
        said = " ".join(fresh)
        same = paragraphs and cue.speaker in (paragraphs[-1][0], None)
        if same and not (cue.speaker is None and paragraphs[-1][0] is None and _full(paragraphs[-1][1])):
            paragraphs[-1][1].append(said)
        else:
            paragraphs.append((cue.speaker, [said]))
    talked = "\n\n".join((f"{who}: " if who else "") + " ".join(said) for who, said in paragraphs)
    return normal(talked), tuple(dict.fromkeys(normal(who) for who, _said in paragraphs if who))


def _full(said: list[str]) -> bool:
    return said[-1].endswith((".", "!", "?", "…")) and sum(map(len, said)) > LEAST_PARAGRAPH


def _fresh(before: tuple[str, ...], lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines that do not repeat the end of the cue before."""
    for size in range(min(len(before), len(lines), MOST_ROLLING), 0, -1):
        if before[-size:] == lines[:size]:
            return lines[size:]
    if len(lines) == 1 and before and lines[0].startswith(before[-1] + " "):  # one line that grows
        return (lines[0][len(before[-1]) :].strip(),)
    return lines


def _cues(text: str) -> Iterator[Cue]:
    """All cues; a cue in which two people speak gives two."""
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = block.split("\n")
        at = next((number for number, line in enumerate(lines) if ARROW.match(line)), None)
        if at is not None:
            yield from _spoken(lines[at + 1 :])


def _spoken(lines: list[str]) -> Iterator[Cue]:
    speaker: str | None = None
    said: list[str] = []
    for line in lines:
        # <v Naam>…</v> may begin in the middle of a line.
        for number, part in enumerate(_VOICE.split(line)):
            if number % 2:
                if said:
                    yield Cue(speaker, tuple(said))
                speaker, said = _name(part), []
                continue
            plain = " ".join(html.unescape(_TAG.sub("", part)).split())
            if named := _NAMED.match(plain):
                if said:
                    yield Cue(speaker, tuple(said))
                speaker, said, plain = _name(named[1]), [], plain[named.end() :]
            if plain:
                said.append(plain)
    if said:
        yield Cue(speaker, tuple(said))


def _name(text: str) -> str:
    return " ".join(html.unescape(text).replace(":", " ").split())
