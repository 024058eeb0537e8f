"""Cards: versions, sittings, kept revisions, and two people at once."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from tests.factories import Cast, make_goal, make_plan, make_value
from workbench.core.cards import SITTING, EditConflict, revisions, save_card
from workbench.core.db import db
from workbench.vision.models import Plan, Value


def later(value: Value, moment: timedelta) -> None:
    """Let the last save be this long ago."""
    value.edited_at = datetime.now(UTC) - moment
    db.flush()


def test_a_new_card_is_version_one_and_revision_one(cast: Cast) -> None:
    value = make_value(make_plan())
    assert (value.version, value.revision) == (1, 1)
    [kept] = revisions(value)
    assert kept.content["name"] == "Nabijheid"
    assert set(kept.content) == set(Value.CONTENT)


def test_saving_the_same_text_changes_nothing(cast: Cast) -> None:
    value = make_value(make_plan())
    before = value.edited_at
    save_card(value, {"name": "Nabijheid"}, by=cast.clerk.id)
    assert (value.version, value.revision, value.edited_at) == (1, 1, before)


@pytest.mark.parametrize(
    ("ago", "revision"), [(SITTING - timedelta(seconds=5), 1), (SITTING + timedelta(seconds=5), 2)]
)
def test_a_sitting_ends_after_ten_quiet_minutes(cast: Cast, ago: timedelta, revision: int) -> None:
    value = make_value(make_plan())
    later(value, ago)
    save_card(value, {"own_words": "Later."}, by=None)
    assert (value.version, value.revision) == (2, revision)


def test_somebody_elses_save_is_another_revision_and_keeps_the_text_before(cast: Cast) -> None:
    value = make_value(make_plan(), own_words="Van niemand.")
    for person, text in (
        (cast.clerk, "Van de griffier."),
        (cast.councillor, "Van het raadslid."),
        (cast.clerk, "Weer de griffier."),
    ):
        save_card(value, {"own_words": text}, by=person.id)
    kept = revisions(value)
    assert [item.number for item in kept] == [4, 3, 2, 1]
    assert [item.content["own_words"] for item in kept][-1] == "Van niemand."
    assert kept[1].edited_by_id == cast.councillor.id


def test_an_edit_from_an_older_version_is_a_conflict_that_names_only_what_differs(cast: Cast) -> None:
    value = make_value(make_plan(), own_words="Eerst.")
    save_card(value, {"own_words": "Van een ander."}, by=cast.clerk.id, base_version=1)
    with pytest.raises(EditConflict) as caught:
        save_card(
            value, {"own_words": "Van mij.", "name": "Nabijheid"}, by=cast.councillor.id, base_version=1
        )
    assert caught.value.theirs == {"own_words": "Van een ander."}
    assert value.own_words == "Van een ander."
    assert value.version == 2


def test_two_people_who_typed_the_same_do_not_quarrel(cast: Cast) -> None:
    value = make_value(make_plan())
    save_card(value, {"own_words": "Hetzelfde."}, by=cast.clerk.id, base_version=1)
    save_card(value, {"own_words": "Hetzelfde."}, by=cast.councillor.id, base_version=1)
    assert value.version == 2


def test_related_cards_are_part_of_the_text(cast: Cast) -> None:
    first = make_value(make_plan())
    second = make_value(db.get_one(Plan, first.plan_id), "Vrijheid")
    goal = make_goal(first)
    save_card(goal, {"values": [first, second]}, by=None)
    assert goal.version == 2
    assert revisions(goal)[0].content["values"] == sorted([str(first.id), str(second.id)])
    save_card(goal, {"values": [second, first]}, by=None)
    assert goal.version == 2, "the order of values is no change"


@given(
    saves=st.lists(
        st.tuples(st.sampled_from(["clerk", "councillor"]), st.sampled_from("abc"), st.booleans()),
        max_size=12,
    )
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_newest_revision_always_holds_the_text_and_numbers_have_no_gaps(
    session: Session, cast: Cast, saves: list[tuple[str, str, bool]]
) -> None:
    value = make_value(make_plan(), own_words="begin")
    changed = 1
    for role, text, pause in saves:
        if pause:
            later(value, 2 * SITTING)
        changed += value.own_words != text
        save_card(value, {"own_words": text}, by=cast[role].id)
    kept = revisions(value)
    assert kept[0].content == value.content()
    assert [item.number for item in kept] == list(range(value.revision, 0, -1))
    assert value.version == changed
    assert value.revision <= value.version
    db.rollback()
