"""The order of a shared monitor, laid over one's own: nothing goes, and what was not taken over stays out."""

from itertools import count
from uuid import UUID, uuid5

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.showcase.test_parts_arrive import at, shared
from tests.showcase.test_routes import as_council
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.figures.options import BulletOptions, TrendOptions
from workbench.monitors import operations as monitors
from workbench.monitors.format import Figure, Format, GoalHead, Methods, PageBreak, Section, Text, add_section
from workbench.monitors.models import Monitor
from workbench.showcase import parts
from workbench.showcase.content import SharedBlock, SharedSection
from workbench.showcase.layout import arranged
from workbench.showcase.models import TemplateKind
from workbench.showcase.parts import Subject

SPACE = UUID(int=7)
KEYS = [UUID(int=number) for number in range(1, 5)]  # of the cards of the example
OWN = {key: uuid5(SPACE, str(key)) for key in KEYS[:3]}  # the last was not taken over


def named(text: str) -> UUID:
    return uuid5(SPACE, text)


def laid(format_: Format, *sections: SharedSection) -> Format:
    numbers = count(1)
    return arranged(format_, sections, OWN, lambda: uuid5(SPACE, f"new {next(numbers)}"))


def test_own_blocks_go_where_the_example_has_them_and_the_rest_comes_behind() -> None:
    value, goal, figure, strange = *(OWN[key] for key in KEYS[:3]), KEYS[3]
    head = GoalHead(id=named("head"), goal_id=goal)
    drawn = Figure(id=named("drawn"), link_id=figure, view=TrendOptions(), hidden=True)
    mine = Figure(id=named("mine"), link_id=named("other link"))
    text = Text(id=named("text"), text="Van onszelf.")
    before = Format(
        sections=(
            Section(id=named("value"), value_id=value, title="Zo noemen wij het", blocks=(head, drawn, mine)),
            Section(id=named("own"), title="Over ons", blocks=(text,)),
            Section(id=named("end"), blocks=(Methods(id=named("methods")),)),
        )
    )
    after = laid(
        before,
        SharedSection(title="Vooraf", blocks=(SharedBlock(kind="text", text="Lees dit eerst."),)),
        SharedSection(
            title="",
            value=KEYS[0],
            blocks=(
                SharedBlock(kind="figure", figure=KEYS[2], view=BulletOptions()),
                SharedBlock(kind="figure", figure=strange),
                SharedBlock(kind="goal", goal=KEYS[1]),
            ),
        ),
        SharedSection(title="Niet van ons", blocks=(SharedBlock(kind="goal", goal=strange),)),
        SharedSection(blocks=(SharedBlock(kind="methods"),)),
    )
    assert [(section.title, section.value_id) for section in after.sections] == [
        ("Vooraf", None),
        ("Zo noemen wij het", value),
        ("", None),
        ("Over ons", None),
    ]
    assert [section.id for section in after.sections][1:] == [named(name) for name in ("value", "end", "own")]
    shown = drawn.model_copy(update={"hidden": False, "view": BulletOptions()})
    assert after.sections[1].blocks == (shown, head, mine)


blocks = st.one_of(
    st.builds(lambda key: GoalHead(id=UUID(int=0), goal_id=OWN[key]), st.sampled_from(KEYS[:3])),
    st.builds(lambda key: Figure(id=UUID(int=0), link_id=OWN[key]), st.sampled_from(KEYS[:3])),
    st.builds(lambda text: Text(id=UUID(int=0), text=text), st.sampled_from("ab")),
    st.just(PageBreak(id=UUID(int=0))),
)
own_sections = st.tuples(st.sampled_from([None, *OWN.values()]), st.sampled_from(["", "A"]), st.lists(blocks, max_size=4))  # fmt: skip
shared_blocks = st.one_of(
    st.builds(lambda key: SharedBlock(kind="goal", goal=key), st.sampled_from(KEYS)),
    st.builds(lambda key: SharedBlock(kind="figure", figure=key, view=TrendOptions()), st.sampled_from(KEYS)),
    st.builds(lambda text: SharedBlock(kind="text", text=text), st.sampled_from("bc")),
    st.just(SharedBlock(kind="page_break")),
)
shared_sections = st.builds(
    lambda value, title, items: SharedSection(value=value, title=title, blocks=tuple(items)),
    st.sampled_from([None, *KEYS]),
    st.sampled_from(["", "A"]),
    st.lists(shared_blocks, min_size=1, max_size=4),
)


@given(st.lists(own_sections, max_size=4), st.lists(shared_sections, min_size=1, max_size=4))
def test_nothing_of_a_monitor_goes_and_only_what_was_taken_over_comes(
    own: list[tuple[UUID | None, str, list[GoalHead | Figure | Text | PageBreak]]],
    example: list[SharedSection],
) -> None:
    before = Format(
        sections=tuple(
            Section(
                id=named(f"section {number}"),
                value_id=value_id,
                title=title,
                blocks=tuple(
                    block.model_copy(update={"id": named(f"block {number} {place}")})
                    for place, block in enumerate(items)
                ),
            )
            for number, (value_id, title, items) in enumerate(own)
        )
    )
    after = Format.model_validate(laid(before, *example).model_dump())  # its ids are unique
    assert {block.id for block in before.blocks} <= {block.id for block in after.blocks}
    new = [block for block in after.blocks if block.id not in {known.id for known in before.blocks}]
    assert all(getattr(block, "goal_id", None) in {None, *OWN.values()} for block in new)


@given(st.lists(shared_sections, min_size=1, max_size=4))
def test_the_same_order_twice_changes_nothing(example: list[SharedSection]) -> None:
    once = laid(Format(), *example)
    assert laid(once, *example) == once


def test_a_copied_format_puts_the_own_monitor_in_its_order_as_a_draft(client: Client, cast: Cast) -> None:
    as_council(cast.almere.id)
    plan = make_plan("Dichtbij in Almere")
    goal = make_goal(make_value(plan))
    link = make_link(goal)
    monitors.propose_monitors()
    monitor: Monitor = monitors.first_monitor(plan.id)
    first = Section(id=named("first"), title="Vooraf", blocks=(Text(id=named("t"), text="Eerst de mensen."),))
    monitors.shape(monitor, monitor.draft, lambda it: add_section(it, first, 1), {"what": "proposed"}, None)
    monitors.publish(monitor, monitor.draft, None)
    keys = (goal.values[0].key, goal.key, link.key)
    content = parts.content_of(Subject(TemplateKind.FORMAT, monitor.id, plan, "", monitor))
    db.commit()
    template_id = shared(cast, TemplateKind.FORMAT, content)
    own = make_plan("Van Breda")
    cards = [make_value(own)]
    own_id = own.id
    db.commit()
    clerk = client.as_(cast.of_breda(Role.CLERK))
    clerk.submit(f"/breda/etalage/{template_id}/overnemen", title="x", into=str(own_id))
    arrived = clerk.page(f"/breda/trajecten/{own_id}/voorbeeld")
    assert "Neem eerst doelen en cijfers over." in arrived.words
    assert "Zet onze monitor in deze volgorde" not in arrived.words
    own_goal = make_goal(db.merge(cards[0]))
    own_link = make_link(own_goal)
    for card, key in zip((own_goal.values[0], own_goal, own_link), keys, strict=True):
        card.origin_key = key
    db.commit()
    built = clerk.submit(at(arrived), "/monitor")
    assert "De monitor staat nu in de volgorde van het voorbeeld." in built.words
    mine = monitors.first_monitor(own_id)
    assert mine.published is None or mine.draft != mine.published
    draft = monitors.format_of(mine, mine.draft)
    assert draft.sections[0].title == "Vooraf"
    assert [block.link_id for block in draft.drawn] == [own_link.id]
    assert "stond al in deze volgorde" in clerk.submit(at(arrived), "/monitor").words
    undone = clerk.submit(at(built), "/ongedaan-maken")
    assert "De monitor staat in de volgorde van een voorbeeld." in undone.words
    mine = monitors.first_monitor(own_id)
    db.refresh(mine)
    assert "Vooraf" not in [section.title for section in monitors.format_of(mine, mine.draft).sections]


def test_a_part_without_a_name_goes_by_its_first_block(app: Flask) -> None:
    with app.test_request_context():
        assert SharedSection(blocks=(SharedBlock(kind="unknown"),)).bare_name == "Wat we niet weten"
        assert SharedSection(blocks=()).bare_name == "Zonder kop"
