"""Who copied an example: a count for everyone, a name only when wished, and notes for two councils and nobody else."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from tests.client import Client, Page
from tests.factories import Cast, make_plan, make_value
from tests.showcase.test_routes import as_council, copied, share
from workbench.accounts import operations as accounts
from workbench.accounts.models import Council, Role
from workbench.core.db import as_platform, db
from workbench.core.tenancy import act_for
from workbench.showcase.adopters import operations, queries
from workbench.showcase.adopters.models import Adopter, NoteKind, TemplateAnswer, TemplateNote, TemplateUse
from workbench.showcase.models import Adoption
from workbench.vision.models import Plan


class Shared:
    """Almere shares; Breda copied it, with its clerk signed in."""

    def __init__(self, client: Client, cast: Cast, **consent: str) -> None:
        plan = make_plan("Sociaal domein")
        make_value(plan)
        db.commit()
        self.client, self.cast = client, cast
        self.template = share(client, cast, plan)
        self.template_id = UUID(self.template.rpartition("/")[2])
        self.inbox = f"/almere/etalage/{self.template_id}/reacties"
        self.copier = cast.of_breda(Role.CLERK)
        client.as_(self.copier).submit(f"/breda{self.template}/overnemen", title="Breda begint", **consent)
        own = copied(cast, "Breda begint")
        adoption = db.scalars(sa.select(Adoption).where(Adoption.plan_id == own.id)).one()
        self.tell = f"/breda/etalage/overgenomen/{adoption.id}/reactie"
        self.arrived = f"/breda/trajecten/{own.id}/voorbeeld"

    def send(self, text: str = "Wij hebben er veel aan.", kind: str = "thanks") -> Page:
        return self.client.as_(self.copier).submit(self.tell, "/reactie", kind=kind, text=text)

    def note(self) -> TemplateNote:
        as_council(self.cast.breda.id)
        return db.scalars(sa.select(TemplateNote)).one()


@pytest.fixture
def shared(client: Client, cast: Cast) -> Shared:
    return Shared(client, cast)


def third() -> UUID:
    """A council that has nothing to do with it."""
    db.commit()
    with as_platform():
        return accounts.add_council("Urk", "urk").id


def refused(row: Any) -> None:
    """PostgreSQL lets the acting council not write this."""
    savepoint = db.begin_nested()
    db.add(row)
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        db.flush()
    savepoint.rollback()


def all_of(model: Any) -> list[Any]:
    return list(db.scalars(sa.select(model)))


# --- Being counted --------------------------------------------------------------------------------------------------


def test_everyone_reads_how_many_councils_copied_it_and_no_name(shared: Shared, client: Client) -> None:
    words = client.as_(None).page(shared.template).words
    assert "Overgenomen door 1 raad." in words
    assert "Breda" not in words


def test_a_name_stands_there_only_with_consent_which_can_be_taken_back(client: Client, cast: Cast) -> None:
    shared = Shared(client, cast, named="y")
    assert "Overgenomen door 1 raad: Breda." in client.as_(None).page(shared.template).words
    page = client.as_(shared.copier).submit(shared.tell, "/naam", named=[])
    assert "Bij het voorbeeld staat uw raad nu zonder naam." in page.words
    assert "Breda" not in client.as_(None).page(shared.template).words
    client.as_(shared.copier).submit(shared.tell, "/naam", named="y")
    assert "raad: Breda." in client.as_(None).page(shared.template).words


def test_a_council_that_copies_twice_counts_once(shared: Shared, client: Client, cast: Cast) -> None:
    client.as_(shared.copier).submit(
        f"/breda{shared.template}/overnemen", title="Nog eens", once_more="y", named="y"
    )
    assert "Overgenomen door 1 raad: Breda." in client.as_(None).page(shared.template).words
    other = third()
    as_council(other)
    operations.count_in(shared.template_id, named=False)
    db.commit()
    assert "Overgenomen door 2 raden, waaronder Breda." in client.as_(None).page(shared.template).words


def test_no_council_reads_which_others_copied_and_writes_no_place_but_its_own(
    shared: Shared, cast: Cast
) -> None:
    for council in (cast.almere.id, third()):
        as_council(council)
        assert all_of(Adopter) == []
        [use] = all_of(TemplateUse)
        assert use.named_id is None
        changed = db.execute(sa.update(TemplateUse).values(named_id=cast.breda.id))
        assert changed.rowcount == 0  # type: ignore[attr-defined]
        for wrong in (
            TemplateUse(id=uuid4(), template_id=shared.template_id),
            TemplateUse(id=uuid4(), template_id=shared.template_id, named_id=cast.breda.id),
        ):
            refused(wrong)
    as_council(cast.breda.id)
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"), db.begin_nested():
        db.execute(sa.update(TemplateUse).values(named_id=cast.almere.id))


def test_a_revoked_example_is_counted_by_nobody_but_who_copied_it(
    shared: Shared, client: Client, cast: Cast
) -> None:
    as_council(cast.almere.id)
    client.as_(cast.clerk).send(f"/almere/etalage/{shared.template_id}/intrekken")
    as_council(third())
    assert all_of(TemplateUse) == []
    as_council(cast.breda.id)
    operations.change_consent(shared.template_id, named=True)
    assert all_of(TemplateUse)[0].named_id == cast.breda.id
    assert "Uw bericht komt nog wel aan." in client.as_(shared.copier).page(shared.tell).words


# --- Notes ----------------------------------------------------------------------------------------------------------


def test_a_thank_you_arrives_waits_and_is_answered_once(shared: Shared, client: Client, cast: Cast) -> None:
    assert "Verstuurd aan de raad van Almere." in shared.send("Wij hebben er veel aan.").words
    home = client.as_(cast.clerk).page("/almere/")
    assert "1 bericht over uw voorbeeld ‘Sociaal domein’ wacht op u." in home.words
    assert "veel aan" not in home.words
    inbox = client.page(home.link("1 bericht over uw voorbeeld"))
    assert "Een raad die uw voorbeeld overnam" in inbox.words
    assert "Wij hebben er veel aan." in inbox.words
    assert "Breda" not in inbox.words
    answering = inbox.link("Geef antwoord")
    assert client.submit(answering, text="").status == 422
    client.submit(answering, text="Fijn om te horen!")
    assert client.send(answering, text="Nog iets.").status == 409
    assert "één keer" in client.page(answering).words
    assert "wacht op u" not in client.page("/almere/").words
    read = client.as_(shared.copier).page(shared.tell)
    assert "Fijn om te horen!" in read.words
    assert "Nog iets." not in read.words
    assert "Laat Almere iets weten" in client.page(shared.arrived).words


def test_with_consent_the_note_says_which_council_it_is_from(client: Client, cast: Cast) -> None:
    shared = Shared(client, cast, named="y")
    shared.send("Punt 2 kan korter.", "remark")
    inbox = client.as_(cast.clerk).page(shared.inbox)
    assert "De raad van Breda" in inbox.words
    assert "opmerking" in inbox.words


def test_a_note_can_be_read_without_an_answer_and_then_not_be_taken_back(
    shared: Shared, client: Client, cast: Cast
) -> None:
    shared.send()
    note = shared.note().id
    client.as_(cast.clerk).submit(shared.inbox, "/gelezen")
    assert client.send(f"{shared.inbox}/{note}/gelezen").status == 409
    page = client.as_(shared.copier).page(shared.tell)
    assert "gelezen" in page.words
    assert client.send(f"{shared.tell}/{note}/terughalen").status == 409


def test_a_note_that_nobody_read_can_be_taken_back(shared: Shared, client: Client, cast: Cast) -> None:
    shared.send("Groet van mevrouw X.")
    client.as_(shared.copier).submit(shared.tell, "/terughalen")
    assert "Er zijn nog geen bedankjes" in client.as_(cast.clerk).page(shared.inbox).words


def test_a_note_needs_a_kind_and_a_text(shared: Shared, client: Client) -> None:
    page = client.as_(shared.copier).submit(shared.tell, "/reactie", text="Zonder soort.")
    assert page.status == 422
    assert "Kies wat u stuurt." in page.words
    assert "Zonder soort." in page.text


def test_two_councils_read_a_note_and_a_third_neither_reads_nor_answers_it(
    shared: Shared, cast: Cast
) -> None:
    shared.send()
    note_id = shared.note().id
    seen = {}
    urk = third()
    for name, council in (
        ("writer", cast.breda.id),
        ("owner", cast.almere.id),
        ("third", urk),
        ("nobody", None),
    ):
        as_council(council)
        seen[name] = [note.id for note in all_of(TemplateNote)]
    assert seen == {"writer": [note_id], "owner": [note_id], "third": [], "nobody": []}
    for council in (urk, cast.breda.id):
        as_council(council)
        refused(TemplateAnswer(note_id=note_id, text="Vals antwoord."))
    as_council(urk)
    refused(
        TemplateNote(template_id=shared.template_id, kind=NoteKind.REMARK, text="Wij namen het nooit over.")
    )
    as_council(cast.almere.id)
    assert db.execute(sa.delete(TemplateNote)).rowcount == 0, "the owner removes nothing"  # type: ignore[attr-defined]
    with pytest.raises(sa.exc.DBAPIError, match="permission denied"), db.begin_nested():
        db.execute(sa.update(TemplateNote).values(text="Anders."))
    db.add(TemplateAnswer(note_id=note_id, text="Dank!"))
    db.commit()
    answers = {}
    for name, council in (("writer", cast.breda.id), ("owner", cast.almere.id), ("third", urk)):
        as_council(council)
        answers[name] = [answer.text for answer in all_of(TemplateAnswer)]
    assert answers == {"writer": ["Dank!"], "owner": ["Dank!"], "third": []}


def test_only_the_clerk_speaks_for_the_council(shared: Shared, client: Client, cast: Cast) -> None:
    shared.send()
    assert client.as_(cast.of_breda(Role.COUNCILLOR)).page(shared.tell).status == 403
    assert "iets weten" not in client.page(shared.arrived).words
    assert client.as_(cast.councillor).page(shared.inbox).status == 403
    assert "wacht op u" not in client.page("/almere/").words


def test_the_pages_need_at_most_twelve_queries(
    shared: Shared, client: Client, cast: Cast, query_count: list[str]
) -> None:
    shared.send()
    note = shared.note().id
    db.commit()
    for person, addresses in (
        (shared.copier, [shared.tell, shared.arrived]),
        (cast.clerk, [shared.inbox, f"{shared.inbox}/{note}", "/almere/", shared.template]),
    ):
        for address in addresses:
            client.as_(person)
            query_count.clear()
            assert client.page(address).status == 200
            assert len(query_count) <= 12, (address, len(query_count))


def test_a_council_that_is_not_named_is_in_no_list(cast: Cast, shared: Shared) -> None:
    as_council(None)
    found = queries.adopted_by(shared.template_id)
    assert (found.count, found.names) == (1, [])
    assert str(queries.adopted_by(uuid4())) == ""
    assert {council.name for council in db.scalars(sa.select(Council))} >= {"Almere", "Breda"}
    act_for(db, cast.almere.id)
    assert len(all_of(Plan)) == 1
