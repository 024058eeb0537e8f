"""How many stories each kind of people told; without a database."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from workbench.indicators.disclosure import Rules
from workbench.stories.groups import told_by

WHO = ["jongeren", "ouderen", "mantelzorgers"]
ONE_EACH = st.lists(st.sampled_from([*WHO, None]), max_size=60)
RULES = st.sampled_from([Rules(), Rules(rounding=5), Rules(threshold=5)])


def each(groups: list[str | None]) -> dict[object, list[str]]:
    """Per story the group of who told it."""
    return {number: [who] if who else [] for number, who in enumerate(groups)}


def test_few_narrators_of_a_kind_are_hidden_and_cannot_be_worked_out_from_the_others() -> None:
    told = told_by(each(["jongeren"] * 12 + ["mantelzorgers"] * 15 + ["ouderen"] * 3), Rules())
    assert told == {"jongeren": None, "mantelzorgers": 15, "ouderen": None}


def test_few_people_who_are_not_of_a_kind_hide_that_kind() -> None:
    """Of 20 stories 17 were told by young people: then it is known that three were not."""
    assert told_by(each(["jongeren"] * 17 + [None] * 3), Rules(threshold=5)) == {"jongeren": None}


def test_many_narrators_of_every_kind_are_told() -> None:
    told = told_by(each(["jongeren"] * 12 + ["ouderen"] * 18), Rules())
    assert told == {"jongeren": 12, "ouderen": 18}


def test_in_fives_two_pages_seldom_differ_by_the_one_narrator_that_only_one_of_them_has() -> None:
    """A story is about two goals; exact counts would always tell of which kind the one is that is on one page only."""
    fives = [told_by(each(["jongeren"] * n), Rules(rounding=5))["jongeren"] for n in range(10, 21)]
    assert fives == [10, 10, 10, 15, 15, 15, 15, 15, 20, 20, 20]


@given(ONE_EACH, RULES)
def test_no_hidden_group_follows_from_what_is_shown(groups: list[str | None], rules: Rules) -> None:
    """Who knows how many stories there are, and that nobody is in two groups, still cannot solve one hidden count."""
    told = told_by(each(groups), rules)
    counts = Counter(groups)
    shown = {who: count for who, count in told.items() if count is not None}
    assert all(rules.threshold <= counts[who] or not counts[who] for who in shown)
    hidden = [who for who in told if who not in shown]
    if len(hidden) == 1 and not counts[None]:
        assert not any(shown.values()), "one hidden count beside others would be what is left"


@given(st.dictionaries(st.integers(0, 40), st.lists(st.sampled_from(WHO), max_size=3)), RULES)
def test_people_of_several_kinds_at_once_are_guarded_too(
    traits: dict[object, list[str]], rules: Rules
) -> None:
    told = told_by(traits, rules)
    for who, count in told.items():
        real = sum(who in groups for groups in traits.values())
        assert count is None or (real >= rules.threshold and count == rules.rounded(real))
