"""Rules that hold for the whole application, checked by introspection: forgetting one fails here."""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from tests.client import Client
from tests.factories import (
    Cast,
    make_adopted,
    make_answer,
    make_duo,
    make_entry,
    make_event,
    make_example,
    make_excerpt,
    make_export,
    make_figure_question,
    make_finding,
    make_goal,
    make_link,
    make_need,
    make_own_draft,
    make_own_indicator,
    make_plan,
    make_question,
    make_request,
    make_round,
    make_story,
    make_value,
)
from tests.servers import Servers
from tests.stories.making import label, make_pile, marked, ready, story_to_check
from workbench.accounts import operations as accounts
from workbench.accounts.access import PERMISSIONS, PUBLIC, SIGNED_IN, Permission
from workbench.accounts.models import RESERVED_SLUGS, Membership, Role
from workbench.core import roles, schema
from workbench.core.db import Base, db, make_engine
from workbench.core.jobs import Job
from workbench.core.tenancy import CouncilOwned, act_as, act_for
from workbench.evidence.insight.operations import write_lines
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument, Monitor
from workbench.monitors.operations import format_of
from workbench.stories.coding import operations as coding
from workbench.stories.models import Basis
from workbench.vision.models import Plan

MATRIX = Path(__file__).parent.parent / "accounts" / "permissions.csv"
KEBAB = re.compile(r"^[a-z0-9-]+(\.[a-z]+)?$")


def endpoints(app: Flask) -> dict[str, str]:
    """Endpoint -> who may use it: public, signed_in, or a permission."""
    return {
        name: str(view.permission)
        for name, view in app.view_functions.items()
        if name != "static" and not name.startswith("styleguide.")
    }


def test_every_route_says_who_may_use_it(app: Flask) -> None:
    unmarked = [
        name
        for name, view in app.view_functions.items()
        if name != "static" and not hasattr(view, "permission")
    ]
    assert unmarked == []


def test_what_each_role_may_open_equals_the_table_that_people_read(app: Flask) -> None:
    with MATRIX.open(encoding="utf-8", newline="") as file:
        table = {row.pop("endpoint"): row for row in csv.DictReader(file)}
    expected = {}
    for name, needed in endpoints(app).items():
        if needed == PUBLIC:
            expected[name] = dict.fromkeys(["visitor", *Role], "yes")
        elif needed == SIGNED_IN:
            expected[name] = {"visitor": "-", **dict.fromkeys(Role, "yes")}
        else:
            expected[name] = {"visitor": "-"} | {
                role.value: "yes" if Permission(needed) in PERMISSIONS[role] else "-" for role in Role
            }
    assert table == {name: {str(role): word for role, word in row.items()} for name, row in expected.items()}


def test_addresses_are_dutch_nouns_in_kebab_case_with_typed_ids(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for part in rule.rule.strip("/").split("/"):
            if part.startswith("<"):
                name = re.sub(r">(\.[a-z]+)?$", "", part.removeprefix("<"))
                typed = name.startswith(("uuid:", "int:", "any("))
                assert typed or name in ("council", "slug", "token"), rule.rule
            elif part:
                assert (
                    KEBAB.match(part)
                    or part in ("openapi.json", ".well-known", "security.txt")
                    or "<uuid:" in part
                ), rule.rule


def test_no_council_can_take_an_address_of_the_workbench(app: Flask) -> None:
    first = {rule.rule.strip("/").split("/")[0] for rule in app.url_map.iter_rules()}
    fixed = {part for part in first if part and not part.startswith("<")}
    assert fixed <= RESERVED_SLUGS


def test_every_job_has_a_task() -> None:
    from tasks.worker import celery

    for path in (Path(__file__).parent.parent.parent / "tasks").glob("*.py"):
        if path.stem != "run":  # starts a worker's application
            import_module(f"tasks.{path.stem}")
    ours = {name for name in celery.tasks if not name.startswith("celery.")}
    assert ours == {str(job) for job in Job}


def test_a_worker_starts_with_every_task() -> None:
    folder = Path(__file__).parent.parent.parent / "tasks"
    with_tasks = {
        path.stem for path in folder.glob("*.py") if "@celery.task" in path.read_text(encoding="utf-8")
    }
    started = (folder / "run.py").read_text(encoding="utf-8")
    assert with_tasks
    assert {name for name in with_tasks if f"import tasks.{name}" not in started} == set()


def test_the_tenant_wall_stands_in_the_database(servers: Servers) -> None:
    assert schema.problems(make_engine(servers.url("web"), poolclass=sa.NullPool)) == []


def test_every_table_with_a_council_is_council_owned() -> None:
    mapped = {mapper.local_table.name: mapper.class_ for mapper in Base.registry.mappers}
    with_council = {name for name, table in Base.metadata.tables.items() if "council_id" in table.c}
    assert with_council == {name for name, model in mapped.items() if issubclass(model, CouncilOwned)}


@pytest.mark.parametrize("role", ["web", "platform"])
def test_the_roles_that_serve_people_cannot_walk_through_the_wall(servers: Servers, role: str) -> None:
    roles.check_role(make_engine(servers.url(role), poolclass=sa.NullPool))


@pytest.mark.parametrize("role", ["owner", "backup"])
def test_start_up_refuses_a_role_that_can(servers: Servers, role: str) -> None:
    with pytest.raises(roles.WrongRole):
        roles.check_role(make_engine(servers.url(role), poolclass=sa.NullPool))


def test_the_database_matches_the_models_and_the_newest_migration_goes_down_and_up(servers: Servers) -> None:
    from alembic import command

    from workbench.core import migrate

    servers.create_database("migrations")
    url = servers.url("owner", "migrations")
    migrate.check(url)
    command.downgrade(migrate.config(url), "-1")
    migrate.upgrade(url)
    migrate.check(url)


def test_the_web_process_never_loads_bokeh() -> None:
    code = "import sys, workbench.app; print(sorted(m for m in sys.modules if m.split('.')[0] in ('bokeh', 'numpy', 'celery')))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert found == "[]"


def test_templates_parse_and_every_template_is_used(app: Flask) -> None:
    root = Path(str(app.template_folder))
    source = "\n".join(path.read_text() for path in root.parent.glob("workbench/**/*.py"))
    everything = source + "\n".join(path.read_text() for path in root.rglob("*") if path.is_file())
    for path in root.rglob("*"):
        if path.is_file():
            name = path.relative_to(root).as_posix()
            app.jinja_env.parse(path.read_text())
            assert f'"{name}"' in everything or f"'{name}'" in everything or name.startswith("errors/"), (
                f"{name} is never used"
            )


# --- Another council's object is a 404, on every route -------------------------------------------------------------


def things_of_almere(cast: Cast) -> dict[str, object]:
    """One object of Almere for every id that stands in an address."""
    from workbench.accounts.models import Invitation

    act_for(db, cast.almere.id)
    plan = make_plan()
    plan.open()
    value = make_value(plan)
    goal = make_goal(value)
    link = make_link(goal)
    story = make_story(goal, basis=Basis.CONSENT)
    waiting = story_to_check()
    excerpt = make_excerpt(goal)
    write_lines(goal, None, 0, figures="Het daalt.", stories="", difference="")
    build_blocks()
    event = make_event()
    invitation, _token = accounts.invite("nieuw@almere.example", Role.READER, by=None)
    db.flush()
    assert db.get(Invitation, invitation.id) is not None
    membership = db.scalars(sa.select(Membership).where(Membership.person_id == cast.councillor.id)).one()
    return {
        "plan_id": plan.id,
        "question_id": make_answer(plan).question_id,
        "value_id": value.id,
        "goal_id": goal.id,
        "link_id": link.id,
        "block_id": db.scalars(
            sa.select(BlockDocument.block_id).where(
                BlockDocument.link_id == link.id, BlockDocument.language == "nl"
            )
        ).one(),
        **monitor_of(plan),
        "kind": "citaat",
        "major": make_adopted(plan).major,
        "minor": 0,
        "event_id": event.id,
        "export_id": make_export(plan, cast.clerk).id,
        "entry_id": make_entry().id,
        "figure_question_id": make_figure_question(goal, cast.councillor, cast.clerk).id,
        "invitation_id": invitation.id,
        "membership_id": membership.id,
        "own_indicator_id": make_own_indicator().id,
        "own_upload_id": make_own_draft().id,
        "round_id": make_round().id,
        "duo_reading_id": make_duo(goal, cast.councillor, cast.clerk).id,
        "story_source_id": story.story_source_id,
        "story_link_id": story.id,
        **coded_story(cast),
        "story_pile_id": make_pile(waiting.source_id).id,
        "data_request_id": make_request(goal).id,
        "information_question_id": make_question(goal).id,
        "finding_id": make_finding(goal, excerpt).id,
        "part": "nodig",
        "card_id": make_need(goal).id,
        "number": 3,
        "slug": "inwoners",
        **make_example(plan),
        "thing": "waarden",
        "subject_id": plan.id,
    }


def coded_story(cast: Cast) -> dict[str, object]:
    """A story with a mark and a note of the clerk, who would read on; nobody of Breda reads any of it."""
    text = "Ik wachtte vier maanden op hulp."
    story, tag = ready(text), label("volhouden")
    before = db.info.get("person_id")
    excerpt = marked(story, "vier maanden", text, tag, by=cast.clerk.id)
    note = coding.write_note(story, "Dit zagen wij eerder.", excerpt_id=excerpt.id, by=cast.clerk.id)
    act_as(db, before)
    return {"story_id": story.id, "excerpt_id": excerpt.id, "memo_id": note.id, "tag_id": tag.id}


def monitor_of(plan: Plan) -> dict[str, object]:
    monitor = db.scalars(sa.select(Monitor).where(Monitor.plan_id == plan.id)).one()
    section = format_of(monitor, monitor.draft).sections[0]
    return {"monitor_id": monitor.id, "section_id": section.id, "action": "omhoog"}


# Tables of sources are everybody's, and what a council shares; a version is no object but a fingerprint.
PUBLIC_IDS = {"table_id", "template_id", "version"}


def routes_with_an_object(app: Flask) -> Iterator[tuple[str, str, set[str]]]:
    for rule in app.url_map.iter_rules():
        names = set(rule.arguments) - {"council", "filename", "token", "slug", "number", "part"} - PUBLIC_IDS
        if names and endpoints(app).get(rule.endpoint) != PUBLIC:
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule.endpoint, method, set(rule.arguments)


def test_another_councils_object_is_a_404_on_every_route(
    app: Flask, client: Client, session: Session, cast: Cast
) -> None:
    ids = things_of_almere(cast)
    db.commit()
    people = [cast.of_breda(role) for role in Role]
    tried = 0
    for endpoint, method, names in routes_with_an_object(app):
        missing = names - {"council"} - set(ids)
        assert not missing, f"say in things_of_almere what {missing} of {endpoint} is"
        with app.test_request_context():
            from flask import url_for

            address = url_for(endpoint, council="breda", **{name: ids[name] for name in names - {"council"}})
        for person in people:
            status = client.as_(person).open(address, method=method).status_code
            needed = Permission(endpoints(app)[endpoint])
            role = Role(person.email.partition("@")[0])
            assert status == (404 if needed in PERMISSIONS[role] else 403), (endpoint, method, role, status)
            tried += 1
    assert tried > 100


def test_a_member_of_another_council_gets_404_on_every_page_of_this_one(
    app: Flask, client: Client, cast: Cast
) -> None:
    ids = things_of_almere(cast) | {"table_id": uuid4(), "version": uuid4()}
    db.commit()
    for rule in app.url_map.iter_rules():
        if "council" not in rule.arguments or endpoints(app).get(rule.endpoint) == PUBLIC:
            continue  # what a council lets everyone read: tests/monitors/publishing
        with app.test_request_context():
            from flask import url_for

            address = url_for(
                rule.endpoint, council="almere", **{n: ids[n] for n in set(rule.arguments) - {"council"}}
            )
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for person in (cast.of_breda("clerk"), cast.outsider):
                assert client.as_(person).open(address, method=method).status_code == 404, (
                    rule.endpoint,
                    method,
                )
            status = client.as_(None).open(address, method=method).status_code
            leads_to_sign_in = method == "GET" and not rule.endpoint.startswith("api.")
            assert status == (302 if leads_to_sign_in else 401), (rule.endpoint, method)
