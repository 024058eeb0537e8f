"""StoryMessage."""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from workbench.core.db import Model
from workbench.core.tenancy import CouncilOwned


class StoryMessage(CouncilOwned, Model):
    """What those who collect stories write to the narrators of a source, or to one of them: that is under the key of the
    story, for it may repeat its words.
    """

    __tablename__ = "story_message"
    __table_args__ = (sa.CheckConstraint("num_nonnulls(text, box) = 1", name="one_text"),)
    source_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("story_source.id"), index=True)
    story_id: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("story.id", ondelete="CASCADE"), index=True
    )  # empty: to all
    text: Mapped[str | None]
    box: Mapped[bytes | None]
    written_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
