"""The word lists."""

import csv
from pathlib import Path

from workbench.stories.pseudonyms import lists
from workbench.stories.pseudonyms.words import key

AREAS = Path(__file__).parents[3] / "seeds" / "areas.csv"


def test_every_municipality_of_the_seeds_is_known() -> None:
    with AREAS.open(encoding="utf-8", newline="") as file:
        names = {row["name"].split(" (")[0] for row in csv.DictReader(file) if row["type"] == "gemeente"}
    assert len(names) > 300
    assert {key(name) for name in names} <= lists.municipalities()


def test_every_role_but_a_title_says_what_stands_in_its_place() -> None:
    roles = lists.roles().values()
    assert {role.group for role in roles} == {"own", "office", "title"}
    assert all(bool(role.replacement) is (role.group != "title") for role in roles)


def test_no_name_that_is_on_a_list_is_shut_out_by_another_list() -> None:
    assert lists.first_names() & lists.no_names() == set()
