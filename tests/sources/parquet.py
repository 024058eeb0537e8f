"""Reading the Parquet files of the recordings: flat columns, Snappy, one page after another. No more than they use.

See the format: https://parquet.apache.org/docs/file-format/ and Thrift's compact protocol.
"""

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

INT32, INT64, DOUBLE, BYTES = 1, 2, 5, 6
DATA_PAGE, DICTIONARY_PAGE = 0, 2
PLAIN, BY_DICTIONARY = 0, {2, 8}


def read_columns(path: Path, wanted: Iterable[str] | None = None) -> dict[str, list[Any]]:
    """Column name -> its values, in file order; None where there is no value. Texts are str."""
    data = path.read_bytes()
    size = struct.unpack("<I", data[-8:-4])[0]
    footer = _Thrift(data[-8 - size : -8]).struct()
    columns: dict[str, list[Any]] = {}
    for group in footer[4]:
        for chunk in group[1]:
            about = chunk[3]
            name = about[3][0].decode()
            if wanted is None or name in set(wanted):
                columns.setdefault(name, []).extend(_chunk(data, about))
    return columns


def read_rows(path: Path, wanted: Iterable[str] | None = None) -> list[dict[str, Any]]:
    columns = read_columns(path, wanted)
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


class _Thrift:
    """The compact protocol: structs become dicts of field number -> value."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def signed(self) -> int:
        value = self.unsigned()
        return (value >> 1) ^ -(value & 1)

    def take(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def value(self, kind: int) -> Any:
        match kind:
            case 1 | 2:
                return kind == 1
            case 3:
                return self.byte()
            case 4 | 5 | 6:
                return self.signed()
            case 7:
                return struct.unpack("<d", self.take(8))[0]
            case 8:
                return self.take(self.unsigned())
            case 9 | 10:
                head = self.byte()
                count = head >> 4 if head >> 4 < 15 else self.unsigned()
                return [
                    self.byte() == 1 if head & 15 in (1, 2) else self.value(head & 15) for _ in range(count)
                ]
            case 12:
                return self.struct()
        raise ValueError(f"no field of kind {kind} is expected here")

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while head := self.byte():
            number = number + (head >> 4) if head >> 4 else self.signed()
            fields[number] = self.value(head & 15)
        return fields


def _chunk(data: bytes, about: dict[int, Any]) -> list[Any]:
    """One column of one row group. Every column is optional: a level 0 stands for no value."""
    kind, count = about[1], about[5]
    at = min(about[9], about.get(11, about[9]))
    dictionary: list[Any] = []
    found: list[Any] = []
    while len(found) < count:
        reader = _Thrift(data, at)
        head = reader.struct()
        at = reader.at + head[3]
        body = _unpacked(data[reader.at : at])
        if head[1] == DICTIONARY_PAGE:
            dictionary = _plain(body, kind, head[7][1])
        elif head[1] == DATA_PAGE:
            found += _page(body, kind, head[5], dictionary)
    return found


def _page(body: bytes, kind: int, head: dict[int, Any], dictionary: list[Any]) -> list[Any]:
    count, encoding = head[1], head[2]
    size = struct.unpack("<I", body[:4])[0]
    levels = _runs(body[4 : 4 + size], 1, count)
    rest, present = body[4 + size :], sum(levels)
    if encoding == PLAIN:
        values = _plain(rest, kind, present)
    elif encoding in BY_DICTIONARY:
        values = [dictionary[index] for index in _runs(rest[1:], rest[0], present)]
    else:
        raise ValueError(f"pages of encoding {encoding} are not expected here")
    following = iter(values)
    return [next(following) if level else None for level in levels]


def _plain(body: bytes, kind: int, count: int) -> list[Any]:
    if kind in (INT32, INT64, DOUBLE):
        letter = {INT32: "i", INT64: "q", DOUBLE: "d"}[kind]
        return list(struct.unpack_from(f"<{count}{letter}", body))
    if kind != BYTES:
        raise ValueError(f"values of kind {kind} are not expected here")
    texts, at = [], 0
    for _ in range(count):
        size = struct.unpack_from("<I", body, at)[0]
        texts.append(body[at + 4 : at + 4 + size].decode())
        at += 4 + size
    return texts


def _runs(body: bytes, width: int, count: int) -> list[int]:
    """The mix of repeated and bit-packed numbers of `width` bits."""
    reader, found = _Thrift(body), list[int]()
    while len(found) < count:
        head = reader.unsigned()
        if head & 1:
            packed = int.from_bytes(reader.take((head >> 1) * width), "little")
            mask = (1 << width) - 1
            found += [(packed >> (index * width)) & mask for index in range((head >> 1) * 8)]
        else:
            repeated = int.from_bytes(reader.take((width + 7) // 8), "little")
            found += [repeated] * (head >> 1)
    return found[:count]


def _unpacked(body: bytes) -> bytes:
    """Snappy: literals, and copies of what was just written."""
    reader = _Thrift(body)
    size, out = reader.unsigned(), bytearray()
    while reader.at < len(body):
        tag = reader.byte()
        kind, upper = tag & 3, tag >> 2
        if kind == 0:
            extra = max(0, upper - 59)
            length = (int.from_bytes(reader.take(extra), "little") if extra else upper) + 1
            out += reader.take(length)
            continue
        if kind == 1:
            length, offset = (upper & 7) + 4, (upper >> 3) << 8 | reader.byte()
        else:
            length, offset = upper + 1, int.from_bytes(reader.take(2 if kind == 2 else 4), "little")
        start = len(out) - offset
        if offset >= length:
            out += out[start : start + length]
        else:
            out += (out[start:] * (length // offset + 1))[:length]
    if len(out) != size:
        raise ValueError("the page does not unpack to the size it announces")
    return bytes(out)
