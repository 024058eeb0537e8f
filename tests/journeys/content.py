"""Fills the database that the environment names: content, the demo, and a council that has still to begin.

Run as `python -m tests.journeys.content`, in a process of its own: the application binds its sessions once.
"""

import seeds
import seeds.demo
from tasks import worker
from workbench.accounts import operations as accounts
from workbench.accounts.models import Role
from workbench.app import create_app
from workbench.core.db import as_platform, db
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for
from workbench.indicators.operations import set_area

NEW_COUNCIL = "zutphen"
PASSWORD = seeds.read.demo().password  # everybody's
NEW_CLERK = "griffier@zutphen.example"


def add_new_council() -> None:
    council = accounts.add_council("Zutphen", NEW_COUNCIL)
    act_for(db, council.id)
    set_area("GM0301")
    accounts.add_member(accounts.add_person(NEW_CLERK, "Nienke Wolters", PASSWORD), Role.CLERK)


def main() -> None:
    app = create_app(Settings.load())
    worker.init_app(app)
    with app.app_context():
        with as_platform():
            seeds.load()
        seeds.demo.load()
        with as_platform():
            add_new_council()


if __name__ == "__main__":
    main()
