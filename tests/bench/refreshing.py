"""How long until new figures stand in the monitors of five councils with full plans, after all their sources changed.

Run as `python -m tests.bench.refreshing`, in a process of its own; the worker of the demo builds. The old figures must
stand there until the new ones do.
"""

import time
from datetime import UTC, datetime

import sqlalchemy as sa

from tasks import worker
from tests.bench.large import show_forty
from tests.filling import fill_plan
from workbench.accounts.models import Council
from workbench.app import create_app
from workbench.core.db import as_platform, db
from workbench.core.jobs import Job, enqueue
from workbench.core.settings import Settings
from workbench.core.tenancy import act_for
from workbench.evidence.models import Link
from workbench.indicators.models import Observation, Series
from workbench.indicators.queries import own_area
from workbench.monitors.building import build_blocks
from workbench.monitors.models import BlockDocument

COUNCILS, PATIENCE = 5, 600


def main() -> None:
    app = create_app(Settings.load())
    worker.init_app(app)
    with app.app_context():
        ids = db.scalars(sa.select(Council.id).order_by(Council.created_at, Council.id).limit(COUNCILS)).all()
        db.rollback()
        areas: list[int] = []
        for council_id in ids:
            act_for(db, council_id)
            plan_id = fill_plan([]).id
            act_for(db, council_id)
            show_forty(plan_id)
            build_blocks()
            if area := own_area():
                areas.append(area.id)
            db.commit()
        now = datetime.now(UTC)
        before = [count for count, _new in (_documents(council_id, now) for council_id in ids)]
        print(f"{len(ids)} councils, {sum(before) // 2} blocks in two languages")
        with as_platform():
            # Every figure of these councils is another one now, so every drawing is.
            db.execute(
                sa.update(Observation)
                .where(
                    Observation.area_id.in_(areas),
                    Observation.value.is_not(None),
                    Observation.loaded_until.is_(None),
                )
                .values(value=Observation.value * 1.01)
            )
            db.execute(
                sa.update(Series).where(Series.changed_at.is_not(None)).values(changed_at=now, fetched_at=now)
            )
            enqueue(Job.BUILD_EVERYWHERE)
        begun = time.perf_counter()
        done: dict[object, float] = {}
        while len(done) < len(ids) and time.perf_counter() < begun + PATIENCE:
            for council_id, had in zip(ids, before, strict=True):
                count, new = _documents(council_id, now)
                assert count >= had, "a figure went away before the new one was there"
                if new >= had:
                    done.setdefault(council_id, time.perf_counter() - begun)
            time.sleep(0.2)
        assert len(done) == len(ids), "not all figures were built"
        print("new figures after " + ", ".join(f"{seconds:.1f}" for seconds in sorted(done.values())) + " s")


def _documents(council_id: object, since: datetime) -> tuple[int, int]:
    """How many there are, and how many of these were built since then or need not be."""
    db.rollback()
    act_for(db, council_id)  # type: ignore[arg-type]
    changes = Link.indicator_id.in_(sa.select(Series.indicator_id).where(Series.changed_at.is_not(None)))
    new = sa.or_(BlockDocument.built_at >= since, Link.rests_until.is_not(None), changes.is_not(True))
    query = sa.select(sa.func.count(), sa.func.count().filter(new)).select_from(BlockDocument).join(Link)
    count, done = db.execute(query).one()
    return count, done


if __name__ == "__main__":
    main()
