"""Reading adopted versions: every member of the council may, whichever steps of the plan are open."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from flask import abort

from workbench.core.db import db
from workbench.monitors.adopting.document import Document, Part
from workbench.monitors.adopting.models import AdoptedPart, AdoptedVersion

_NEWEST_FIRST = (AdoptedVersion.major.desc(), AdoptedVersion.minor.desc())


@dataclass(frozen=True)
class Adopted:
    """The versions of a plan, the newest first, and the documents of those that were asked for."""

    versions: list[AdoptedVersion]
    documents: dict[str, Document]  # by edition

    @property
    def newest(self) -> AdoptedVersion | None:
        return next(iter(self.versions), None)

    @property
    def editions(self) -> list[str]:
        return [version.edition for version in self.versions]

    def pick(self, edition: str) -> AdoptedVersion:
        """404 when there is no such version."""
        return next((item for item in self.versions if item.edition == edition), None) or abort(404)


def newest_of(plan_id: UUID) -> AdoptedVersion | None:
    return adopted(plan_id).newest


def adopted(plan_id: UUID, *editions: str, newest: int = 0) -> Adopted:
    """With the documents of these versions and of so many of the newest; in one query."""
    of_plan = AdoptedVersion.plan_id == plan_id
    edition = sa.func.concat(AdoptedVersion.major, ".", AdoptedVersion.minor)
    last = sa.orm.aliased(
        AdoptedVersion,
        sa.select(AdoptedVersion).where(of_plan).order_by(*_NEWEST_FIRST).limit(newest).subquery(),
    )
    wanted = sa.or_(edition.in_(editions), AdoptedVersion.id.in_(sa.select(last.id)))
    rows = db.execute(
        sa.select(AdoptedVersion, AdoptedPart)
        .outerjoin(AdoptedPart, sa.and_(AdoptedPart.version_id == AdoptedVersion.id, wanted))
        .where(of_plan)
        .order_by(*_NEWEST_FIRST, AdoptedPart.position)
    )
    parts: dict[AdoptedVersion, list[Part]] = {}
    for version, part in rows:
        found = parts.setdefault(version, [])
        if part is not None:
            found.append(
                Part(part.key, part.content, part.hash, part.about_id, part.withdrawn_at is not None)
            )
    return Adopted(
        list(parts), {version.edition: Document(tuple(found)) for version, found in parts.items() if found}
    )
