"""Trying out a house style, taking it into use, and going back to the ordinary one."""

from uuid import UUID

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import undefer

from workbench.accounts.theme.logo import Logo
from workbench.accounts.theme.models import HouseStyle
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.core.jobs import Job, enqueue


def try_out(colour: str, logo: Logo | None, *, keeps_logo: bool) -> HouseStyle:
    """Keep this aside, for the clerk to look at. Without a new logo the present one goes along, unless it must go."""
    before = find(is_tried=True) or find(is_tried=False)
    tried = find(is_tried=True)
    if tried is None:
        tried = HouseStyle(is_tried=True)
        db.add(tried)
    tried.colour = colour
    if logo is not None:
        tried.logo, tried.logo_version = logo.png, logo.version
        tried.logo_width, tried.logo_height = logo.width, logo.height
    elif not keeps_logo:
        tried.logo = tried.logo_version = tried.logo_width = tried.logo_height = None
    elif before is not None and before is not tried:
        _copy_logo(before, tried)
    db.flush()
    return tried


def take_into_use(version: UUID, by: UUID | None) -> HouseStyle:
    """Show everybody what was tried out. Raises: Conflict when a colleague changed it after this clerk looked."""
    _one_at_a_time()
    tried = find(is_tried=True)
    if tried is None or version_of(tried) != version:
        raise Conflict(_("Een collega veranderde dit voorbeeld intussen. Bekijk het opnieuw en kies dan."))
    shown = find(is_tried=False)
    if shown is None:
        shown = HouseStyle(is_tried=False)
        db.add(shown)
    shown.colour = tried.colour
    _copy_logo(tried, shown)
    db.delete(tried)
    audit.record("house_style_changed", shown, by=by)
    enqueue(Job.BUILD_BLOCKS)  # our own line takes the colour
    return shown


def go_back(by: UUID | None) -> None:
    """The ordinary house style again; doing it twice changes nothing more."""
    _one_at_a_time()
    shown = find(is_tried=False)
    db.execute(sa.delete(HouseStyle).where(_own(), HouseStyle.is_tried))
    if shown is not None:
        audit.record("house_style_removed", shown, by=by)
        db.delete(shown)
        enqueue(Job.BUILD_BLOCKS)


def find(*, is_tried: bool) -> HouseStyle | None:
    """Of the acting council, with its logo."""
    return db.scalar(
        sa.select(HouseStyle)
        .options(undefer(HouseStyle.logo))
        .where(_own(), HouseStyle.is_tried.is_(is_tried))
    )


def shown_colour() -> str:
    """The colour that everybody sees of the acting council; empty: the ordinary one."""
    return db.scalar(sa.select(HouseStyle.colour).where(_own(), HouseStyle.is_tried.is_(False))) or ""


def version_of(style: HouseStyle) -> UUID:
    """Which colour with which logo this is."""
    return UUID(int=int(style.stylesheet_version or UUID(int=0)) ^ int(style.logo_version or UUID(int=0)))


def _own() -> sa.ColumnElement[bool]:
    """Those of others that everybody sees, we see too; so here the council is named."""
    council_id: UUID = db.info["council_id"]
    return HouseStyle.council_id == council_id


def _one_at_a_time() -> None:
    db.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:council, 2))"),
        {"council": str(db.info["council_id"])},
    )


def _copy_logo(source: HouseStyle, target: HouseStyle) -> None:
    target.logo, target.logo_version = source.logo, source.logo_version
    target.logo_width, target.logo_height = source.logo_width, source.logo_height
