"""No page asks the database much or weighs much, also the first time a process draws it."""

import gzip
import re
from collections.abc import Iterator

import pytest
from flask import Flask, url_for

from tests.client import Client
from tests.core.test_no_ranking import every_page, planted  # noqa: F401 - a fixture
from tests.factories import Cast, make_councillors
from tests.filling import MEMBERS, fill_plan, things_of
from workbench.accounts.models import Role
from workbench.core import remembered
from workbench.core.db import db

MOST_QUERIES = 12
# These lay the whole living monitor beside what was adopted; few open them.
MORE_QUERIES = {"vaststellen": 16, "verschil": 17}
# A monitor also hears what people tell, and reads the lines of the group; it is drawn once until something changes.
OF_A_MONITOR = 14
# These also tell from which workshop a card came, and what others say about our examples; both are drawn once too.
MORE_TO_TELL = re.compile(r"/almere/((doelen|waarden)/[0-9a-f-]{36})?")
HEAVIEST = 200_000  # bytes, gzipped


def pages_without_council(app: Flask) -> Iterator[str]:
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and not rule.arguments and rule.endpoint != "core.healthz":
                yield url_for(rule.endpoint)


@pytest.fixture
def addresses(app: Flask, planted: dict[str, object]) -> list[str]:  # noqa: F811
    return [*pages_without_council(app), *every_page(app, planted)]


@pytest.mark.parametrize("role", [Role.CLERK, Role.OFFICER, Role.READER])
def test_a_page_asks_at_most_twelve_queries_and_is_light(
    role: Role, client: Client, cast: Cast, addresses: list[str], query_count: list[str]
) -> None:
    look_at(addresses, client.as_(cast[role]), query_count)


@pytest.fixture
def full_addresses(app: Flask, cast: Cast, planted: dict[str, object]) -> list[str]:  # noqa: F811
    people = [person.id for person in (cast.councillor, *make_councillors(cast, MEMBERS - 1))]
    full = planted | things_of(fill_plan(people))
    db.commit()
    return list(every_page(app, full))


@pytest.mark.parametrize("role", [Role.CLERK, Role.COUNCILLOR])
def test_so_it_is_for_forty_members_with_thirty_values_forty_goals_and_a_hundred_and_twenty_figures(
    role: Role, client: Client, cast: Cast, full_addresses: list[str], query_count: list[str]
) -> None:
    look_at(full_addresses, client.as_(cast[role]), query_count)


def look_at(addresses: list[str], client: Client, query_count: list[str]) -> None:
    asked, heavy, seen = {}, {}, 0
    for address in addresses:
        remembered.forget()
        query_count.clear()
        answer = client.get(address)
        assert answer.status_code < 500, address
        seen += answer.status_code == 200
        usual = OF_A_MONITOR if "/monitor" in address or "/cijfers/" in address else MOST_QUERIES
        usual += bool(MORE_TO_TELL.fullmatch(address))
        most = MORE_QUERIES.get(address.rpartition("/")[2].partition("?")[0], usual)
        if len(query_count) > most:
            asked[address] = len(query_count)
        if len(gzip.compress(answer.data, 5)) > HEAVIEST:
            heavy[address] = len(answer.data)
    assert seen > 30
    assert asked == {}
    assert heavy == {}
