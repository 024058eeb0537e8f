"""What a council settles about stories: the words of its form, and its answers about risks."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

import sqlalchemy as sa

from workbench.core import audit
from workbench.core.db import db
from workbench.stories.taking_in import queries
from workbench.stories.taking_in.models import StoryRisks, StorySettings

TEXTS = ("officer_name", "officer_email", "contact", "processor", "receivers", "safety", "form_text")


def settle(texts: Mapping[str, str], *, by: UUID) -> StorySettings:
    """Keep what the council settled; another text on the form is another version of it."""
    settings = queries.settings()
    if sa.inspect(settings).persistent and settings.form_text != texts["form_text"]:
        settings.form_version += 1
    for name in TEXTS:
        setattr(settings, name, texts[name])
    settings.edited_at, settings.edited_by_id = datetime.now(UTC), by
    db.add(settings)
    db.flush()
    audit.record("story_settings_changed", settings, version=settings.form_version)
    return settings


def tended(at: datetime) -> None:
    """The nightly job looked which stories are over; the clerk reads when, also when none was."""
    settings = queries.settings()
    settings.tended_at = at
    db.add(settings)


def weigh(
    source_id: UUID | None, answers: Mapping[str, Mapping[str, str]], on: date | None, *, by: UUID
) -> StoryRisks:
    """Keep the answers about risks, of a source or of the council as a whole."""
    risks = queries.risks(source_id) or StoryRisks(source_id=source_id)
    risks.answers = {question: dict(answer) for question, answer in answers.items()}
    risks.looked_on = on
    risks.edited_at, risks.edited_by_id = datetime.now(UTC), by
    db.add(risks)
    db.flush()
    audit.record("story_risks_changed", risks)
    return risks
