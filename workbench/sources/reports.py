"""Runs and tables as outsiders read them: the JSON lines of the commands and of the API."""

from typing import Any

from workbench.core.language import Language
from workbench.sources.history import completeness, coverage_of
from workbench.sources.models import RefreshRun, RunState
from workbench.sources.queries import TableView


def run_report(run: RefreshRun) -> dict[str, Any]:
    """`state` is a RunState, or `unchanged` when the table had not moved and no rows were asked."""
    unmoved = run.state is RunState.DONE and run.same_as_before
    return {
        "source": run.source_table.source.name,
        "table": run.source_table.table,
        "state": "unchanged" if unmoved else run.state.value,
        "rows_read": run.rows_read,
        "inserted": run.inserted,
        "revised": run.revised,
        "unchanged": run.unchanged,
        "rejected": run.rejected,
        "suspect": run.suspect,
        "seconds": None if run.seconds is None else round(run.seconds, 2),
        "message": run.sentence(Language()) or None,
    }


def table_report(view: TableView) -> dict[str, Any]:
    """How a table stands, for the operator. `waiting` is the run that can be accepted or kept, with the reason.

    `coverage` is about the newest period that has a figure at all: the indicator with the fewest municipalities.
    """
    table, run, waiting = view.table, view.run, view.waiting
    complete = completeness(coverage_of(table.id))
    least = complete.newest if complete else None
    return {
        "source": table.source.name,
        "table": table.table,
        "title": view.title,
        "state": run.state.value if run else None,
        "message": (run.sentence(Language()) or None) if run else None,
        "last_success": table.checked_at.isoformat() if table.checked_at else None,
        "figures_of": view.as_of.isoformat() if view.as_of else None,
        "age_days": view.age,
        "next_run": view.next_at.isoformat(),
        "expected": view.expected.month.strftime("%Y-%m") if view.expected else None,
        "late": view.is_late,
        "coverage": None
        if least is None
        else {"period": least.period.code, "valued": least.valued, "municipalities": least.municipalities},
        "waiting": {"run": str(waiting.id), "message": waiting.sentence(Language())} if waiting else None,
    }
