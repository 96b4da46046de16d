"""Replays for programs: what a draft of the plan would have meant for the incidents on record."""

from dataclasses import asdict
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter

from quarterdeck.direction import views
from quarterdeck.direction.rules import Kind
from quarterdeck.governance.rules import Permission
from quarterdeck.plan.views import draft_plan
from quarterdeck.record import Record


@get("/api/plan/drafts/{number:int}/replay", opt={"may": Permission.READ}, sync_to_thread=True)
def draft_replay(
    record: NamedDependency[Record],
    number: FromPath[int],
    kind: FromQuery[Kind | None] = None,
    limit: Annotated[int, Parameter(ge=1, le=500)] = 50,
    cursor: Annotated[int, Parameter(ge=0, le=2**31)] = 2**31,
) -> dict[str, Any]:
    """Every recorded incident but drills by the draft's plan: totals, then those that differ, the latest first.

    `kind` keeps those that differ so. `keep`: open incidents, which keep the revision that they were declared under.
    """
    with record.read() as conn:
        found = views.replay(conn, draft_plan(conn, number), record.clock.now())
        keep = views.keeping_their_revision(conn)
    rows = [row for row in found.rows if row.number < cursor and (kind is None or kind in row.kinds)]
    return {
        "totals": asdict(found.totals),
        "items": [views.document(row) for row in rows[:limit]],
        "next": rows[limit - 1].number if len(rows) > limit else None,
        "keep": keep,
    }


ROUTES = [draft_replay]
