"""Codes that a narrator types over from paper: four groups of four, 80 bits, in letters that nobody mixes up. Pure."""

import hashlib
import hmac
import re
import secrets

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # of Crockford: without I, L, O and U
SIZE, GROUP = 16, 4
_MEANT = str.maketrans("OIL", "011")


def new_code() -> str:
    return _grouped("".join(secrets.choice(LETTERS) for _ in range(SIZE)))


def derived_code(secret: str, purpose: str) -> str:
    """The same code each time, for who knows the secret of the installation; so it need not be kept."""
    digest = hmac.digest(secret.encode(), purpose.encode(), hashlib.sha256)
    return _grouped("".join(LETTERS[byte % len(LETTERS)] for byte in digest[:SIZE]))


def read_code(typed: str) -> str | None:
    """The code as it is written: 'k7qd 9xyz…' -> 'K7QD-9XYZ-…'; None when it cannot be one."""
    bare = re.sub(r"[\s\-–—.]", "", typed).upper().translate(_MEANT)
    if len(bare) != SIZE or set(bare) - set(LETTERS):
        return None
    return _grouped(bare)


def _grouped(bare: str) -> str:
    return "-".join(bare[start : start + GROUP] for start in range(0, SIZE, GROUP))
