"""Pages made by typst. Pure.

What people wrote travels as data and is never part of the source, so no sign in it means anything. Only the letters
that typst brings along are used: the same content gives the same bytes on every machine.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PAGES = Path(__file__).parent / "typst"


@cache
def _source(name: str) -> bytes:
    return (PAGES / f"{name}.typ").read_bytes()


def pdf(name: str, data: Mapping[str, Any]) -> bytes:
    """A PDF/UA-1 file of the page of this name."""
    return _made(name, data, format="pdf", pdf_standards=["ua-1"])[0]


def pngs(name: str, data: Mapping[str, Any], ppi: float) -> list[bytes]:
    """A picture of each of its pages."""
    return _made(name, data, format="png", ppi=ppi)


def _made(name: str, data: Mapping[str, Any], **how: Any) -> list[bytes]:
    import typst  # noqa: PLC0415 - heavy, and most processes never make one

    made = typst.compile(
        _source(name), sys_inputs={"data": json.dumps(data)}, ignore_system_fonts=True, timestamp=0, **how
    )
    return made if isinstance(made, list) else [made]
