"""The portable form of a template, and reading it without trusting any of it. Pure.

A package is JSON in UTF-8. Its checksum is the SHA-256 of all the rest in canonical form: keys in order, no spaces,
letters as themselves. Whatever is wrong, reading refuses it as a whole and says which fault it is and where.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FORMAT, VERSION = "monitorwerkbank-voorbeeld", 1
MOST_BYTES = 1024 * 1024
MOST_LETTERS = 10_000  # in one text
MOST_ITEMS = 200  # in one list
MOST_DEPTH = 20
LARGEST_NUMBER = 1_000_000
BOUNDS = {"horizon": (1900, 2200), "mark": (0, 1000), "step": (0, 9)}

Content = TypeVar("Content", bound=BaseModel)
Text = Annotated[str, Field(min_length=1, max_length=300)]


class Origin(BaseModel):
    """Where a template comes from: the address of the installation, its key there and the version of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    installation: Annotated[str, Field(pattern=r"^https?://[^\s/?#@]{1,250}$")]
    council: Text
    key: UUID
    number: Annotated[int, Field(ge=1)]
    shared_on: date


class Package(BaseModel, Generic[Content]):
    """The document itself; a field that goes or changes its meaning needs a new `version`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal["monitorwerkbank-voorbeeld"] = "monitorwerkbank-voorbeeld"
    version: Literal[1] = 1
    checksum: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
    kind: str
    title: Text
    description: str
    context: str
    differently: str
    licence: str | None
    fictitious: bool
    origin: Origin
    content: Content


class Fault(StrEnum):
    TOO_LARGE = "too_large"
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    TWICE = "twice"
    TOO_DEEP = "too_deep"
    TEXT_TOO_LONG = "text_too_long"
    LIST_TOO_LONG = "list_too_long"
    HIDDEN_LETTER = "hidden_letter"
    NUMBER = "number"
    NO_PACKAGE = "no_package"
    VERSION = "version"
    CHECKSUM = "checksum"
    FIELD = "field"
    UNKNOWN_FIELD = "unknown_field"
    MISSING_FIELD = "missing_field"
    KIND = "kind"
    SAME_KEY = "same_key"
    UNKNOWN_KEY = "unknown_key"
    EMPTY = "empty"


class Refused(ValueError):
    """Not a package that can be used; `place` tells where, as the names of fields and the numbers of items."""

    def __init__(self, fault: Fault, place: str = "") -> None:
        super().__init__(f"{fault} {place}".strip())
        self.fault, self.place = fault, place


def canonical(document: dict[str, Any]) -> bytes:
    """All but the checksum, always in the same bytes."""
    rest = {name: part for name, part in document.items() if name != "checksum"}
    return json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def checksum(document: dict[str, Any]) -> str:
    return f"sha256:{hashlib.sha256(canonical(document)).hexdigest()}"


def write(document: dict[str, Any]) -> bytes:
    """The file, to be read by people as well."""
    whole = document | {"checksum": checksum(document)}
    return (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode()


def read(data: bytes, content: type[Content], kinds: frozenset[str]) -> Package[Content]:
    """What is in a file, when all of it is right. Raises: Refused."""
    document = _document(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused(Fault.NO_PACKAGE)
    if type(document.get("version")) is not int or document["version"] != VERSION:
        raise Refused(Fault.VERSION, str(document.get("version", ""))[:20])
    _check_texts(document, ())
    if document.get("checksum") != checksum(document):
        raise Refused(Fault.CHECKSUM)
    try:
        package = Package[content].model_validate_json(json.dumps(document), strict=True)  # type: ignore[valid-type]
    except ValidationError as error:
        raise _refusal(error) from None
    if package.kind not in kinds:
        raise Refused(Fault.KIND, package.kind[:40])
    _check_keys(package.content)
    return package


def _document(data: bytes) -> Any:
    if len(data) > MOST_BYTES:
        raise Refused(Fault.TOO_LARGE)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Fault.NOT_UTF8) from None
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_no_number)
    except RecursionError:
        raise Refused(Fault.TOO_DEEP) from None
    except Refused:
        raise
    except ValueError:  # also a number of thousands of digits
        raise Refused(Fault.NOT_JSON) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refused(Fault.TWICE)
    return found


def _no_number(text: str) -> Any:
    """Neither fractions nor NaN stand in a package."""
    raise Refused(Fault.NUMBER, text[:20])


def _check_texts(part: Any, path: tuple[str, ...]) -> None:
    """Sizes, depth and letters of all there is, known field or not."""
    place = ".".join(path)
    if len(path) > MOST_DEPTH:
        raise Refused(Fault.TOO_DEEP, place[:200])
    if isinstance(part, str):
        if len(part) > MOST_LETTERS:
            raise Refused(Fault.TEXT_TOO_LONG, place)
        if any(_is_hidden(letter) for letter in part):
            raise Refused(Fault.HIDDEN_LETTER, place)
    elif isinstance(part, int) and not isinstance(part, bool):
        low, high = BOUNDS.get(path[-1], (0, LARGEST_NUMBER))
        if not low <= part <= high:
            raise Refused(Fault.NUMBER, place)
    elif isinstance(part, list):
        if len(part) > MOST_ITEMS:
            raise Refused(Fault.LIST_TOO_LONG, place)
        for number, item in enumerate(part, 1):
            _check_texts(item, (*path, str(number)))
    elif isinstance(part, dict):
        for name, item in part.items():
            if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name):
                raise Refused(Fault.UNKNOWN_FIELD, place)
            _check_texts(item, (*path, name))


def _is_hidden(letter: str) -> bool:
    """What nobody sees: control characters, halves of pairs, and what turns the direction of reading."""
    kind = unicodedata.category(letter)
    if kind == "Cc":
        return letter not in "\n\r\t"
    return (
        kind in ("Cs", "Co", "Cn") or letter in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
    )


FAULTS = {"extra_forbidden": Fault.UNKNOWN_FIELD, "missing": Fault.MISSING_FIELD}


def _refusal(error: ValidationError) -> Refused:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    steps = [str(step + 1) if isinstance(step, int) else str(step) for step in first["loc"]]
    return Refused(FAULTS.get(first["type"], Fault.FIELD), ".".join(steps)[:200])


def _check_keys(content: BaseModel) -> None:
    """Each card has a key of its own, and whatever names a key names one of these."""
    keys = [key for name, key in _ids(content) if name == "key"]
    if len(set(keys)) != len(keys):
        raise Refused(Fault.SAME_KEY)
    known = set(keys)
    for name, key in _ids(content):
        if key not in known:
            raise Refused(Fault.UNKNOWN_KEY, name)
    if not known and not any(bool(part) for _name, part in content if isinstance(part, tuple)):
        raise Refused(Fault.EMPTY)


def _ids(part: Any, name: str = "") -> Iterator[tuple[str, UUID]]:
    """(name of the field, id) of every id in a content."""
    if isinstance(part, UUID):
        yield name, part
    elif isinstance(part, BaseModel):
        for field, item in part:
            yield from _ids(item, field)
    elif isinstance(part, tuple):
        for item in part:
            yield from _ids(item, name)
