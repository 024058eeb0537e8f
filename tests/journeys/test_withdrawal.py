"""A quote stands in an adopted monitor; its narrator stops, and it vanishes everywhere while the rest keeps its hash."""

import re
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pypdf
import pytest
from playwright.sync_api import expect

from tests.journeys.content import CODE_OF_A_QUOTE
from tests.journeys.reader import PHONE, PhoneReader, Reader, Visit

pytestmark = pytest.mark.journey

TOLD = "Ik dacht dat schuldhulp voor andere mensen was, niet voor iemand met een zaak"
GONE = "Bron ingetrokken. Deze woorden zijn er niet meer."
ADOPTED = "Vastgesteld: Dichtbij en op tijd, versie 1.0"
PATIENCE = 60_000  # milliseconds, for one run of a job


def archive(reader: Reader, folder: Path) -> dict[str, str]:
    """Saves and unpacks the adopted version; gives path -> hash as its list says, without checking."""
    with reader.page.expect_download() as coming:
        reader.main.get_by_role("link", name="Bewaar als archief").click()
    with ZipFile(coming.value.path()) as files:
        files.extractall(folder)
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    return {path: digest for digest, path in (line.split(maxsplit=1) for line in lines)}


def differing(folder: Path) -> list[str]:
    """What `sha256sum --check`, as anybody may run it, does not find as it was adopted."""
    found = subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
    )
    return [line.split(":")[0] for line in found.stdout.splitlines()]


def words_in(folder: Path) -> list[str]:
    """The files in which the words can be read."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_bytes().decode(errors="ignore")
        if path.suffix == ".pdf":
            text = " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(path).pages)
        found += [path.relative_to(folder).as_posix()] if TOLD in text else []
    return found


def test_a_quote_vanishes_from_an_adopted_monitor_and_the_rest_keeps_its_hash(
    visit: Visit, tmp_path: Path
) -> None:
    auditor = visit("rekenkamer@almere.example")
    auditor.open("/almere/monitor")
    expect(auditor.main).to_contain_text(TOLD)
    newest = auditor.main.get_by_role("link", name=re.compile(r"^versie \d")).first.get_attribute("href")
    auditor.open(re.sub(r"[^/]+$", "1.0", newest or ""))  # whatever was adopted since
    expect(auditor.page.locator("h1")).to_have_text(ADOPTED)
    expect(auditor.main).to_contain_text(TOLD)
    before = archive(auditor, tmp_path / "before")
    assert differing(tmp_path / "before") == []

    phone = visit(None, PhoneReader, **PHONE)
    phone.open(f"/verteller/{CODE_OF_A_QUOTE}")
    expect(phone.main).to_contain_text("De gemeenteraad heeft de monitor ‘Dichtbij en op tijd’ vastgesteld")
    phone.follow("Stop en verwijder mijn verhaal", "Wilt u uw verhaal verwijderen?")
    phone.press("Ja, verwijder alles", "Uw verhaal is verwijderd")

    adopted = auditor.path
    auditor.open(adopted)
    expect(auditor.main).not_to_contain_text(TOLD)  # at once
    for _attempt in range(PATIENCE // 1000):  # and in the stored part within one run of the job
        after = archive(auditor, tmp_path / "after")
        if differing(tmp_path / "after"):
            break
        auditor.page.wait_for_timeout(1000)
        auditor.open(adopted)
    assert after == before, "the list still tells what was adopted"
    [withdrawn] = differing(tmp_path / "after")
    assert (tmp_path / "after" / withdrawn).read_text() == '{"kind":"withdrawn","text":"bron ingetrokken"}'
    assert words_in(tmp_path / "before") == ["index.html", "monitor.pdf"], "as its README says"
    assert words_in(tmp_path / "after") == []
    auditor.open(adopted)
    expect(auditor.main).to_contain_text("ron ingetrokken")

    auditor.open("/almere/monitor")
    expect(auditor.main).to_contain_text(GONE)
    expect(auditor.main).not_to_contain_text(TOLD)
    councillor = visit("raadslid@almere.example")
    councillor.open("/almere/gesprek")
    expect(councillor.main).not_to_contain_text(TOLD)
