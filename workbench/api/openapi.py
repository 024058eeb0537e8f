"""The description of the API (OpenAPI 3.1), made from the models that read the questions and write the answers."""

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from workbench.api.schema import Answer, Page, Problem, Query

VERSION = "1.0.0"
ABOUT = (
    "Cijfers over gemeenten en het sociaal domein uit landelijke bronnen. Bij elk cijfer staan de tabel, de status en"
    " de dag van ophalen; bij de bron staat het als de werkbank het cijfer zelf heeft berekend. Gaf de bron een reden"
    " waarom een waarde ontbreekt, dan staat die erbij; over een periode die ontbreekt, hebben wij geen gegevens. U"
    " vraagt waarnemingen op voor één gebied per keer: deze API maakt geen"
    " ranglijsten van gemeenten. Neem bij gebruik de bronregel over en volg de licentie. U hebt 120 verzoeken per"
    " minuut. Wat van één raad is, leest u met de sleutel van een lid van die raad. Een onbekende parameter geeft een fout; een lege parameter telt niet mee. Een antwoord kan er later"
    " velden bij krijgen."
)
_REFERENCE = "#/components/schemas/{model}"
_PROBLEMS = {
    400: "Een parameter ontbreekt of klopt niet. Het antwoord noemt welke.",
    401: "De sleutel ontbreekt of werkt niet.",
    403: "Dit mag het lid van deze sleutel niet zien.",
    404: "Wat u zoekt, bestaat niet, of niet voor u.",
    429: "Te veel verzoeken in een minuut.",
    500: "Er ging bij ons iets mis.",
}


@dataclass(frozen=True)
class Operation:
    """One GET: `path` as Flask writes it, what it asks and what it answers."""

    name: str
    path: str
    summary: str
    query: type[Query]
    answer: type[Answer]
    for_members: bool = False  # asks for the token of a member

    @property
    def names(self) -> list[str]:
        """The parameters in the path."""
        return re.findall(r"<(\w+)>", self.path)


def document(operations: list[Operation], base_url: str, contact: str) -> dict[str, Any]:
    """The whole document. `base_url` has no slash at its end, `contact` is an e-mail address."""
    asked, answered = {item.query for item in operations}, {item.answer for item in operations}
    modes: list[tuple[type[Query | Answer], JsonSchemaMode]] = [
        *((model, "validation") for model in asked),
        *((model, "serialization") for model in answered),
        (Problem, "validation"),
    ]
    found, definitions = models_json_schema(modes, ref_template=_REFERENCE)
    schemas = definitions["$defs"]
    parameters = {model: _parameters(schemas.pop(_name(found[model, "validation"]))) for model in asked}
    for described in schemas.values():
        described.pop("description", None)  # a docstring: English, and meant for programmers of the workbench
        described.pop(
            "additionalProperties", None
        )  # we refuse a surplus field now, readers must accept a new one
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Monitorwerkbank",
            "version": VERSION,
            "description": ABOUT,
            "contact": {"name": "Beheer van de Monitorwerkbank", "email": contact, "url": base_url},
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "tags": [
            {"name": "cijfers", "description": "Cijfers, gebieden en hoe vers de cijfers zijn."},
            {
                "name": "raad",
                "description": "Van één raad, voor een lid: wat dat lid ook op het scherm ziet.",
            },
        ],
        "security": [],  # the published figures are open; what is of a council says so itself
        "paths": {
            re.sub(r"<(\w+)>", r"{\1}", item.path): {
                "get": {
                    "operationId": item.name,
                    "summary": item.summary,
                    "tags": ["raad" if item.for_members else "cijfers"],
                    **({"security": [{"token": []}]} if item.for_members else {}),
                    "parameters": [*map(_path_parameter, item.names), *parameters[item.query]],
                    "responses": _responses(item, found[item.answer, "serialization"]),
                }
            }
            for item in operations
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "De sleutel van een lid; de beheerder maakt die.",
                }
            },
            "headers": {
                "API-Version": {
                    "description": "De volledige versie van de API.",
                    "schema": {"type": "string", "const": VERSION},
                },
                "Link": {
                    "description": "De adressen van de eerste, vorige, volgende en laatste pagina (RFC 8288).",
                    "schema": {"type": "string"},
                },
                "Retry-After": {
                    "description": "Na zoveel seconden mag u het weer proberen.",
                    "schema": {"type": "integer"},
                },
            },
        },
    }


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _parameters(schema: dict[str, Any]) -> list[dict[str, Any]]:
    required = schema.get("required", [])
    return [
        _query_parameter(name, dict(field), required=name in required)
        for name, field in schema["properties"].items()
    ]


def _query_parameter(name: str, field: dict[str, Any], *, required: bool) -> dict[str, Any]:
    """An address cannot say null: what may be None in Python may be left out there."""
    options = [option for option in field.pop("anyOf", []) if option != {"type": "null"}]
    if options:
        field |= options[0]
        del field["default"]
    field.pop("title", None)
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": field.pop("description"),
        "schema": field,
    }


_PATH = {
    "slug": ("De korte naam van een indicator, zoals inwoners.", "inwoners"),
    "council": ("De korte naam van een raad, zoals in het adres van de werkbank.", "almere"),
}


def _path_parameter(name: str) -> dict[str, Any]:
    description, example = _PATH[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "examples": [example]},
    }


def _responses(operation: Operation, answer: dict[str, Any]) -> dict[str, Any]:
    headers = ["API-Version", *(["Link"] if issubclass(operation.answer, Page) else [])]
    absent = set() if operation.for_members else {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if not operation.names:
        absent.add(HTTPStatus.NOT_FOUND)
    problems = [status for status in _PROBLEMS if status not in absent]
    return {"200": _response("Gelukt.", headers, "application/json", answer)} | {
        str(status): _response(
            _PROBLEMS[status],
            ["API-Version", *(["Retry-After"] if status == HTTPStatus.TOO_MANY_REQUESTS else [])],
            "application/problem+json",
            {"$ref": _REFERENCE.format(model="Problem")},
        )
        for status in problems
    }


def _response(description: str, headers: list[str], kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in headers},
        "content": {kind: {"schema": schema}},
    }
