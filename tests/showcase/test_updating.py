"""An example that was renewed: what changed there and here, and nothing of ours that changes by itself."""

from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.client import Client, Page
from tests.factories import (
    Cast,
    make_goal,
    make_link,
    make_measuring,
    make_need,
    make_plan,
    make_question,
    make_value,
)
from tests.showcase.test_routes import as_council, copied, example_of, share
from workbench.accounts.models import Role
from workbench.core.audit import AuditEntry
from workbench.core.cards import revisions, save_card
from workbench.core.db import db
from workbench.evidence.asking.models import InformationQuestion
from workbench.evidence.asking.operations import remove
from workbench.evidence.follow_up.models import Need
from workbench.evidence.follow_up.operations import remove as remove_need
from workbench.evidence.measuring.models import Measuring
from workbench.evidence.models import Link
from workbench.showcase import queries
from workbench.showcase.models import Adoption
from workbench.vision import operations as vision
from workbench.vision.models import Goal, Plan, Value


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = make_plan("Sociaal domein")
    goal = make_goal(make_value(plan, own_words="Hulp in de buurt."), laws=["wmo"], target_group="Ouders")
    make_value(plan, "Meedoen", counter_value="Vrije tijd")
    make_need(goal)
    make_question(goal)
    make_measuring(make_link(goal))
    db.commit()
    return plan


class Both:
    """Almere shares, Breda took over one value, the goal and all that is under it."""

    def __init__(self, client: Client, cast: Cast, plan: Plan) -> None:
        self.client, self.cast, self.plan = client, cast, plan
        template = share(client, cast, plan)
        client.as_(cast.of_breda(Role.CLERK)).submit(f"/breda{template}/overnemen", title="Breda begint")
        self.own = copied(cast, "Breda begint")
        content = example_of(self.own)
        self.arrived = f"/breda/trajecten/{self.own.id}/voorbeeld"
        [goal] = content.goals
        client.submit(f"{self.arrived}/waarden/{content.values[0].key}", own_words="Hulp in de buurt.")
        client.submit(f"{self.arrived}/doelen/{goal.key}")
        cards = [*goal.needs, *goal.questions, *goal.figures]
        client.send(f"{self.arrived}/doelen/{goal.key}/kaarten", card=[str(card.key) for card in cards])
        self.page = f"{self.arrived}/{self.adoption.id}/vernieuwd"

    @property
    def adoption(self) -> Adoption:
        found = queries.adoption_of(self.own)
        assert found
        return found

    def there(self) -> None:
        as_council(self.cast.almere.id)

    def here(self) -> None:
        as_council(self.cast.breda.id)

    def renew(self) -> None:
        """Almere shares what it changed; then Breda is signed in."""
        db.commit()
        self.there()
        share(self.client, self.cast, self.plan)
        self.client.as_(self.cast.of_breda(Role.COUNCILLOR))
        self.here()

    def send(self, key: UUID, choice: str, **fields: Any) -> Page:
        """Press a button at a card, as the page has it now."""
        form = self.client.page(self.page).form(f"/vernieuwd/{key}")
        hidden = {field["name"]: field.get("value", "") for field in form.find_all("input")}
        sent = self.client.send(str(form["action"]), **{**hidden, "choice": choice, **fields})
        self.here()
        return sent


@pytest.fixture
def both(client: Client, cast: Cast, plan: Plan) -> Both:
    return Both(client, cast, plan)


def one(model: Any) -> Any:
    return db.scalars(sa.select(model)).one()


def change(model: Any, **content: Any) -> UUID:
    """Save the one card of this kind of the acting council; gives the key it has or came from."""
    card = db.scalars(sa.select(model).order_by(model.created_at).limit(1)).one()
    if isinstance(card, Goal):
        db.refresh(card, attribute_names=["values"])
    save_card(card, content, by=None)
    db.flush()
    found: UUID = card.origin_key or card.key
    return found


def test_adopt_then_change_both_sides_then_update_keeps_every_local_edit(both: Both, client: Client) -> None:
    both.here()
    value = change(Value, name="Naast de deur")
    need = change(Need, players="de huisarts")
    both.there()
    change(Value, own_words="Hulp in de buurt, van een bekend gezicht.")
    change(Goal, target_group="Ouders en kinderen")
    change(Need, players="de wijkverpleegkundige")
    both.renew()

    words = client.page(f"/breda/trajecten/{both.own.id}").words
    assert "Het voorbeeld is vernieuwd. Uw eigen kaarten veranderen niet vanzelf." in words
    page = client.page(client.page(both.arrived).link("Bekijk wat er anders is"))
    assert page.title == "Het voorbeeld is vernieuwd"
    assert "3 kaarten om over te kiezen" in page.words
    assert "U en zij veranderden een ander stuk." in page.words
    assert "U en zij veranderden dezelfde tekst." in page.words
    assert one(Need).players == "de huisarts", "looking changes nothing"

    goal = one(Goal)
    both.send(value, "take")
    assert (one(Value).name, one(Value).own_words) == (
        "Naast de deur",
        "Hulp in de buurt, van een bekend gezicht.",
    )
    both.send(goal.origin_key, "take")
    assert one(Goal).target_group == "Ouders en kinderen"
    assert one(Goal).laws == ["wmo"]
    assert both.adoption.template_number == 1, "something is still to be chosen"
    merging = client.page(client.page(both.page).link("Voeg samen"))
    assert 'value="de huisarts / de wijkverpleegkundige"' in merging.text, "both, on the one line there is"
    assert "Wat moet er veranderen?" not in merging.words, "only what changed there"
    done = client.submit(f"{both.page}/{need}/samenvoegen", players="de huisarts en de wijkverpleegkundige")
    assert "U hebt de nieuwste versie: 2." in done.words
    both.here()
    assert one(Need).players == "de huisarts en de wijkverpleegkundige"
    assert (one(Need).origin_key, one(Value).origin_revision) == (need, 1)
    assert both.adoption.template_number == 2
    assert example_of(both.own) == queries.find_shown(both.adoption.template_id).content  # type: ignore[union-attr]
    assert db.scalars(sa.select(AuditEntry.facts).where(AuditEntry.action == "template_renewed")).all() == [
        {"number": 2}
    ]
    assert "vernieuwd" not in client.page(both.arrived).words


def test_keeping_changes_nothing_of_ours_and_is_not_asked_again(both: Both, client: Client) -> None:
    both.there()
    key = change(InformationQuestion, text="Wat merken mensen?")
    both.renew()
    version = one(InformationQuestion).version
    both.send(key, "keep")
    kept = one(InformationQuestion)
    assert (kept.text, kept.version) == ("Krijgen mensen op tijd hulp?", version)
    assert both.adoption.template_number == 2
    both.there()
    change(Goal, target_group="Iedereen")
    both.renew()
    page = client.page(both.page)
    assert "1 kaart om over te kiezen" in page.words
    assert "Wat merken mensen?" not in page.words


def test_the_same_choice_twice_changes_nothing_more(both: Both, client: Client) -> None:
    both.there()
    key = change(InformationQuestion, text="Wat merken mensen?")
    both.renew()
    form = client.page(both.page).form(f"/vernieuwd/{key}")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    for _twice in range(2):
        assert client.send(str(form["action"]), **fields, choice="take").status == 302
    both.here()
    taken = one(InformationQuestion)
    assert taken.version == 2
    assert [kept.content["text"] for kept in revisions(taken)] == [
        "Wat merken mensen?",
        "Krijgen mensen op tijd hulp?",
    ], "what it said before can be put back"


def test_a_colleague_who_saved_meanwhile_is_not_overwritten(both: Both, client: Client) -> None:
    both.there()
    key = change(InformationQuestion, text="Wat merken mensen?")
    both.renew()
    page = both.send(key, "take", base_version="0")
    assert page.status == 409
    assert "Er is niets overschreven." in page.words
    merge = f"{both.page}/{key}/samenvoegen"
    form = client.page(merge).form()
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    both.here()
    change(InformationQuestion, text="Wat vindt de wijk?")
    db.commit()
    shown = client.send(merge, **fields, text="Wat merken mensen in de wijk?")
    assert shown.status == 409
    assert "Wat vindt de wijk?" in shown.words
    assert "Wat merken mensen in de wijk?" in shown.text
    both.here()
    assert one(InformationQuestion).text == "Wat vindt de wijk?"


def test_where_both_changed_the_same_text_merging_begins_with_both(both: Both, client: Client) -> None:
    both.here()
    key = change(InformationQuestion, text="Wat vindt de wijk?")
    both.there()
    change(InformationQuestion, text="Wat merken mensen?")
    both.renew()
    page = client.page(f"{both.page}/{key}/samenvoegen")
    assert "Wat vindt de wijk?\n\nWat merken mensen?" in page.text.replace("\r\n", "\n")
    assert client.submit(f"{both.page}/{key}/samenvoegen", text="").status == 422
    both.here()
    assert one(InformationQuestion).text == "Wat vindt de wijk?"


def test_a_choice_among_words_and_a_reading_can_be_taken(both: Both, client: Client) -> None:
    both.there()
    reading = change(Measuring, reading_up="Er komen mensen bij.")
    goal = change(Goal, aim="health", laws=["wmo", "jeugdwet"])
    figure = change(Link, quality="direct")
    both.renew()
    words = client.page(both.page).words
    assert "gezond samenleven" in words
    assert "rechtstreeks" in words
    assert "Hoe u het cijfer leest:" in words
    merged = client.page(f"{both.page}/{goal}/samenvoegen")
    assert merged.status == 200
    both.send(reading, "take")
    both.send(figure, "take")
    assert client.submit(f"{both.page}/{goal}/samenvoegen", aim="").status == 200
    both.here()
    assert one(Measuring).reading_up == "Er komen mensen bij."
    assert one(Link).quality == "direct"
    assert (one(Goal).aim, sorted(one(Goal).laws)) == (None, ["jeugdwet", "wmo"])


def test_what_nobody_took_over_renews_in_the_list_and_what_is_new_lies_ready(
    both: Both, client: Client
) -> None:
    both.there()
    goal = one(Goal)
    make_question(goal, "Wie bereiken we niet?")
    other = db.scalars(sa.select(Value).where(Value.name == "Meedoen")).one()
    save_card(other, {"own_words": "Iedereen doet mee."}, by=None)
    both.renew()
    page = client.page(both.page)
    assert "Nieuw in het voorbeeld Wie bereiken we niet?" in page.words
    assert "Veranderd, en u nam het nog niet over Meedoen" in page.words
    assert "om over te kiezen" not in page.words
    before = len(db.scalars(sa.select(InformationQuestion)).all())
    assert client.submit(both.page).title == "Het voorbeeld van Almere"
    both.here()
    assert both.adoption.template_number == 2
    assert "Iedereen doet mee." in client.page(both.arrived).words
    assert "Wie bereiken we niet?" in client.page(both.arrived).words
    assert len(db.scalars(sa.select(InformationQuestion)).all()) == before


def test_what_is_gone_there_stays_here_and_what_we_took_out_stays_out(both: Both, client: Client) -> None:
    both.here()
    remove_need(one(Need))
    both.there()
    change(Need, change="Een vast gezicht in elke straat.")
    question = one(InformationQuestion)
    key = question.key
    remove(question)
    both.renew()
    page = client.page(both.page)
    assert "Wat u eerder weghaalde, blijft weg Een vast gezicht in elke straat." in page.words
    assert "Deze kaart staat niet meer in het voorbeeld." in page.words
    assert client.page(f"{both.page}/{key}/samenvoegen").status == 302
    assert both.send(key, "take").status == 409
    both.send(key, "keep")
    assert one(InformationQuestion).origin_key == key
    assert db.scalars(sa.select(Need)).all() == []
    assert both.adoption.template_number == 2


def test_a_revoked_example_renews_nothing_and_what_was_copied_stays_ours(
    both: Both, client: Client, cast: Cast
) -> None:
    both.there()
    key = change(InformationQuestion, text="Wat merken mensen?")
    both.renew()
    form = client.page(both.page).form(f"/vernieuwd/{key}")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    template_id = both.adoption.template_id
    both.there()
    client.as_(cast.clerk).send(f"/almere/etalage/{template_id}/intrekken")
    client.as_(cast.of_breda(Role.COUNCILLOR))
    assert client.send(str(form["action"]), **fields, choice="take").status == 409
    page = client.page(both.page)
    assert "Almere deelt dit voorbeeld niet meer met u." in page.words
    assert "Wat merken mensen?" not in page.words
    assert client.page(f"{both.page}/{key}/samenvoegen").status == 404
    assert "Het voorbeeld wordt niet meer met u gedeeld." in client.page(both.arrived).words
    both.here()
    assert one(InformationQuestion).text == "Krijgen mensen op tijd hulp?"


def test_a_choice_about_an_older_version_is_not_carried_out(both: Both, client: Client) -> None:
    both.there()
    key = change(InformationQuestion, text="Wat merken mensen?")
    both.renew()
    page = both.send(key, "take", seen="1")
    assert page.status == 409
    assert "Het voorbeeld is intussen weer vernieuwd." in page.words
    assert both.send(key, "").status == 409
    vision.set_status(db.get_one(Plan, both.own.id), vision.PlanStatus.FINISHED)
    db.commit()
    assert "Neem de nieuwe tekst over" not in client.page(both.page).words


def test_the_pages_need_at_most_twelve_queries(both: Both, client: Client, query_count: list[str]) -> None:
    both.there()
    key = change(InformationQuestion, text="Wat merken mensen?")
    change(Goal, target_group="Iedereen")
    change(Value, own_words="Anders.")
    both.renew()
    for address in (
        both.page,
        f"{both.page}/{key}/samenvoegen",
        both.arrived,
        f"/breda/trajecten/{both.own.id}",
    ):
        query_count.clear()
        assert client.page(address).status == 200
        assert len(query_count) <= 12, (address, "\n".join(query_count))
