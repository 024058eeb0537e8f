"""Where web and live meet: the Redis channel of a workshop, and the token with which somebody may listen to it."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer

PREFIX = "workshop:"
SECONDS = 120  # in which a token must be used; a stream that was opened may stay open


@dataclass(frozen=True)
class Listening:
    """What a token says: to which workshop somebody may listen, and a mark that is the same for all tokens of one device."""

    workshop_id: UUID
    holder: str


def channel(workshop_id: UUID) -> str:
    return f"{PREFIX}{workshop_id}"


def workshop_of(name: str) -> UUID:
    """The workshop of a channel."""
    return UUID(name.removeprefix(PREFIX))


def make_token(secret_key: str, workshop_id: UUID, holder: str) -> str:
    """`holder`: what tells this device from others; only a short hash of it travels along."""
    mark = hashlib.blake2s(holder.encode(), key=secret_key.encode()[:32], digest_size=6).hexdigest()
    return str(_serializer(secret_key).dumps([workshop_id.hex, mark]))


def read_token(secret_key: str, token: str) -> Listening | None:
    """None: not made here, spoiled, or too old."""
    try:
        workshop_id, holder = _serializer(secret_key).loads(token, max_age=SECONDS)
        return Listening(UUID(workshop_id), str(holder))
    except (BadData, ValueError, TypeError, AttributeError):
        return None


def _serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="workshop-stream")
