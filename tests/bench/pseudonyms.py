"""How much of what says who somebody is is found in thirty texts, and how long a story takes.

Recall: found whole and with its kind. Precision: the proposal is about something that was marked. The hold-out texts
were written with the others and not looked at while the rules were tuned. `python -m tests.bench.pseudonyms deduce`
says the same of the library `deduce`, alone and beside our rules: in a process of its own, for it needs a gigabyte.
"""

import importlib.util
import logging  # noqa: TID251 (only to silence deduce, which sets the root logger to print everything)
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

from tests.stories.pseudonyms.marked import tally, texts
from workbench.stories.pseudonyms import Found, Kind, find

WORDS = 1500  # a long story
Finder = Callable[[str], Sequence[Found]]

KIND_OF = {
    **dict.fromkeys(("persoon", "patient"), Kind.PERSON),
    **dict.fromkeys(("ziekenhuis", "zorginstelling"), Kind.CARE),
    "locatie": Kind.PLACE,
    "datum": Kind.DATE,
    "leeftijd": Kind.AGE,
    "bsn": Kind.BSN,
    "id": Kind.NUMBER,
    "telefoonnummer": Kind.PHONE,
    "emailadres": Kind.EMAIL,
    "url": Kind.HANDLE,
}


def measure() -> Iterator[str]:
    yield from _counted("our rules", find)
    yield from _timed(find)
    if importlib.util.find_spec("deduce") is None:
        yield "deduce is not installed"
        return
    command = [sys.executable, "-m", "tests.bench.pseudonyms", "deduce"]
    yield from subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def _counted(name: str, finder: Finder) -> Iterator[str]:
    for hold_out in (False, True):
        marked = [one for one in texts() if one.hold_out is hold_out]
        yield f"{name}, {len(marked)} {'hold-out texts' if hold_out else 'texts the rules were tuned on'}"
        for line in tally(marked, finder).lines():
            yield "  " + line


def _timed(finder: Finder) -> Iterator[str]:
    words = " ".join(one.text for one in texts()).split(" ")[:WORDS]
    spent = []
    for _ in range(5):
        begun = time.perf_counter()
        finder(" ".join(words))
        spent.append(time.perf_counter() - begun)
    yield f"a story of {WORDS} words: {sorted(spent)[2] * 1000:.0f} ms"


def _deduce() -> Iterator[str]:
    from deduce import Deduce

    logging.getLogger().setLevel(logging.ERROR)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with tempfile.TemporaryDirectory() as cache:
        begun = time.perf_counter()
        Deduce(cache_path=cache)
        built = time.perf_counter()
        library = Deduce(cache_path=cache)
        loaded = time.perf_counter()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield f"deduce: built in {built - begun:.0f} s, loaded in {loaded - built:.0f} s, at most {grown:.0f} MB for both"

    def alone(text: str) -> list[Found]:
        return [
            Found(note.start_char, note.end_char, _kind(note.tag, note.text), note.text, "[weg]", False)
            for note in library.deidentify(text).annotations
        ]

    def beside(text: str) -> list[Found]:
        ours = find(text)
        return [*ours, *(item for item in alone(text) if not any(_touches(item, other) for other in ours))]

    yield from _counted("deduce alone", alone)
    yield from _counted("our rules and deduce", beside)
    yield from _timed(alone)


def _kind(tag: str, words: str) -> Kind:
    """Our kind for a tag of deduce; its "locatie" is an address, a postcode or a place."""
    if tag == "locatie" and re.fullmatch(r"\d{4} ?[A-Za-z]{2}", words):
        return Kind.POSTCODE
    return Kind.ADDRESS if tag == "locatie" and re.search(r"\d", words) else KIND_OF[tag]


def _touches(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


if __name__ == "__main__":
    for line in _deduce() if "deduce" in sys.argv[1:] else measure():
        print(line, flush=True)
