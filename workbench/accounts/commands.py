"""What the operator's commands do with people."""

from urllib.parse import urljoin
from uuid import UUID

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email

from workbench.accounts import operations, passwords
from workbench.accounts.models import ApiToken, Council, Membership, Person, Role, TokenScope
from workbench.core.db import db
from workbench.core.errors import WorkbenchError
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for


def act_for_council(slug: str) -> UUID:
    """Let the session act for this council; gives its id. Raises: WorkbenchError for an unknown slug."""
    council_id = db.scalar(sa.select(Council.id).where(Council.slug == slug))
    if council_id is None:
        raise WorkbenchError(f"There is no council with the slug {slug!r}.")
    act_for(db, council_id)
    return council_id


def make_token(email: str, slug: str, scope: str) -> tuple[UUID, str]:
    """Id and secret of a new API token for a member. Raises: WorkbenchError."""
    act_for_council(slug)
    person = operations.find_person(email)
    if person is None:
        raise WorkbenchError(f"Nobody has the address {email!r}.")
    made, token = operations.make_token(person, TokenScope(scope))
    return made.id, token


def tokens(slug: str) -> list[tuple[ApiToken, str]]:
    """The tokens of a council that work, each with the address of its member. Raises: WorkbenchError."""
    act_for_council(slug)
    rows = db.execute(
        sa.select(ApiToken, Person.email)
        .join(Person, Person.id == ApiToken.person_id)
        .order_by(ApiToken.made_at, ApiToken.id)
    )
    return [(token, email) for token, email in rows if token.is_valid]


def revoke_token(slug: str, token_id: UUID) -> None:
    """Raises: WorkbenchError for an unknown council or token."""
    act_for_council(slug)
    operations.revoke_token(token_id)


def add_user(
    settings: Settings, email: str, slug: str, role: str, *, name: str = "", password: str | None = None
) -> str | None:
    """Invite someone and give the link; with a password, make the account and membership at once and give None.

    A known person keeps name and password unless a new password is given; a known member gets the role.
    Raises: WorkbenchError for an unknown council or role, a bad address or a short password.
    """
    council_id = act_for_council(slug)
    if role not in list(Role):
        raise WorkbenchError(f"Unknown role {role!r}. Roles: {', '.join(Role)}.")
    try:
        validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise WorkbenchError(f"{email!r} is not an e-mail address: {error}") from None
    if password is None:
        _invited, token = operations.invite(email, Role(role), by=None)
        return urljoin(settings.base_url, f"/uitnodiging/{token}")
    if len(password) < passwords.SHORTEST:
        raise WorkbenchError(f"A password has at least {passwords.SHORTEST} characters.")
    person = operations.find_person(email)
    if person is None:
        person = operations.add_person(email, name or email.partition("@")[0], password)
    else:
        operations.set_password(person, password)
    membership = db.scalar(
        sa.select(Membership).where(Membership.person_id == person.id, Membership.council_id == council_id)
    )
    if membership is None:
        operations.add_member(person, Role(role))
    else:
        operations.change_role(membership, Role(role))
    return None
