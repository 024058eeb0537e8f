"""From one brand colour to all that the pages and figures need, with contrast computed. Pure.

Contrast as WCAG 2 counts it. Colours are made lighter and darker in OKLCH, where the same step looks the same for every
hue, so that what is derived still looks like the brand.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from uuid import NAMESPACE_URL, UUID, uuid5

from workbench.figures.style import DEFAULT, Palette

TEXT = 4.5  # for text, against what it stands on
SHAPE = 3.0  # for lines, borders and what has the focus
WHITE, MIST, BLACK = "#ffffff", "#f4f6f8", "#000000"
FOCUS = "#1d2733"  # the ring around what has the focus
DARKEST = 0.3  # lightness under which hovering makes lighter, since darker would not be seen
DIFFERENT = 0.09  # between two colours of a figure that must not be confused
HALVINGS = 12  # of a range, until no screen shows the difference

_HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


class NotAColour(ValueError):
    """A text that is not a colour as #rrggbb or #rgb."""


class TooFaint(ValueError):
    """A colour that cannot be read everywhere; `ratio` is its least, `nearest` the one most like it that can."""

    def __init__(self, colour: str, ratio: float, nearest: str) -> None:
        super().__init__(colour)
        self.colour, self.ratio, self.nearest = colour, ratio, nearest


def read_colour(text: str) -> str:
    """'0b5394', '#0B5394' or '#05a' as #rrggbb. Raises: NotAColour."""
    matched = _HEX.fullmatch(text.strip())
    if not matched:
        raise NotAColour(text)
    digits = matched[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def contrast(one: str, other: str) -> float:
    """1 for the same colour, 21 for black and white."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class Check:
    """One demand: `what` is a key of the words, `ratio` what it is, `least` what it must be."""

    what: str
    ratio: float
    least: float

    @property
    def holds(self) -> bool:
        return self.ratio >= self.least


@dataclass(frozen=True)
class Scale:
    """The steps that the stylesheet gives to its tokens; named after what they are for."""

    accent: str  # text, buttons, borders
    dark: str  # the same while it is hovered
    darkest: str
    tint: str  # behind what stands out
    line: str  # around it
    soft: str
    middle: str
    faint: str

    def checks(self) -> Iterator[Check]:
        """Everything that must be seen by everybody."""
        yield Check("text_on_white", contrast(self.accent, WHITE), TEXT)
        yield Check("text_on_grey", contrast(self.accent, MIST), TEXT)
        yield Check("text_on_tint", contrast(self.accent, self.tint), TEXT)
        yield Check("white_on_button", contrast(WHITE, self.accent), TEXT)
        yield Check("white_on_hover", contrast(WHITE, self.dark), TEXT)
        yield Check("hover_on_tint", contrast(self.dark, self.tint), TEXT)
        yield Check("focus", min(contrast(FOCUS, WHITE), contrast(FOCUS, self.tint)), SHAPE)


def scale(colour: str) -> Scale:
    """Every step from a brand colour as #rrggbb. Raises: TooFaint."""
    made = _scale(colour)
    if not _is_clear(made):
        raise TooFaint(
            colour, min(check.ratio for check in made.checks() if not check.holds), nearest(colour)
        )
    return made


def nearest(colour: str) -> str:
    """The same hue, no darker than is needed to be read everywhere."""
    if _is_clear(_scale(colour)):
        return colour
    lightness, chroma, hue = _to_oklch(colour)
    low, high, found = 0.0, lightness, BLACK
    for _step in range(HALVINGS):
        middle = (low + high) / 2
        tried = _from_oklch(middle, chroma, hue)
        if _is_clear(_scale(tried)):
            low, found = middle, tried
        else:
            high = middle
    return found


def _is_clear(made: Scale) -> bool:
    return all(check.holds for check in made.checks())


def _scale(colour: str) -> Scale:
    lightness, chroma, hue = _to_oklch(colour)
    hover = lightness - 0.1 if lightness >= DARKEST else max(lightness + 0.14, 0.36)
    return Scale(
        accent=colour,
        dark=_from_oklch(hover, chroma, hue),
        darkest=_from_oklch(min(lightness, 0.28), chroma * 0.7, hue),
        tint=_from_oklch(0.96, min(chroma, 0.1) * 0.15, hue),
        line=_from_oklch(0.9, min(chroma, 0.1) * 0.35, hue),
        soft=_from_oklch(0.76, min(chroma, 0.15) * 0.6, hue),
        middle=_from_oklch(max(lightness, 0.57), chroma * 0.9, hue),
        faint=_from_oklch(0.98, min(chroma, 0.1) * 0.08, hue),
    )


def stylesheet(colour: str) -> str:
    """The tokens of the pages in this brand. Raises: TooFaint."""
    made = scale(colour)
    tokens = {
        "--wb-accent": made.accent,
        "--wb-accent-dark": made.dark,
        "--wb-accent-tint": made.tint,
        "--voorbeeld-kleuren-violet-50": made.faint,
        "--voorbeeld-kleuren-violet-200": made.line,
        "--voorbeeld-kleuren-violet-300": made.soft,
        "--voorbeeld-kleuren-violet-400": made.middle,
        "--voorbeeld-kleuren-violet-700": made.darkest,
    }
    return ":root{" + ";".join(f"{name}:{value}" for name, value in tokens.items()) + "}\n"


@lru_cache(maxsize=256)
def stylesheet_version(colour: str) -> UUID:
    """Another one for every other stylesheet, also when the code derives it otherwise."""
    return uuid5(NAMESPACE_URL, stylesheet(colour))


@lru_cache(maxsize=256)
def palette(colour: str) -> Palette:
    """The palette of figures with our own line in this brand; the shared one where that would not be clear enough.

    Only the own line and the shades of maps and tables take the brand: what others are drawn in stays as everywhere.
    """
    own = colour
    shades = (*(_mixed(own, share) for share in (0.05, 0.14, 0.27, 0.4)), own)
    is_clear = (
        contrast(own, DEFAULT.background) >= TEXT
        and contrast(own, DEFAULT.band) >= SHAPE
        and contrast(own, DEFAULT.stripe) >= SHAPE
        and all(
            distance(own, other) >= DIFFERENT
            for other in (DEFAULT.median, DEFAULT.band_edge, DEFAULT.warning, DEFAULT.text)
        )
        and all(contrast(DEFAULT.text, shade) >= TEXT for shade in shades[:-1])
    )
    return Palette(own=own, shades=shades) if is_clear else DEFAULT


def distance(one: str, other: str) -> float:
    """How different two colours look; 1 for black and white."""
    return math.dist(_to_oklab(one), _to_oklab(other))


def _mixed(colour: str, share: float) -> str:
    """So much of this colour on white."""
    light = [1 - share + share * part for part in _channels(colour)]
    return _hex(light)


def _channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def _hex(channels: list[float]) -> str:
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02x}" for part in channels)


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _curved(part: float) -> float:
    return float(part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part) for part in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _to_oklab(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_linear(part) for part in _channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _to_oklch(colour: str) -> tuple[float, float, float]:
    lightness, green_red, blue_yellow = _to_oklab(colour)
    return lightness, math.hypot(green_red, blue_yellow), math.atan2(blue_yellow, green_red)


def _from_oklch(lightness: float, chroma: float, hue: float) -> str:
    """The nearest colour that a screen can show: with less chroma, of the same lightness and hue."""
    low, high = 0.0, chroma
    channels = _from_oklab(lightness, chroma, hue)
    if not _is_shown(channels):
        for _step in range(HALVINGS):
            middle = (low + high) / 2
            if _is_shown(_from_oklab(lightness, middle, hue)):
                low = middle
            else:
                high = middle
        channels = _from_oklab(lightness, low, hue)
    return _hex([_curved(max(part, 0.0)) for part in channels])


def _is_shown(channels: list[float]) -> bool:
    return all(-1e-4 <= part <= 1 + 1e-4 for part in channels)


def _from_oklab(lightness: float, chroma: float, hue: float) -> list[float]:
    green_red, blue_yellow = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * green_red + 0.2158037573 * blue_yellow) ** 3
    medium = (lightness - 0.1055613458 * green_red - 0.0638541728 * blue_yellow) ** 3
    short = (lightness - 0.0894841775 * green_red - 1.2914855480 * blue_yellow) ** 3
    return [
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    ]
