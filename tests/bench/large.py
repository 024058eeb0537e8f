"""Adds a plan as full as a large council makes it to Almere, in the database that the environment names.

Run as `python -m tests.bench.large`, in a process of its own: the application binds its sessions once. Prints how long
a reveal of forty answers took, and as JSON the addresses of the plan and of some of its cards.
"""

import json
import time
from uuid import UUID

import sqlalchemy as sa

from tests.filling import AGAIN, MEMBERS, answer_all, fill_plan, things_of
from workbench.accounts import operations as accounts
from workbench.accounts.models import Council, Role
from workbench.app import create_app
from workbench.core.db import as_platform, db
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.monitors.building import build_blocks
from workbench.rounds import operations as rounds
from workbench.rounds.methods import Method
from workbench.rounds.models import Option
from workbench.vision.models import Goal, Plan

BLOCKS = 40


def show_forty(plan_id: UUID) -> None:
    """Bring so many figures of a plan in view, as somebody who shapes a monitor may do; the other ones rest."""
    in_view = sa.select(Link.id).join(Goal).where(Goal.plan_id == plan_id).order_by(Link.id).limit(BLOCKS)
    db.execute(sa.update(Link).where(Link.id.in_(in_view)).values(rests_until=None))
    of_plan = sa.select(Goal.id).where(Goal.plan_id == plan_id)
    rests = sa.update(Link).where(Link.goal_id.in_(of_plan), Link.id.not_in(in_view))
    db.execute(rests.values(rests_until=AGAIN))


def main() -> None:
    app = create_app(Settings.load())
    with app.app_context():
        with as_platform():
            council_id = db.scalars(sa.select(Council.id).where(Council.slug == "almere")).one()
            act_for(db, council_id)
            people = []
            for number in range(MEMBERS):
                email = f"raadslid-{number}@groot.example"
                person = accounts.add_person(email, f"Raadslid {number}", "een lang wachtwoord")
                accounts.add_member(person, Role.COUNCILLOR)
                people.append(person.id)
        act_for(db, council_id)
        plan_id = fill_plan(people).id
        db.commit()
        wide_id = fill_plan([], "Veel figuren").id
        act_for(db, council_id)
        show_forty(wide_id)
        build_blocks()
        db.commit()
        options = [Option(str(n), f"Waarde {n}", f"Tegenwaarde {n}") for n in range(30)]
        found = rounds.start_round("Waar staat u?", Method.POSITION, options, by=None)
        db.flush()
        rounds.open_round(found)
        db.flush()
        places = {option.key: 40 for option in options}
        answer_all(found, {"places": places}, people, reveals=False)
        rounds.close_round(found)
        begun = time.perf_counter()
        rounds.reveal_round(found)
        db.commit()
        print(f"a reveal of {MEMBERS} answers on 30 lines: {(time.perf_counter() - begun) * 1000:.0f} ms")
        ids = things_of(db.get_one(Plan, plan_id))
        goal = f"/almere/doelen/{ids['goal_id']}"
        cards = {
            "value card": f"/almere/waarden/{ids['value_id']}",
            "goal page": goal,
            "monitor, 40 blocks": f"/almere/trajecten/{wide_id}/monitor",
            "choosing figures": f"{goal}/cijfers/kiezen",
        }
        print(json.dumps({"plan": f"/almere/trajecten/{plan_id}", "cards": cards}))


if __name__ == "__main__":
    main()
