"""The style guide: every component in every state, with sample data. Only where people develop or try the demo.

Its texts are samples, so they stay Dutch in every language.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, jsonify, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import validators

from workbench.core.components import draw_table
from workbench.core.forms import (
    CheckboxesField,
    CheckboxField,
    EmailField,
    Form,
    NumberField,
    PasswordField,
    RadioField,
    SelectField,
    TextArea,
    TextField,
    choices,
    required,
)
from workbench.core.web import page, public

bp = Blueprint("styleguide", __name__)

# Made by `python -m seeds.gallery`: the web draws no figures itself.
GALLERY = Path(__file__).parent / "gallery.json"

CHOICES = choices({"direct": "laat het doel rechtstreeks zien", "partial": "laat een deel van het doel zien"})

DRAWING = Markup(
    '<svg viewBox="0 0 320 120" focusable="false" aria-hidden="true">'
    '<path d="M10 70 110 64 210 60 310 56V84L210 88 110 92 10 96Z" fill="#e3e7ea"/>'
    '<path d="M10 90 110 78 210 50 310 30" fill="none" stroke="#0b5394" stroke-width="4"/></svg>'
)


class SampleForm(Form):
    """One field of every kind, with and without a hint, required and optional."""

    text = TextField(
        "Tekst",
        description="Eén woord of een paar woorden.",
        validators=required("Vul een tekst in."),
    )
    text_optional = TextField("Tekst zonder uitleg", validators=[validators.Optional()])
    area = TextArea("Lange tekst", description="Een paar zinnen.", validators=required("Schrijf iets op."))
    email = EmailField("E-mailadres", validators=required("Vul een e-mailadres in."))
    password = PasswordField("Wachtwoord", validators=required("Vul een wachtwoord in."))
    number = NumberField(
        "Getal", description="Van 0 tot en met 100.", validators=required("Vul een getal in.")
    )
    select = SelectField("Keuzelijst", choices=CHOICES, validators=required("Kies een van de mogelijkheden."))
    radios = RadioField(
        "Eén keuze",
        description="Kies wat het beste past.",
        choices=CHOICES,
        validators=required("Kies een van de mogelijkheden."),
    )
    checkboxes = CheckboxesField(
        "Meer keuzes", choices=CHOICES, validators=required("Kies minstens één van de mogelijkheden.")
    )
    checkbox = CheckboxField("Ik ga akkoord", validators=required("Zet een vinkje."))


@bp.get("/stijlgids")
@public
def index() -> ResponseReturnValue:
    without_csrf = {"csrf": False}  # the token's name may not carry a prefix
    plain = SampleForm(formdata=None, prefix="plain-", meta=without_csrf)
    filled = SampleForm(
        formdata=None,
        prefix="filled-",
        meta=without_csrf,
        data={
            "text": "Nabijheid",
            "text_optional": "Met uitleg",
            "area": "Hulp in de buurt,\nvan iemand die blijft.",
            "email": "naam@gemeente.example",
            "number": 30,
            "select": "partial",
            "radios": "partial",
            "checkboxes": ["direct", "partial"],
            "checkbox": True,
        },
    )
    wrong = SampleForm(formdata=MultiDict(), prefix="wrong-", meta=without_csrf)
    wrong.validate()
    return page(
        "styleguide/index.html",
        plain=plain,
        filled=filled,
        wrong=wrong,
        tasks=_tasks(),
        blocks=[_block("ready"), _block("building"), _block("missing")],
    )


@bp.get("/stijlgids/weergaven")
@public
def views() -> ResponseReturnValue:
    """Every view of figures, with real figures."""
    return page("styleguide/views.html", views=[_view(made) for made in gallery().values()])


@bp.get("/stijlgids/weergaven/<name>.json")
@public
def chart(name: str) -> ResponseReturnValue:
    if name not in gallery():
        abort(404)
    return jsonify(bokeh=gallery()[name]["bokeh"])


@cache
def gallery() -> dict[str, dict[str, Any]]:
    """Documents by name, in the order they are shown in."""
    return {made["id"]: made for made in json.loads(GALLERY.read_text(encoding="utf-8"))}


def _view(made: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: made[key] for key in ("id", "name", "suits", "invented", "print_svg")},
        "block": {
            **{key: made[key] for key in ("id", "title", "sentence", "notes", "alt", "svg")},
            "state": "ready",
            "src": url_for("styleguide.chart", name=made["id"]),
            "table_html": draw_table(made["table"]),
            "source_line": [{"text": made["source"], "href": None}],
        },
    }


def _tasks() -> list[dict[str, Any]]:
    states = [
        ("done", "klaar", "Opdracht", "Wie vraagt dit, waarom, en wie beslist?"),
        ("current", "hier zijn we", "Wat is belangrijk", "Welke waarden wegen hier het zwaarst?"),
        ("todo", "te doen", "Waar schuurt het", "Welke waarden botsen met elkaar?"),
        (
            "blocked",
            "kan nog niet beginnen",
            "Doelen",
            "Eerst is een waarde nodig: stap 2, Wat is belangrijk.",
        ),
    ]
    return [
        {
            "number": number,
            "status": status,
            "status_text": text,
            "title": title,
            "hint": hint,
            "href": None if status == "blocked" else "#tasks",
            "minutes": 30,
        }
        for number, (status, text, title, hint) in enumerate(states)
    ]


def _block(state: str) -> dict[str, Any]:
    texts = {
        "ready": "",
        "building": "Deze figuur wordt gemaakt. Dat duurt meestal een paar seconden.",
        "missing": "Dit cijfer is nog niet gekoppeld aan een bron.",
    }
    titles = {
        "ready": "Verzonnen uitgaven stegen van 90 naar 130 euro per inwoner",
        "building": "Verzonnen uitgaven per inwoner",
        "missing": "Verzonnen wachttijd",
    }
    ready = state == "ready"
    return {
        "id": f"sample-{state}",
        "state": state,
        "state_text": texts[state],
        "title": titles[state],
        "sentence": "In 2026 was het 130 euro; in de middelste helft van de gemeenten 95 tot 120 euro."
        if ready
        else "",
        "alt": "Een stijgende lijn boven een grijze band.",
        "svg": DRAWING,
        "src": "",
        "table_html": draw_table(
            {
                "caption": "Verzonnen uitgaven per inwoner (euro)",
                "columns": ["Jaar", "Eigen gemeente", "Middelste helft"],
                "rows": [
                    ["2025", "118", "92 tot 115"],
                    ["2026", {"text": "130", "note": "voorlopig"}, "95 tot 120"],
                ],
                "numeric": [False, True, True],
            }
        ),
        "notes": [{"kind": "break", "text": "Breuk in 2025: de telling is veranderd."}] if ready else [],
        "reason": "Om te zien of er meer geld naar de wijk gaat.",
        "quality_label": "laat een deel van het doel zien",
        "not_saying": "Of mensen zich geholpen voelen.",
        "source_line": [
            {"text": "Bron: verzonnen tabel,", "href": None},
            {"text": "alles over dit cijfer", "href": "#figures"},
        ],
    }
