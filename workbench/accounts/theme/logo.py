"""A logo as people bring it, drawn anew: nothing of the file but its pixels goes on. No database, no web."""

import io
import warnings
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from PIL import Image, ImageOps

MOST_BYTES = 500_000
LEAST_SIDE, MOST_SIDE = 16, 4000  # of the picture that is brought, in pixels
KEPT = (600, 160)  # the picture that is kept fits in this; twice as large as it is shown
FORMATS = ("PNG", "JPEG")
_IN_COLOUR = {"RGB", "L"}


class NotALogo(ValueError):
    """A file that cannot be a logo; `problem` says why: svg, too_heavy, unreadable, too_large or too_small."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Logo:
    """A PNG without anything else, and its size in pixels."""

    png: bytes
    width: int
    height: int

    @property
    def version(self) -> UUID:
        return uuid5(NAMESPACE_URL, self.png.hex())


def read_logo(data: bytes) -> Logo:
    """Raises: NotALogo."""
    if b"<svg" in data[:4096].lower() or data.lstrip()[:5].lower() == b"<?xml":
        raise NotALogo("svg")
    if len(data) > MOST_BYTES:
        raise NotALogo("too_heavy")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd but harmless files
            return _drawn_anew(data)
    except Image.DecompressionBombError:
        raise NotALogo("too_large") from None
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, NotALogo):
            raise
        raise NotALogo("unreadable") from None


def _drawn_anew(data: bytes) -> Logo:
    with Image.open(io.BytesIO(data), formats=FORMATS) as brought:
        # Before a single pixel is unpacked: a small file may hold a huge picture.
        if max(brought.size) > MOST_SIDE:
            raise NotALogo("too_large")
        if min(brought.size) < LEAST_SIDE:
            raise NotALogo("too_small")
        turned = ImageOps.exif_transpose(brought)
        picture = turned.convert(
            "RGB" if turned.mode in _IN_COLOUR and not turned.info.get("transparency") else "RGBA"
        )
    picture.thumbnail(KEPT, Image.Resampling.LANCZOS)
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    written = io.BytesIO()
    clean.save(written, "PNG", optimize=True)
    return Logo(written.getvalue(), *clean.size)
