"""Cards: texts that a group works on (values, goals, links, sections, blocks).

A card has a stable key, numbered revisions, the version an edit started from, and an origin when it was copied.

`version` counts every save and is what a form carries along: a second person who started from an older version
sees both texts and loses nothing. `revision` counts sittings: saves of one person with less than ten minutes
between them are one revision, kept in full in `card_revision` for undo, differences and adopted versions.
"""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core import audit
from workbench.core.db import Model, db
from workbench.core.tenancy import CouncilOwned

SITTING = timedelta(minutes=10)


class CardRevision(CouncilOwned, Model):
    """What a card said at the end of one sitting."""

    __tablename__ = "card_revision"
    __table_args__ = (sa.UniqueConstraint("card_key", "number"),)
    card_type: Mapped[str]
    card_key: Mapped[uuid.UUID]
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    edited_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]


class EditConflict(Exception):
    """Somebody else saved this card since this edit began. `theirs` has the fields that differ, as saved now."""

    def __init__(self, card: "Card", theirs: dict[str, Any]) -> None:
        super().__init__("card saved by somebody else")
        self.card = card
        self.theirs = theirs


class Card(CouncilOwned):
    """Mixin, together with Model. CONTENT names the attributes that make up the text of the card."""

    CONTENT: ClassVar[tuple[str, ...]] = ()

    key: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)
    version: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=0)
    origin_key: Mapped[uuid.UUID | None]
    origin_revision: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    edited_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    edited_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))

    def content(self) -> dict[str, Any]:
        """The text of the card as JSON types; related cards as their sorted ids."""
        return {name: _plain(getattr(self, name)) for name in self.CONTENT}


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return sorted(_plain(item) for item in value)
    if isinstance(value, Model):
        return str(value.id)
    return str(value) if isinstance(value, (uuid.UUID, date)) else value


def typed(card: Any, content: dict[str, Any]) -> dict[str, Any]:
    """The text of a kept revision as the attributes of a card take it; related cards stay ids."""
    columns = sa.inspect(type(card)).columns
    return {
        name: _typed(columns[name].type, value) if name in columns else value
        for name, value in content.items()
    }


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.ARRAY):
        return [_typed(kind.item_type, item) for item in value]
    if isinstance(kind, sa.Enum) and kind.enum_class:
        return kind.enum_class(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    return uuid.UUID(value) if isinstance(kind, sa.Uuid) else value


def save_card(
    card: Any,
    changes: dict[str, Any],
    *,
    by: uuid.UUID | None,
    base_version: int | None = None,
    new_sitting: bool = False,
) -> None:
    """Write changes into a card and keep its revision; `new_sitting`: as one of its own, also right after another.

    `base_version` is the version the edit started from; None for a new card or a program's edit.
    Raises: EditConflict when somebody else's save came in between and the texts differ.
    """
    if base_version is not None:
        db.refresh(card, attribute_names=["version"], with_for_update=True)
        if base_version != card.version:
            db.refresh(card, attribute_names=["version", *changes])
            theirs = {
                name: getattr(card, name)
                for name in changes
                if _plain(getattr(card, name)) != _plain(changes[name])
            }
            if theirs:
                raise EditConflict(card, theirs)
    before = card.content() if card.version else None
    for name, value in changes.items():
        setattr(card, name, value)
    content = card.content()
    if content == before:
        return
    now = datetime.now(UTC)
    same_sitting = card.version and card.edited_by_id == by and now - card.edited_at < SITTING
    if new_sitting or not same_sitting:
        card.revision = (card.revision or 0) + 1
    card.version = (card.version or 0) + 1
    card.edited_at, card.edited_by_id = now, by
    _keep_revision(card, content, now)
    audit.record(f"{card.__tablename__}_{'changed' if before else 'added'}", card, revision=card.revision)


def _keep_revision(card: Any, content: dict[str, Any], now: datetime) -> None:
    kept = db.scalar(
        sa.select(CardRevision).where(CardRevision.card_key == card.key, CardRevision.number == card.revision)
    )
    if kept is None:
        kept = CardRevision(
            card_type=card.__tablename__,
            card_key=card.key,
            number=card.revision,
            edited_by_id=card.edited_by_id,
            started_at=now,
        )
        db.add(kept)
    kept.content, kept.saved_at = content, now


def revisions(card: Any) -> list[CardRevision]:
    """All kept revisions of a card, newest first."""
    return list(
        db.scalars(
            sa.select(CardRevision)
            .where(CardRevision.card_key == card.key)
            .order_by(CardRevision.number.desc())
        )
    )
