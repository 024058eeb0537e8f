"""Programs read of a monitor what residents read, and nothing more."""

from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.client import Client
from tests.factories import Cast
from tests.monitors.publishing.stage import PAGE, SECRET, Stage, in_the_past, publish, set_stage
from workbench.accounts.models import Council
from workbench.core.db import as_platform, db
from workbench.knowledge.calendar.models import today

ADDRESS = "/api/v1/public-monitor?council=almere"


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return set_stage(cast)


def read(client: Client, address: str = ADDRESS) -> Any:
    answer = client.as_(None).get(address)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def test_it_tells_what_the_page_tells_and_nothing_else(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id, stage.blocks["text"].id, stage.blocks["money"].id)
    told = read(client)
    page = client.as_(None).get(PAGE).text
    words = " ".join(BeautifulSoup(page, "html5lib").get_text(" ").split())
    blocks = [block for section in told["sections"] for block in section["blocks"]]
    assert [block["kind"] for block in blocks] == ["goal", "figure", "goal", "money", "text"]
    for block in blocks:
        table = block["table"] or {"rows": [], "columns": []}
        cells = [cell for row in (table["columns"], *table["rows"]) for cell in row]
        for text in (
            block["title"],
            block["text"],
            block["reason"],
            *block["lines"],
            *block["source"],
            *cells,
        ):
            assert " ".join(text.split()) in words, text
    figure = blocks[1]
    assert figure["table"]["rows"]
    assert figure["reason"] == "Omdat iedereen meetelt."
    assert told["address"].endswith(PAGE)
    hidden = {name for name in SECRET if name not in ("text", "cost", "goal")}
    assert not [name for name in hidden if SECRET[name] in str(told)]


def test_it_is_gone_with_the_next_request(client: Client, cast: Cast, stage: Stage) -> None:
    assert client.as_(None).get(ADDRESS).status_code == 404
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    assert read(client)["ends_on"] is None
    assert client.get("/api/v1/public-monitor?council=breda").status_code == 404
    in_the_past(stage, ends_on=today().replace(year=today().year - 1))
    gone = client.get(ADDRESS)
    assert gone.status_code == 404
    assert gone.mimetype == "application/problem+json"
    in_the_past(stage, ends_on=None)
    assert read(client)
    client.as_(cast.clerk).send("/almere/inwoners/intrekken")
    assert (
        client.as_(None).get(ADDRESS).get_json()["detail"]
        == client.get("/api/v1/public-monitor?council=nergens").get_json()["detail"]
    )


def test_it_comes_in_english_too(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    told = read(client, f"{ADDRESS}&language=en")
    assert told["language"] == "en"
    assert told["address"].endswith("?taal=en")
    assert client.get(f"{ADDRESS}&language=fr").status_code == 400


def test_what_is_made_up_says_so(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    assert read(client)["fictitious"] is False
    db.commit()
    with as_platform():
        db.execute(sa.update(Council).where(Council.slug == "almere").values(is_demo=True))
    assert read(client)["fictitious"] is True


def test_it_answers_as_it_is_described(client: Client, cast: Cast, stage: Stage) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id, stage.section_id)
    document: Any = client.get("/api/v1/openapi.json").get_json()
    OpenAPIV31SpecValidator(document).validate()
    described = document["paths"]["/public-monitor"]["get"]
    assert described["security"] == [] if "security" in described else document["security"] == []
    [content] = described["responses"]["200"]["content"].values()
    schemas = {
        name: {**item, "additionalProperties": False} if item["type"] == "object" else item
        for name, item in document["components"]["schemas"].items()
    }
    check = Draft202012Validator({**content["schema"], "components": {"schemas": schemas}})
    answer = read(client)
    check.validate(answer)
    assert not check.is_valid({**answer, str(uuid4()): 1})


def test_it_asks_the_database_little(
    client: Client, cast: Cast, stage: Stage, query_count: list[str]
) -> None:
    publish(client.as_(cast.clerk), stage, stage.shown.id)
    client.as_(None)
    query_count.clear()
    assert client.get(ADDRESS).status_code == 200
    assert len(query_count) == 2
