"""The letters of a text file that does not say how they were written. It never fails: it says when it is unsure."""

import re
from dataclasses import dataclass

from workbench.core.files import decode

# What is still met in the Netherlands: Windows, Unix of before 2010, an old Mac, DOS. Named as charset-normalizer does.
CANDIDATES = ("cp1252", "iso8859_15", "mac_roman", "cp850")
SAMPLE = 200_000
NAMES = {"cp1252": "Windows", "iso8859_15": "ISO 8859-15", "mac_roman": "Mac", "cp850": "DOS"}


@dataclass(frozen=True)
class Letters:
    """A text, and how its letters were read when that had to be guessed."""

    text: str
    guess: str | None = None
    mixed: bool = False  # some lines in one way, some in another
    lost: bool = False  # some letters could not be read


def letters(data: bytes) -> Letters:
    """Text of any bytes."""
    try:
        text = decode(data)
    except UnicodeDecodeError as error:
        return Letters(data.decode(error.encoding, "replace"), lost=True)
    if text is not None:
        return Letters(text)
    lines = data.split(b"\n")
    read = [_unicode(line) for line in lines]
    if any(line is not None and not line.isascii() for line in read):
        return Letters(
            "\n".join(
                _old(raw, "cp1252") if line is None else line for raw, line in zip(lines, read, strict=True)
            ),
            mixed=True,
        )
    guess = _guess(b"\n".join(line for line in lines if not line.isascii())[:SAMPLE])
    text = _old(data, guess)
    return Letters(text, guess=NAMES[guess], lost="\ufffd" in text)


def _unicode(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _old(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace")


def _guess(sample: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - loads its tables only for a file of an older kind

    best = from_bytes(sample, cp_isolation=list(CANDIDATES)).best()
    found = best.encoding if best is not None and best.encoding in CANDIDATES else "cp1252"
    # The two differ in eight characters: the euro sign is the one that people write.
    if found == "cp1252" and b"\xa4" in sample and not re.search(rb"[\x80-\x9f]", sample):
        return "iso8859_15"
    return found
