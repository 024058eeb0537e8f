"""A key per story. What is sealed can be read as long as the story's key exists, and never again after that.

The key of a story is random and is kept wrapped under the key of the installation (`WORKBENCH_STORY_KEY`); both with
AES-256 in GCM, which also refuses what was changed or was sealed for another story or purpose. Pure: no database.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from workbench.core.errors import WorkbenchError

NONCE = 12  # bytes, as GCM asks


class Unreadable(WorkbenchError):
    """Sealed with another key, for another story, or was changed since."""


def new_key() -> bytes:
    return AESGCM.generate_key(256)


def sealed(key: bytes, words: bytes, purpose: str) -> bytes:
    """The words under this key; `purpose` says of which story and what, and opens it again."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, words, purpose.encode())


def opened(key: bytes, box: bytes, purpose: str) -> bytes:
    """Raises: Unreadable."""
    try:
        return AESGCM(key).decrypt(box[:NONCE], box[NONCE:], purpose.encode())
    except (InvalidTag, ValueError):
        raise Unreadable("This cannot be opened with this key.") from None


def wrapped(secret: str, key: bytes, purpose: str) -> bytes:
    """The key of a story under the secret of the installation."""
    return sealed(_master(secret), key, purpose)


def unwrapped(secret: str, box: bytes, purpose: str) -> bytes:
    """Raises: Unreadable."""
    return opened(_master(secret), box, purpose)


def _master(secret: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"workbench story keys").derive(secret.encode())
