"""Who is here, for which council, and what they may do. One place decides, for every route.

A view is marked with `@requires(Permission…)`, `@signed_in` or `@public`; the app refuses to start with an
unmarked view. The council comes from the address and the membership from the database, once per request. What
does not exist for this person is a 404; a 403 says nothing about what is there.
"""

import uuid
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import Flask, Request, abort, current_app, g, request
from flask_login import LoginManager, current_user
from sqlalchemy.orm import contains_eager

from workbench.accounts import operations
from workbench.accounts.models import SLUG, Council, Membership, Person, Role
from workbench.core.db import db
from workbench.core.errors import WorkbenchError
from workbench.core.tenancy import act_as, act_for

F = TypeVar("F", bound=Callable[..., Any])


class Permission(StrEnum):
    VIEW_COUNCIL = "council:view"
    READ_PLAN = "plan:read"
    EDIT_PLAN = "plan:edit"
    LEAD_PLAN = "plan:lead"  # adapt its steps and questions, skip one with a reason, finish or archive it
    OPEN_PLAN = "plan:open"
    SHARE_PLAN = "plan:share"  # with everyone, as an example
    COPY_TEMPLATE = "templates:copy"
    READ_MONITOR = "monitor:read"
    PUBLISH_MONITOR = "monitor:publish"
    ADOPT_MONITOR = "monitor:adopt"  # write down what the council decided
    READ_CATALOGUE = "catalogue:read"
    READ_SOURCES = "sources:read"
    READ_CALENDAR = "calendar:read"
    EDIT_CALENDAR = "calendar:edit"
    REFRESH_SOURCES = "sources:refresh"
    EDIT_EVENTS = "events:edit"
    UPLOAD_FIGURES = "figures:upload"
    MANAGE_MEMBERS = "members:manage"
    SET_UP_COUNCIL = "council:set-up"  # house style, signals
    READ_AUDIT = "audit:read"
    READ_ROUNDS = "rounds:read"
    RUN_ROUNDS = "rounds:run"
    VOTE = "rounds:vote"
    READ_CONVERSATION = "conversation:read"
    SPEAK = "conversation:speak"  # a remark; of the executive a reaction, of the adviser advice
    ASK_QUESTIONS = "conversation:ask"
    ANSWER_QUESTIONS = "conversation:answer"  # those put to oneself
    ANSWER_ALL_QUESTIONS = "conversation:answer-all"
    COLLECT_STORIES = "stories:collect"  # take them in, make them safe
    CODE_STORIES = "stories:code"  # read them as a member of the working group, and give them tags
    READ_STORIES = "stories:read"  # as far as their narrators let them go
    LEAD_CONVERSATION = "conversation:lead"  # terms, owners, closing
    READ_WORKSHOPS = "workshops:read"  # the programme and the report
    RUN_WORKSHOPS = "workshops:run"


_EVERYONE = {
    Permission.VIEW_COUNCIL,
    Permission.READ_PLAN,  # for those outside the working group only the steps that the clerk opened: Plan.may_be_read_by
    Permission.READ_MONITOR,
    Permission.READ_CATALOGUE,
    Permission.READ_SOURCES,
    Permission.READ_CALENDAR,
    Permission.READ_CONVERSATION,  # of the steps that are open to them
    Permission.READ_STORIES,
    Permission.READ_WORKSHOPS,
}
_ASKS = {Permission.SPEAK, Permission.ASK_QUESTIONS}

PERMISSIONS: dict[Role, set[Permission]] = {
    Role.CLERK: _EVERYONE
    | _ASKS
    | {
        Permission.ANSWER_QUESTIONS,
        Permission.ANSWER_ALL_QUESTIONS,
        Permission.LEAD_CONVERSATION,
        Permission.COLLECT_STORIES,
        Permission.CODE_STORIES,
        Permission.EDIT_PLAN,
        Permission.LEAD_PLAN,
        Permission.OPEN_PLAN,
        Permission.SHARE_PLAN,
        Permission.COPY_TEMPLATE,
        Permission.PUBLISH_MONITOR,
        Permission.ADOPT_MONITOR,
        Permission.EDIT_CALENDAR,
        Permission.REFRESH_SOURCES,
        Permission.EDIT_EVENTS,
        Permission.UPLOAD_FIGURES,
        Permission.MANAGE_MEMBERS,
        Permission.SET_UP_COUNCIL,
        Permission.READ_AUDIT,
        Permission.READ_ROUNDS,
        Permission.RUN_ROUNDS,
        Permission.RUN_WORKSHOPS,
    },
    # Who runs a round is neutral and does not vote.
    Role.COUNCILLOR: _EVERYONE
    | _ASKS
    | {Permission.EDIT_PLAN, Permission.CODE_STORIES, Permission.READ_ROUNDS, Permission.VOTE},
    Role.FACILITATOR: _EVERYONE
    | _ASKS
    | {
        Permission.COLLECT_STORIES,
        Permission.CODE_STORIES,
        Permission.EDIT_PLAN,
        Permission.LEAD_PLAN,
        Permission.READ_ROUNDS,
        Permission.RUN_ROUNDS,
        Permission.RUN_WORKSHOPS,
        Permission.EDIT_CALENDAR,
    },
    Role.OFFICER: _EVERYONE
    | {
        Permission.COLLECT_STORIES,
        Permission.CODE_STORIES,
        Permission.REFRESH_SOURCES,
        Permission.EDIT_EVENTS,
        Permission.UPLOAD_FIGURES,
        Permission.SPEAK,
        Permission.ANSWER_QUESTIONS,
        Permission.ANSWER_ALL_QUESTIONS,
    },
    Role.EXECUTIVE: _EVERYONE | {Permission.SPEAK, Permission.ANSWER_QUESTIONS},
    Role.ADVISER: _EVERYONE | _ASKS,
    Role.AUDITOR: _EVERYONE | _ASKS | {Permission.READ_AUDIT},
    Role.READER: _EVERYONE,
}

SIGNED_IN = "signed_in"
PUBLIC = "public"


class UnmarkedView(WorkbenchError):
    """A route does not say who may use it."""


def requires(permission: Permission) -> Callable[[F], F]:
    """Mark a view under `/<council>/…`: only members whose role has this permission."""

    def mark(view: F) -> F:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: F) -> F:
    """Mark a view: anyone who is signed in."""
    view.permission = SIGNED_IN  # type: ignore[attr-defined]
    return view


def may(permission: Permission) -> bool:
    """May the member of this request do this? For showing or hiding a button."""
    membership = g.get("membership")
    return membership is not None and permission in PERMISSIONS[membership.role]


def check_marks(app: Flask) -> None:
    """Refuse an app with a view that does not say who may use it. Raises: UnmarkedView."""
    for name, view in app.view_functions.items():
        if name != "static" and not hasattr(view, "permission"):
            raise UnmarkedView(f"View {name} is not marked with requires, signed_in or public.")


def _load_person(session_id: str) -> Person | None:
    """The person of this session, with the council of the address and the membership in it, in one query."""
    try:
        person_id, session_key = (uuid.UUID(part) for part in session_id.split("."))
    except ValueError:
        return None
    act_as(db, person_id)  # before the first query, so that one's own membership shows
    row = db.execute(
        sa.select(Person, Membership)
        .select_from(Person)
        .outerjoin(Council, Council.slug == g.get("council_slug"))
        .outerjoin(
            Membership,
            # The council is named here, because one's own memberships elsewhere are visible too.
            sa.and_(Membership.person_id == Person.id, Membership.council_id == Council.id),
        )
        .outerjoin(Council.house_style)
        .options(
            contains_eager(Membership.person),
            contains_eager(Membership.council).contains_eager(Council.house_style),
        )
        .where(Person.id == person_id, Person.session_key == session_key)
    ).one_or_none()
    if row is None:
        act_as(db, None)
        return None
    g.found_membership = row.Membership
    return cast("Person", row.Person)


def _load_member(request: Request) -> Person | None:
    """The person for whom a program reads the API, by its token."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not request.path.startswith("/api/"):
        return None
    member = operations.member_of_token(token.strip())
    if member is None:
        act_for(db, None)
        return None
    act_as(db, member.person_id)
    if member.council.slug == g.get("council_slug"):
        g.found_membership = member
    return member.person


def _enter_council(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and (slug := values.pop("council", None)) is not None and SLUG.match(slug):
        g.council_slug = slug


def _enter() -> None:
    """Council and membership of this request; a council one is no member of does not exist."""
    membership = g.get("found_membership") or abort(404)
    act_for(db, membership.council_id)
    g.council, g.membership = membership.council, membership


def _decide() -> None:
    if request.endpoint is None or request.endpoint == "static":
        return
    needed = getattr(current_app.view_functions[request.endpoint], "permission")  # noqa: B009 - a mark, not a method
    if needed == PUBLIC:
        return
    if not current_user.is_authenticated:
        abort(401)
    if needed == SIGNED_IN:
        return
    _enter()
    if needed not in PERMISSIONS[g.membership.role]:
        abort(403)


def _keep_council(endpoint: str, values: dict[str, Any]) -> None:
    if "council" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "council"):
        values["council"] = g.get("council_slug")


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.user_loader(_load_person)
    manager.request_loader(_load_member)
    app.url_value_preprocessor(_enter_council)
    app.before_request(_decide)
    app.url_defaults(_keep_council)
    app.jinja_env.globals.update(may=may, Permission=Permission)
