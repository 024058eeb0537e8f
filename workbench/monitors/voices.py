"""A voice in a monitor: the words of one excerpt with who told them, or why they are not to be read (any more). Pure.

What is kept of a quote (formats, adopted parts, published pages, snapshots) holds ids and never words: the words are read
at the moment of reading, for whoever reads; see hearing.py.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from workbench.core.language import Language

FEWEST, MOST = 2, 5  # voices in one block of stories


def N_(text: str) -> str:  # noqa: N802 - the name that marks a text to translate where it is shown
    return text


class Silence(StrEnum):
    """Why there are no words."""

    GONE = "gone"  # the narrator withdrew, or the time to keep it is over
    NOT_HERE = "not_here"  # the narrator does not let it go this far
    CHANGED = "changed"  # other words than those that were kept track of


_WHY = {
    Silence.GONE: N_("Bron ingetrokken. Deze woorden zijn er niet meer."),
    Silence.NOT_HERE: N_("De verteller deelt deze woorden niet zo ver. U kunt ze hier niet lezen."),
    Silence.CHANGED: N_("Deze woorden zijn later veranderd. De oude zijn niet bewaard."),
}
# How it was told, by the kind of source.
_WAYS = {
    "interviews": N_("in een gesprek"),
    "mirror_talk": N_("in een spiegelgesprek"),
    "open_answers": N_("in een onderzoek"),
    "table_talk": N_("aan een tafel met anderen"),
    "complaints": N_("in een klacht of melding"),
    "visits": N_("tijdens een werkbezoek"),
    "other": N_("op een andere manier verteld"),
}
_SIDES = {"well", "not_well"}


@dataclass(frozen=True)
class Voice:
    """`teller`: as the narrator lets it be shown; `source`: the kind of source; `leaning`: in the eyes of who coded it."""

    excerpt_id: UUID
    words: str = ""
    teller: str = ""
    source: str = ""
    told_on: date | None = None
    leaning: str = ""
    silence: Silence | None = None
    audience: str = ""  # as whose reader it is heard

    @property
    def is_heard(self) -> bool:
        return self.silence is None


def silent(excerpt_id: UUID, why: Silence = Silence.GONE) -> Voice:
    return Voice(excerpt_id, silence=why)


def mark_of(voice: Voice) -> str:
    """SHA-256 of these words of this excerpt, to see later whether they are still the same; of silence, that it was."""
    if not voice.is_heard:
        return "silent"
    return hashlib.sha256(f"{voice.excerpt_id} {voice.words}".encode()).hexdigest()


def as_kept(voice: Voice, mark: str) -> Voice:
    """The voice, unless it says something else now than when this mark was kept."""
    if voice.is_heard and mark and mark_of(voice) != mark:
        return silent(voice.excerpt_id, Silence.CHANGED)
    return voice


def from_all(heard: Mapping[UUID, Voice], excerpt_id: UUID, mark: str = "", source: str = "") -> Voice:
    """One of these; without a mark as it is now; `source`: the kind of source as it was kept, for a reader who cannot see sources."""
    found = as_kept(heard.get(excerpt_id) or silent(excerpt_id), mark)
    return replace(found, source=source) if found.is_heard and source and not found.source else found


def told_by(voice: Voice, language: Language) -> str:
    """'Moeder van twee kinderen, in een gesprek, maart 2026': as far as it is known and may be told."""
    way = language.gettext(_WAYS[voice.source]) if voice.source in _WAYS else ""
    month = language.month(voice.told_on) if voice.told_on else ""
    text = ", ".join(part for part in (voice.teller.rstrip(". "), way, month) if part)
    return f"{text[:1].upper()}{text[1:]}"


def why_not(voice: Voice, language: Language) -> str:
    """Why there are no words; empty when there are."""
    return language.gettext(_WHY[voice.silence]) if voice.silence else ""


def ways(sources: Iterable[str], language: Language) -> str:
    """The kinds of sources, each once."""
    known = dict.fromkeys(source for source in sources if source in _WAYS)
    return ", ".join(language.gettext(_WAYS[source]) for source in known)


def differ(leanings: Iterable[str]) -> bool:
    """Does one of these say it goes well and another that it does not? Who says both, differs from either."""
    found = {leaning for leaning in leanings if leaning in _SIDES or leaning == "both"}
    return len(found) > 1
