"""The texts of the interface: `python -m tests.texts` fails on a missing, fuzzy or stale English text.

With --update it gathers new Dutch texts from the code into the catalogue first.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from seeds import read

ROOT = Path(__file__).parent.parent
TRANSLATIONS = ROOT / "workbench" / "translations"
ENGLISH = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
# A catalogue without a header counts as fuzzy and is not compiled; Babel's own header changes at every run.
HEADER = r"""msgid ""
msgstr ""
"Language: en\n"
"Content-Type: text/plain; charset=utf-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""
KEYWORDS = ("lazy_gettext", "SourceOff", "SourceUnavailable", "SourceChanged", "SuspectResult")


def gather(target: Path) -> None:
    """Write all Dutch texts of code and templates to a .pot file."""
    options = [argument for word in KEYWORDS for argument in ("-k", word)]
    options += ["--no-location", "--sort-output", "-F", str(TRANSLATIONS / "babel.cfg")]
    _pybabel("extract", *options, "-o", str(target), ".")
    with target.open("rb") as file:
        texts = read_po(file)
    for step in read.stepplan():  # content that is shown through gettext too
        for text in (step.title, step.question, step.why, step.example, ", ".join(step.fills)):
            texts.add(text)
        for question in step.questions:
            for text in (question.text, question.help, question.example, *question.choices):
                texts.add(text)
    with target.open("wb") as file:
        write_po(file, texts, no_location=True, sort_output=True)


def update() -> None:
    """Bring new Dutch texts into the English catalogue, and drop what is gone."""
    options = ["--ignore-obsolete", "--no-wrap", "--omit-header"]
    with tempfile.TemporaryDirectory() as folder:
        pot = Path(folder) / "messages.pot"
        gather(pot)
        _pybabel("update", "-i", str(pot), "-o", str(ENGLISH), "-l", "en", *options)
    ENGLISH.write_text(HEADER + ENGLISH.read_text("utf-8"), "utf-8")


def problems() -> list[str]:
    """One line per text that is not well translated."""
    with tempfile.TemporaryDirectory() as folder:
        pot = Path(folder) / "messages.pot"
        gather(pot)
        dutch = _read(pot)
    english = _read(ENGLISH)
    found = []
    for message in dutch:
        if not message.id:
            continue
        translated = english.get(message.id)
        texts = translated.string if translated is not None else ""
        filled = all(texts) if isinstance(texts, (list, tuple)) else bool(texts)
        if "\n" in "".join(message.id):
            found.append(f"write {{% trans trimmed %}} for: {message.id!r}")
        elif translated is None or not filled:
            found.append(f"no English for: {message.id!r}")
        elif translated.fuzzy:
            found.append(f"fuzzy English for: {message.id!r}")
        elif errors := list(translated.check(english)):
            found.append(f"{errors[0]} in English for: {message.id!r}")
    found += [f"not used any more: {m.id!r}" for m in english if m.id and dutch.get(m.id) is None]
    return found


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="en")


def _pybabel(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    if "--update" in sys.argv:
        update()
    wrong = problems()
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)
