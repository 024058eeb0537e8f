"""How /api/v1 serves: a view gets its checked parameters and gives an answer of `schema`; `operation` does the rest, and
tells `openapi`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Flask, Response, current_app, jsonify, request, url_for
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed

from workbench.api import openapi, schema
from workbench.core.settings import Settings
from workbench.core.web import limiter, public

Q = TypeVar("Q", bound=schema.Query)
PREFIX = "/api/v1"
MINUTE = 60

bp = Blueprint("api", __name__, url_prefix=PREFIX)
limiter.shared_limit(
    "120 per minute",
    scope="api",
    error_message="U deed meer dan 120 verzoeken in een minuut. Wacht een minuut en probeer het opnieuw.",
)(bp)
operations: list[openapi.Operation] = []


class WrongParameters(BadRequest):
    """400 that names the parameters."""

    def __init__(self, errors: list[schema.ParameterProblem]) -> None:
        self.errors = errors
        super().__init__(" ".join(error.detail for error in errors))


def operation(
    path: str,
    summary: str,
    query: type[Q],
    answer: type[schema.Answer],
    mark: Callable[[Callable[..., Response]], Callable[..., Response]] = public,
) -> Callable[[Callable[..., schema.Answer]], Callable[..., Response]]:
    """Serve and describe a view that takes a `query` (and what stands in the path) and gives an `answer`."""

    def serve(view: Callable[..., schema.Answer]) -> Callable[..., Response]:
        @wraps(view)
        def endpoint(**names: str) -> Response:
            asked = _read(query)
            given = view(asked, **names)
            response = jsonify(given.model_dump(mode="json"))
            if isinstance(given, schema.Page):
                response.headers["Link"] = _links(given, asked)
            return response

        bp.add_url_rule(path, view_func=mark(endpoint), strict_slashes=True)
        operations.append(
            openapi.Operation(view.__name__, path, summary, query, answer, for_members=mark is not public)
        )
        return endpoint

    return serve


@bp.get("/openapi.json", strict_slashes=True)
@public
def describe() -> Response:
    settings: Settings = current_app.extensions["settings"]
    return jsonify(openapi.document(operations, settings.base_url.rstrip("/"), settings.contact))


def _read(query: type[Q]) -> Q:
    """The parameters of this request. An empty one was not given. Raises: BadRequest, WrongParameters."""
    try:
        given = {name: values for name, values in request.args.lists() if any(values)}
    except UnicodeDecodeError:
        raise BadRequest("De vraag bevat tekens die geen tekst zijn. Gebruik UTF-8.") from None
    if repeated := [name for name, values in given.items() if len(values) > 1]:
        raise WrongParameters([_problem(name, "Geef deze parameter één keer.") for name in repeated])
    try:
        return query.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise WrongParameters([_objection(query, item) for item in error.errors()]) from None


def _objection(query: type[schema.Query], error: ErrorDetails) -> schema.ParameterProblem:
    known = {field.alias or name: field.description for name, field in query.model_fields.items()}
    name = str(error["loc"][0])
    match error["type"]:
        case "extra_forbidden":
            others = f" Wel: {', '.join(known)}." if known else ""
            return _problem(name, f"Deze parameter is er hier niet.{others}")
        case "missing":
            return _problem(name, f"Deze parameter ontbreekt. {known[name]}")
        case _:
            return _problem(name, f"Deze waarde kan niet. {known[name]}")


def _problem(name: str, detail: str) -> schema.ParameterProblem:
    short = name[:50]  # a stranger chose it
    return schema.ParameterProblem(parameter=short, detail=f"{short}: {detail}")


def _links(page: schema.Page[Any], asked: schema.Query) -> str:
    """RFC 8288, relative to this host: first and last, and previous and next where they are."""
    last = max(1, -(-page.total // page.per_page))
    numbers = {"first": 1, "prev": min(page.page - 1, last), "next": page.page + 1, "last": last}
    same = asked.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return ", ".join(
        f'<{url_for(str(request.endpoint), **{**same, "page": number})}>; rel="{relation}"'
        for relation, number in numbers.items()
        if 1 <= number <= last
    )


@bp.errorhandler(HTTPException)
def _refuse(error: HTTPException) -> tuple[Response, int]:
    status = error.code or 500
    errors = error.errors if isinstance(error, WrongParameters) else None
    body = schema.Problem(
        type="about:blank", title=error.name, status=status, detail=error.description, errors=errors
    ).body()
    response = jsonify(body)
    response.mimetype = "application/problem+json"
    return response, status


def _stamp(response: Response) -> Response:
    """Headers of every answer here, errors included."""
    if not f"{request.path}/".startswith(f"{PREFIX}/"):
        return response
    response.headers["API-Version"] = openapi.VERSION
    response.headers["Content-Language"] = "nl"
    response.headers["X-Frame-Options"] = "DENY"
    if response.status_code == 429:
        response.headers["Retry-After"] = str(MINUTE)
    if isinstance(request.routing_exception, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(request.routing_exception.valid_methods or []))
    return response


def init_app(app: Flask) -> None:
    """Register the API."""
    app.register_blueprint(bp)
    app.after_request(_stamp)
