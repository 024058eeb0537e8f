"""What decides about the document of a figure, for the door before Flask; see `routes.chart`, which answers the first time."""

import re
from collections.abc import Mapping
from typing import Any

from workbench.core.answered_before import Standing
from workbench.core.door import UUID_PATTERN, Connect, Question, who_asks
from workbench.core.tenancy import ACTING_COUNCIL
from workbench.vision.steps import EVIDENCE

# Who asks must be a member now, with this very session; row-level security leaves the rows of this council. Of each row
# that `routes.chart` reads: by which transaction it came and where it stands (see accounts/standing.py).
_PREPARE = f"""
PREPARE figure_door (text, uuid, uuid, uuid, text, integer) AS
SELECT membership.role, concat(council.xmin, council.ctid, '/') || (
  SELECT string_agg(
    concat_ws(
      ' ', made.xmin, made.ctid, monitor.xmin, monitor.ctid, plan.xmin, plan.ctid, step.xmin, step.ctid,
      format.xmin, format.ctid
    ), ',' ORDER BY made.id
  )
  FROM block_document AS made
  JOIN monitor ON monitor.id = made.monitor_id
  JOIN plan ON plan.id = monitor.plan_id
  LEFT JOIN plan_step AS step ON step.plan_id = plan.id AND step.number = $6
  LEFT JOIN monitor_format AS format ON format.monitor_id = monitor.id AND format.number = monitor.published
  WHERE made.block_id = $4 AND made.language = $5
)
FROM council
JOIN membership ON membership.council_id = council.id
JOIN person ON person.id = membership.person_id
WHERE council.slug = $1 AND council.id = {ACTING_COUNCIL} AND person.id = $2 AND person.session_key = $3
"""  # noqa: S608 - put together from constants of the code
_PREPARE_COUNCIL = """
PREPARE figure_door_council (text) AS
SELECT set_config('app.council_id', coalesce((SELECT id::text FROM council WHERE slug = $1), ''), true),
  set_config('app.person_id', '', true), set_config('app.door', '', true)
"""
# One message to PostgreSQL, so one transaction: for which council it is, and the question.
_ASK = """
EXECUTE figure_door_council (%(council)s);
EXECUTE figure_door (%(council)s, %(person)s, %(key)s, %(block)s, %(language)s, %(step)s)
"""


class FigureDocuments:
    """`/<council>/figuren/<block>.json`, for members."""

    methods = frozenset({"GET", "HEAD"})
    address = re.compile(rf"/(?P<council>[a-z][a-z0-9-]*)/figuren/(?P<block>{UUID_PATTERN})\.json")
    question = re.compile("(v=[0-9a-f]{16})?")

    def __init__(self, connect: Connect) -> None:
        self._question = Question(connect, _ASK, _PREPARE_COUNCIL, _PREPARE)

    def open(self) -> None:
        self._question.put(
            dict.fromkeys(("council", "person", "key", "block", "language", "step"))
        )  # of nobody

    def standing(
        self, asked: Mapping[str, str], session: Mapping[str, Any], language: str
    ) -> Standing | None:
        """Readers: those of one role. None: no member of this council, or no such figure."""
        facts = who_asks(session)
        if facts is None:
            return None
        found = self._question.put({**asked, **facts, "language": language, "step": EVIDENCE})
        if not found:
            return None
        [(role, rows)] = found
        return Standing(role, rows) if rows and rows != "," else None
