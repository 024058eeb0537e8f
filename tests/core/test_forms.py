"""Forms: clean text, the version an edit started from, and messages in our own words."""

import unicodedata

import pytest
import wtforms
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from workbench.core.forms import (
    CardForm,
    Form,
    NumberField,
    RadioField,
    TextField,
    choices,
    clean_text,
    required,
)

ANYTHING = st.text(st.characters(), max_size=40)


@given(ANYTHING)
def test_clean_text_holds_nothing_that_postgresql_or_a_page_refuses(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned is not None
    cleaned.encode("utf-8")
    assert not [c for c in cleaned if ord(c) < 32 and c not in "\n\t"]
    assert cleaned == cleaned.strip()


@given(ANYTHING)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_letters_marks_and_emoji_stay_as_they_were_typed(text: str) -> None:
    assert clean_text(text) == text
    assert not any(unicodedata.category(c).startswith("Z") for c in text)


@pytest.mark.parametrize(
    ("typed", "kept"), [("a\r\nb\rc", "a\nb\nc"), (" \x00 x\x07 ", "x"), ("", ""), (None, None)]
)
def test_newlines_become_one_kind(typed: str | None, kept: str | None) -> None:
    assert clean_text(typed) == kept


class _Form(CardForm):
    name = TextField("Naam", maximum=5, validators=required("Vul een naam in."))
    number = NumberField("Getal", validators=[wtforms.validators.Optional()])
    choice = RadioField(
        "Keuze", choices=choices({"a": "eerste", "b": "tweede"}), validators=[wtforms.validators.Optional()]
    )


def sent(app: Flask, **fields: str) -> _Form:
    with app.test_request_context(method="POST", data=fields):
        form = _Form(formdata=MultiDict(fields))
        form.validate_on_submit()
        return form


@pytest.mark.parametrize(
    ("data", "version"),
    [("7", 7), ("", 0), ("x", 0), ("-1", 0), ("1.5", 0), ("9" * 20, 0), ("²", 0), ("1'; --", 0)],
)
def test_a_spoiled_version_counts_as_the_oldest(app: Flask, data: str, version: int) -> None:
    assert sent(app, base_version=data).base() == version


def test_errors_are_dutch_sentences(app: Flask) -> None:
    form = sent(app, name="te lang voor vijf", number="twee", choice="c")
    assert "hooguit 5 tekens, het zijn er nu 17" in str(form.name.errors[0])
    assert "heel getal" in str(form.number.errors[0])
    assert "een van de mogelijkheden" in str(form.choice.errors[0])
    assert str(sent(app).name.errors[0]) == "Vul een naam in."


def test_a_name_of_only_spaces_is_no_name(app: Flask) -> None:
    assert sent(app, name=" \u00a0\t ").name.errors


def test_a_form_that_is_shown_again_is_never_valid(app: Flask) -> None:
    fields = {"name": "Noor", "_reshow": "1"}
    with app.test_request_context(method="POST", data=fields):
        form = _Form()
        assert form.is_reshown
        assert not form.validate_on_submit()
        assert form.name.data == "Noor"
    with app.test_request_context(method="POST", data={"name": "Noor"}):
        assert _Form().validate_on_submit()


def test_changes_are_the_visible_fields(app: Flask) -> None:
    assert sent(app, name="Noor", base_version="3").changes() == {
        "name": "Noor",
        "number": None,
        "choice": None,
    }
    assert issubclass(_Form, Form)
