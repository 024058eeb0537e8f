"""What every answer owes: headers, errors in plain words, one transaction, nothing private in the logs."""

import re
import time

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask
from flask.typing import ResponseReturnValue

from tests.client import Client, Page, form_values
from tests.factories import PASSWORD, Cast, make_plan
from workbench.accounts.models import Person
from workbench.core import health
from workbench.core.db import db
from workbench.core.errors import Conflict

SECRET = "Wat mijn buurvrouw vertelde"


def answer_with(client: Client, monkeypatch: pytest.MonkeyPatch, view: object) -> None:
    """Let the front page do this."""
    view.permission = "public"  # type: ignore[attr-defined]
    monkeypatch.setitem(client.application.view_functions, "accounts.start", view)


# --- Headers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/inloggen",
        "/almere",
        "/niets",
        "/almere/niets",
        "/healthz",
        "/api/v1/openapi.json",
        "/api/v1/niets",
        "/static/css/workbench.css",
    ],
)
def test_every_answer_carries_the_security_headers(client: Client, cast: Cast, address: str) -> None:
    with client.get(address) as response:
        headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in policy
    for part in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_a_page_allows_only_styles_with_its_own_number(client: Client, cast: Cast) -> None:
    pages = [client.as_(cast.clerk).page("/almere") for _ in range(2)]
    numbers = []
    for page in pages:
        assert page.soup is not None
        meta = page.soup.find("meta", attrs={"name": "csp-nonce"})
        assert meta is not None
        numbers.append(meta["content"])
        assert f"'nonce-{meta['content']}'" in page.response.headers["Content-Security-Policy"]
    assert len(set(numbers)) == 2


def test_pages_are_not_kept_and_static_files_are(client: Client, cast: Cast) -> None:
    assert client.as_(cast.clerk).get("/almere").headers["Cache-Control"] == "no-store"
    assert client.get("/niets").headers["Cache-Control"] == "no-store"
    with client.get("/static/css/workbench.css") as response:
        assert "no-store" not in response.headers.get("Cache-Control", "")


def test_over_https_browsers_are_told_to_stay_there(client: Client) -> None:
    assert "max-age" in client.get("/", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_pages_travel_compressed(client: Client, cast: Cast) -> None:
    response = client.as_(cast.clerk).get("/almere/cijfers", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"


# --- Errors ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["/niets/is/hier", "/almere/niets", "/almere/trajecten/geen-id", "/almere/waarden/123"]
)
def test_an_unknown_address_is_a_page_in_plain_words(client: Client, cast: Cast, address: str) -> None:
    page = client.as_(cast.clerk).page(address)
    assert (page.status, page.title) == (404, "Deze pagina is er niet")


@pytest.mark.parametrize("address", ["/%00", "/almere/%00", "/almere/cijfers/%00", "/api/v1/indicators/%00"])
def test_a_nul_in_an_address_is_an_address_that_is_not_there(
    client: Client, cast: Cast, address: str
) -> None:
    assert client.as_(cast.clerk).get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/almere/cijfers?q=%00", "/api/v1/indicators?q=a%00b", "/almere?pagina=%00"]
)
def test_a_nul_in_a_question_is_refused(client: Client, cast: Cast, address: str) -> None:
    assert client.as_(cast.clerk).get(address).status_code == 400


def test_a_method_that_does_not_exist_is_refused_in_words(client: Client, cast: Cast) -> None:
    for address in ("/inloggen", "/almere/monitor"):
        page = Page(client.as_(cast.clerk).delete(address))
        assert page.status == 405, address
        assert "niet geldig" in page.words


def test_too_much_text_is_refused_in_words(client: Client, cast: Cast) -> None:
    page = client.send("/inloggen", email="x" * 3_000_000)
    assert page.status == 413
    assert "2 MB" in page.words
    assert client.send("/inloggen", **{f"veld{n}": "x" for n in range(3000)}).status in (413, 422)


def test_an_action_that_a_rule_refuses_says_why_and_keeps_nothing(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def view() -> ResponseReturnValue:
        db.add(Person(email="half@example.org", name="Half", password_hash="x"))
        db.flush()
        raise Conflict("De werksessie is al gesloten.")

    answer_with(client, monkeypatch, view)
    page = client.page("/")
    assert page.status == 409
    assert "De werksessie is al gesloten." in page.words
    assert db.scalar(sa.select(Person.id).where(Person.email == "half@example.org")) is None


def _crash() -> ResponseReturnValue:
    secret = SECRET
    raise ValueError(secret)


def _crash_while_writing() -> ResponseReturnValue:
    for _ in range(2):
        db.add(Person(email=SECRET, name="x", password_hash="x"))
    db.flush()
    return "klaar"


def _crash_at_commit() -> ResponseReturnValue:
    for _ in range(2):
        db.add(Person(email=SECRET, name="x", password_hash="x"))
    return "klaar"


@pytest.mark.parametrize("view", [_crash, _crash_while_writing, _crash_at_commit])
def test_a_crash_gives_a_number_and_logs_neither_message_nor_text(
    client: Client,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    view: object,
) -> None:
    answer_with(client, monkeypatch, view)
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logged:
        page = client.page("/", query_string={"q": SECRET})
    assert page.status == 500
    [event] = [entry for entry in logged if entry["event"] == "request_crashed"]
    assert event["request"] in page.words
    assert re.fullmatch("[0-9a-f]{12}", event["request"])
    assert event["error"] in ("ValueError", "IntegrityError")
    assert any("py:" in place for place in event["at"])
    out, err = capfd.readouterr()
    assert SECRET not in repr(logged) + out + err
    assert db.scalar(sa.select(Person.id).where(Person.email == SECRET)) is None


def test_a_crash_before_the_page_is_reached_has_a_number_too(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("workbench.accounts.access.act_for", broken)
    page = client.as_(cast.clerk).page("/almere")
    assert page.status == 500
    assert re.search("[0-9a-f]{12}", page.words)


def test_a_crash_of_the_api_is_a_problem_document(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = next(
        rule.endpoint
        for rule in client.application.url_map.iter_rules()
        if rule.rule.rstrip("/") == "/api/v1/indicators"
    )

    def view() -> ResponseReturnValue:
        raise ValueError(SECRET)

    view.permission = "public"  # type: ignore[attr-defined]
    monkeypatch.setitem(client.application.view_functions, endpoint, view)
    response = client.get("/api/v1/indicators")
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert SECRET not in response.text


# --- Language -------------------------------------------------------------------------------------------------------


def test_the_language_is_chosen_and_stays(client: Client, cast: Cast) -> None:
    page = client.page("/inloggen")
    assert page.soup is not None
    assert page.soup.html["lang"] == "nl"  # type: ignore[index]
    assert client.send("/taal", language="en", next="/inloggen").location == "/inloggen"
    for _ in range(2):
        page = client.page("/inloggen")
        assert page.soup is not None
        assert page.soup.html["lang"] == "en"  # type: ignore[index]
    assert client.send("/taal", language="fr", next="/").status == 302
    page = client.page("/inloggen")
    assert page.soup is not None
    assert page.soup.html["lang"] == "en"  # type: ignore[index]


def test_the_language_form_leads_back_to_the_same_page(client: Client, cast: Cast) -> None:
    page = client.as_(cast.clerk).page("/almere/cijfers?q=jeugd")
    assert page.soup is not None
    form = next(form for form in page.soup.find_all("form") if form.get("action") == "/taal")
    assert form_values(form)["next"] == ["/almere/cijfers?q=jeugd"]


# --- Health ---------------------------------------------------------------------------------------------------------


def test_health_is_ok_when_every_part_answers(app: Flask, client: Client) -> None:
    health.show_worker_alive(app.extensions["redis"])
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (200, {"status": "ok"})


def test_health_names_the_worker_that_does_not_answer(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (503, {"status": "failing", "failing": ["worker"]})


def test_the_sign_of_life_of_a_worker_fades(app: Flask) -> None:
    health.show_worker_alive(app.extensions["redis"])
    assert 0 < app.extensions["redis"].ttl(health.WORKER_KEY) <= health.WORKER_FADES
    assert health.WORKER_BEAT * 2 < health.WORKER_FADES


def test_health_names_redis_and_a_page_works_without_it(
    app: Flask, client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = health.connect_redis(
        app.extensions["settings"].model_copy(update={"redis_url": "redis://127.0.0.1:9"})
    )
    monkeypatch.setitem(app.extensions, "redis", gone)
    began = time.monotonic()
    assert client.get("/healthz").json == {"status": "failing", "failing": ["redis", "worker"]}
    assert time.monotonic() - began < 2
    health.show_worker_alive(gone)  # a worker outlives it too
    assert client.as_(cast.clerk).page("/almere").status == 200


def test_health_names_the_database(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone:
        def execute(self, _statement: object) -> None:
            raise sa.exc.OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(health, "db", Gone())
    health.show_worker_alive(app.extensions["redis"])
    response = client.get("/healthz")
    assert (response.status_code, response.json) == (503, {"status": "failing", "failing": ["database"]})


def test_a_refused_form_keeps_nothing(client: Client, cast: Cast) -> None:
    make_plan()
    db.commit()
    before = db.scalar(sa.select(sa.func.count()).select_from(Person))
    assert client.send("/inloggen", email=cast.clerk.email, password=PASSWORD[:-1]).status == 422
    assert db.scalar(sa.select(sa.func.count()).select_from(Person)) == before
