"""A shared template as a file: out of one installation, into another, and nothing of what is wrong with it."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from seeds import read, starters
from tests.client import Client, Page
from tests.factories import Cast
from workbench.accounts.models import Role
from workbench.core.audit import AuditEntry
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.showcase import operations, queries
from workbench.showcase.content import PlanContent
from workbench.showcase.models import Adoption, SharedTemplate
from workbench.showcase.package import reading, words
from workbench.showcase.package.operations import KINDS
from workbench.showcase.package.reading import Fault, Refused
from workbench.vision.models import Plan

AT = "/breda/etalage/pakket"


@pytest.fixture
def good(cast: Cast, client: Client) -> bytes:
    """The file of a shared template, as a visitor downloads it."""
    starters.load()
    act_for(db, None)
    template = next(item.template.id for item in queries.shown() if item.template.title.startswith("Klein"))
    db.commit()
    answer = client.as_(None).get(f"/etalage/{template}/pakket")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


@pytest.fixture(scope="module")
def whole() -> bytes:
    """Such a file, without a database."""
    library = {value.slug: value.name for value in read.value_library().values}
    catalogue = {entry.slug: entry.name for entry in read.indicators()}
    item = read.starters()["klein-beginnen"]
    origin = {"installation": "https://werkbank.example", "council": "Monitorwerkbank", "key": str(uuid4())}
    return reading.write(
        {
            "format": reading.FORMAT,
            "version": reading.VERSION,
            "kind": "plan",
            **item.model_dump(include={"title", "description", "context", "differently"}),
            "licence": "cc0-1.0",
            "fictitious": False,
            "origin": {**origin, "number": 1, "shared_on": "2026-11-20"},
            "content": starters.content_of("klein-beginnen", item, library, catalogue).model_dump(
                mode="json"
            ),
        }
    )


def from_elsewhere(good: bytes, change: Callable[[dict[str, Any]], Any] = lambda _document: None) -> bytes:
    """The same from another installation, changed, and with a checksum that is right again."""
    document = json.loads(good)
    document["origin"]["installation"] = "https://werkbank.example"
    change(document)
    return reading.write(document)


def bring(client: Client, data: bytes, name: str = "pakket.json") -> TestResponse:
    return client.post(AT, data={"file": (BytesIO(data), name)})


def rows() -> tuple[int, ...]:
    """Everything that a package could leave behind."""
    db.expire_all()
    models = (SharedTemplate, Adoption, Plan, AuditEntry)
    return tuple(db.scalar(sa.select(sa.func.count()).select_from(model)) or 0 for model in models)


def refusal(data: bytes) -> Fault:
    with pytest.raises(Refused) as caught:
        reading.read(data, PlanContent, KINDS)
    return caught.value.fault


# --- There and back -------------------------------------------------------------------------------------------------


def test_a_package_goes_out_is_looked_at_and_begins_a_plan(client: Client, cast: Cast, good: bytes) -> None:
    data = from_elsewhere(good)
    client.as_(cast.of_breda(Role.CLERK))
    act_for(db, cast.breda.id)
    before = rows()
    page = Page(bring(client, data))
    assert page.title == "Kijk na: ‘Klein beginnen: vijf cijfers en vijf verhalen’"
    assert "https://werkbank.example" in page.words
    assert "3 waarden" in page.words
    assert "Dit kent uw werkbank niet" not in page.words
    assert rows() == before, "looking changes nothing"
    send = {"package": data.decode(), "use": "begin", "title": "Breda begint klein"}
    assert client.send(f"{AT}/gebruiken", **send).status == 302
    adoption = db.scalars(sa.select(Adoption)).one()
    assert (adoption.shared_by, adoption.template_number) == ("Monitorwerkbank", 1)
    waiting = client.page(f"/breda/trajecten/{adoption.plan_id}/voorbeeld").words
    assert "Het kwam in een pakket uit een andere werkbank." in waiting
    assert "niet meer met u gedeeld" not in waiting
    assert "iets weten" not in waiting
    again = client.send(f"{AT}/gebruiken", **send)
    assert "Uw raad nam dit voorbeeld al over" in again.words
    assert len(db.scalars(sa.select(Adoption)).all()) == 1
    assert client.send(f"{AT}/gebruiken", **send, once_more="y").status == 302


def test_a_package_is_kept_for_the_own_council_alone_and_twice_doubles_nothing(
    client: Client, cast: Cast, good: bytes
) -> None:
    data = from_elsewhere(good)
    client.as_(cast.of_breda(Role.CLERK))
    act_for(db, cast.breda.id)
    send = {"package": data.decode(), "use": "keep", "title": "Klein"}
    first = client.send(f"{AT}/gebruiken", **send)
    before = rows()
    assert client.send(f"{AT}/gebruiken", **send).location == first.location
    assert rows() == before
    ours = client.page(first.location)
    address = ours.link("Klein")
    assert "Uit een pakket van Monitorwerkbank, versie 1" in client.page(address).words
    assert "Deel een nieuwe versie" not in ours.words, "there is nothing here to make one of"
    arrived = client.submit(ours.link("Neem dit voorbeeld over"), title="Klein begin")
    waiting = client.page(arrived.link("Bekijk wat er klaarligt"))
    assert "Lees het hele voorbeeld" in waiting.words
    assert "iets weten" not in waiting.words
    assert client.as_(None).page(address).status == 404


def test_a_script_in_a_package_begins_no_plan_but_becomes_a_workshop(
    client: Client, cast: Cast, good: bytes
) -> None:
    def change(document: dict[str, Any]) -> None:
        activity = {"kind": "check_in", "title": "Aankomen", "question": "Wat neemt u mee?", "minutes": 10}
        script = PlanContent.model_validate(
            {"script": [activity | {"explanation": "", "materials": ""}]}
        ).model_dump(mode="json")
        document.update(kind="script", content=script)

    data = from_elsewhere(good, change)
    client.as_(cast.of_breda(Role.CLERK))
    act_for(db, cast.breda.id)
    page = Page(bring(client, data))
    assert "Er meteen een traject mee beginnen" not in page.words
    send = {"package": data.decode(), "title": "Aankomen"}
    assert client.send(f"{AT}/gebruiken", **send, use="begin").status == 422
    kept = client.send(f"{AT}/gebruiken", **send, use="keep")
    assert kept.location.endswith("/overnemen")
    made = client.submit(kept.location, title="Avond", day="1-12-2027", begins="19:30", size="8", plan="")
    assert made.title == "Avond"
    assert "iets weten" not in made.words
    assert db.scalars(sa.select(Plan)).all() == []


def test_what_is_unknown_here_is_said_before_anything_happens(
    client: Client, cast: Cast, good: bytes
) -> None:
    def change(document: dict[str, Any]) -> None:
        goal = document["content"]["goals"][0]
        goal["figures"][0] |= {"indicator": "geluk", "name": "Geluk per straat"}
        goal["laws"] = ["wet-van-morgen"]
        goal["moments"][0]["instrument"] = "toverstaf"

    client.as_(cast.of_breda(Role.CLERK))
    page = Page(bring(client, from_elsewhere(good, change)))
    for name in ("cijfer: Geluk per straat", "wet: wet-van-morgen", "middel: toverstaf"):
        assert name in page.words


def test_a_revoked_template_has_no_package_at_the_next_request(
    client: Client, cast: Cast, good: bytes
) -> None:
    key = json.loads(good)["origin"]["key"]
    address = f"/etalage/{key}/pakket"
    assert client.as_(None).get(address).headers["Cache-Control"] == "no-store"
    council = db.scalar(sa.select(SharedTemplate.council_id).where(SharedTemplate.id == key))
    act_for(db, council)
    operations.revoke(db.get_one(SharedTemplate, key))
    db.commit()
    act_for(db, None)
    assert client.get(address).status_code == 404


def test_scripts_and_html_in_texts_are_shown_as_text(client: Client, cast: Cast, good: bytes) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"

    def change(document: dict[str, Any]) -> None:
        document["title"] = document["description"] = document["origin"]["council"] = evil
        document["content"]["values"][0]["name"] = evil
        document["content"]["goals"][0]["sentence"] = evil

    client.as_(cast.of_breda(Role.CLERK))
    answer = bring(client, from_elsewhere(good, change))
    assert answer.status_code == 200
    assert b"<script>alert" not in answer.data
    assert b"<img src=x" not in answer.data
    assert b"&lt;script&gt;alert(1)" in answer.data


def test_the_schema_is_served_and_names_every_field_of_a_package(client: Client, good: bytes) -> None:
    schema = client.get("/etalage/pakket/schema.json").get_json()
    assert set(schema["properties"]) == set(json.loads(good))
    assert schema["additionalProperties"] is False


def test_who_may_not_copy_may_not_bring(client: Client, cast: Cast, good: bytes) -> None:
    assert bring(client.as_(cast.of_breda(Role.COUNCILLOR)), good).status_code == 403


# --- What is wrong --------------------------------------------------------------------------------------------------


def set_at(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        part: Any = document
        for step in path[:-1]:
            part = part[step]
        part[path[-1]] = to

    return change


def same_key(document: dict[str, Any]) -> None:
    first, second = document["content"]["values"][:2]
    second["key"] = first["key"]


def goal_as_its_own_value(document: dict[str, Any]) -> None:
    document["content"]["goals"][0]["values"] = [str(uuid4())]


WRONG: dict[str, tuple[Callable[[dict[str, Any]], Any], Fault]] = {
    "an unknown version": (set_at("version", to=2), Fault.VERSION),
    "a version that is a word": (set_at("version", to="1"), Fault.VERSION),
    "another kind of document": (set_at("format", to="iets"), Fault.NO_PACKAGE),
    "an unknown kind": (set_at("kind", to="raket"), Fault.KIND),
    "an extra field": (set_at("members", to=["Ilse"]), Fault.UNKNOWN_FIELD),
    "an extra field deep down": (set_at("content", "goals", 0, "owner", to="Ilse"), Fault.UNKNOWN_FIELD),
    "a number for a text": (set_at("title", to=7), Fault.FIELD),
    "a text for a number": (set_at("content", "values", 0, "revision", to="1"), Fault.FIELD),
    "a yes for a number": (set_at("content", "values", 0, "mark", to=True), Fault.FIELD),
    "a fraction": (set_at("content", "values", 0, "mark", to=1.5), Fault.NUMBER),
    "a number past all bounds": (set_at("content", "values", 0, "revision", to=10**30), Fault.NUMBER),
    "a year that cannot be": (set_at("content", "goals", 0, "horizon", to=9999), Fault.NUMBER),
    "a key that is none": (set_at("content", "values", 0, "key", to="../../x"), Fault.FIELD),
    "two cards with one key": (same_key, Fault.SAME_KEY),
    "a reference to nothing": (goal_as_its_own_value, Fault.UNKNOWN_KEY),
    "a huge text": (set_at("description", to="a" * 20_000), Fault.TEXT_TOO_LONG),
    "a huge list": (set_at("content", "goals", 0, "laws", to=["wmo"] * 500), Fault.LIST_TOO_LONG),
    "a null character": (set_at("title", to="a\x00b"), Fault.HIDDEN_LETTER),
    "a bell": (set_at("title", to="a\x07b"), Fault.HIDDEN_LETTER),
    "letters that turn the line": (set_at("title", to="a\u202eb"), Fault.HIDDEN_LETTER),
    "nesting": (set_at("context", to=json.loads("[" * 50 + "]" * 50)), Fault.TOO_DEEP),
    "an address that runs": (set_at("origin", "installation", to="javascript:alert(1)"), Fault.FIELD),
    "nothing in it": (set_at("content", to={}), Fault.EMPTY),
}


@pytest.mark.parametrize("name", WRONG)
def test_it_is_refused_as_a_whole_and_the_sentence_says_why(name: str, whole: bytes) -> None:
    change, fault = WRONG[name]
    assert refusal(from_elsewhere(whole, change)) is fault


def raw(good: bytes) -> dict[str, tuple[bytes, Fault]]:
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pakket.json", b"0" * 10_000_000)
    title = b'"title": "Klein'
    return {
        "a letter changed afterwards": (good.replace(title, title + b"er"), Fault.CHECKSUM),
        "a field twice": (good.replace(b'"kind"', b'"kind": "plan",\n"kind"', 1), Fault.TWICE),
        "half a file": (good[: len(good) // 2], Fault.NOT_JSON),
        "nothing": (b"", Fault.NOT_JSON),
        "a list": (b"[]", Fault.NO_PACKAGE),
        "depths": (b"[" * 100_000, Fault.TOO_DEEP),
        "no number": (b'{"version": NaN}', Fault.NUMBER),
        "thousands of digits": (b'{"version": ' + b"9" * 10_000 + b"}", Fault.NOT_JSON),
        "an archive that swells": (bomb.getvalue(), Fault.NOT_UTF8),
        "other letters": (good.decode().encode("utf-16"), Fault.NOT_UTF8),
        "half of a pair": (good.replace(title, b'"title": "\\ud800'), Fault.HIDDEN_LETTER),
        "more than fits": (good + b" " * reading.MOST_BYTES, Fault.TOO_LARGE),
    }


def test_a_file_that_is_no_package_is_refused_and_leaves_nothing_behind(
    client: Client, cast: Cast, whole: bytes
) -> None:
    client.as_(cast.of_breda(Role.CLERK))
    act_for(db, cast.breda.id)
    before = rows()
    for name, (data, fault) in raw(whole).items():
        assert refusal(data) is fault, name
        if fault is Fault.TOO_LARGE:
            continue  # the same way: what is read of it is refused
        answer = bring(client, data)
        assert answer.status_code == 422 if data else 200, name
        send = client.post(f"{AT}/gebruiken", data={"package": data, "use": "keep", "title": "x"})
        assert send.status_code == 422, name
    assert rows() == before


def test_every_fault_has_a_sentence_of_its_own() -> None:
    assert set(words.SENTENCES) == set(Fault)
    assert len({str(text) for text in words.SENTENCES.values()}) == len(Fault)


# --- Whatever people send -------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def places(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path, *(place for name, item in inner for place in places(item, (*path, name)))]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    assert refusal(data) in Fault


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_put_into_a_good_package_nothing_changes_and_nothing_breaks(
    client: Client, cast: Cast, whole: bytes, data: st.DataObject
) -> None:
    """Also with a checksum that is right: it is looked at, or refused, and never stored by looking."""
    client.as_(cast.of_breda(Role.CLERK))
    act_for(db, cast.breda.id)
    document = json.loads(whole)
    place = data.draw(st.sampled_from(places(document)[1:]))
    set_at(*place, to=data.draw(anything))(document)
    try:
        mutated = reading.write(document)
    except UnicodeEncodeError:  # half of a pair of letters, which no file in UTF-8 holds
        mutated = json.dumps(document).encode()
    before = rows()
    assert bring(client, mutated).status_code in (200, 422)
    assert rows() == before


# --- A flood --------------------------------------------------------------------------------------------------------


class Flood(io.RawIOBase):
    """The body of an upload of `size` bytes, made while it is read; it counts what was asked of it."""

    def __init__(self, head: bytes, tail: bytes, size: int) -> None:
        super().__init__()
        self.head, self.tail, self.left, self.read_bytes = head, tail, size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self.head:
            part, self.head = self.head[: len(buffer)], self.head[len(buffer) :]
        elif self.left:
            part = b"a" * min(self.left, len(buffer))
            self.left -= len(part)
        else:
            part, self.tail = self.tail[: len(buffer)], self.tail[len(buffer) :]
        buffer[: len(part)] = part
        self.read_bytes += len(part)
        return len(part)


@pytest.mark.parametrize("says_how_long", [True, False])
def test_a_package_of_100_mb_is_refused_unread_and_changes_nothing(
    client: Client, cast: Cast, says_how_long: bool
) -> None:
    page = client.as_(cast.of_breda(Role.CLERK)).page(AT)
    token = str(page.form().find("input", {"name": "csrf_token"})["value"])  # type: ignore[index]
    act_for(db, cast.breda.id)
    before = rows()
    head = (
        f'--grens\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--grens\r\nContent-Disposition: form-data; name="file"; filename="pakket.json"\r\n'
        "Content-Type: application/json\r\n\r\n"
    ).encode()
    tail = b"\r\n--grens--\r\n"
    size = 100 * 1024 * 1024
    flood = Flood(head, tail, size)
    length = {"CONTENT_LENGTH": str(len(head) + size + len(tail))}
    tracemalloc.start()
    answer = client.open(
        AT,
        method="POST",
        environ_overrides={
            "wsgi.input": io.BufferedReader(flood),
            "CONTENT_TYPE": "multipart/form-data; boundary=grens",
            **(length if says_how_long else {"wsgi.input_terminated": True}),
        },
    )
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert answer.status_code == 413
    assert "te groot bestand" in Page(answer).words
    assert flood.read_bytes < size / 2
    assert most < size / 4
    assert rows() == before
