"""Parts that were drawn before are never old, and never another council's."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import Cast, make_goal, make_link, make_plan, make_value
from tests.indicators.figures import load
from workbench.accounts.models import Role
from workbench.core import remembered
from workbench.core.db import as_platform, db
from workbench.core.remembered import remembered as part
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.indicators.models import Area, Indicator
from workbench.monitors.building import build_blocks

PAGE = "/almere/cijfers/inwoners"


def test_a_part_is_made_once_for_the_same_facts_and_apart_for_each_council(cast: Cast) -> None:
    made = []

    def make() -> str:
        made.append(str(db.info["council_id"]))
        return made[-1]

    act_for(db, cast.almere.id)
    assert part(make, "figures", 1) == part(make, "figures", 1) == str(cast.almere.id)
    act_for(db, cast.breda.id)
    assert part(make, "figures", 1) == str(cast.breda.id)
    assert part(make, "figures", 2) == str(cast.breda.id)
    assert part(make, "catalogue", 1) == str(cast.breda.id)
    assert made == [str(cast.almere.id)] + 3 * [str(cast.breda.id)]


def test_memory_has_an_end(cast: Cast) -> None:
    made = []
    for number in [*range(remembered.MOST + 1), 0, remembered.MOST]:
        part(lambda number=number: made.append(number), "figures", number)
    assert made == [*range(remembered.MOST + 1), 0], "the oldest went, the newest stayed"


def test_a_second_visit_asks_less_and_shows_the_same(
    client: Client, cast: Cast, query_count: list[str]
) -> None:
    client.as_(cast.clerk)
    first, asked = client.get(PAGE).text, len(query_count)
    query_count.clear()
    second = client.get(PAGE).text
    assert len(query_count) <= 6 < asked  # who reads, the version, and what the council knows of it itself
    assert _main(first) == _main(second)


def _main(text: str) -> str:
    return text[text.index("<main") : text.index("</main>")]


def test_new_figures_show_at_the_next_visit(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    assert "213.411" not in client.get(PAGE).text
    load("inwoners", ("GM0034", "2024JJ00", 213_411.0, "final", None), at=datetime.now(UTC))
    assert "213.411" in client.get(PAGE).text
    assert "213.411" in client.get("/almere/cijfers?q=inwoners").text


def test_another_description_or_name_of_an_area_shows_at_the_next_visit(client: Client, cast: Cast) -> None:
    client.as_(cast.clerk)
    client.get(PAGE), client.get("/almere/cijfers?q=inwoners")
    db.commit()
    with as_platform():
        db.execute(sa.update(Indicator).where(Indicator.slug == "inwoners").values(caveats=["Let nu op."]))
        db.execute(sa.update(Area).where(Area.code == "GM0363").values(name="Mokum"))
    text = client.get(PAGE).text
    assert "Let nu op." in text
    assert "Mokum" in text
    assert client.get("/almere/cijfers/bestaat-niet").status_code == 404


def test_each_reader_sees_the_same_figures_in_the_chosen_language_and_only_editors_may_write_events(
    client: Client, cast: Cast
) -> None:
    assert "Gebeurtenis opschrijven" in client.as_(cast.officer).get(PAGE).text
    assert "Gebeurtenis opschrijven" not in client.as_(cast[Role.READER]).get(PAGE).text
    client.post("/taal", data={"language": "en", "next": PAGE})
    assert "Alle cijfers" not in client.get(PAGE).text


def test_an_edit_of_a_link_shows_in_the_monitor_at_once(client: Client, cast: Cast, session: Session) -> None:
    act_for(db, cast.almere.id)
    plan = make_plan()
    link = make_link(make_goal(make_value(plan)))
    build_blocks()
    db.commit()
    address = f"/almere/trajecten/{plan.id}/monitor"
    client.as_(cast.clerk)
    assert link.reason in client.get(address).text
    act_for(db, cast.almere.id)
    db.execute(sa.update(Link).where(Link.id == link.id).values(reason="Omdat het nu zo is."))
    db.commit()
    assert "Omdat het nu zo is." in client.get(address).text
