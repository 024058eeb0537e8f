"""Council, Person, Membership, Invitation, Door."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from flask_babel import lazy_gettext
from flask_login import UserMixin
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workbench.accounts.theme.models import HouseStyle
from workbench.core.db import Model, words
from workbench.core.errors import Conflict
from workbench.core.tenancy import CouncilOwned

# Words that stand first in an address of the workbench itself, now or by contract; never a council's slug.
RESERVED_SLUGS = frozenset(
    [
        "api",
        "beheer",
        "bronnen",
        "doe-mee",
        "en",
        "etalage",
        "feedback",
        "healthz",
        "hulp",
        "inloggen",
        "kennis",
        "live",
        "metrics",
        "mijn",
        "nl",
        "over",
        "privacy",
        "robots.txt",
        "favicon.ico",
        "raden",
        "static",
        "stijlgids",
        "taal",
        "toegankelijkheid",
        "uitloggen",
        "uitnodiging",
        "verhaal",
        "vertel",
        "verteller",
        "wachtwoord",
        "well-known",
        ".well-known",
        "www",
    ]
)
SLUG = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")


class CouncilKind(StrEnum):
    MUNICIPALITY = "municipality"
    REGION = "region"
    PILOT_GROUP = "pilot_group"
    ATELIER = "atelier"  # of facilitators who work for several councils


class Role(StrEnum):
    """What a person is in one council. Names on screen: ROLE_NAMES."""

    CLERK = "clerk"
    COUNCILLOR = "councillor"
    OFFICER = "officer"
    EXECUTIVE = "executive"
    ADVISER = "adviser"
    AUDITOR = "auditor"
    FACILITATOR = "facilitator"
    READER = "reader"


ROLE_NAMES = {
    Role.CLERK: lazy_gettext("griffier"),
    Role.COUNCILLOR: lazy_gettext("raadslid"),
    Role.OFFICER: lazy_gettext("beleidsmedewerker"),
    Role.EXECUTIVE: lazy_gettext("wethouder"),
    Role.ADVISER: lazy_gettext("adviesraad"),
    Role.AUDITOR: lazy_gettext("rekenkamer"),
    Role.FACILITATOR: lazy_gettext("begeleider"),
    Role.READER: lazy_gettext("lezer"),
}


class Rhythm(StrEnum):
    """How often somebody wants a mail about what waits."""

    NEVER = "never"
    WEEKLY = "weekly"
    DAILY = "daily"


RHYTHM_NAMES = {
    Rhythm.WEEKLY: lazy_gettext("elke week"),
    Rhythm.DAILY: lazy_gettext("elke dag"),
    Rhythm.NEVER: lazy_gettext("nooit"),
}

# Who gets mail when something happens to the sources of a council's monitor, unless they switched it off.
DIGEST_READERS = (Role.CLERK, Role.OFFICER)


class Council(Model):
    """A municipal council: the tenant."""

    __tablename__ = "council"
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[CouncilKind] = mapped_column(
        words(CouncilKind, "council_kind"), default=CouncilKind.MUNICIPALITY
    )
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    # The one that everybody sees; a request brings it along with the council.
    house_style: Mapped[HouseStyle | None] = relationship(
        viewonly=True,
        uselist=False,
        primaryjoin=lambda: sa.and_(
            sa.orm.foreign(HouseStyle.council_id) == Council.id, HouseStyle.is_tried.is_(False)
        ),
    )


class Person(UserMixin, Model):  # type: ignore[misc]
    """Someone who can sign in; may be a member of several councils."""

    __tablename__ = "person"
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    # Changes to sign this person out everywhere (password changed, or asked for).
    session_key: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, unique=True)
    created_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    wants_digest: Mapped[bool] = mapped_column(default=True)  # mail about sources that fail or change
    rhythm: Mapped[Rhythm] = mapped_column(words(Rhythm, "mail_rhythm"), default=Rhythm.WEEKLY)
    reminded_at: Mapped[datetime | None]  # when the last mail about what waits was written
    language: Mapped[str | None]  # one of LANGUAGES, for mail and at signing in; None: not chosen

    def get_id(self) -> str:
        return f"{self.id}.{self.session_key}"

    def sign_out_everywhere(self) -> None:
        self.session_key = uuid.uuid4()


class Membership(CouncilOwned, Model):
    """One person's role in one council."""

    __tablename__ = "membership"
    __table_args__ = (sa.UniqueConstraint("council_id", "person_id"),)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"), index=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    joined_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    digest_sent_at: Mapped[datetime | None]  # what happened to the sources until then was told
    person: Mapped[Person] = relationship(lazy="raise")
    council: Mapped[Council] = relationship(lazy="raise")

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES[self.role])


class Invitation(CouncilOwned, Model):
    """An invitation by link; valid for two weeks, once."""

    __tablename__ = "invitation"
    LASTS = timedelta(days=14)
    email: Mapped[str]
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    invited_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("person.id"))
    invited_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    expires_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC) + Invitation.LASTS)
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def role_name(self) -> str:
        return str(ROLE_NAMES[self.role])

    @property
    def is_open(self) -> bool:
        return not self.accepted_at and not self.withdrawn_at and self.expires_at > datetime.now(UTC)

    def withdraw(self) -> None:
        if not self.is_open:
            raise Conflict(lazy_gettext("Deze uitnodiging is al gebruikt, ingetrokken of verlopen."))
        self.withdrawn_at = datetime.now(UTC)


class Audience(StrEnum):
    """Whom a door lets in."""

    INVITATION = "invitation"
    API_TOKEN = "api_token"  # noqa: S105 - a word, not a secret
    CALENDAR = "calendar"
    STORY_SOURCE = "story_source"  # tell a story
    NARRATOR = "narrator"  # the own story, and what was done with it
    WORKSHOP = "workshop"  # join with the code on the wall
    ANNOUNCEMENT = "announcement"  # what a workshop is about, and signing up for it


class TokenScope(StrEnum):
    """What a program may do with a token."""

    READ = "read"


class ApiToken(CouncilOwned, Model):
    """Lets a program read what this member may read in this council, through the API. Its secret is a door."""

    __tablename__ = "api_token"
    LASTS = timedelta(days=365)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("person.id"))
    scope: Mapped[TokenScope] = mapped_column(words(TokenScope, "token_scope"))
    made_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC))
    expires_at: Mapped[datetime] = mapped_column(default=lambda: datetime.now(UTC) + ApiToken.LASTS)
    revoked_at: Mapped[datetime | None]

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > datetime.now(UTC)


class Door(CouncilOwned, Model):
    """A way in without membership: the hash of a token, its council and audience, and nothing else.

    Only the council itself, and who holds the token, sees the row.
    """

    __tablename__ = "door"
    token_hash: Mapped[str] = mapped_column(unique=True)
    audience: Mapped[Audience] = mapped_column(words(Audience, "audience"))
    object_id: Mapped[uuid.UUID]
