"""Signing in and out, passwords, and what happens to text when a session ends."""

import time
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask
from itsdangerous import TimestampSigner

from tests.client import Client, form_values
from tests.factories import PASSWORD, Cast, make_goal, make_link, make_plan, make_value
from tests.mailbox import waiting_mail
from workbench.accounts import operations, passwords
from workbench.accounts.models import Person
from workbench.core.db import db
from workbench.core.web import is_local
from workbench.evidence.models import Link
from workbench.vision.models import Value

SIGN_IN = "/inloggen"
NEW_PASSWORD = "een heel ander wachtwoord"
ELSEWHERE = [
    "//kwaad.example",
    "/\\kwaad.example",
    "https://kwaad.example/",
    "javascript:alert(1)",
    "kwaad.example",
    "/\t/kwaad",
]


@pytest.fixture
def guarded(app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A client for which forms need their CSRF token, as in production."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    return client


@pytest.fixture
def other_browser(app: Flask) -> Client:
    made = app.test_client()
    assert isinstance(made, Client)
    return made


@pytest.fixture
def logged() -> Iterator[list[object]]:
    with structlog.testing.capture_logs() as events:
        yield events  # type: ignore[misc]


# --- In and out -----------------------------------------------------------------------------------------------------


def test_the_right_password_leads_to_the_council(client: Client, cast: Cast) -> None:
    page = client.submit(SIGN_IN, email=cast.clerk.email, password=PASSWORD)
    assert page.status == 302  # one council: /raden leads on to it
    assert page.location.rstrip("/") == "/almere"
    assert "Almere" in client.page("/almere").title


def test_an_address_may_be_typed_in_capitals_and_with_spaces(client: Client, cast: Cast) -> None:
    assert client.send(SIGN_IN, email=f"  {cast.clerk.email.upper()} ", password=PASSWORD).status == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_words(client: Client, cast: Cast) -> None:
    wrong = client.submit(SIGN_IN, email=cast.clerk.email, password="iets anders dan dit")
    unknown = client.submit(SIGN_IN, email="wie@nergens.example", password="iets anders dan dit")
    assert wrong.status == unknown.status == 422
    assert wrong.words == unknown.words
    assert "horen niet bij elkaar" in wrong.words
    assert "iets anders dan dit" not in wrong.text + unknown.text


def test_signing_in_leads_back_to_the_page_that_was_wanted(client: Client, cast: Cast) -> None:
    asked = client.page("/almere/cijfers?q=jeugd")
    assert asked.status == 302
    page = client.submit(asked.location, email=cast.clerk.email, password=PASSWORD)
    assert (page.status, "jeugd" in page.text) == (200, True)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_to_another_site(client: Client, cast: Cast, target: str) -> None:
    assert not is_local(target)
    page = client.send(SIGN_IN, email=cast.clerk.email, password=PASSWORD, next=target)
    assert page.location == "/raden"
    asked = client.as_(None).page(SIGN_IN, query_string={"next": target})
    assert form_values(asked.form())["next"] == [""]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_choosing_a_language_never_leads_to_another_site(client: Client, target: str) -> None:
    assert client.send("/taal", language="en", next=target).location == "/"


def test_signing_out_closes_the_council(client: Client, cast: Cast) -> None:
    client.submit(SIGN_IN, email=cast.clerk.email, password=PASSWORD)
    assert client.send("/uitloggen").status == 302
    assert client.page("/almere").location.startswith("/inloggen?next=")


def test_signing_out_everywhere_ends_the_session_in_another_browser(
    client: Client, other_browser: Client, cast: Cast
) -> None:
    for browser in (client, other_browser):
        browser.submit(SIGN_IN, email=cast.clerk.email, password=PASSWORD)
    assert other_browser.page("/almere").status == 200
    assert client.send("/mijn/overal-uitloggen").status == 302
    assert other_browser.page("/almere").status == 302
    assert client.page("/almere").status == 302


def test_a_new_password_ends_other_sessions_and_not_this_one(
    client: Client, other_browser: Client, cast: Cast
) -> None:
    for browser in (client, other_browser):
        browser.submit(SIGN_IN, email=cast.clerk.email, password=PASSWORD)
    page = client.submit("/mijn", password=NEW_PASSWORD)
    assert "veranderd" in page.words
    assert client.page("/almere").status == 200
    assert other_browser.page("/almere").status == 302
    assert other_browser.submit(SIGN_IN, email=cast.clerk.email, password=PASSWORD).status == 422
    assert other_browser.send(SIGN_IN, email=cast.clerk.email, password=NEW_PASSWORD).status == 302


@pytest.mark.parametrize("password", ["kort", "aaaaaaaaaaaaaaaa", "x" * 50 + "abcdefgh" * 30])
def test_a_password_that_is_too_short_too_long_or_too_simple_is_refused(
    client: Client, cast: Cast, password: str
) -> None:
    page = client.as_(cast.clerk).submit("/mijn", password=password)
    assert page.status == 422
    assert password not in page.text
    db.expire_all()
    assert operations.sign_in(cast.clerk.email, PASSWORD) is not None


def test_a_session_key_that_was_made_up_is_nobody(client: Client, cast: Cast) -> None:
    someone, secret = cast.clerk.get_id().split(".")
    swapped = [f"{someone}.{someone}", f"{cast.officer.id}.{secret}", f"{someone}.{secret}.{secret}"]
    for key in ("onzin", someone, secret, *swapped):
        with client.session_transaction() as session:
            session["_user_id"] = key
        assert client.page("/almere").status == 302


def test_the_session_cookie_is_hidden_from_scripts_and_other_sites(
    app: Flask, client: Client, cast: Cast
) -> None:
    response = client.post(SIGN_IN, data={"email": cast.clerk.email, "password": PASSWORD})
    [cookie] = [value for value in response.headers.getlist("Set-Cookie") if value.startswith("werkbank=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" in cookie
    assert (
        "Secure" not in cookie
    )  # the tests speak http; Settings.secure follows the scheme of the base address


def test_the_eleventh_try_within_a_minute_has_to_wait(client: Client, cast: Cast) -> None:
    tries = [client.send(SIGN_IN, email=cast.clerk.email, password="raden maar") for _ in range(11)]
    assert [page.status for page in tries] == [422] * 10 + [429]
    assert "Wacht een paar minuten" in tries[-1].words
    assert client.send(SIGN_IN, email=cast.councillor.email, password=PASSWORD).status == 302, (
        "a colleague is not stopped"
    )


# --- Passwords ------------------------------------------------------------------------------------------------------


def test_passwords_are_kept_as_argon2id_with_the_profile_of_owasp(monkeypatch: pytest.MonkeyPatch) -> None:
    import ast
    import inspect

    # The tests swap the hasher for a fast one, so read what the module itself says.
    tree = ast.parse(inspect.getsource(passwords))
    [call] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and "hasher" in ast.unparse(node.targets[0])
    ]
    real = eval(ast.unparse(call), {"PasswordHasher": passwords.PasswordHasher})
    monkeypatch.setattr(passwords, "hasher", real)
    kept = passwords.hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right(kept, PASSWORD)
    assert not passwords.is_right(kept, PASSWORD + " ")
    assert passwords.hash_password(PASSWORD) != kept, "every password has its own salt"


def test_a_hash_that_is_no_hash_is_a_wrong_password() -> None:
    assert not passwords.is_right("", PASSWORD)


def test_a_password_with_an_older_profile_is_hashed_anew_at_sign_in(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = cast.clerk.password_hash
    monkeypatch.setattr(
        passwords, "hasher", passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    )
    person = operations.sign_in(cast.clerk.email, PASSWORD)
    assert person is not None
    assert person.password_hash != old
    assert "m=16,t=2" in person.password_hash


# --- A forgotten password -------------------------------------------------------------------------------------------


def test_a_forgotten_password_sends_a_link_that_works_once(client: Client, cast: Cast) -> None:
    page = client.submit("/wachtwoord/vergeten", email=cast.clerk.email)
    [letter] = waiting_mail()
    assert letter.to == cast.clerk.email
    assert "/wachtwoord/nieuw/" not in page.text
    changed = client.submit(letter.link, password=NEW_PASSWORD)
    assert changed.title == "Inloggen"
    assert client.page(letter.link).status == 404
    assert client.send(letter.link, password="nog een ander wachtwoord").status == 404
    assert client.send(SIGN_IN, email=cast.clerk.email, password=NEW_PASSWORD).status == 302


def test_an_unknown_address_sees_the_same_page_and_gets_no_mail(client: Client, cast: Cast) -> None:
    known = client.submit("/wachtwoord/vergeten", email=cast.clerk.email)
    unknown = client.submit("/wachtwoord/vergeten", email="wie@nergens.example")
    assert (known.status, known.words) == (unknown.status, unknown.words)
    assert len(waiting_mail()) == 1


def test_the_link_ends_the_sessions_of_who_knew_the_old_password(
    client: Client, other_browser: Client, cast: Cast
) -> None:
    other_browser.submit(SIGN_IN, email=cast.clerk.email, password=PASSWORD)
    client.submit("/wachtwoord/vergeten", email=cast.clerk.email)
    client.submit(waiting_mail()[0].link, password=NEW_PASSWORD)
    assert other_browser.page("/almere").status == 302


@pytest.mark.parametrize(("age", "status"), [(3500, 200), (3700, 404)])
def test_the_link_works_for_an_hour(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, age: int, status: int
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(TimestampSigner, "get_timestamp", lambda _self: int(time.time()) - age)
        client.submit("/wachtwoord/vergeten", email=cast.clerk.email)
    assert client.page(waiting_mail()[0].link).status == status


def test_a_link_that_was_tampered_with_is_a_404(client: Client, cast: Cast) -> None:
    client.submit("/wachtwoord/vergeten", email=cast.clerk.email)
    link = waiting_mail()[0].link
    for wrong in (
        link[:-6]
        + ("A" if link[-6] != "A" else "B")
        + link[-5:],  # the last letter holds bits that count for nothing
        link.replace(".", "x", 1),
        "/wachtwoord/nieuw/x",
    ):
        assert client.page(wrong).status == 404


def test_asking_for_links_is_limited(client: Client, cast: Cast) -> None:
    statuses = [client.send("/wachtwoord/vergeten", email=cast.clerk.email).status for _ in range(6)]
    assert statuses == [200] * 5 + [429]


# --- Forged and stale forms -----------------------------------------------------------------------------------------


def test_without_its_token_no_form_changes_anything(guarded: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    guarded.as_(cast.clerk)
    fields = {"name": "Nabijheid", "own_words": "Getypt.", "counter_value": "Afstand"}
    address = f"/almere/trajecten/{plan.id}/waarden/nieuw"
    for token in ({}, {"csrf_token": "verzonnen"}):
        assert guarded.send(address, **fields, **token).status == 400
    assert guarded.send("/mijn/overal-uitloggen").status == 400
    assert db.query(Value).count() == 0
    assert guarded.submit(address, **fields).status == 200
    assert db.query(Value).count() == 1


def test_a_form_from_before_signing_in_again_is_shown_again_and_not_saved(
    guarded: Client, cast: Cast
) -> None:
    plan = make_plan()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/waarden/nieuw"
    stale = form_values(guarded.as_(cast.clerk).page(address).form()) | {
        "name": "Nabijheid",
        "own_words": "Lang nagedacht.",
    }
    guarded.as_(cast.clerk)  # signed in again in another tab
    page = guarded.send(address, **stale)
    assert page.status == 400
    form = page.form()
    shown = guarded.send(form["action"], **form_values(form))
    assert shown.status == 200
    assert "Lang nagedacht." in shown.text
    assert db.query(Value).count() == 0


def test_what_was_typed_survives_an_expired_session(guarded: Client, cast: Cast) -> None:
    plan = make_plan()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/waarden/nieuw"
    typed = "Twee avonden werk: <b>hulp</b> & 'nabijheid'.\r\nTweede regel."
    fields = form_values(guarded.as_(cast.clerk).page(address).form()) | {
        "name": "Nabijheid",
        "own_words": typed,
    }
    asked = guarded.as_(None).send(address, **fields)
    assert (asked.status, asked.title) == (401, "Inloggen")
    carried = form_values(asked.form())
    assert carried["kept-name"] == ["Nabijheid"]
    assert "kept-csrf_token" not in carried

    wrong = guarded.send(SIGN_IN, **carried | {"email": cast.clerk.email, "password": "niet dit wachtwoord"})
    assert wrong.status == 422
    again = form_values(wrong.form()) | {"email": cast.clerk.email, "password": PASSWORD}
    resumed = guarded.send(SIGN_IN, **again)
    assert resumed.status == 200
    assert db.query(Value).count() == 0

    form = resumed.form()
    assert form["action"] == address
    shown = guarded.send(form["action"], **form_values(form))
    assert shown.status == 200
    final = form_values(shown.form())
    assert final["name"] == ["Nabijheid"]
    assert "".join(final["own_words"]).replace("\r\n", "\n") == typed.replace("\r\n", "\n")
    assert db.query(Value).count() == 0

    assert guarded.send(address, **final | {"counter_value": "Afstand"}).status == 302
    assert db.query(Value).one().name == "Nabijheid"


def test_a_password_never_travels_along(client: Client, cast: Cast) -> None:
    page = client.send("/mijn", password="mijn geheime wachtwoord", csrf_token="x")
    assert page.status == 401
    assert "mijn geheime wachtwoord" not in page.text
    assert not any(name.startswith("kept-") for name in form_values(page.form()))


def test_a_button_pressed_after_the_session_ended_does_nothing_until_it_is_pressed_again(
    guarded: Client, cast: Cast
) -> None:
    goal = make_goal(make_value(make_plan()))
    link = make_link(goal)
    db.commit()
    here = f"/almere/doelen/{goal.id}"
    response = guarded.post(
        f"/almere/koppelingen/{link.id}/verwijderen",
        data={"csrf_token": "x"},
        headers={"Referer": f"http://localhost{here}"},
    )
    assert response.status_code == 401
    signed_in = guarded.submit(SIGN_IN + f"?next={here}", email=cast.clerk.email, password=PASSWORD)
    assert signed_in.response.request.path == here
    assert guarded.send(f"/almere/koppelingen/{link.id}/verwijderen", _reshow="1").status == 400
    assert db.query(Link).count() == 1


def test_after_a_late_button_signing_in_leads_back_to_the_page_of_that_button(
    client: Client, cast: Cast
) -> None:
    link = make_link(make_goal(make_value(make_plan())))
    db.commit()
    address = f"/almere/koppelingen/{link.id}/verwijderen"
    for referrer, expected in (
        ("http://localhost/almere/monitor", ["/almere/monitor"]),
        ("https://kwaad.example/almere/monitor", [""]),
        ("", [""]),
    ):
        page = client.post(address, headers={"Referer": referrer})
        from tests.client import Page

        assert form_values(Page(page).form())["next"] == expected


def test_a_sign_in_page_that_lay_open_too_long_keeps_what_it_carried(guarded: Client, cast: Cast) -> None:
    page = guarded.send(
        SIGN_IN, **{"kept-name": "Nabijheid", "next": "/almere", "email": "x@y.example", "csrf_token": "oud"}
    )
    assert page.status == 400
    values = form_values(page.form())
    assert values["kept-name"] == ["Nabijheid"]
    assert values["next"] == ["/almere"]
    resumed = guarded.send(SIGN_IN, **values | {"email": cast.clerk.email, "password": PASSWORD})
    assert "Nabijheid" in resumed.text


# --- Logs -----------------------------------------------------------------------------------------------------------


def test_logs_say_who_by_number_and_never_by_address_or_text(
    client: Client, cast: Cast, logged: list[object], capfd: pytest.CaptureFixture[str]
) -> None:
    plan = make_plan()
    db.commit()
    client.submit(SIGN_IN, email=cast.clerk.email, password="fout wachtwoord hoor")
    client.submit(SIGN_IN, email=cast.clerk.email, password=PASSWORD)
    client.submit("/almere/leden", email="nieuw.lid@almere.example", role="reader")
    client.submit("/wachtwoord/vergeten", email=cast.clerk.email)
    client.submit(
        f"/almere/trajecten/{plan.id}/waarden/nieuw",
        name="Vertrouwen",
        own_words="Een heel eigen zin.",
        counter_value="Controle",
    )
    out, err = capfd.readouterr()
    everything = repr(logged) + out + err
    assert str(cast.clerk.id) in everything
    for secret in (
        cast.clerk.email,
        cast.clerk.name,
        "nieuw.lid",
        PASSWORD,
        "fout wachtwoord",
        "eigen zin",
        "Vertrouwen",
    ):
        assert secret not in everything


def test_nobody_is_in_no_council(client: Client, cast: Cast) -> None:
    page = client.as_(cast.outsider).page("/raden")
    assert page.status == 200
    assert cast.outsider.email in page.words
    assert db.get_one(Person, cast.outsider.id).email == cast.outsider.email
