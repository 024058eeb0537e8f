"""Shaping a monitor on its pages: one thing at a time, undone in one press, and two people at once."""

from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from tests.client import Client, Page
from tests.factories import Cast, make_goal, make_link, make_need, make_plan, make_value
from workbench.accounts.models import Role
from workbench.core.db import db
from workbench.core.errors import Conflict
from workbench.evidence.focus.operations import set_size
from workbench.evidence.follow_up.models import Certainty, Part
from workbench.evidence.follow_up.operations import add
from workbench.evidence.models import Link
from workbench.evidence.operations import remove_link
from workbench.monitors import operations
from workbench.monitors.building import build_blocks
from workbench.monitors.format import Figure, Format, Section, Text, add_block, written
from workbench.monitors.models import BlockDocument, Monitor, MonitorFormat
from workbench.vision.models import Goal, Plan, PlanStatus, Value

SLUGS = ("inwoners", "huishoudensgrootte", "stedelijkheid", "eenpersoonshuishoudens")


@pytest.fixture
def monitor(cast: Cast) -> Monitor:
    """Two values; under the first a goal with two figures, built."""
    plan = make_plan()
    goal = make_goal(make_value(plan))
    make_value(plan, "Vrijheid")
    for slug in SLUGS[:2]:
        make_link(goal, slug)
    build_blocks()
    db.commit()
    return db.scalars(sa.select(Monitor)).one()


def draft(monitor: Monitor) -> Format:
    db.expire_all()
    return operations.format_of(monitor, monitor.draft)


def figures(monitor: Monitor) -> list[UUID]:
    return [block.id for block in draft(monitor).drawn]


def address(monitor: Monitor, rest: str = "bouwen") -> str:
    return f"/almere/monitors/{monitor.id}/{rest}"


def send(client: Client, monitor: Monitor, rest: str, **fields: str) -> Page:
    """As a page would send it that shows the draft of now."""
    db.expire_all()
    return client.send(address(monitor, rest), **{"base": str(monitor.draft), **fields})


# --- One thing at a time --------------------------------------------------------------------------------------------


def test_the_first_press_leads_to_an_outline_of_values_goals_and_figures(client: Client, cast: Cast) -> None:
    goal = make_goal(make_value(make_plan()))
    make_link(goal)
    db.commit()
    to = client.as_(cast.councillor).page(f"/almere/trajecten/{goal.plan_id}/bouwen").location
    page = client.page(to)
    assert page.soup is not None
    names = [item.get_text(" ", strip=True) for item in page.soup.select("main ol strong")]
    assert names == [
        "Doel: In vier jaar merken inwoners dat zij in de buurt hulp vinden",
        "Figuur: Inwoners op 1 januari",
        "Wat nu rust",
        "Wat we niet weten",
        "Hoe dit gemaakt is",
    ]


def test_a_block_moves_and_focus_and_words_tell_where_it_is(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    first, second = figures(monitor)
    client.as_(cast.councillor)
    answer = send(client, monitor, f"blokken/{second}/omhoog")
    assert answer.location.endswith(f"/bouwen?net={second}#deel-{second}")
    page = client.page(answer.location)
    assert "Blok verplaatst naar plek 2 van 3 in het deel Nabijheid." in page.words
    assert page.soup is not None
    assert page.soup.find(id=f"deel-{second}")["tabindex"] == "-1"  # type: ignore[index]
    assert figures(monitor) == [second, first]
    other = draft(monitor).sections[1].id
    send(client, monitor, f"blokken/{second}/naar", deel=str(other), plek="1")
    assert [block.id for block in draft(monitor).sections[1].blocks] == [second]


@pytest.mark.parametrize("place", ["", "x", "0", "99"])
def test_a_place_that_is_not_there_is_refused_and_nothing_moves(
    client: Client, cast: Cast, monitor: Monitor, place: str
) -> None:
    before = written(draft(monitor))
    section = str(draft(monitor).sections[0].id)
    client.as_(cast.clerk)
    answer = send(client, monitor, f"blokken/{figures(monitor)[0]}/naar", deel=section, plek=place)
    assert answer.status == 409
    assert "plek" in answer.words
    assert written(draft(monitor)) == before


@pytest.mark.parametrize("base", ["", "x", "0", "-1", "9" * 25])
def test_a_draft_that_never_was_is_refused_in_words(
    client: Client, cast: Cast, monitor: Monitor, base: str
) -> None:
    first = figures(monitor)[0]
    client.as_(cast.clerk)
    for rest in (f"blokken/{first}/omlaag", "ongedaan-maken", "publiceren"):
        assert send(client, monitor, rest, base=base).status == 409, rest
    if base.isdecimal():
        assert client.page(address(monitor, f"{base}/stand")).status == 409


def test_what_is_hidden_leaves_the_page_and_comes_back(client: Client, cast: Cast, monitor: Monitor) -> None:
    first, second = figures(monitor)
    client.as_(cast.clerk)
    send(client, monitor, f"blokken/{first}/verbergen")
    page = f"/almere/trajecten/{monitor.plan_id}/monitor"
    assert shown(client.page(page)) == [str(second)]
    assert "verborgen" in client.page(address(monitor)).words
    send(client, monitor, f"blokken/{first}/tonen")
    assert shown(client.page(page)) == [str(first), str(second)]
    send(client, monitor, f"blokken/{first}/weghalen")
    assert shown(client.page(page)) == [str(second)]


def shown(page: Page) -> list[str]:
    assert page.soup is not None
    return [str(figure["data-figure"]) for figure in page.soup.find_all("figure")]


def test_options_are_kept_and_the_page_shows_the_block_as_it_will_be(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    first = figures(monitor)[0]
    to = address(monitor, f"blokken/{first}")
    page = client.as_(cast.councillor).submit(to, from_year="2023")
    assert "Bewaard in het concept" in page.words
    assert page.soup is not None
    poll = page.soup.find(attrs={"data-poll": True})
    assert poll is not None
    assert "data-running" in str(poll)
    build_blocks()
    db.commit()
    fragment = client.page(str(poll["data-poll"])).text
    assert "data-running" not in fragment
    assert (
        fragment.count("<tr")
        < db.scalars(sa.select(sa.func.max(sa.func.length(BlockDocument.content["table_html"].astext)))).one()
    )
    [block] = [block for block in draft(monitor).drawn if block.id == first]
    assert isinstance(block, Figure)
    assert (block.from_year, block.show_events, block.view.show_band) == (2023, True, True)
    assert client.submit(to, from_year="12").status == 422


def test_only_views_that_suit_the_figures_are_offered_each_with_the_reason(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    first, second = figures(monitor)
    page = client.as_(cast.councillor).page(address(monitor, f"blokken/{first}"))
    assert page.soup is not None
    offered = {str(radio["value"]) for radio in page.soup.select("main input[name=view]")}
    assert offered == {"trend", "before_after", "strip", "multiples", "heat", "relation", "money", "map"}
    assert "Deze weergave past, omdat" in page.words
    assert (
        "Stand naast de streefwaarde past niet: De raad heeft bij dit cijfer geen streefwaarde" in page.words
    )
    assert "Stapeling van voorzieningen past niet: Er zijn geen cijfers" in page.words
    client.submit(address(monitor, f"blokken/{first}"), view="before_after")
    build_blocks()
    db.commit()
    page = client.page(f"/almere/trajecten/{monitor.plan_id}/monitor")
    assert page.soup is not None
    block = next(block for block in draft(monitor).drawn if block.id == first)
    assert isinstance(block, Figure)
    assert block.view.kind == "before_after"
    assert page.soup.find(id=f"chart-{first}") is not None
    assert send(client, monitor, f"blokken/{first}", view="bullet").status == 422
    page = client.page(address(monitor, f"blokken/{second}"))
    assert page.soup is not None
    offered = {str(radio["value"]) for radio in page.soup.select("main input[name=view]")}
    assert "before_after" not in offered, "one period only"
    assert "Toen en nu past niet: Er zijn geen twee perioden" in page.words


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("text", {"text": "Wij lezen dit elk half jaar."}),
        ("question", {"text": "Wat valt u op?"}),
        ("table", {"link_id": "…"}),
        ("events", {}),
        ("page_break", {}),
        ("unknown", {}),
        ("money", {"goal_id": "…"}),
    ],
)
def test_a_block_of_any_kind_is_added_and_shows(
    client: Client, cast: Cast, monitor: Monitor, kind: str, fields: dict[str, str]
) -> None:
    goal = db.scalars(sa.select(Goal)).one()
    make_need(goal)
    add(goal, Part.COST, None, name="Wijkteam", yearly=1200, certainty=Certainty.GUESS)
    db.commit()
    ids = {"link_id": str(db.scalars(sa.select(Link.id)).first()), "goal_id": str(goal.id)}
    chosen = {name: ids.get(name, value) for name, value in fields.items()}
    section = draft(monitor).sections[1]
    client.as_(cast.councillor)
    page = client.submit(address(monitor, f"delen/{section.id}/nieuw-blok"), kind=kind, **chosen)
    assert "Toegevoegd" in page.words
    [block] = draft(monitor).sections[1].blocks
    assert block.kind == kind
    assert client.page(address(monitor, "concept")).status == 200
    if "text" in fields:
        assert fields["text"] in client.page(address(monitor, "concept")).words


@pytest.mark.parametrize("kind", ["figure", "table", "money", "goal", "text", "question", ""])
def test_a_block_without_what_it_is_about_is_asked_for_it(
    client: Client, cast: Cast, monitor: Monitor, kind: str
) -> None:
    section = draft(monitor).sections[0]
    client.as_(cast.councillor)
    fields = {"kind": kind} if kind else {}
    assert (
        send(client, monitor, f"delen/{section.id}/nieuw-blok", link_id="", goal_id="", **fields).status
        == 422
    )


def test_a_section_is_named_hidden_moved_split_and_removed_when_empty(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    client.as_(cast.councillor)
    near, free, *_closing = draft(monitor).sections
    client.submit(address(monitor, f"delen/{free.id}"), title="Eigen keuze", place="1", hidden="y")
    assert [section.id for section in draft(monitor).sections][:2] == [free.id, near.id]
    assert draft(monitor).sections[0].hidden
    assert "Eigen keuze" not in client.page(f"/almere/trajecten/{monitor.plan_id}/monitor").words
    second = figures(monitor)[1]
    client.submit(address(monitor, f"blokken/{second}/splitsen"), title="Apart")
    assert [section.title for section in draft(monitor).sections[:3]] == ["Eigen keuze", "", "Apart"]
    client.submit(address(monitor, "delen/nieuw"), title="Leeg deel")
    empty = draft(monitor).sections[-1]
    assert send(client, monitor, f"delen/{near.id}/weghalen").status == 409
    send(client, monitor, f"delen/{empty.id}/weghalen")
    assert "Leeg deel" not in [section.title for section in draft(monitor).sections]


# --- Back and forth -------------------------------------------------------------------------------------------------


def test_undo_gives_the_former_format_byte_for_byte_and_says_what_it_undoes(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    client.as_(cast.clerk)
    first = figures(monitor)[0]
    line = [written(draft(monitor))]
    for rest in (f"blokken/{first}/omlaag", f"blokken/{first}/verbergen", f"blokken/{first}/weghalen"):
        send(client, monitor, rest)
        line.append(written(draft(monitor)))
    assert len(set(line)) == 4
    assert "Weggehaald: Figuur: Inwoners op 1 januari." in client.page(address(monitor)).words
    for before in reversed(line[:-1]):
        send(client, monitor, "ongedaan-maken")
        assert written(draft(monitor)) == before
    assert "Maak ongedaan" not in client.page(address(monitor)).words
    assert send(client, monitor, "ongedaan-maken").status == 409
    for after in line[1:]:
        assert "Doe opnieuw" in client.page(address(monitor)).words
        send(client, monitor, "opnieuw-doen")
        assert written(draft(monitor)) == after
    assert send(client, monitor, "opnieuw-doen").status == 409


def test_a_format_cannot_be_changed_or_removed_in_the_database(cast: Cast, monitor: Monitor) -> None:
    for statement in (
        sa.update(MonitorFormat).values(number=99),
        sa.delete(MonitorFormat).where(MonitorFormat.number == 1),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
            db.execute(statement)


# --- Two people -----------------------------------------------------------------------------------------------------


def test_two_people_at_different_blocks_do_not_hinder_one_another(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    first, second = figures(monitor)
    seen = str(monitor.draft)
    client.as_(cast.clerk)
    send(client, monitor, f"blokken/{first}/verbergen", base=seen)
    client.as_(cast.councillor)
    assert send(client, monitor, f"blokken/{second}/omhoog", base=seen).status == 302
    assert figures(monitor) == [second, first]
    assert [block.hidden for block in draft(monitor).drawn] == [False, True]


def test_the_second_saver_of_a_block_sees_both_and_may_go_on(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    first = figures(monitor)[0]
    seen = str(monitor.draft)
    client.as_(cast.clerk).submit(address(monitor, f"blokken/{first}"), from_year="2022")
    before = written(draft(monitor))
    client.as_(cast.councillor)
    answer = send(
        client, monitor, f"blokken/{first}", base=seen, view="trend", from_year="2023", show_band="y"
    )
    assert answer.status == 409
    assert "Vanaf 2022." in answer.words
    assert written(draft(monitor)) == before
    form = answer.form(f"blokken/{first}")
    fields = {field["name"]: field.get("value", "") for field in form.find_all("input")}
    assert (fields["from_year"], fields["base"]) == ("2023", str(monitor.draft))
    assert client.send(form["action"], base=fields["base"], view="trend", from_year="2023").status == 302  # type: ignore[arg-type]
    moved = send(client, monitor, f"blokken/{first}/verbergen", base=seen)
    assert moved.status == 409
    assert "Alle jaren." in moved.words
    assert "Vanaf 2023." in moved.words
    again = moved.form()
    base = again.find("input", {"name": "base"})["value"]  # type: ignore[index]
    assert client.send(str(again["action"]), base=base).status == 302
    assert draft(monitor).drawn[0].hidden


def test_a_text_that_a_colleague_took_away_meanwhile_is_not_lost(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    text = Text(id=uuid4(), text="Kort.")
    section = draft(monitor).sections[0]
    operations.shape(
        monitor, monitor.draft, lambda it: add_block(it, text, section.id), {"what": "taken_in"}, None
    )
    db.commit()
    seen = str(monitor.draft)
    send(client.as_(cast.clerk), monitor, f"blokken/{text.id}/weghalen")
    answer = send(client.as_(cast.councillor), monitor, f"blokken/{text.id}", base=seen, text="Veel langer.")
    assert answer.status == 409
    assert "haalde dit blok weg" in answer.words
    assert "Veel langer." in answer.words


def test_undoing_what_a_colleague_just_did_is_asked_again(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    first = figures(monitor)[0]
    send(client.as_(cast.clerk), monitor, f"blokken/{first}/omlaag")
    seen = str(monitor.draft)
    send(client, monitor, f"blokken/{first}/verbergen")
    answer = send(client.as_(cast.councillor), monitor, "ongedaan-maken", base=seen)
    assert answer.status == 409
    assert draft(monitor).drawn[1].hidden


# --- Draft and published --------------------------------------------------------------------------------------------


def test_readers_see_what_is_published_and_the_working_group_sees_what_differs(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    db.get_one(Plan, monitor.plan_id).open()
    db.commit()
    first, second = figures(monitor)
    page = f"/almere/trajecten/{monitor.plan_id}/monitor"
    client.as_(cast.clerk)
    assert send(client, monitor, "publiceren").location == f"/almere/monitors/{monitor.id}"
    assert send(client, monitor, "publiceren").status == 409
    send(client, monitor, f"blokken/{first}/weghalen")
    reader = client.as_(cast[Role.READER])
    assert shown(reader.page(page)) == [str(first), str(second)]
    assert "Gepubliceerd op" in reader.page(page).words
    assert reader.page(address(monitor, "concept")).status == 403
    client.as_(cast.councillor)
    assert shown(client.page(address(monitor, "concept"))) == [str(second)]
    build = client.page(address(monitor)).words
    assert "Eén ding is anders dan gepubliceerd" in build
    assert "Weggehaald: Figuur: Inwoners op 1 januari." in build
    assert "Publiceer dit concept" not in build
    assert send(client, monitor, "publiceren").status == 403


def test_the_chart_of_a_draft_is_for_the_working_group_alone(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    db.get_one(Plan, monitor.plan_id).open()
    operations.publish(monitor, monitor.draft, None)
    section = draft(monitor).sections[0]
    new = Figure(id=uuid4(), link_id=draft(monitor).drawn[0].link_id, from_year=2022)
    operations.shape(
        monitor, monitor.draft, lambda it: add_block(it, new, section.id), {"what": "taken_in"}, None
    )
    build_blocks()
    db.commit()
    [published, _other] = figures(monitor)[:2]
    for block_id, status in ((new.id, 404), (published, 200)):
        to = f"/almere/figuren/{block_id}.json"
        assert client.as_(cast.councillor).get(to).status_code == 200
        assert client.as_(cast[Role.READER]).get(to).status_code == status


@pytest.mark.parametrize("role", list(Role))
def test_who_may_shape_and_who_may_publish(client: Client, cast: Cast, monitor: Monitor, role: Role) -> None:
    db.get_one(Plan, monitor.plan_id).open()
    db.commit()
    client.as_(cast[role])
    shapes = role in (Role.CLERK, Role.COUNCILLOR, Role.FACILITATOR)
    assert (client.page(address(monitor)).status == 200) is shapes
    answer = send(client, monitor, f"blokken/{figures(monitor)[0]}/omlaag")
    assert (answer.status == 302) is shapes
    assert (send(client, monitor, "publiceren").status == 302) is (role is Role.CLERK)


def test_the_monitor_of_a_finished_plan_is_not_shaped(client: Client, cast: Cast, monitor: Monitor) -> None:
    db.get_one(Plan, monitor.plan_id).status = PlanStatus.FINISHED
    db.commit()
    client.as_(cast.clerk)
    answer = send(client, monitor, f"blokken/{figures(monitor)[0]}/omlaag")
    assert answer.status == 409
    assert "afgerond" in answer.words


def test_a_draft_tells_how_many_of_its_own_figures_are_still_made(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    operations.publish(monitor, monitor.draft, None)
    db.commit()
    client.as_(cast.councillor).submit(address(monitor, f"blokken/{figures(monitor)[0]}"), from_year="2023")
    page = client.page(address(monitor, "concept"))
    assert page.soup is not None
    poll = str(page.soup.find(attrs={"data-poll": True})["data-poll"])  # type: ignore[index]
    assert "data-running" in client.page(poll).text
    assert "data-poll" not in client.page(f"/almere/trajecten/{monitor.plan_id}/monitor").text
    build_blocks()
    db.commit()
    assert "data-running" not in client.page(poll).text
    assert address(monitor, "concept") in client.page(poll).text


def test_a_plan_has_more_monitors_each_published_on_its_own(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    db.get_one(Plan, monitor.plan_id).open()
    db.commit()
    plan = f"/almere/trajecten/{monitor.plan_id}/monitors"
    client.as_(cast.clerk).submit(f"{plan}/nieuw", title="Voor de stad", kind="public")
    other = db.scalars(sa.select(Monitor).where(Monitor.title == "Voor de stad")).one()
    assert figures(other)
    assert not set(figures(other)) & set(figures(monitor)), "its blocks have addresses of their own"
    assert "voor inwoners" in client.page(plan).words
    send(client, other, f"blokken/{figures(other)[0]}/weghalen")
    build_blocks()
    db.commit()
    reader = client.as_(cast[Role.READER])
    assert reader.page(f"/almere/monitors/{other.id}").status == 404
    send(client.as_(cast.clerk), other, "publiceren")
    page = client.as_(cast[Role.READER]).page(f"/almere/monitors/{other.id}")
    assert page.title == "Monitor: Voor de stad"
    assert shown(page) == [str(block_id) for block_id in figures(other)]
    council = client.page(f"/almere/trajecten/{monitor.plan_id}/monitor")
    assert shown(council) == [str(block_id) for block_id in figures(monitor)]


# --- What the plan got since ----------------------------------------------------------------------------------------


def test_what_a_plan_got_and_lost_is_told_and_taken_in_with_one_press(
    client: Client, cast: Cast, monitor: Monitor
) -> None:
    first, second = figures(monitor)
    client.as_(cast.councillor)
    send(client, monitor, f"blokken/{second}/omhoog")
    goal = db.scalars(sa.select(Goal)).one()
    make_link(goal, "stedelijkheid")
    lost = next(link for link in db.scalars(sa.select(Link)) if link.id == draft(monitor).drawn[1].link_id)
    remove_link(lost)
    db.commit()
    page = client.page(address(monitor))
    assert "Nieuw cijfer: Stedelijkheid" in page.words
    assert "Er is een cijfer weggehaald" in page.words
    client.send(address(monitor, "overnemen"), base=str(monitor.draft))
    assert len(figures(monitor)) == 2
    assert figures(monitor)[0] == second
    assert first not in figures(monitor)
    assert "Het traject is intussen veranderd" not in client.page(address(monitor)).words


# --- How much a page asks -------------------------------------------------------------------------------------------


def test_forty_blocks_ask_no_more_than_one(
    client: Client, cast: Cast, monitor: Monitor, query_count: list[str]
) -> None:
    """Twelve queries at most, on the monitor and on the page that shapes it."""
    pages = (f"/almere/trajecten/{monitor.plan_id}/monitor", address(monitor), address(monitor, "concept"))

    def asked() -> list[int]:
        counts = []
        for page in pages:
            client.page(page)
            query_count.clear()
            assert client.page(f"{page}?opnieuw").status == 200, (
                "an address with a question is not remembered"
            )
            counts.append(len(query_count))
        return counts

    client.as_(cast.clerk)
    send(client, monitor, f"blokken/{figures(monitor)[0]}/omlaag")
    for_two = asked()
    plan = db.get_one(Plan, monitor.plan_id)
    set_size(plan.id, 15)
    values = list(db.scalars(sa.select(Value)))
    for number in range(6):
        goal = make_goal(values[number % 2], f"zij dit merken {number}")
        for slug in SLUGS[:2]:
            make_link(goal, slug)
    links = list(db.scalars(sa.select(Link.id)))

    def more(format_: Format) -> Format:
        extra = tuple(Figure(id=uuid4(), link_id=links[number % len(links)]) for number in range(38))
        section = Section(id=uuid4(), title="Veel", blocks=extra)
        return format_.model_copy(update={"sections": (*format_.sections, section)})

    build_blocks()
    db.expire_all()
    operations.shape(monitor, monitor.draft, more, {"what": "taken_in"}, None)
    build_blocks()
    db.commit()
    assert len(shown(client.page(pages[0]))) == 40
    assert asked() == for_two
    assert max(for_two) <= 12


def test_a_draft_that_is_not_there_cannot_be_started_from(cast: Cast, monitor: Monitor) -> None:
    with pytest.raises(Conflict):
        operations.shape(monitor, 99, lambda it: it, {"what": "taken_in"}, None, part_id=uuid4())
