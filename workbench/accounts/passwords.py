"""Passwords: argon2id with the OWASP profile (19 MiB, 2 passes, 1 lane)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200

hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    return hasher.hash(password)


def is_right(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


_nobody: list[str] = []


def waste_time(password: str) -> None:
    """Do the work of a check for an unknown address, so that the answer takes as long."""
    if not _nobody:
        _nobody.append(hash_password("nobody has this password"))
    is_right(_nobody[0], password)
