"""An adopted version as a ZIP that opens from disk, without the workbench. The same version gives the same bytes, as long
as its narrators let the same words be read.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template

from workbench.core.language import AMSTERDAM
from workbench.core.text import speaking
from workbench.indicators.download import csv_text
from workbench.monitors.adopting import paper
from workbench.monitors.adopting.document import Document, sums
from workbench.monitors.adopting.freezing import DUTCH
from workbench.monitors.adopting.models import AdoptedVersion
from workbench.monitors.adopting.words import heading
from workbench.monitors.voices import Voice

MIMETYPE = "application/zip"
THE_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no earlier one; no clock gets into the bytes
TABLES, DRAWINGS = "tabellen", "figuren"
PAPER = "monitor.pdf"


def build(version: AdoptedVersion, document: Document, heard: Mapping[UUID, Voice], day: date) -> bytes:
    """`heard`: the voices in it, as who asks may hear them on this day; only the page and the PDF to read hold their words."""
    files = _files(version, document, heard, day)
    manifest = {
        "council": document.cover.data.get("council", "") if document.cover else "",
        "edition": version.edition,
        "adopted_on": version.adopted_on.isoformat(),
        "hash": version.hash,
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())},
    }
    files["manifest.json"] = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, content in sorted(files.items()):
            entry = zipfile.ZipInfo(path, THE_FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # not that of the machine
            archive.writestr(entry, content)
    return packed.getvalue()


def _files(
    version: AdoptedVersion, document: Document, heard: Mapping[UUID, Voice], day: date
) -> dict[str, bytes]:
    files = {part.path: part.content for part in document.parts}
    links: dict[str, list[tuple[str, str]]] = {}
    for part in document.parts:
        if table := part.data.get("table"):
            path = f"{TABLES}/{part.key}.csv"
            files[path] = _csv(table)
            links.setdefault(part.key, []).append((path, "csv"))
        if svg := part.data.get("svg"):
            path = f"{DRAWINGS}/{part.key}.svg"
            files[path] = svg.encode()
            links.setdefault(part.key, []).append((path, "svg"))
        links.setdefault(part.key, []).append((part.path, "json"))
    with speaking(DUTCH):
        shown = {"version": version, "document": document, "part_name": heading, "heard": heard, "day": day}
        files["index.html"] = render_template("adopting/archive.html", files=links, **shown).encode()
        files["README.txt"] = render_template("adopting/archive_readme.txt", **shown).encode()
    files[PAPER] = paper.pdf(
        document,
        heard,
        DUTCH,
        edition=version.edition,
        adopted_on=version.adopted_on,
        frozen_on=version.frozen_at.astimezone(AMSTERDAM).date(),
        hash_=version.hash,
    )
    files["SHA256SUMS"] = sums(document.parts).encode()
    return files


def _csv(table: dict[str, Any]) -> bytes:
    """As spreadsheets in the Netherlands open it at once."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([csv_text(cell) for cell in row] for row in (table["columns"], *table["rows"]))
    return text.getvalue().encode("utf-8-sig")
