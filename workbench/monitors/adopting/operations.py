"""Writing down that the council adopted its monitor: once, and for good."""

from uuid import UUID, uuid5

import sqlalchemy as sa
from flask_babel import gettext as _

from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.monitors.adopting.document import Cover, Decision, Part, next_edition, whole_hash
from workbench.monitors.adopting.freezing import Frozen
from workbench.monitors.adopting.models import AdoptedPart, AdoptedVersion
from workbench.monitors.adopting.queries import newest_of
from workbench.vision.models import Plan


class Moved(Conflict):
    """What is to be adopted is not what was checked."""


def version_id(plan_id: UUID, form_id: str) -> UUID:
    """The id of the version that this form makes: sent twice, it makes one."""
    return uuid5(plan_id, f"adopted {form_id}")


def adopt(
    plan: Plan,
    form_id: str,
    frozen: Frozen,
    decision: Decision,
    by: UUID | None,
    *,
    seen: str,
    small: bool = False,
) -> AdoptedVersion:
    """Keep what was frozen; `seen`: the fingerprint of what the person checked.

    Raises: Conflict; Moved when something changed since it was checked, or the council adopted another version.
    """
    lock = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:plan, 5))")
    db.execute(lock, {"plan": str(plan.id)})  # two at once: one waits
    if made := db.get(AdoptedVersion, version_id(plan.id, form_id)):
        return made
    newest = newest_of(plan.id)
    if frozen.fingerprint != seen or (newest.edition if newest else "") != decision.follows:
        raise Moved(
            _("Er is iets veranderd sinds u dit nakeek. Kijk het opnieuw na; wat u invulde staat er nog.")
        )
    if newest and not decision.reason:
        raise Conflict(_("Schrijf op waarom de raad opnieuw vaststelt."))
    major, minor = next_edition((newest.major, newest.minor) if newest else None, small=small)
    parts = (_cover(plan, frozen, f"{major}.{minor}"), Part.of("decision", decision), *frozen.parts)
    version = AdoptedVersion(
        id=version_id(plan.id, form_id),
        plan_id=plan.id,
        major=major,
        minor=minor,
        format_number=frozen.words.format_number,
        adopted_on=decision.adopted_on,
        decided_by=decision.decided_by,
        hash=whole_hash(parts),
        frozen_by_id=by,
    )
    db.add(version)
    db.flush()
    db.add_all(
        AdoptedPart(
            version_id=version.id,
            position=position,
            key=part.key,
            about_id=part.about_id,
            content=part.content,
            hash=part.hash,
        )
        for position, part in enumerate(parts)
    )
    db.flush()
    audit.record("monitor_adopted", version, edition=version.edition)
    return version


def _cover(plan: Plan, frozen: Frozen, edition: str) -> Part:
    words = frozen.words
    cover = Cover(
        council=words.council,
        title=words.title,
        plan=plan.title,
        edition=edition,
        frozen_on=words.read_on,
        area=words.area,
        warning=words.warning,
        freshness=words.freshness,
        format_number=words.format_number,
    )
    return Part.of("cover", cover)
