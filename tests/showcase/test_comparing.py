"""Formats of several councils beside each other: what they share, what differs, and never how anybody does."""

from hypothesis import given
from hypothesis import strategies as st

from seeds import starters
from tests.client import Client
from tests.factories import Cast
from workbench.core.db import db
from workbench.core.tenancy import act_for
from workbench.showcase import queries
from workbench.showcase.comparing.common import Format, Thing, compare

NEAR = Thing("Nabijheid", "nabijheid", ("wij zijn dichtbij",))
OWN = Thing(" nabijheid ", None, ("iemand kent u",))


def test_a_value_from_the_library_is_the_same_under_another_name_and_keeps_the_goals_of_each() -> None:
    other = Thing("Dichtbij", "nabijheid", ("er is een wijkteam",))
    common = compare([Format((NEAR,), (), ("Wie wacht?",)), Format((other,), (), ())])
    [row] = common.shared_values
    assert [cell and cell.goals for cell in row.cells] == [NEAR.goals, other.goals]
    assert common.questions == (("Wie wacht?",), ())


def test_own_values_and_figures_are_the_same_when_their_names_are() -> None:
    figures = [Thing("Wachttijd", None, ("a",)), Thing("wachttijd.", None, ("b",))]
    formats = [Format((OWN,), (figures[0],), ()), Format((Thing("Nabijheid", None, ()),), (figures[1],), ())]
    common = compare(formats)
    assert [row.is_everywhere for row in (*common.values, *common.figures)] == [True, True]
    assert common.only_values(0) == common.only_figures(1) == []


names = st.sampled_from(["Nabijheid", "nabijheid", "Keuze", "Meedoen", "Zorg"])
goals = st.lists(st.sampled_from("abcd"), max_size=3, unique=True).map(tuple)
values = st.builds(Thing, names, st.sampled_from([None, "nabijheid", "keuze"]), goals)
figures = st.builds(Thing, names, st.sampled_from([None, "eenzaam", "jeugdhulp"]), goals)
formats = st.builds(
    Format, st.lists(values, max_size=4).map(tuple), st.lists(figures, max_size=4).map(tuple), st.just(())
)


@given(st.lists(formats, min_size=2, max_size=6))
def test_nothing_is_lost_and_the_order_of_choosing_makes_no_difference(found: list[Format]) -> None:
    common = compare(found)
    for rows in (common.values, common.figures):
        for number in range(len(found)):
            items = found[number].values if rows is common.values else found[number].figures
            stands = [row.cells[number] for row in rows if row.cells[number]]
            assert {goal for cell in stands if cell for goal in cell.goals} == {
                goal for item in items for goal in item.goals
            }
    turned = compare(found[::-1])
    assert sorted(len(row.where) for row in turned.values) == sorted(len(row.where) for row in common.values)
    assert sorted(common.only_figures(0)) == sorted(turned.only_figures(len(found) - 1))


def test_visitors_choose_and_read_what_templates_share(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    starters.load()
    act_for(db, None)
    ids = {item.template.title: item.template.id for item in queries.shown()}
    db.commit()
    visitor = client.as_(None)
    assert "Klein beginnen" in visitor.page("/etalage/vergelijken").words
    chosen = [key for title, key in ids.items() if title.startswith(("Klein", "Bestaans"))]
    address = "/etalage/vergelijken?" + "&".join(f"t={key}" for key in chosen)
    query_count.clear()
    page = visitor.page(address)
    assert len(query_count) <= 12
    assert "Van deze 2 voorbeelden komen" in page.words
    assert "Bestaanszekerheid" in page.words
    assert "Moeite met rondkomen" in page.words
    assert "Alleen hier: waarden" in page.words
    assert page.words.index("Van deze 2") < page.words.index("Doelen bij gedeelde waarden")


def test_one_is_not_enough_seven_are_too_many_and_nonsense_is_not_found(client: Client, cast: Cast) -> None:
    starters.load()
    act_for(db, None)
    [first, *_rest] = [item.template.id for item in queries.shown()]
    db.commit()
    visitor = client.as_(None)
    assert visitor.page(f"/etalage/vergelijken?t={first}&t={first}").title == "Voorbeelden vergelijken"
    many = "&".join(f"t={first}".replace(str(first)[:2], f"{n:02x}") for n in range(7))
    assert "Kies twee tot zes" in visitor.page(f"/etalage/vergelijken?{many}").words
    assert visitor.get("/etalage/vergelijken?t=nee").status_code == 404
    assert (
        visitor.get(f"/etalage/vergelijken?t={first}&t=00000000-0000-0000-0000-000000000001").status_code
        == 404
    )
