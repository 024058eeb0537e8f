"""Choosing what to do with a part of an example that was renewed: keep, take or merge.

Each choice moves the base of that one card to the example as it is now; when nothing is left to choose, the copy has
the number of the newest version. So what was chosen is never asked again, and no own text changes without a choice.
"""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.cards import EditConflict, save_card
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.showcase.updating.difference import renewed
from workbench.showcase.updating.queries import Update
from workbench.vision.models import Goal, Plan


def one_at_a_time(plan: Plan) -> None:
    """Two people at once: one waits. Call before reading the update."""
    db.execute(sa.select(Plan.id).where(Plan.id == plan.id).with_for_update(key_share=True))


def keep(update: Update, key: UUID) -> None:
    """Leave our card as it is, and do not ask again."""
    _settle(update, key)


def take(update: Update, key: UUID, by: UUID | None, base_version: int) -> None:
    """Take over what they changed; what only we changed stays. Raises: Conflict when our card changed meanwhile."""
    try:
        write(update, key, by, base_version, update.own[key].kind.typed(update.changes[key].taken()))
    except EditConflict:
        raise Conflict(
            _(
                "Een collega veranderde deze kaart intussen. Er is niets overschreven. Kijk opnieuw en kies dan."
            )
        ) from None


def write(update: Update, key: UUID, by: UUID | None, base_version: int, content: dict[str, Any]) -> None:
    """Save our card with this text, as a revision of its own so that what it said before stays; and settle it.

    Raises: EditConflict.
    """
    own = update.own[key]
    card = db.get_one(own.kind.model, own.id)
    if isinstance(card, Goal):
        db.refresh(card, attribute_names=["values"])  # part of its text, though not compared
    changes = {name: value for name, value in content.items() if value != getattr(card, name)}
    save_card(card, changes, by=by, base_version=base_version, new_sitting=True)
    _settle(update, key)


def renew(update: Update) -> None:
    """Renew the list of examples: every card about which there is nothing to choose."""
    _settle(update, None)


def _settle(update: Update, key: UUID | None) -> None:
    adoption, now = update.example.adoption, update.shown.template
    pending = update.pending - {key}
    adoption.content = renewed(update.base, update.shown.content, pending).model_dump(mode="json")
    if key is not None and not update.changes[key].is_gone:
        own = update.own[key]
        db.get_one(own.kind.model, own.id).origin_revision = update.item(key).revision
    if not pending:
        adoption.template_number, adoption.title = now.number, now.title
        audit.record("template_renewed", adoption, number=now.number)
    db.flush()
