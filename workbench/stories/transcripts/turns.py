"""Who speaks where in a transcript: lines that begin with a name and a colon. For the reading view and for renaming.

A transcript knows no grammar: "Let op:" looks like a name. A label counts when it is a word for a speaker, or begins two
lines or more; beside those a single name counts too. Words for facts about the talk ("Datum:") never count. Where the
names are known already (subtitles name them), only those count.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workbench.stories.transcripts.normal import normal

MOST_LABEL = 40
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
# "Anna:", "[0:12] Anna:", "Anna (0:12):", and as programs that write down meetings do: "Anna 0:12" or "0:12 Spreker 1".
_LABEL = re.compile(
    rf"^(?P<time>(?:[\[(]?{_CLOCK}[\])]?(?: ?[-–] ?| )){{1,2}})?"
    rf"(?P<who>[^\W\d_][^\n:;!?|<>\[\]{{}}\"„”“=/\\]{{0,{MOST_LABEL - 1}}}?)"
    rf"(?:(?P<colon>(?: ?[\[(]{_CLOCK}[\])])? ?:(?=[ \n]|$))|(?P<clock> [\[(]?{_CLOCK}[\])]?$)|(?(time)$|(?!)))",
    re.MULTILINE,
)
_ROLE = re.compile(
    r"(?:i|r|v|a|g|int|resp|interviewer|interviewster|geïnterviewde|respondent|vraag|antwoord|gespreksleider|moderator"
    r"|spreker|speaker|deelnemer|bewoner|inwoner|verteller|cliënt|ouder|moeder|vader|onbekend|allen)\.?(?: ?\d{1,2})?",
    re.IGNORECASE,
)
_FACTS = re.compile(
    "datum|tijd|tijdstip|plaats|locatie|namen?|onderwerp|betreft|let|bijvoorbeeld|nb|ps|bron|duur|aanwezig|afwezig"
    "|leeftijd|geslacht|adres|telefoon|e-?mail|titel|thema|noot|opmerking|conclusie|samenvatting|kortom|dus|https?"
    "|project|versie|start|begin|einde|transcript|interview|interviewnummer"
)


@dataclass(frozen=True)
class Turn:
    """One turn: `text[start:end]` is what is said, `text[label:start]` the name before it (label equals start without one)."""

    speaker: str | None
    label: int
    start: int
    end: int


def _labels(text: str) -> Iterator[re.Match[str]]:
    for found in _LABEL.finditer(text):
        who = found["who"]
        words = who.split()
        marked = found["colon"] or found["clock"]
        if _ROLE.fullmatch(who) or (
            marked
            and len(words) <= 4
            and not who[0].islower()
            and not _FACTS.fullmatch(words[0].casefold().rstrip("."))
        ):
            yield found


def _known(text: str, names: Iterable[str] | None) -> set[str]:
    """The labels that are speakers, without regard for capitals."""
    if names is not None:
        return {name.casefold() for name in names}
    labels = [found["who"] for found in _labels(text)]
    counted = Counter(who.casefold() for who in labels)
    sure = {who for who, times in counted.items() if times > 1 or _ROLE.fullmatch(who)}
    if sum(counted[who] for who in sure) < 2:
        return set()
    return sure | {who.casefold() for who in labels if len(who.split()) <= 2 and who == who.title()}


def turns(text: str, names: Iterable[str] | None = None) -> list[Turn]:
    """The turns of a text in normal form, in order; together they hold all of it but blanks and line ends."""
    known = _known(text, names)
    found = [label for label in _LABEL.finditer(text) if label["who"].casefold() in known]
    told: list[Turn] = []
    ends = [label.start() for label in found] + [len(text)]
    if text[: ends[0]].strip():
        told.append(Turn(None, 0, 0, _end(text, 0, ends[0])))
    written: dict[str, str] = {}
    for label, end in zip(found, ends[1:], strict=True):
        start = label.end() + len(text[label.end() : end]) - len(text[label.end() : end].lstrip(" \n"))
        name = written.setdefault(label["who"].casefold(), label["who"])
        told.append(Turn(name, label.start(), start, max(start, _end(text, start, end))))
    return told


def _end(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" \n"))


def speakers(text: str, names: Iterable[str] | None = None) -> tuple[str, ...]:
    """Who speaks, in the order in which they begin."""
    return tuple(dict.fromkeys(turn.speaker for turn in turns(text, names) if turn.speaker))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with other names for its speakers, in normal form. Do this before anything points at places in it."""
    wanted = {old.casefold(): new.strip() for old, new in names.items() if new.strip()}

    def other(found: re.Match[str]) -> str:
        start, end = (place - found.start() for place in found.span("who"))
        name = wanted.get(found["who"].casefold())
        return found[0] if name is None else found[0][:start] + name + found[0][end:]

    return normal(_LABEL.sub(other, text))
