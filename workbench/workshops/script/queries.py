"""Reading workshops, their scripts, and the library to make one from."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from workbench.core.db import db
from workbench.workshops.models import Activity, LibraryForm, LibraryScript, Workshop
from workbench.workshops.script.library import ReadyScript, WorkingForm


def find_workshop(workshop_id: UUID) -> Workshop | None:
    """With its activities, in order."""
    return db.scalar(
        sa.select(Workshop).where(Workshop.id == workshop_id).options(selectinload(Workshop.activities))
    )


def workshops() -> list[Workshop]:
    """Of the acting council, the latest first; with their activities."""
    return list(
        db.scalars(
            sa.select(Workshop)
            .order_by(Workshop.starts_at.desc(), Workshop.id)
            .options(selectinload(Workshop.activities))
        )
    )


def activities_of(workshop: Workshop) -> list[Activity]:
    """In the order of the script, as it is now."""
    return list(
        db.scalars(
            sa.select(Activity)
            .where(Activity.workshop_id == workshop.id)
            .order_by(Activity.position, Activity.id)
        )
    )


def library() -> list[WorkingForm]:
    """The working forms, in the order of a meeting."""
    found = db.scalars(sa.select(LibraryForm.content).order_by(LibraryForm.position))
    return [WorkingForm.model_validate(content) for content in found]


def library_form(slug: str) -> WorkingForm | None:
    content = db.scalar(sa.select(LibraryForm.content).where(LibraryForm.slug == slug))
    return WorkingForm.model_validate(content) if content else None


def ready_scripts() -> list[ReadyScript]:
    found = db.scalars(sa.select(LibraryScript.content).order_by(LibraryScript.position))
    return [ReadyScript.model_validate(content) for content in found]
