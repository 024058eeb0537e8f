"""The archive opens without the workbench, says what was adopted, and is the same every time."""

import csv
import hashlib
import io
import json
import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.pages import check_page
from workbench.core.db import db
from workbench.monitors import operations as monitors
from workbench.monitors.adopting.models import AdoptedPart, AdoptedVersion
from workbench.monitors.building import build_blocks
from workbench.monitors.models import Monitor


@pytest.fixture
def packed(client: Client, cast: Cast) -> bytes:
    plan = make_plan()
    goal = make_goal(make_value(plan))
    for slug in ("inwoners", "huishoudensgrootte"):
        make_link(goal, slug)
    build_blocks()
    monitor = db.scalars(sa.select(Monitor)).one()
    monitors.publish(monitor, monitor.draft, None)
    db.commit()
    page = client.as_(cast.clerk).submit(f"/almere/trajecten/{plan.id}/vaststellen", confirmed="y")
    answer = client.get(page.link("Bewaar als archief"))
    assert answer.mimetype == "application/zip"
    assert "monitor-almere-1.0.zip" in answer.headers["Content-Disposition"]
    again = client.get(page.link("Bewaar als archief")).data
    assert again == answer.data
    client.post("/taal", data={"language": "en"})
    assert client.get(f"/almere/vastgesteld/{plan.id}/1.0/archief.zip").data == answer.data
    return bytes(answer.data)


def files(packed: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_part_stands_in_it_as_it_was_kept(packed: bytes) -> None:
    found = files(packed)
    parts = db.scalars(sa.select(AdoptedPart)).all()
    assert {f"delen/{part.key}.json": part.content for part in parts} == {
        name: content for name, content in found.items() if name.startswith("delen/")
    }
    version = db.scalars(sa.select(AdoptedVersion)).one()
    assert hashlib.sha256(found["SHA256SUMS"]).hexdigest() == version.hash
    manifest = json.loads(found["manifest.json"])
    assert manifest["hash"] == version.hash
    assert manifest["files"] == {
        name: hashlib.sha256(content).hexdigest()
        for name, content in found.items()
        if name != "manifest.json"
    }
    assert version.hash in found["README.txt"].decode()


def test_the_hashes_are_checked_as_the_readme_says(packed: bytes, tmp_path: Path) -> None:
    with ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 0
    part = next((tmp_path / "delen").iterdir())
    part.write_bytes(part.read_bytes() + b" ")
    assert subprocess.run(check, cwd=tmp_path, check=False, capture_output=True).returncode == 1


def test_the_page_asks_nothing_from_outside_and_its_links_lead_to_its_own_files(packed: bytes) -> None:
    found = files(packed)
    text = found["index.html"].decode()
    check_page(text)
    soup = BeautifulSoup(text, "html5lib")
    assert soup.find(["script", "link", "img", "iframe", "form"]) is None
    ids = {tag["id"] for tag in soup.find_all(id=True)}
    for link in soup.find_all("a"):
        target = str(link["href"])
        assert target[1:] in ids if target.startswith("#") else target in found, target
    assert "url(" not in text
    assert "@import" not in text
    words = " ".join(soup.get_text(" ").split())
    for said in ("Raad van Almere", "versie 1.0", "Inwoners op 1 januari", "Hulp in de buurt."):
        assert said in words


def test_tables_open_in_a_spreadsheet_with_the_numbers_of_the_figure(packed: bytes) -> None:
    found = files(packed)
    tables = [name for name in found if name.startswith("tabellen/")]
    assert len(tables) == len([name for name in found if name.startswith("figuren/")]) == 2
    for name in tables:
        assert found[name].startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(found[name].decode("utf-8-sig")), delimiter=";"))
        part = json.loads(found[name.replace("tabellen", "delen").replace(".csv", ".json")])
        assert rows == [part["table"]["columns"], *part["table"]["rows"]]


def test_no_clock_and_no_machine_get_into_the_bytes(packed: bytes) -> None:
    with ZipFile(io.BytesIO(packed)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())


def test_the_pdf_is_for_everyone_and_holds_the_words_and_numbers_of_the_page(packed: bytes) -> None:
    found = files(packed)
    reader = pypdf.PdfReader(io.BytesIO(found["monitor.pdf"]))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "nl"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    soup = BeautifulSoup(found["index.html"].decode(), "html5lib")
    for aside in soup.find_all(["svg", "code", "style", "nav", "a"]):
        aside.decompose()
    words = soup.body.get_text(" ").replace("SHA-256", "") if soup.body else ""
    lines = [line for line in words.splitlines() if "Vingerafdruk" not in line]
    numbers = set(re.findall(r"\d[\d.,]*\d|\d", " ".join(lines)))
    assert len(numbers) > 20
    assert [number for number in sorted(numbers) if number not in text] == []
    for said in (
        "Almere",
        "Hulp in de buurt.",
        "Waar de groep staat",
        db.scalars(sa.select(AdoptedVersion)).one().hash,
    ):
        assert "".join(said.split()) in text
