"""Pages with places left open for what belongs to one reader or one moment, so that the rest may be remembered.

The rest is compressed once. Between its pieces, which know nothing of each other, comes what fills the places as it
is; together they are one gzip file.
"""

import re
import secrets
import zlib
from collections.abc import Mapping

# RFC 1952 and 1951: a file without a name or moment; and a last block, which holds nothing.
_HEAD, _END = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff", b"\x01\x00\x00\xff\xff"
_LEVEL, _LARGEST = 5, 0xFFFF

# What stands in a page in place of each of these facts of its reader. Nobody can guess them, so no text holds one.
SLOTS: Mapping[str, str] = {
    name: f"{name}-{secrets.token_hex(16)}" for name in ("reader_name", "csrf_token", "csp_nonce")
}
LATE = f"late-{secrets.token_hex(16)}"  # begins the places that are filled with what is true at the moment of giving
_NAMES = {place.encode(): name for name, place in SLOTS.items()}
_ANY = re.compile(rb"(%b|%b-\d+\.)" % (b"|".join(map(re.escape, _NAMES)), LATE.encode()))


def late_place(number: int) -> str:
    return f"{LATE}-{number}."


def fill(text: str, own: Mapping[str, str]) -> str:
    for name, place in SLOTS.items():
        text = text.replace(place, own[name])
    return text


class Open:
    """A page with open places."""

    def __init__(self, page: bytes) -> None:
        self._pieces: list[str | tuple[bytes, bytes]] = [
            (piece, _packed(piece)) if at % 2 == 0 else _NAMES.get(piece, piece.decode())
            for at, piece in enumerate(_ANY.split(page))
        ]

    def __len__(self) -> int:
        """The bytes it takes in memory."""
        return sum(len(raw) + len(packed) for raw, packed in self._kept)

    @property
    def _kept(self) -> list[tuple[bytes, bytes]]:
        return [piece for piece in self._pieces if not isinstance(piece, str)]

    def filled(self, own: Mapping[str, str]) -> bytes:
        return b"".join(own[it].encode() if isinstance(it, str) else it[0] for it in self._pieces)

    def packed(self, own: Mapping[str, str]) -> bytes:
        """Filled and gzipped."""
        parts, check, size = [_HEAD], 0, 0
        for piece in self._pieces:
            raw, packed = _stored(own[piece].encode()) if isinstance(piece, str) else piece
            parts.append(packed)
            check, size = zlib.crc32(raw, check), size + len(raw)
        return b"".join(
            [*parts, _END, check.to_bytes(4, "little"), (size & 0xFFFFFFFF).to_bytes(4, "little")]
        )


def _packed(piece: bytes) -> bytes:
    """Ends on a whole byte, and what comes after it does not look back."""
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(piece) + deflate.flush(zlib.Z_FULL_FLUSH)


def _stored(fact: bytes) -> tuple[bytes, bytes]:
    """As it is, in blocks."""
    blocks = (fact[at : at + _LARGEST] for at in range(0, len(fact) or 1, _LARGEST))
    return fact, b"".join(
        b"\x00" + len(block).to_bytes(2, "little") + (len(block) ^ _LARGEST).to_bytes(2, "little") + block
        for block in blocks
    )
