"""Files that are wrong inside: each gets a sentence with the place and the way out, and nothing changes."""

import pytest
import sqlalchemy as sa

from tests.client import Client, form_values
from tests.factories import Cast, own_description
from tests.uploads.test_routes import bring, draft_address
from workbench.core.db import db
from workbench.uploads.models import OwnIndicator, OwnObservation

HEAD = "gemeente;jaar;aantal\n"
GOOD = "Almere;2024;120\nBreda;2024;130\nEde;2024;140\n"
WHOLE = "het hele bestand"

# What is wrong in the row after three good ones -> that row, and the sentence that is expected at its place.
ROWS = {
    "a word for a number": ("Zwolle;2024;veel", "„veel” is geen getal."),
    "a number with a unit": ("Zwolle;2024;12 mensen", "„12 mensen” is geen getal."),
    "a formula": ("Zwolle;2024;=A1+1", "„=A1+1” is geen getal."),
    "a formula that failed": ("Zwolle;2024;#REF!", "De formule in dit vakje geeft een fout (#REF!)."),
    "divided by zero": ("Zwolle;2024;#DEEL/0!", "De formule in dit vakje geeft een fout (#DEEL/0!)."),
    "half a person": ("Zwolle;2024;12,5", "Een aantal mensen is een heel getal."),
    "fewer than nobody": ("Zwolle;2024;-3", "Een aantal mensen kan niet onder nul zijn."),
    "two numbers in a cell": ("Zwolle;2024;12/13", "„12/13” is geen getal."),
    "a date for a number": ("Zwolle;2024;1-2-2024", "„1-2-2024” is geen getal."),
    "an absurd number": (f"Zwolle;2024;{'9' * 17}", "is geen getal."),
    "an unknown place": ("Lutjebroek;2024;12", "Wij kennen „Lutjebroek” niet als gebied."),
    "an unknown code": ("GM9999;2024;12", "Wij kennen „GM9999” niet als gebied."),
    "a place that is left out": (";2024;12", "Hier ontbreekt het gebied."),
    "a period that is left out": ("Zwolle;;12", "Hier ontbreekt de periode."),
    "a day for a period": ("Zwolle;1-1-2024;12", "„1-1-2024” is geen periode die wij kennen."),
    "a week": ("Zwolle;2024 week 3;12", "„2024 week 3” is geen periode die wij kennen."),
    "a fifth quarter": ("Zwolle;2024 5e kwartaal;12", "is geen periode die wij kennen."),
    "half a year among years": ("Zwolle;2024 1e halfjaar;12", "Hele en halve jaren kunnen niet in één reeks"),
    "a month among years": ("Zwolle;januari 2024;12", "past niet bij de andere periodes."),
    "a school year among years": ("Zwolle;2023/2024;12", "past niet bij de andere periodes."),
    "a place twice": ("Almere;2024;121", "Almere, 2024 staat ook op regel 2."),
    "a place by name and by code": ("GM0034;2024;120", "Almere, 2024 staat ook op regel 2."),
    "a row twice": ("Ede;2024;140", "Ede, 2024 staat ook op regel 4."),
    "a second header halfway": (HEAD + "Zwolle;2024;12", "Wij kennen „gemeente” niet als gebied."),
}  # fmt: skip
DOUBTS = {
    "a place of two provinces": ("Bergen;2024;12", "Wij twijfelen over „Bergen”."),
    "a slip in a name": ("Zwollle;2024;12", "Wij twijfelen over „Zwollle”."),
    "a code without letters": ("0363;2024;12", "Wij twijfelen over „0363”."),
    "a total as a place": ("Totaal;2023;390", "Wij twijfelen over „Totaal”."),
}
# What is wrong -> the file, the place, and the sentence that is expected.
BROKEN = {
    **{kind: (f"{HEAD}{GOOD}{row}\n", "regel 5", sentence) for kind, (row, sentence) in ROWS.items()},
    **{kind: (f"{HEAD}{GOOD}{row}\n", WHOLE, sentence) for kind, (row, sentence) in DOUBTS.items()},
    "a point among commas": (
        HEAD + "Almere;2024;120,0\nBreda;2024;130,0\nEde;2024;14.5\n",
        "regel 4",
        "„14.5” past niet bij de andere getallen: die hebben een komma",
    ),
    "a comma among points": (
        "gemeente;jaar;aantal\nAlmere;2024;120.0\nBreda;2024;130.0\nEde;2024;14,5\n",
        "regel 4",
        "„14,5” past niet bij de andere getallen: die hebben een punt",
    ),
    "a short year": (HEAD + GOOD * 3 + "Zwolle;'24;12\n", "regel 11", "„'24” is geen periode die wij kennen."),
    "a period twice in the header": ("gemeente;2024;2024*\nAlmere;12;13\nBreda;14;15\n", "regel 2", "Almere, 2024 staat ook op regel 2."),
    "no period at all": ("gemeente;aantal\nAlmere;120\nBreda;130\n", WHOLE, "Vul in over welke periode het bestand gaat"),
    "no figures at all": (HEAD + "Almere;2024;.\nBreda;2024;x\n", WHOLE, "Kies de kolom met de cijfers."),
    "only words": ("gemeente;jaar;oordeel\nAlmere;2024;goed\nBreda;2024;slecht\n", WHOLE, "Kies de kolom met de cijfers."),
    "a remark in a row": (HEAD + "Almere;2024;120\nlet op:;2024;telt dubbel\nEde;2024;140\n", "regel 3", "Wij kennen „let op:” niet als gebied."),
}  # fmt: skip
UNREADABLE = {
    "nothing": (b"", "Het bestand is leeg."),
    "a PDF": (b"%PDF-1.4 x", "Dit is een PDF."),
    "a web page named .xls": (b"<html><body><table></table>", "Dit is een webpagina"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1", "oud Excel-bestand (.xls)"),
    "a cut workbook": (b"PK\x03\x04" + b"x" * 99, "Dit Excel-bestand is beschadigd."),
    "one column": (b"aantal\n3\n4\n", "Wij vinden maar één kolom."),
    "no header": (b"GM0034;2024;3\nGM0758;2024;4\n", "Op regel 1 staan al cijfers."),
    "a row too many cells": (b"gemeente;jaar;aantal\nAlmere;2024;1;2;3\nBreda;2024;1\nEde;2024;1\n", "Regel 2 heeft 5 vakjes"),
}  # fmt: skip


def counted() -> tuple[int, int]:
    return (
        db.scalar(sa.select(sa.func.count()).select_from(OwnIndicator)) or 0,
        db.scalar(sa.select(sa.func.count()).select_from(OwnObservation)) or 0,
    )


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_wrong_inside_is_said_with_its_place_and_changes_nothing(
    client: Client, cast: Cast, kind: str
) -> None:
    data, place, sentence = BROKEN[kind]
    db.commit()
    client.as_(cast.officer)
    bring(client, data)
    client.send(draft_address("beschrijving"), **own_description("Kapot"))
    address = draft_address("nakijken")
    values = form_values(client.page(address).form("nakijken"))
    page = client.send(address, **{**values, "reason": "Het klopt echt."})
    assert page.status == 422, page.words
    row = next((line for line in _rows(page.soup) if sentence in line), "")
    assert place in row, page.words[:3000]
    assert counted() == (0, 0)
    assert client.page(address).status == 200, "the file is still there"


def _rows(soup: object) -> list[str]:
    return [" ".join(row.get_text(" ").split()) for row in soup.find_all("tr")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_said_at_the_field_and_changes_nothing(
    client: Client, cast: Cast, kind: str
) -> None:
    data, sentence = UNREADABLE[kind]
    db.commit()
    page = bring(client.as_(cast.officer), data)
    assert page.status == 422
    assert sentence in page.words
    assert counted() == (0, 0)
