"""Signals: when a figure gives cause to ask, what is asked, of whom, and that it is asked once."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import current_app
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.factories import (
    Cast,
    load_own_figures,
    make_goal,
    make_house_style,
    make_link,
    make_plan,
    make_value,
)
from tests.mailbox import waiting_mail
from tests.servers import Servers
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.core.language import Language
from workbench.core.tenancy import act_as, act_for
from workbench.evidence.measuring.models import Aiming, Side
from workbench.evidence.measuring.operations import measure
from workbench.evidence.measuring.queries import of_link
from workbench.evidence.models import Link
from workbench.figures.targets import Limit
from workbench.indicators.catalogue import Direction
from workbench.monitors import digest
from workbench.monitors.building import build_blocks
from workbench.monitors.conversation import operations as conversation
from workbench.monitors.conversation import queries
from workbench.monitors.conversation.models import FigureQuestion, Kind
from workbench.monitors.conversation.signals.models import FigureWatch
from workbench.monitors.conversation.signals.operations import choose, raise_signals
from workbench.monitors.conversation.signals.rules import Cause, Reading, Seen, Signal, seen, signals
from workbench.monitors.conversation.signals.words import Measured, question
from workbench.monitors.conversation.states import Act, State
from workbench.monitors.models import BlockDocument
from workbench.uploads.models import OwnIndicator
from workbench.vision.models import Plan

DAY = date(2026, 3, 3)
LATER = date(2026, 11, 20)
DUTCH = Language("nl")
ABOVE, BELOW = Limit(12, "above"), Limit(12, "below")


def reading(year: int, value: float | None, since: date = DAY, status: str = "final") -> Reading:
    missing = "suppressed" if value is None else None
    return Reading(f"{year}JJ00", str(year), value, status, missing, since)


def line(first: int, *values: float | None, since: date = DAY) -> list[Reading]:
    return [reading(first + place, value, since) for place, value in enumerate(values)]


def causes(
    before: Mapping[str, Seen] | None, now: list[Reading], limit: Limit | None = None
) -> list[tuple[str, str]]:
    return [(signal.cause.value, signal.reading.label) for signal in signals(before, now, limit)]


# --- When ------------------------------------------------------------------------------------------------------------


def test_the_first_look_finds_nothing_new_but_does_see_what_is_past_its_limit() -> None:
    assert causes(None, line(2023, 10, 11)) == []
    assert causes(None, line(2023, 10, 13), ABOVE) == [("limit", "2024")]
    assert causes(None, line(2023, 10, 13), BELOW) == []
    assert causes(None, line(2023, 13, 12), ABOVE) == [], (
        "a figure on the limit is not past it, and only the last counts"
    )


def test_a_later_period_is_new_and_another_value_is_a_revision() -> None:
    before = seen(None, line(2023, 10, 11))
    assert causes(before, line(2023, 10, 11)) == []
    assert causes(before, line(2023, 10, 11, 12)) == [("new", "2025")]
    assert causes(before, line(2023, 10, 11.5)) == [("revised", "2024")]
    assert causes(before, line(2023, 9, 11.5, 12)) == [("new", "2025"), ("revised", "2024")]


def test_a_new_period_past_the_limit_is_one_question() -> None:
    before = seen(None, line(2023, 10, 11))
    assert causes(before, line(2023, 10, 11, 13), ABOVE) == [("limit", "2025")]


def test_many_revisions_at_once_are_one_question_that_counts_the_others() -> None:
    before = seen(None, line(2020, 1, 2, 3, 4))
    [signal] = signals(before, line(2020, 5, 6, 7, 8), None)
    assert (signal.reading.label, signal.others) == ("2023", 3)


def test_a_number_that_is_hidden_now_or_was_hidden_then_is_no_revision() -> None:
    before = seen(None, line(2023, 10, None))
    assert causes(before, line(2023, None, 11)) == []


lines = st.lists(
    st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 2))), max_size=8
).map(lambda values: line(2015, *values))
limits = st.one_of(
    st.none(), st.builds(Limit, st.floats(-1e6, 1e6, allow_nan=False), st.sampled_from(["above", "below"]))
)


@given(st.lists(lines, min_size=1, max_size=6), limits)
def test_looking_again_at_the_same_figures_finds_no_new_cause(
    looks: list[list[Reading]], limit: Limit | None
) -> None:
    """Each look twice, as after a rebuild or with two workers: a store of keys then holds each cause once."""
    kept, asked = None, []
    for now in looks:
        told = {signal.key for signal in asked}
        asked += [signal for signal in signals(kept, now, limit) if signal.key not in told]
        kept = seen(kept, now)
        again = [signal for signal in signals(kept, now, limit) if signal.cause is not Cause.LIMIT]
        assert again == []
        keys = {signal.key for signal in signals(kept, now, limit)}
        assert keys <= {signal.key for signal in asked}


@given(lines, lines, limits)
def test_one_cause_of_each_kind_at_most_and_only_about_what_stands_there(
    then: list[Reading], now: list[Reading], limit: Limit | None
) -> None:
    found = signals(seen(None, then), now, limit)
    assert len({signal.cause for signal in found}) == len(found)
    assert all(signal.reading in now for signal in found)


@given(lines, lines)
def test_what_is_switched_off_is_not_asked(then: list[Reading], now: list[Reading]) -> None:
    for cause in Cause:
        wanted = [other for other in Cause if other is not cause]
        assert all(signal.cause is not cause for signal in signals(seen(None, then), now, ABOVE, wanted))


# --- What ------------------------------------------------------------------------------------------------------------

COUNT = Measured("aantal", 1, has_direction=False)
JUDGING = re.compile(r"beter|slechter|goed|zorgelijk|helaas|probleem|te hoog|te laag", re.IGNORECASE)


def test_the_question_about_a_limit_names_period_value_and_limit_and_asks() -> None:
    signal = Signal(Cause.LIMIT, reading(2025, 13.5), limit=ABOVE)
    assert question(signal, COUNT, DUTCH) == (
        "Het cijfer over 2025 (13,5) ligt boven de grens die u koos (12). Wat betekent dit?"
    )
    below = Signal(Cause.LIMIT, reading(2025, 3.5), limit=BELOW)
    assert "ligt onder de grens" in question(below, COUNT, DUTCH)


def test_where_the_direction_depends_a_new_figure_is_only_called_changed() -> None:
    signal = Signal(Cause.NEW, reading(2025, 13.5), before=reading(2024, 11))
    assert question(signal, COUNT, DUTCH) == (
        "Er is een nieuw cijfer, over 2025: 13,5. Dat is veranderd: over 2024 was het 11,0. Wat betekent dit?"
    )
    assert "Dat is hoger dan over 2024 (11,0)." in question(signal, replace(COUNT, has_direction=True), DUTCH)


def test_a_revision_names_the_old_and_the_new_value_and_both_days() -> None:
    signal = Signal(Cause.REVISED, reading(2024, 12.4, LATER), former=Seen(11.2, DAY), others=2)
    assert question(signal, COUNT, DUTCH) == (
        "Het cijfer over 2024 is herzien: op 3 maart 2026 stond er 11,2, en sinds 20 november 2026 staat er 12,4."
        " Ook 2 andere perioden zijn herzien. Waar komt dat door, en verandert het ons beeld?"
    )
    small = Signal(Cause.REVISED, reading(2024, 11.21, LATER), former=Seen(11.2, DAY))
    assert "11,20" in question(small, COUNT, DUTCH)
    assert "11,21" in question(small, COUNT, DUTCH), "the two numbers are seen to differ"


def test_a_figure_that_may_change_or_counts_too_few_people_says_so() -> None:
    provisional = Signal(Cause.NEW, reading(2025, 13, status="provisional"))
    assert "Het cijfer is voorlopig en kan nog veranderen." in question(provisional, COUNT, DUTCH)
    hidden = Signal(Cause.NEW, reading(2025, None), before=reading(2024, 11))
    assert question(hidden, COUNT, DUTCH) == (
        "Er kwam een nieuwe periode bij, 2025, maar zonder getal: niet getoond, te weinig mensen. Wat betekent dit?"
    )


@given(lines, lines, limits, st.booleans())
def test_no_signal_is_a_verdict_and_each_ends_with_a_question(
    then: list[Reading], now: list[Reading], limit: Limit | None, has_direction: bool
) -> None:
    figure = replace(COUNT, has_direction=has_direction)
    for signal in signals(seen(None, then), now, limit):
        text = question(signal, figure, DUTCH)
        assert text.endswith("?")
        assert not JUDGING.search(text)
        if not has_direction:
            assert not re.search("hoger|lager", text)


# --- In the monitor -------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(cast: Cast) -> Plan:
    plan = make_plan()
    plan.open()
    return plan


@pytest.fixture
def own(plan: Plan) -> OwnIndicator:
    """An own figure of two years in the monitor, that was looked at."""
    indicator = load_own_figures()
    make_link(make_goal(make_value(plan)), indicator)
    look()
    return indicator


def look() -> list[FigureQuestion]:
    """As the worker does after figures came; all signals there are now."""
    db.flush()
    build_blocks()
    raise_signals()
    db.commit()
    query = sa.select(FigureQuestion).where(FigureQuestion.kind == Kind.SIGNAL)
    return list(db.scalars(query.order_by(FigureQuestion.asked_at, FigureQuestion.text)))


def set_limit(side: Side, limit: float) -> None:
    link = db.scalars(sa.select(Link).options(sa.orm.joinedload(Link.own_indicator))).one()
    content = {"baseline_period": "", "aiming": Aiming.FOLLOW, "direction": Direction.CONTEXT}
    measure(link, [], None, of_link_version(link), **content, signal_side=side, signal_limit=limit)
    db.flush()


def of_link_version(link: Link) -> int | None:
    card = of_link(link)
    return card.version if card else None


def test_figures_that_come_and_change_are_asked_about_once_whatever_is_built_again(own: OwnIndicator) -> None:
    assert look() == []
    load_own_figures("2024;141\n2025*;150\n", own)
    texts = [signal.text for signal in look()]
    assert len(texts) == 2
    assert texts[0].startswith(
        "Er is een nieuw cijfer, over 2025: 150. Dat is veranderd: over 2024 was het 141."
    )
    assert "voorlopig" in texts[0]
    assert "er stond 137, nu staat er 141" in texts[1]
    db.execute(sa.update(BlockDocument).values(format=0))  # the code changed: everything is built anew
    assert len(look()) == 2
    db.execute(sa.delete(FigureWatch))
    db.execute(sa.update(BlockDocument).values(format=0))
    assert len(look()) == 2


def test_a_figure_past_its_limit_is_asked_about_also_when_the_limit_is_set_afterwards(
    own: OwnIndicator,
) -> None:
    set_limit(Side.BELOW, 100)
    assert look() == []
    set_limit(Side.ABOVE, 100)
    [signal] = look()
    assert signal.text == "Het cijfer over 2024 (137) ligt boven de grens die u koos (100). Wat betekent dit?"
    assert (signal.period, signal.state, signal.asked_by_id) == ("2024", State.ASKED, None)
    set_limit(Side.ABOVE, 110)
    assert len(look()) == 1, "one per figure, cause and period"


def test_a_hidden_number_is_never_told(own: OwnIndicator) -> None:
    load_own_figures("2024;7\n2025;8\n", own)
    [signal] = look()
    assert "te weinig mensen" in signal.text
    assert not re.search(r"\b(7|8|137)\b", signal.text)


def test_a_signal_goes_to_who_explained_the_figure_else_to_who_was_chosen_else_waits(
    own: OwnIndicator, cast: Cast
) -> None:
    load_own_figures("2025;150\n", own)
    [first] = look()
    assert first.owner_id is None
    choose(list(Cause), cast.officer.id, None)
    load_own_figures("2026;160\n", own)
    assert {signal.owner_id for signal in look()} == {None, cast.officer.id}
    about = queries.figure(db.scalars(sa.select(BlockDocument.block_id).distinct()).one())
    assert about is not None
    conversation.ask(about, "Hoe komt dit?", cast.clerk.id, cast.councillor.id)
    load_own_figures("2027;170\n", own)
    assert {signal.owner_id for signal in look()} == {None, cast.officer.id, cast.clerk.id}


def test_who_may_not_answer_any_more_gets_no_signals(own: OwnIndicator, cast: Cast) -> None:
    choose(list(Cause), cast[Role.READER].id, None)
    load_own_figures("2025;150\n", own)
    [signal] = look()
    assert signal.owner_id is None


def test_what_the_council_switched_off_is_not_asked_and_not_asked_later_either(own: OwnIndicator) -> None:
    choose([Cause.LIMIT, Cause.REVISED], None, None)
    load_own_figures("2025;150\n", own)
    assert look() == []
    choose(list(Cause), None, None)
    db.execute(sa.update(BlockDocument).values(format=0))
    assert look() == [], "it is no news any more"


def test_the_signals_of_one_council_stay_there(own: OwnIndicator, cast: Cast) -> None:
    load_own_figures("2025;150\n", own)
    assert len(look()) == 1
    act_for(db, cast.breda.id)
    assert raise_signals() == 0
    assert db.scalars(sa.select(FigureQuestion)).all() == []


# --- On the pages ---------------------------------------------------------------------------------------------------


def test_a_signal_waits_on_the_home_page_and_is_answered_like_a_question(
    client: Client, cast: Cast, own: OwnIndicator, query_count: list[str]
) -> None:
    load_own_figures("2025;150\n", own)
    [signal] = look()
    assert (
        "1 signaal bij een cijfer wacht op de werkgroep." in client.as_(cast.councillor).page("/almere").words
    )
    assert "signaal bij een cijfer wacht" not in client.as_(cast[Role.READER]).page("/almere").words
    query_count.clear()
    page = client.as_(cast.officer).page("/almere/gesprek?toon=signalen")
    assert len(query_count) <= 12
    assert "Er is een nieuw cijfer, over 2025: 150." in page.words
    assert "De werkgroep spreekt af wie het oppakt, uiterlijk op" in page.words
    shown = client.page(f"/almere/gesprek/{signal.id}")
    assert "Signaal bij Gezinnen bij het wijkteam" in shown.words
    assert "Het is geen oordeel." in shown.words
    client.as_(cast.clerk).submit(
        f"/almere/gesprek/{signal.id}/doorgeven", to=str(cast.officer.id), text="U kent dit cijfer."
    )
    assert (
        "Bekijk het signaal bij ‘Gezinnen bij het wijkteam’."
        in client.as_(cast.officer).page("/almere").words
    )
    client.submit(f"/almere/gesprek/{signal.id}/antwoord", text="Er is een team bij gekomen.")
    db.expire_all()
    assert db.get_one(FigureQuestion, signal.id).state is State.ANSWERED
    conversation.act(db.get_one(FigureQuestion, signal.id), Act.CLOSE, cast.clerk.id, "Besproken.")


def test_who_reads_english_reads_a_signal_in_english_and_people_as_they_wrote(
    own: OwnIndicator, client: Client, cast: Cast
) -> None:
    look()
    load_own_figures("2024;137\n2025;1500\n", own)
    [signal] = look()
    plan_id, address = signal.plan_id, f"/almere/gesprek/{signal.id}"
    dutch = "Er is een nieuw cijfer, over 2025: 1.500."
    addresses = (address, "/almere/gesprek?toon=signalen", f"/almere/trajecten/{plan_id}/spoor")
    client.as_(cast.clerk)
    for place in addresses:
        assert dutch in client.page(place).words, place
    client.post("/taal", data={"language": "en"})
    for place in addresses:
        words = client.page(place).words
        assert dutch not in words, place
        assert "1,500" in words, place


def test_the_clerk_chooses_which_signals_there_are_and_who_answers_them(
    client: Client, cast: Cast, own: OwnIndicator
) -> None:
    address = client.as_(cast.clerk).page("/almere/leden").link("Signalen bij cijfers")
    after = client.submit(address, wanted=["limit"], owner=str(cast.officer.id))
    assert "Bewaard." in after.words
    set_limit(Side.ABOVE, 140)
    load_own_figures("2023;121\n2025;150\n", own)
    [signal] = look()
    assert signal.owner_id == cast.officer.id
    assert "boven de grens" in signal.text


def test_the_mail_of_the_day_tells_how_many_signals_there_are_without_their_texts(
    servers: Servers, cast: Cast, own: OwnIndicator
) -> None:
    load_own_figures("2025;150\n", own)
    [signal] = look()
    before = len(waiting_mail())
    officer_id = cast.officer.id
    with current_app.app_context():
        act_as(db, officer_id)
        digest.send_digest(officer_id, servers.settings(), signal.asked_at + timedelta(hours=1))
        db.commit()
    [letter] = waiting_mail()[before:]
    body = " ".join(letter.body.split())
    assert letter.subject == "Signalen bij cijfers in de monitor"
    assert (
        "In de monitor van Almere staat 1 nieuw signaal bij een cijfer. Het is een vraag, geen oordeel."
        in body
    )
    assert "/almere/gesprek?toon=signalen" in body
    assert "150" not in body


def test_a_signal_shows_its_figure_once_also_after_the_house_style_changed(
    client: Client, cast: Cast, own: OwnIndicator
) -> None:
    load_own_figures("2025;150\n", own)
    [signal] = look()
    make_house_style()
    look()
    page = client.as_(cast.officer).page(f"/almere/gesprek/{signal.id}")
    assert "Er is niets veranderd." in page.words
    assert page.soup is not None
    assert len(page.soup.select(".wb-then-and-now > section")) == 1
