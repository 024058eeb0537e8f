"""A refresh run as outsiders read it: the JSON line of the command and of the API."""

from typing import Any

from workbench.core.language import Language
from workbench.sources.models import RefreshRun, RunState


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
