"""The codebook: a tree of labels without circles, whose changes are kept and whose labels can become one."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_goal, make_plan, make_value
from tests.stories.making import label, marked, ready
from workbench.core.audit import AuditEntry
from workbench.core.cards import EditConflict, revisions
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.stories.coding import operations, tags
from workbench.stories.coding.models import MOST_LOOKS, Coding, Tag, TagGoal
from workbench.stories.kept.models import Excerpt

TEXT = "Ik wachtte vier maanden op hulp. Toen kwam er iemand die luisterde."


def names(**options: bool) -> list[str]:
    return [item.whole_name for item in tags.tree(**options)]


def test_labels_stand_under_the_one_they_hang_under_by_name(cast: Cast) -> None:
    help_ = label("hulp")
    label("wachten", parent_id=help_.id)
    label("Aanvragen", parent_id=help_.id)
    label("buurt")
    assert names() == ["buurt", "hulp", "hulp › Aanvragen", "hulp › wachten"]


def test_a_label_never_hangs_under_itself(cast: Cast) -> None:
    top = label("hulp")
    below = label("wachten", parent_id=top.id)
    with pytest.raises(Conflict, match="onder zichzelf"):
        tags.save(top, {"name": "hulp", "parent_id": below.id}, by=None)
    with pytest.raises(Conflict, match="onder zichzelf"):
        tags.save(top, {"name": "hulp", "parent_id": top.id}, by=None)


def test_the_tree_is_four_layers_deep_also_when_a_branch_moves(cast: Cast) -> None:
    parent = None
    for name in "abcd":
        parent = label(name, parent_id=parent and parent.id)
    with pytest.raises(Conflict, match="te diep"):
        label("e", parent_id=parent.id)
    branch = label("tak")
    label("twijg", parent_id=branch.id)
    third = next(item.tag for item in tags.tree() if item.tag.name == "c")
    with pytest.raises(Conflict, match="te diep"):
        tags.save(branch, {"name": "tak", "parent_id": third.id}, by=None)


def test_a_name_stands_once_in_one_place(cast: Cast) -> None:
    top = label("Wachten")
    with pytest.raises(Conflict, match="al een label"):
        label("wachten")
    label("wachten", parent_id=top.id)


def test_new_labels_get_the_look_that_is_used_least(cast: Cast) -> None:
    looks = [label(f"label {number}").look for number in range(MOST_LOOKS)]
    assert sorted(looks) == list(range(MOST_LOOKS))
    assert label("nog een").look == 0


def test_a_label_knows_its_goals_and_values(client: Client, cast: Cast) -> None:
    value = make_value(make_plan())
    goal = make_goal(value)
    db.commit()
    page = client.as_(cast.clerk).submit(
        "/almere/labels/nieuw",
        name="wachten",
        description="Als hulp niet komt.",
        goals=[str(goal.id)],
        values=[str(value.id)],
    )
    assert page.title == "Labels"
    assert "Als hulp niet komt." in page.words
    assert goal.whole_sentence in page.words
    tag = db.scalars(sa.select(Tag)).one()
    client.submit(f"/almere/labels/{tag.id}", "labels/" + str(tag.id), goals=[])
    assert db.scalars(sa.select(TagGoal)).all() == []


def test_goals_that_somebody_does_not_see_stay_with_a_label(cast: Cast) -> None:
    tag, goal = label(), make_goal(make_value(make_plan()))
    tags.connect(tag, tags.Offer([goal], []), [goal.id], [])
    tags.connect(tag, tags.Offer([], []), [], [])
    assert db.scalars(sa.select(TagGoal.goal_id)).all() == [goal.id]


def test_what_a_label_meant_is_kept_and_two_people_at_once_see_both_texts(client: Client, cast: Cast) -> None:
    tag = label("wachten", description="Eerst.")
    db.commit()
    address = f"/almere/labels/{tag.id}"
    opened = client.as_(cast.clerk).page(address)
    form = opened.form(str(tag.id))
    base = form.find("input", attrs={"name": "base_version"})["value"]
    client.as_(cast.councillor).submit(address, str(tag.id), description="Van een ander.")
    late = client.as_(cast.clerk).send(
        address, name="wachten", description="Van mij.", look="0", parent_id="", base_version=base
    )
    assert late.status == 409
    assert "Van een ander." in late.words
    assert "Van mij." in late.text
    db.expire_all()
    assert [kept.content["description"] for kept in revisions(tag)] == ["Van een ander.", "Eerst."]
    history = client.page(f"{address}/geschiedenis")
    assert "Van een ander." in history.words
    with pytest.raises(EditConflict):
        tags.save(tag, {"name": "hulp"}, by=None, base_version=99)


def test_a_merged_label_gives_its_citations_children_and_goals(client: Client, cast: Cast) -> None:
    old, new = label("lang wachten"), label("wachten")
    child = label("bij de dokter", parent_id=old.id)
    goal = make_goal(make_value(make_plan()))
    tags.connect(old, tags.Offer([goal], []), [goal.id], [])
    story = ready(TEXT)
    marked(story, "vier maanden", TEXT, old, by=cast.clerk.id)
    marked(story, "op hulp", TEXT, old, new, by=cast.clerk.id)
    db.commit()
    page = client.as_(cast.clerk).submit(f"/almere/labels/{old.id}", "opnemen", **{"in": str(new.id)})
    assert page.title == "wachten"
    codings = db.execute(
        sa.select(Excerpt.words, Coding.tag_id).join(Excerpt, Excerpt.id == Coding.excerpt_id)
    ).all()
    assert sorted(codings) == [("op hulp", new.id), ("vier maanden", new.id)]
    assert db.scalars(sa.select(TagGoal.tag_id)).all() == [new.id]
    assert names() == ["wachten", "wachten › bij de dokter"]
    assert child.parent_id == new.id
    assert "tag_merged" in db.scalars(sa.select(AuditEntry.action)).all()


def test_labels_are_not_merged_while_somebody_reads_blind(cast: Cast) -> None:
    story = ready(TEXT)
    operations.ask_blind(story, [cast.clerk.id, cast.officer.id], by=cast.clerk.id)
    with pytest.raises(Conflict, match="los van de anderen"):
        tags.merge(label("a"), label("b"), by=cast.clerk.id)


def test_a_label_does_not_go_into_one_that_hangs_under_it(cast: Cast) -> None:
    top = label("hulp")
    below = label("wachten", parent_id=top.id)
    with pytest.raises(Conflict, match="hangt onder dit label"):
        tags.merge(top, below, by=cast.clerk.id)


def test_a_retired_label_stays_where_it_is_and_is_offered_no_more(client: Client, cast: Cast) -> None:
    story, tag = ready(TEXT), label("wachten")
    marked(story, "vier maanden", TEXT, tag, by=cast.clerk.id)
    db.commit()
    page = client.as_(cast.clerk).submit(f"/almere/labels/{tag.id}", "aanbod")
    assert "niet meer aangeboden" in page.words
    db.expire_all()
    assert names() == []
    story_page = client.page(f"/almere/verhalen/{story.id}")
    assert "wachten" in story_page.soup.select_one("[data-excerpt]").get_text()
    assert story_page.soup.select("[data-palette] [data-name]") == []
    with pytest.raises(Conflict, match="er niet meer"):
        operations.mark(story, {(0, 10): [tag.id]}, edition=None, by=cast.clerk.id)
    client.send(f"/almere/labels/{tag.id}/aanbod", wat="weer")
    db.expire_all()
    assert names() == ["wachten"]


def test_the_page_counts_citations_per_label(client: Client, cast: Cast, query_count: list[str]) -> None:
    story = ready(TEXT)
    some = [label(f"label {number}") for number in range(5)]
    marked(story, "vier maanden", TEXT, *some[:2], by=cast.clerk.id)
    marked(story, "op hulp", TEXT, some[0], by=cast.clerk.id)
    db.commit()
    client.as_(cast.clerk)
    query_count.clear()
    page = client.page("/almere/labels")
    assert len(query_count) <= 12
    assert "2 citaten" in page.words
    assert "1 citaat" in page.words
    assert page.words.count("nog niet gebruikt") == 3


def test_another_council_has_labels_of_its_own(session: Session, client: Client, cast: Cast) -> None:
    tag = label("geheim van Almere")
    db.commit()
    assert "geheim" not in client.as_(cast.of_breda("clerk")).page("/breda/labels").words
    assert client.page(f"/breda/labels/{tag.id}").status == 404
