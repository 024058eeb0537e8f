"""The library of working forms, and the arithmetic of a script."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from seeds import read
from workbench.workshops.kinds import Kind
from workbench.workshops.script.library import Duration, Library, facts_of
from workbench.workshops.script.planning import Gap, minutes_left, points_of, times

FORMS = {form.slug: form for form in read.workshop_library().forms}


def test_the_library_has_a_working_form_of_every_kind_and_each_says_what_is_still_to_be_checked() -> None:
    assert {form.kind for form in FORMS.values()} == set(Kind)
    assert len(FORMS) >= 14
    for form in FORMS.values():
        assert form.verified != bool(form.open_points), form.slug


def test_of_n_things_there_are_half_n_times_n_minus_one_pairs() -> None:
    pairwise = FORMS["twee-aan-twee"]
    assert [pairwise.duration.minutes(10, options) for options in (4, 6, 8)] == [13, 20, 29]


@pytest.mark.parametrize("script", read.workshop_library().scripts, ids=lambda script: script.slug)
def test_a_ready_script_fits_its_group_and_gives_each_part_enough_time(script: Any) -> None:
    assert script.minutes <= 120
    for part in script.parts:
        facts = facts_of(FORMS[part.form], script.people, part)
        found = points_of(
            FORMS[part.form].kind,
            facts["settings"],
            facts["minutes"],
            people=script.people,
            form=FORMS[part.form],
        )
        # What to choose from, and the figure, come from the group itself.
        assert {point.gap for point in found} <= {Gap.FEW_OPTIONS, Gap.NO_FIGURE}, part.form


@pytest.mark.parametrize(
    "spoil",
    [
        {"forms": [], "scripts": []},
        {"forms": [{"slug": "Niet goed"}], "scripts": []},
    ],
)
def test_a_library_that_lacks_something_is_refused(spoil: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Library.model_validate(spoil)


def test_a_script_that_names_an_unknown_working_form_is_refused() -> None:
    whole = read.workshop_library().model_dump()
    whole["scripts"][0]["parts"][0]["form"] = "bestaat-niet"
    with pytest.raises(ValidationError, match="unknown working forms"):
        Library.model_validate(whole)


@given(st.lists(st.integers(1, 240), max_size=20), st.integers(0, 600))
def test_parts_follow_one_another_and_what_is_left_is_what_was_planned_less_their_sum(
    minutes: list[int], planned: int
) -> None:
    starts_at = datetime(2027, 3, 4, 18, 30, tzinfo=UTC)
    found = times(starts_at, minutes)
    assert [int((last - first).total_seconds() / 60) for first, last in found] == minutes
    assert all(one[1] == other[0] for one, other in pairwise(found))
    assert minutes_left(starts_at, starts_at + timedelta(minutes=planned), minutes) == planned - sum(minutes)


@given(st.integers(1, 500), st.integers(1, 30))
def test_a_larger_group_or_more_to_choose_from_never_takes_less_time(people: int, options: int) -> None:
    for form in FORMS.values():
        duration: Duration = form.duration
        now = duration.minutes(people, options)
        assert now <= duration.minutes(people + 1, options)
        assert now <= duration.minutes(people, options + 1)


def test_a_large_group_at_tables_is_as_many_small_ones() -> None:
    form = FORMS["inchecken"]

    def gaps(people: int, tables: int) -> set[Gap]:
        found = points_of(Kind.CHECK_IN, {}, 60, people=people, tables=tables, form=form)
        return {point.gap for point in found}

    assert gaps(60, 0) == {Gap.LARGE_GROUP}
    assert gaps(60, 6) == set()
    assert gaps(25, 0) == set()
    assert gaps(1, 0) == {Gap.SMALL_GROUP}
