"""The code to join with: read from a wall, typed on a phone, worth nothing when the workshop is over. Pure."""

import secrets

SIZE = 6
LETTERS = "CDFGHJKMNPQRTVWXY34679"  # no look-alikes, and no vowels: a code is never a word


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(SIZE))


def grouped(code: str) -> str:
    """'K7M 4XP': easier to read aloud."""
    return f"{code[: SIZE // 2]} {code[SIZE // 2 :]}"
