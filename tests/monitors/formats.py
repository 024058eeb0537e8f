"""Random formats, and random things that people do to them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from hypothesis import strategies as st

from workbench.figures.options import TrendOptions
from workbench.monitors import format as formats
from workbench.monitors.format import (
    DRAWN,
    AnyBlock,
    Events,
    Figure,
    Format,
    GoalHead,
    Methods,
    Money,
    PageBreak,
    Question,
    Quote,
    Resting,
    Section,
    Stories,
    Table,
    Text,
    Unknown,
)

Operation = Callable[[Format], Format]

ids = st.uuids(version=4)
words = st.text(min_size=1, max_size=20).filter(str.strip)
years = st.none() | st.integers(1990, 2030)


def blocks() -> st.SearchStrategy[AnyBlock]:
    shared = {"id": ids, "hidden": st.booleans()}
    return st.one_of(
        st.builds(GoalHead, goal_id=ids, **shared),
        st.builds(
            Figure,
            link_id=ids,
            from_year=years,
            show_events=st.booleans(),
            table_open=st.booleans(),
            view=st.builds(TrendOptions, show_band=st.booleans()),
            **shared,
        ),
        st.builds(Table, link_id=ids, from_year=years, show_band=st.booleans(), **shared),
        st.builds(Text, text=words, **shared),
        st.builds(Question, text=words, **shared),
        st.builds(Money, goal_id=ids, **shared),
        st.builds(Quote, goal_id=ids, excerpt_id=ids, beside=st.none() | ids, period=words, **shared),
        st.builds(
            Stories,
            goal_id=ids,
            excerpt_ids=st.lists(ids, min_size=2, max_size=5, unique=True).map(tuple),
            **shared,
        ),
        *(st.builds(kind, **shared) for kind in (Events, Resting, Unknown, Methods, PageBreak)),
    )


def any_format() -> st.SearchStrategy[Format]:
    section = st.builds(
        Section,
        id=ids,
        value_id=st.none() | ids,
        title=words,
        hidden=st.booleans(),
        blocks=st.lists(blocks(), max_size=5).map(tuple),
    )
    return st.lists(section, max_size=5).map(lambda found: Format(sections=tuple(found)))


@st.composite
def operations(draw: st.DrawFn, format_: Format) -> Operation:
    """Something that somebody may try on this format, whether it can be done or not."""
    section_ids = [section.id for section in format_.sections] or [uuid4()]
    block_ids = [block.id for block in format_.blocks] or [uuid4()]
    section_id = draw(st.sampled_from([*section_ids, UUID(int=0)]))
    block_id = draw(st.sampled_from([*block_ids, UUID(int=0)]))
    place, flag = draw(st.integers(-1, 8)), draw(st.booleans())
    block, title, new_id = draw(blocks()), draw(words | st.just("")), draw(ids)
    changed: Any = next((found for found in format_.blocks if found.id == block_id), block)
    if isinstance(changed, DRAWN):
        changed = changed.model_copy(update={"from_year": 2000 + place})
    return draw(
        st.sampled_from(
            [
                lambda it: formats.add_block(it, block, section_id, place),
                lambda it: formats.add_block(it, block, section_id),
                lambda it: formats.move_block(it, block_id, section_id, place),
                lambda it: formats.step_block(it, block_id, 1 if flag else -1),
                lambda it: formats.hide_block(it, block_id, flag),
                lambda it: formats.remove_block(it, block_id),
                lambda it: formats.change_block(it, changed),
                lambda it: formats.add_section(it, Section(id=new_id, title=title), place),
                lambda it: formats.move_section(it, section_id, place),
                lambda it: formats.rename_section(it, section_id, title),
                lambda it: formats.hide_section(it, section_id, flag),
                lambda it: formats.split_section(it, block_id, new_id, title),
                lambda it: formats.remove_section(it, section_id),
            ]
        )
    )
