"""What somebody does with a phone: join, answer, send a card, take it back, leave.

Sending twice is sending once: a card has an id that the phone made, and an answer of a round takes the place of the one
before. So a phone that does not know whether something came through sends it again.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.dialects.postgresql import insert

from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.tenancy import open_door
from workbench.rounds import operations as rounds
from workbench.rounds.models import Round
from workbench.rounds.operations import Reply
from workbench.workshops import standing
from workbench.workshops.kinds import KEPT_TO_ONESELF, WITH_CARDS
from workbench.workshops.models import Activity, ActivityState, Attendee, Contribution, Workshop

FULL = 2000  # devices in one workshop: more is a program that joins, not a room


@dataclass(frozen=True)
class Told:
    """What people say of themselves when they join; none of it is asked for."""

    first_name: str = ""
    faction: str = ""
    council: str = ""


def device_hash(token: str) -> str:
    """What is kept of the token of a device, as of every door."""
    return sha256(token.encode()).hexdigest()


def act_as_device(device: str) -> None:
    """From now on this session sees the answers of this device, and no other's."""
    open_door(db, device)


def join(workshop: Workshop, device: str, told: Told) -> Attendee:
    """Take part, or take part again. Raises: Conflict when the workshop is full."""
    here = sa.select(sa.func.count()).select_from(Attendee).where(Attendee.workshop_id == workshop.id)
    if (db.scalar(here) or 0) >= FULL:
        raise Conflict(
            _("Er doen al zo veel telefoons mee dat er geen meer bij kan. Vraag het de begeleider.")
        )
    facts = {"first_name": told.first_name, "faction": told.faction, "council": told.council}
    new = {"id": uuid4(), "workshop_id": workshop.id, "device_hash": device, "joined_at": datetime.now(UTC)}
    db.execute(
        insert(Attendee.__table__)  # type: ignore[arg-type]
        .values(**new, **facts)
        .on_conflict_do_update(index_elements=["workshop_id", "device_hash"], set_={**facts, "left_at": None})
    )
    standing.changed(workshop)
    return db.scalars(
        sa.select(Attendee)
        .where(Attendee.workshop_id == workshop.id, Attendee.device_hash == device)
        .execution_options(populate_existing=True)
    ).one()


def leave(workshop: Workshop, attendee: Attendee) -> None:
    """Take part no more. What was sent stays, without a name."""
    attendee.left_at = datetime.now(UTC)
    attendee.first_name = ""
    standing.changed(workshop)


def answer(workshop: Workshop, activity: Activity, attendee: Attendee, reply: Reply) -> None:
    """Keep or change the answer of this device. Raises: Conflict when it is too late, AnswerRefused when it does not fit."""
    found = db.get_one(Round, activity.round_id)
    group = attendee.council if len(workshop.councils) > 1 else attendee.faction
    told = Reply(reply.content, reply.reason, reply.share_reason, reply.minority, group or None)
    rounds.cast(found, told, device_hash=attendee.device_hash)
    standing.changed(workshop)


def send_card(
    workshop: Workshop,
    activity: Activity,
    attendee: Attendee,
    card_id: UUID,
    text: str,
    *,
    part: str = "",
    instead_of: UUID | None = None,
) -> None:
    """Keep a card; the same card sent twice is kept once. `instead_of`: the own card that this one takes the place of.

    Raises: Conflict when it is too late, or when this person has sent as many as are asked.
    """
    # Shared: people do not wait for each other, and closing waits for all.
    db.refresh(activity, attribute_names=["state"], with_for_update={"read": True})
    if activity.state != ActivityState.OPEN:
        raise Conflict(_("Deze vraag is al gesloten. Uw kaart is niet verstuurd."))
    if part not in (activity.settings.get("parts") or [""]):
        raise Conflict(_("Deze vraag is intussen veranderd. Uw kaart is niet verstuurd."))
    db.refresh(
        attendee, attribute_names=["left_at"], with_for_update=True
    )  # two windows of one phone: one waits
    there = db.get(Contribution, card_id)
    if there is not None:
        if there.attendee_id != attendee.id:
            raise Conflict(_("Deze kaart kwam niet goed aan. Stuur hem nog eens."))
        return
    if instead_of is not None:
        _withdraw(activity, attendee, instead_of)
    most = standing.cards_per_person(activity)
    own = sa.select(sa.func.count()).where(
        Contribution.activity_id == activity.id,
        Contribution.attendee_id == attendee.id,
        Contribution.part == part,
        Contribution.withdrawn_at.is_(None),
    )
    if (db.scalar(own) or 0) >= most:
        raise Conflict(
            ngettext(
                "U hebt hier al een kaart gestuurd. Haal die eerst weg.",
                "U hebt hier al %(num)s kaarten gestuurd. Haal er eerst een weg.",
                most,
            )
        )
    db.add(Contribution(id=card_id, activity_id=activity.id, attendee_id=attendee.id, part=part, text=text))
    db.flush()
    standing.changed(workshop)


def take_back(workshop: Workshop, activity: Activity, attendee: Attendee, card_id: UUID) -> None:
    """Remove an own card; its text is gone. One that is not there, or gone already, changes nothing."""
    _withdraw(activity, attendee, card_id)
    standing.changed(workshop)


def takes_cards(activity: Activity) -> bool:
    return activity.kind in WITH_CARDS


def is_private(activity: Activity) -> bool:
    """Is what people write here for themselves alone?"""
    return activity.kind in KEPT_TO_ONESELF


def _withdraw(activity: Activity, attendee: Attendee, card_id: UUID) -> None:
    db.execute(
        sa.update(Contribution)
        .where(
            Contribution.id == card_id,
            Contribution.activity_id == activity.id,
            Contribution.attendee_id == attendee.id,
            Contribution.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=datetime.now(UTC), text="", cluster="")
    )
