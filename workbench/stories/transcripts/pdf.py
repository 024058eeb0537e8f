"""The text of a PDF. The library that reads it runs in a process of its own, with bounds of its own.

A PDF is a program more than a text, and a small one can keep a reader busy for hours. So the child has a limit on
processor time and memory beside the counted ones, knows no setting of ours, and answers with text or one word.
"""

import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.stories.transcripts.normal import Measure
from workbench.stories.transcripts.refused import Problem, Refused

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_PAGES = 200
MOST_STREAM = 10_000_000  # bytes that one piece of a page may become
MOST_STEPS = 400_000  # drawing orders on one page
PROCESSOR_SECONDS = 20
MEMORY = 1024**3
PATIENCE = 40  # seconds on the clock; the web server waits 60
NEEDED = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH")  # of the environment: no setting of ours
ROOT = Path(__file__).parents[3]
FULL = 0.75  # a line of this part of the widest goes on in the next one
FULL_SENTENCE = 0.88  # the same where a sentence ends, which may be the end of a paragraph
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_NUMBER = re.compile(
    r"(?:pagina|page|blz\.?|p\.)? ?-? ?\d{1,3} ?-?(?: ?(?:/|van|of) ?\d{1,3})?", re.IGNORECASE
)
_SPOKEN = re.compile(r"[^\W\d_][^\n:;!?]{0,39}:(?: |$)")


@dataclass(frozen=True)
class Pages:
    """The text of each page, and whether there are pictures."""

    texts: tuple[str, ...]
    pictures: bool

    @property
    def empty(self) -> int:
        return sum(1 for text in self.texts if not text.strip())

    @property
    def scanned(self) -> bool:
        """Hardly a letter on the pages: a photograph of text."""
        seen = sum(1 for text in self.texts for character in text if character.isalpha())
        return seen == 0 or (self.pictures and seen < 15 * len(self.texts))


def read_pdf(data: bytes) -> Pages:
    """The pages, read in a process that may fail without harm. Raises: Refused."""
    try:
        answer = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", __name__],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # the library quotes the text in its warnings
            cwd=ROOT,
            env={name: os.environ[name] for name in NEEDED if name in os.environ},
            timeout=PATIENCE,
            check=True,
        ).stdout
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Refused(Problem.HEAVY) from None
    told = json.loads(answer)
    if "problem" in told:
        raise Refused(Problem(told["problem"]))
    return Pages(tuple(told["texts"]), bool(told["pictures"]))


def pages_of(data: bytes) -> Pages:
    """The pages, read here and now. Raises: Refused."""
    import pypdf  # noqa: PLC0415 - only the child loads it
    from pypdf.errors import LimitReachedError  # noqa: PLC0415

    bounds = pypdf.Configuration(
        maximum_declared_stream_length=MOST_STREAM,
        array_based_stream_maximum_output_length=MOST_STREAM,
        lzw_maximum_output_length=MOST_STREAM,
        run_length_maximum_output_length=MOST_STREAM,
        zlib_maximum_output_length=MOST_STREAM,
        brotli_maximum_output_length=MOST_STREAM,
        zlib_maximum_recovery_input_length=100_000,
        stream_filters_maximum_length=4,
        stream_decoding_work_maximum_length=2 * MOST_STREAM,
        stream_parsing_work_maximum_count=MOST_STEPS,
        page_tree_maximum_entries=10 * MOST_PAGES,
        xform_maximum_invocations_per_extraction=200,
        dictionary_maximum_element_count=20_000,
        jbig2dec_binary=None,
    )
    try:
        with pypdf.apply_configuration(bounds):
            return _pages(pypdf.PdfReader(io.BytesIO(data)))
    except (Refused, MemoryError):
        raise
    except LimitReachedError:
        raise Refused(Problem.HEAVY) from None
    except Exception:  # noqa: BLE001 - a spoilt PDF fails anywhere in the library
        raise Refused(Problem.BROKEN) from None


def _pages(reader: "PdfReader") -> Pages:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refused(Problem.LOCKED)
    if len(reader.pages) > MOST_PAGES:
        raise Refused(Problem.PAGES)
    texts: list[str] = []
    measure, pictures = Measure(), False
    for page in reader.pages:
        texts.append(measure.add(page.extract_text()))
        pictures = pictures or "/XObject" in (page.get("/Resources") or {})
    return Pages(tuple(texts), pictures)


def told(pages: Pages) -> str:
    """The pages as running text: without page numbers and lines that stand on most pages, and lines put together."""
    lines = [
        [" ".join(line.split()) for line in text.translate(LIGATURES).split("\n")] for text in pages.texts
    ]
    lines = [[line for line in page if line] for page in lines]
    repeated = _repeated(lines)
    kept = [line for page in lines for line in _body(page, repeated, alone=len(lines) == 1)]
    return _paragraphs(kept)


def _mask(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _repeated(pages: Sequence[Sequence[str]]) -> set[str]:
    """Lines at the top or the bottom of two pages or more, and of at least half."""
    counted = Counter(line for page in pages for line in {_mask(line) for line in (*page[:2], *page[-2:])})
    return {
        line for line, times in counted.items() if times >= max(2, len(pages) / 2) and not _SPOKEN.match(line)
    }


def _body(page: Sequence[str], repeated: set[str], *, alone: bool) -> Sequence[str]:
    def furniture(line: str) -> bool:
        return _mask(line) in repeated or (not alone and _NUMBER.fullmatch(line) is not None)

    start, end = 0, len(page)
    while start < min(2, end) and furniture(page[start]):
        start += 1
    while end > max(start, len(page) - 2) and furniture(page[end - 1]):
        end -= 1
    return page[start:end]


def _paragraphs(lines: Sequence[str]) -> str:
    widest = max(map(len, lines), default=0)
    before = ""
    parts: list[str] = []
    for line in lines:
        full = FULL_SENTENCE if before.endswith((".", "?", "!", "…", "”", "’")) else FULL
        goes_on = before and len(before) >= full * widest and not _SPOKEN.match(line)
        if goes_on and re.search(r"[^\W\d_]-$", before) and line[0].islower():
            parts.append(parts.pop()[:-1] + line)
        elif goes_on:
            parts.append(" " + line)
        else:
            parts.append("\n\n" + line)
        before = line
    return "".join(parts)


def main() -> None:
    """The child: a PDF comes in, JSON goes out."""
    import resource  # noqa: PLC0415 - only here, and not on every system

    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        pages = pages_of(sys.stdin.buffer.read())
        answer: dict[str, object] = {"texts": pages.texts, "pictures": pages.pictures}
    except Refused as refused:
        answer = {"problem": refused.problem.value}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
