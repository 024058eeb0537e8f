"""What people do with councils, accounts and invitations."""

import hashlib
import secrets
import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm import joinedload

from workbench.accounts import passwords
from workbench.accounts.models import (
    RESERVED_SLUGS,
    SLUG,
    ApiToken,
    Audience,
    Council,
    CouncilKind,
    Door,
    Invitation,
    Membership,
    Person,
    Role,
    TokenScope,
)
from workbench.core import audit
from workbench.core.db import db
from workbench.core.errors import Conflict, WorkbenchError
from workbench.core.tenancy import act_for, open_door

RESET_LASTS = 3600  # seconds


def add_council(
    name: str, slug: str, *, kind: CouncilKind = CouncilKind.MUNICIPALITY, is_demo: bool = False
) -> Council:
    """Make a council. Raises: Conflict when the slug is reserved, taken or misspelt."""
    if not SLUG.match(slug) or slug in RESERVED_SLUGS:
        raise Conflict(
            _("Dit adres kan niet: %(slug)s. Gebruik kleine letters, cijfers en streepjes.", slug=slug)
        )
    if db.scalar(sa.select(Council.id).where(Council.slug == slug)):
        raise Conflict(_("Er is al een raad met het adres %(slug)s.", slug=slug))
    council = Council(name=name, slug=slug, kind=kind, is_demo=is_demo)
    db.add(council)
    db.flush()
    return council


def find_person(email: str) -> Person | None:
    return db.scalar(sa.select(Person).where(Person.email == email.strip().lower()))


def add_person(email: str, name: str, password: str) -> Person:
    return add_hashed(email, name, passwords.hash_password(password))


def add_hashed(email: str, name: str, password_hash: str) -> Person:
    """For who has the hash already, which takes long to make."""
    person = Person(email=email.strip().lower(), name=name, password_hash=password_hash)
    db.add(person)
    db.flush()
    return person


def sign_in(email: str, password: str) -> Person | None:
    """The person whose address and password these are, or None."""
    person = find_person(email)
    if person is None:
        passwords.waste_time(password)
        return None
    if not passwords.is_right(person.password_hash, password):
        return None
    if passwords.hasher.check_needs_rehash(person.password_hash):
        person.password_hash = passwords.hash_password(password)
    return person


def set_password(person: Person, password: str) -> None:
    """Change the password and sign out everywhere."""
    person.password_hash = passwords.hash_password(password)
    person.sign_out_everywhere()


def add_member(person: Person, role: Role, *, by: uuid.UUID | None = None) -> Membership:
    """Make this person a member of the acting council. Raises: Conflict when that is so already."""
    if db.scalar(sa.select(Membership.id).where(Membership.person_id == person.id, _in_acting_council())):
        raise Conflict(_("Deze persoon is al lid van deze raad."))
    membership = Membership(person_id=person.id, role=role)
    db.add(membership)
    db.flush()
    audit.record("member_added", membership, by=by, role=role)
    return membership


def _in_acting_council() -> sa.ColumnElement[bool]:
    # A person's own memberships elsewhere are visible too (policy also_visible), so here the council is named.
    council_id: uuid.UUID = db.info["council_id"]
    return Membership.council_id == council_id


def change_role(membership: Membership, role: Role) -> None:
    """Give a member another role. Raises: Conflict when the council would be left without a clerk."""
    if membership.role == Role.CLERK and role != Role.CLERK:
        _keep_a_clerk(membership)
    audit.record("role_changed", membership, before=membership.role, after=role)
    membership.role = role


def remove_member(membership: Membership) -> None:
    """End a membership. Raises: Conflict when the council would be left without a clerk."""
    if membership.role == Role.CLERK:
        _keep_a_clerk(membership)
    audit.record("member_removed", membership, role=membership.role)
    db.delete(membership)


def _keep_a_clerk(membership: Membership) -> None:
    clerks = db.scalars(
        sa.select(Membership.id)
        .where(Membership.role == Role.CLERK, _in_acting_council())
        .order_by(Membership.id)
        .with_for_update()  # two clerks who leave at the same moment: one waits
    )
    if not set(clerks) - {membership.id}:
        raise Conflict(_("Deze raad heeft dan geen griffier meer. Geef eerst iemand anders deze rol."))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_door(
    audience: Audience, object_id: uuid.UUID, *, token: str | None = None, door_id: uuid.UUID | None = None
) -> str:
    """A way in to one thing of the acting council, without signing in; gives the token, which is kept nowhere.

    `token`: one that people can type, with at least 80 bits of chance; fewer only for what is worthless after an evening.
    """
    token = token or secrets.token_urlsafe(32)
    door = Door(token_hash=_hash(token), audience=audience, object_id=object_id)
    if door_id is not None:
        door.id = door_id
    db.add(door)
    return token


def doors_of(object_id: uuid.UUID) -> list[Door]:
    """The doors to this thing of the acting council; which tokens open them, they do not say."""
    return list(db.scalars(sa.select(Door).where(Door.object_id == object_id)))


def fits(door: Door, token: str) -> bool:
    """Does this token open this door?"""
    return door.token_hash == _hash(token)


def shut_doors(object_id: uuid.UUID, *audiences: Audience) -> None:
    """Make every token to this thing of the acting council worthless; with audiences only those for them."""
    only = [Door.audience.in_(audiences)] if audiences else []
    db.execute(sa.delete(Door).where(Door.object_id == object_id, *only))


def find_door(token: str, audience: Audience) -> Door | None:
    """The door of this token; the session then acts for its council. None when the token is worthless."""
    open_door(db, _hash(token))
    door = db.scalar(sa.select(Door).where(Door.token_hash == _hash(token), Door.audience == audience))
    if door is not None:
        act_for(db, door.council_id)
    return door


def is_taken(token: str) -> bool:
    """Does this token open any door, of whatever council and audience?"""
    open_door(db, _hash(token))
    return db.scalar(sa.select(Door.id).where(Door.token_hash == _hash(token))) is not None


def invite(email: str, role: Role, *, by: uuid.UUID | None) -> tuple[Invitation, str]:
    """Invite someone to the acting council; gives the invitation and the token of its link.

    An earlier open invitation to the same address is withdrawn. Raises: Conflict when already a member.
    """
    email = email.strip().lower()
    person = find_person(email)
    if person and db.scalar(
        sa.select(Membership.id).where(Membership.person_id == person.id, _in_acting_council())
    ):
        raise Conflict(_("Deze persoon is al lid van deze raad."))
    for earlier in db.scalars(sa.select(Invitation).where(Invitation.email == email)):
        if earlier.is_open:
            earlier.withdraw()
    invitation = Invitation(email=email, role=role, invited_by_id=by)
    db.add(invitation)
    token = make_door(Audience.INVITATION, invitation.id)
    db.flush()  # the mail says until when the link works
    audit.record("member_invited", invitation, role=role)
    return invitation, token


def make_token(person: Person, scope: TokenScope) -> tuple[ApiToken, str]:
    """A token for a member of the acting council; its secret is shown this once. Raises: WorkbenchError."""
    if not db.scalar(sa.select(Membership.id).where(Membership.person_id == person.id, _in_acting_council())):
        raise WorkbenchError(_("Deze persoon is geen lid van deze raad."))
    made = ApiToken(person_id=person.id, scope=scope)
    db.add(made)
    token = make_door(Audience.API_TOKEN, made.id)
    db.flush()
    audit.record("token_made", made)
    return made, token


def revoke_token(token_id: uuid.UUID) -> None:
    """Make a token of the acting council worthless. Raises: WorkbenchError when there is none."""
    found = db.get(ApiToken, token_id)
    if found is None or not found.is_valid:
        raise WorkbenchError(_("Deze sleutel is er niet, of werkt al niet meer."))
    found.revoked_at = datetime.now(UTC)
    audit.record("token_revoked", found)


def member_of_token(token: str) -> Membership | None:
    """The member for whom this token reads; the session then acts for that council. None when it is worthless."""
    door = find_door(token, Audience.API_TOKEN)
    if door is None:
        return None
    found = db.get(ApiToken, door.object_id)
    if found is None or not found.is_valid:
        return None
    return db.scalar(
        sa.select(Membership)
        .where(Membership.person_id == found.person_id, Membership.council_id == door.council_id)
        .options(joinedload(Membership.person), joinedload(Membership.council))
    )


def find_invitation(token: str) -> tuple[Invitation, Council] | None:
    """Open the door this token belongs to; the session then acts for its council. None when it is shut."""
    door = find_door(token, Audience.INVITATION)
    if door is None:
        return None
    invitation = db.get(Invitation, door.object_id, with_for_update=True)  # a link works once
    council = db.get(Council, door.council_id)
    return (invitation, council) if invitation and council and invitation.is_open else None


def accept_invitation(invitation: Invitation, person: Person) -> Membership:
    """Make the invited person a member. Raises: Conflict when the invitation is shut or meant for somebody else."""
    if not invitation.is_open:
        raise Conflict(_("Deze uitnodiging is al gebruikt, ingetrokken of verlopen."))
    if invitation.email != person.email:
        raise Conflict(_("Deze uitnodiging is voor een ander e-mailadres."))
    membership = add_member(person, invitation.role, by=person.id)
    invitation.accepted_at = datetime.now(UTC)
    return membership


def _reset_serializer(secret_key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_key, salt="password-reset")


def reset_token(person: Person, secret_key: str) -> str:
    """A token that works for an hour and once: it holds a fingerprint of the password it replaces."""
    return _reset_serializer(secret_key).dumps([str(person.id), _hash(person.password_hash)[:16]])


def person_of_reset_token(token: str, secret_key: str) -> Person | None:
    """The person who may set a new password with this token, or None when it is worn out."""
    try:
        person_id, fingerprint = _reset_serializer(secret_key).loads(token, max_age=RESET_LASTS)
    except BadData:
        return None
    person = db.get(Person, uuid.UUID(person_id))
    return person if person and _hash(person.password_hash)[:16] == fingerprint else None
