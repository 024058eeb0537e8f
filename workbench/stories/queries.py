"""Reading story sources."""

import sqlalchemy as sa

from workbench.core.db import db
from workbench.stories.models import StorySource


def sources() -> list[StorySource]:
    """Of the acting council, by name."""
    return list(db.scalars(sa.select(StorySource).order_by(sa.func.lower(StorySource.name), StorySource.id)))
