"""Earlier versions of any card of a plan: what changed word by word, and putting one back.

A slice says for its own kind of card how it is found and named; the two pages come with that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from workbench.accounts.access import Permission, requires
from workbench.core.cards import CardRevision, revisions, typed
from workbench.core.db import db
from workbench.core.forms import CardForm, in_words
from workbench.core.web import page
from workbench.vision import operations, queries
from workbench.vision.models import Plan
from workbench.vision.words import Part, difference

Words = Callable[[dict[str, Any]], dict[str, str]]  # the content of a revision as label -> text


@dataclass(frozen=True)
class History:
    """One card with its earlier versions."""

    card: Any
    plan_id: UUID | None  # None: of no plan in particular
    step: int
    name: str
    back: str  # where the card is read or worked on
    words: Words
    stays: tuple[str, ...] = ()  # attributes that putting back leaves alone


@dataclass(frozen=True)
class Kept:
    """A version on the page: who saved it when, and what it changed in which field."""

    number: int
    revision: CardRevision
    person: str | None
    changes: list[tuple[str, list[Part]]]


def form_words(form: CardForm) -> Words:
    """Every field of this form that a revision holds, under its label."""

    def words(content: dict[str, Any]) -> dict[str, str]:
        gone = _("iets wat er niet meer is")
        return {
            str(field.label.text): in_words(field, content[field.name], gone)
            for field in form
            if field.name in content
        }

    return words


def offer(blueprint: Blueprint, address: str, name: str, find: Callable[..., History]) -> None:
    """Give the cards at this address a page with their earlier versions, and a way to put one back.

    `find` takes what stands in the address; it aborts with a 404 for a card that is not there.
    """

    @requires(Permission.EDIT_PLAN)
    def show(**which: Any) -> ResponseReturnValue:
        found = find(**which)
        if found.plan_id:
            queries.readable_plan(found.plan_id, found.step)
        return page(
            "vision/history.html",
            plan=db.get(Plan, found.plan_id) if found.plan_id else None,
            name=found.name,
            back=found.back,
            versions=_versions(found),
            address=request.path,
        )

    @requires(Permission.EDIT_PLAN)
    def put_back(number: int, **which: Any) -> ResponseReturnValue:
        found = find(**which)
        if found.plan_id:
            queries.plan_at_work(found.plan_id, found.step)
        operations.put_back(found.card, number, current_user.id, found.stays)
        flash(_("Versie %(number)s staat terug, als nieuwe versie.", number=number), "success")
        return redirect(found.back)

    blueprint.add_url_rule(f"{address}/geschiedenis", name, show)
    blueprint.add_url_rule(
        f"{address}/geschiedenis/<int:number>", f"put_back_{name}", put_back, methods=["POST"]
    )


def _versions(found: History) -> list[Kept]:
    """All versions of a card, newest first, each against the one before it."""
    kept = revisions(found.card) or abort(404)
    names = queries.names_of(item.edited_by_id for item in kept)
    texts = [found.words(typed(found.card, item.content)) for item in kept]
    versions = []
    for item, now, before in zip(kept, texts, [*texts[1:], {}], strict=True):
        changes = [
            (label, difference(before[label], text) if label in before else [Part(text)])
            for label, text in now.items()
            if text != before.get(label, "")
        ]
        person = names.get(item.edited_by_id) if item.edited_by_id else None
        versions.append(Kept(item.number, item, person, changes))
    return versions
