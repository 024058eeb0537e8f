"""What is chosen of a monitor holds what was ticked, what stands above it, and nothing else."""

from datetime import date
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.monitors.contents import (
    AnyWords,
    FigureWords,
    GoalWords,
    ListWords,
    MonitorWords,
    SectionWords,
    TextWords,
    written,
)
from workbench.monitors.publishing.choosing import News, chosen, news, offered, seen, without
from workbench.monitors.publishing.hosts import NoHost, read_hosts


def id_(number: int) -> UUID:
    return UUID(int=number)


def secret(number: int) -> str:
    """A word that is in the part with this number only."""
    return f"woord{number:04d}x"


def goal(number: int, of: int) -> GoalWords:
    return GoalWords(id=id_(number), goal_id=id_(of), sentence=secret(number), lines=("Geteld: 2 cijfers.",))


def figure(number: int, of: int, **about: str) -> FigureWords:
    return FigureWords(
        **{"sentence": "Er zijn er 5.", "version": "a", **about},
        id=id_(number),
        link_id=id_(number + 500),
        goal_id=id_(of),
        subject=secret(number),
        state="ready",
        title=f"{secret(number)} bleef gelijk",
    )


def monitor(*sections: SectionWords) -> MonitorWords:
    return MonitorWords(
        council="Almere",
        title="Monitor",
        language="nl",
        freshness=f"eigen cijfer {secret(999)}",
        read_on=date(2026, 11, 1),
        sections=sections,
    )


@st.composite
def monitors(draw: st.DrawFn) -> MonitorWords:
    """Sections with texts, goals and figures in any order, and at the end what we do not know."""
    sections, number = [], 1
    for place in range(draw(st.integers(1, 4))):
        items: list[AnyWords] = []
        for kind in draw(st.lists(st.sampled_from(("goal", "figure", "text")), max_size=6)):
            number += 1
            if kind == "goal":
                items.append(goal(number, number + 2000))
            elif kind == "figure":
                above = [item.goal_id for item in items if isinstance(item, GoalWords)]
                items.append(figure(number, above[-1].int if above else 3000))
            else:
                items.append(TextWords(id=id_(number), text=secret(number)))
        own = secret(4000 + place) if draw(st.booleans()) else ""
        sections.append(
            SectionWords(
                id=id_(5000 + place),
                name=secret(6000 + place),
                value_id=id_(1),
                own_words=own,
                items=tuple(items),
            )
        )
    names = [item.subject for part in sections for item in part.items if isinstance(item, FigureWords)]
    names += [item.sentence for part in sections for item in part.items if isinstance(item, GoalWords)]
    unknown = ListWords(
        id=id_(7000), kind="unknown", title="Wat we niet weten", lines=tuple(f"{name}: weg" for name in names)
    )
    return monitor(*sections, SectionWords(id=id_(7001), name="Einde", items=(unknown,)))


@given(monitors(), st.data())
def test_nothing_that_was_not_ticked_can_be_read(words: MonitorWords, data: st.DataObject) -> None:
    choices = [choice for offer in offered(words) for choice in offer.choices]
    ticked = data.draw(st.sets(st.sampled_from([choice.id for choice in choices])))
    result = chosen(words, ticked)
    text = written(result).decode()
    assert {item.id for item in result.items if not isinstance(item, GoalWords)} == ticked - {
        section.id for section in words.sections
    }
    for choice in choices:
        if choice.kind in ("figure", "text", "words"):
            assert (choice.text in text) == (choice.id in ticked)
    for section in result.sections:
        assert section.own_words or section.items
        for above, under in pairwise((*section.items, None)):
            assert not (isinstance(above, GoalWords) and (under is None or isinstance(under, GoalWords)))
    assert secret(999) not in text
    assert chosen(result, ticked) == result


def test_a_goal_does_not_count_figures_that_stay_behind() -> None:
    words = monitor(SectionWords(id=id_(1), name="Deel", items=(goal(2, 20), figure(3, 20), figure(4, 20))))
    assert not next(item for item in chosen(words, {id_(3)}).items if isinstance(item, GoalWords)).lines
    assert next(item for item in chosen(words, {id_(3), id_(4)}).items if isinstance(item, GoalWords)).lines


def test_what_is_taken_back_leaves_with_the_goal_it_stood_under() -> None:
    words = monitor(SectionWords(id=id_(1), name="Deel", items=(goal(2, 20), figure(3, 20))))
    assert without(words, {id_(3)}).sections == ()
    assert without(words, set()) == words


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, News.NONE),
        ({"version": "b"}, News.NONE),
        ({"sentence": "Er zijn er 6.", "version": "b"}, News.FIGURES),
        ({"reason": "Iets anders.", "sentence": "Er zijn er 6."}, News.MORE),
        ({"state": "building"}, News.BUILDING),
    ],
)
def test_news_is_of_figures_only_or_of_more(change: dict[str, str], told: News) -> None:
    before = monitor(SectionWords(id=id_(1), name="Deel", items=(figure(3, 20),)))
    item = figure(3, 20).model_copy(update=change)
    now = monitor(SectionWords(id=id_(1), name="Deel", items=(item,))).model_copy(
        update={"read_on": date(2026, 12, 1), "format_number": 9}
    )
    assert news(before, now) is told
    assert (seen(before) == seen(now)) == (told is News.NONE)


def test_websites_are_read_one_a_line_each_once() -> None:
    text = " https://WWW.almere.nl/ \n\nalmere.nl\nhttps://www.almere.nl\nhttps://x.example:8443"
    assert read_hosts(text) == ["https://www.almere.nl", "https://almere.nl", "https://x.example:8443"]
    assert read_hosts("") == []


@given(st.text(max_size=60))
def test_whatever_is_typed_never_gets_into_the_policy_but_as_a_website(text: str) -> None:
    try:
        found = read_hosts(text)
    except NoHost:
        return
    assert all(host.startswith("https://") and not set(host) & set(" ;,'\"*\n") for host in found)
