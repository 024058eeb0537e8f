"""Three texts of a card: what changed there, here, or both; and what is left of it after each choice."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from workbench.showcase.updating.difference import CardChange, Change, cards, compare, renewed

K = UUID(int=1)

# (base, theirs, ours) of one field -> what that is called, what taking gives, where merging begins
EXAMPLES = [
    ("a", "a", "a", Change.NONE, "a", "a"),
    ("a", "b", "a", Change.THERE, "b", "b"),
    ("a", "a", "c", Change.HERE, "c", "c"),
    ("a", "b", "c", Change.BOTH, "b", "c\n\nb"),
    ("a", "b", "b", Change.NONE, "b", "b"),  # both wrote the same
    ("", "b", "", Change.THERE, "b", "b"),
    ("a", "", "a", Change.THERE, "", ""),  # they emptied it
    ("a", "", "c", Change.BOTH, "", "c"),
    ("a", "a", "", Change.HERE, "", ""),  # we emptied it
    ("a", "b", "", Change.BOTH, "b", "b"),
    ("a", "a b", "a b c", Change.BOTH, "a b", "a b c"),  # theirs stands in ours already
    (None, 2030, None, Change.THERE, 2030, 2030),
    (2028, 2030, 2032, Change.BOTH, 2030, 2032),
    (["wmo"], ["wmo", "jeugdwet"], ["wmo"], Change.THERE, ["wmo", "jeugdwet"], ["wmo", "jeugdwet"]),
]


@pytest.mark.parametrize(("base", "theirs", "ours", "change", "taken", "merged"), EXAMPLES)
def test_what_changed_in_one_field(
    *, base: Any, theirs: Any, ours: Any, change: Change, taken: Any, merged: Any
) -> None:
    found = compare({K: {"text": base}}, {K: {"text": theirs}}, {K: {"text": ours}})[K]
    assert found.change is change
    assert found.taken() == {"text": taken}
    assert found.merged() == {"text": merged}
    assert found.asks is (change in (Change.THERE, Change.BOTH))


CARDS = [
    # in base, in theirs, ours, taken out -> what it is, does it ask
    (True, True, False, False, Change.NOT_TAKEN, False),
    (False, True, False, False, Change.NEW, False),
    (True, False, False, False, Change.NOT_TAKEN, False),
    (True, True, False, True, Change.TAKEN_OUT, False),
    (True, False, True, False, Change.GONE, True),
    (True, True, True, False, Change.NONE, False),
    (False, True, True, False, Change.NONE, False),  # it came along with another example
]


@pytest.mark.parametrize(("in_base", "in_theirs", "is_ours", "taken_out", "change", "asks"), CARDS)
def test_what_became_of_a_whole_card(
    *, in_base: bool, in_theirs: bool, is_ours: bool, taken_out: bool, change: Change, asks: bool
) -> None:
    card = {K: {"text": "a"}}
    found = compare(
        card if in_base else {},
        card if in_theirs else {},
        card if is_ours else {},
        {K} if taken_out else set(),
    )[K]
    assert found.change is change
    assert found.asks is asks


def test_one_field_changed_there_and_another_here_is_both_and_taking_keeps_ours() -> None:
    base = {K: {"name": "Nabijheid", "own_words": "Dichtbij."}}
    theirs = {K: {"name": "Nabijheid", "own_words": "Dichtbij en bekend."}}
    ours = {K: {"name": "Naast de deur", "own_words": "Dichtbij."}}
    found = compare(base, theirs, ours)[K]
    assert found.change is Change.BOTH
    assert found.taken() == {"name": "Naast de deur", "own_words": "Dichtbij en bekend."}


# --- What always holds ----------------------------------------------------------------------------------------------

words = st.text("abc ", max_size=4) | st.none() | st.integers(0, 3)
texts = st.fixed_dictionaries({"name": words, "own_words": words, "horizon": words})
three = st.tuples(texts, texts, texts)


def changed(base: dict[str, Any], theirs: dict[str, Any], ours: dict[str, Any]) -> CardChange:
    return compare({K: base}, {K: theirs}, {K: ours})[K]


@given(three)
def test_taking_gives_their_text_wherever_only_they_changed_it(sides: Any) -> None:
    base, theirs, ours = sides
    taken = changed(base, theirs, ours).taken()
    for name in ours:
        if ours[name] == base[name]:
            assert taken[name] == theirs[name]
    assert changed(base, theirs, base).taken() == theirs


@given(three)
def test_no_edit_of_ours_is_lost_unless_they_changed_the_same_field_and_we_take_it(sides: Any) -> None:
    base, theirs, ours = sides
    found = changed(base, theirs, ours)
    for name, now in found.taken().items():
        if ours[name] != base[name]:
            assert now == ours[name] or theirs[name] != base[name]
    for name, now in found.merged().items():
        if ours[name] != base[name]:
            assert now == ours[name] or (isinstance(now, str) and (ours[name] or "") in now)
        if isinstance(theirs[name], str) and isinstance(now, str) and theirs[name] != base[name]:
            assert theirs[name] in now


@given(three)
def test_a_card_that_was_settled_asks_nothing_a_second_time(sides: Any) -> None:
    base, theirs, ours = sides
    found = changed(base, theirs, ours)
    for kept in (ours, found.taken(), found.merged()):
        again = changed(theirs, theirs, kept)
        assert not again.asks
        assert again.taken() == kept


# --- The content as a whole -----------------------------------------------------------------------------------------


class Leaf(BaseModel, frozen=True):
    key: UUID
    text: str


class Branch(BaseModel, frozen=True):
    key: UUID
    text: str
    leaves: tuple[Leaf, ...] = ()
    one: Leaf | None = None


class Tree(BaseModel, frozen=True):
    version: int = 1
    branches: tuple[Branch, ...] = ()
    notes: tuple[str, ...] = ()


leaves = st.builds(Leaf, key=st.integers(10, 14).map(lambda n: UUID(int=n)), text=st.text("ab", max_size=2))
trees = st.builds(
    Tree,
    branches=st.lists(
        st.builds(
            Branch,
            key=st.integers(1, 4).map(lambda n: UUID(int=n)),
            text=st.text("ab", max_size=2),
            leaves=st.lists(leaves, max_size=3, unique_by=lambda leaf: leaf.key).map(tuple),
        ),
        max_size=3,
        unique_by=lambda branch: branch.key,
    ).map(tuple),
    notes=st.lists(st.text("xy", max_size=2), max_size=2).map(tuple),
).filter(lambda tree: len(cards(tree)) == sum(1 + len(branch.leaves) for branch in tree.branches))
keys = st.sets(st.integers(1, 14).map(lambda n: UUID(int=n)))


@given(trees, trees)
def test_when_nothing_waits_the_base_becomes_the_example_as_it_is_now(base: Tree, theirs: Tree) -> None:
    assert renewed(base, theirs, ()) == theirs


@given(trees, trees, keys)
def test_what_waits_keeps_the_text_that_was_copied(base: Tree, theirs: Tree, pending: set[UUID]) -> None:
    now, before = renewed(base, theirs, pending), cards(base)
    for key, card in cards(now).items():
        if key in pending and key in before:
            assert card.text == before[key].text  # type: ignore[attr-defined]
    assert renewed(base, renewed(base, theirs, pending), pending) == renewed(base, theirs, pending)


def test_a_card_that_is_gone_but_waits_stays_where_it_stood() -> None:
    leaf, other = Leaf(key=uuid4(), text="blad"), Leaf(key=uuid4(), text="nieuw")
    base = Tree(branches=(Branch(key=K, text="tak", leaves=(leaf,), one=leaf),))
    theirs = Tree(branches=(Branch(key=K, text="tak!", leaves=(other,)),))
    [branch] = renewed(base, theirs, {leaf.key}).branches
    assert branch == Branch(key=K, text="tak!", leaves=(other, leaf), one=leaf)
    assert renewed(base, theirs, ()) == theirs
