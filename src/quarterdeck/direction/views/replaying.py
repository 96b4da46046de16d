"""A draft of the plan, or any plan, run against the incidents on record; and those that keep the old revision."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.catalog.views import services
from quarterdeck.command.projections import incident, incident_task
from quarterdeck.command.rules.state import LIVE
from quarterdeck.direction.rules import Fact, Replayed, Replaying, Settled, Totals
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.views import revision

Progress = Callable[[int, int], None]
_BATCH = 2_000


@dataclass(frozen=True)
class Replay:
    """`rows`: the incidents for which something would have been otherwise, the latest first. Drills are left out."""

    totals: Totals
    rows: tuple[Replayed, ...]


@dataclass(frozen=True)
class Keeping:
    """An open incident; it keeps the revision that it was declared under, whatever is published."""

    number: int
    title: str
    severity: str
    state: str
    plan_revision: int | None


def replay(conn: Connection, plan: Plan, now: Instant, progress: Progress | None = None) -> Replay:
    """Run the plan against every recorded incident. `progress(done, total)` is called after each batch."""
    total = conn.execute(select(func.count()).select_from(incident).where(incident.c.drill.is_(False))).scalar_one()
    pinned = conn.execute(select(incident.c.plan_revision).distinct()).scalars()
    revisions = {number: revision(conn, number).plan for number in pinned if number is not None}
    paths = {service.id: service.escalation_path for service in services(conn, retired=True)}
    replaying = Replaying(plan, revisions, paths, micros(now), from_micros)
    totals, rows = Totals(), []
    for fact in facts(conn):
        found = replaying.replayed(fact)
        totals.count(found)
        if found:
            rows.append(found)
        if progress and (totals.incidents % _BATCH == 0 or totals.incidents == total):
            progress(totals.incidents, total)
    rows.reverse()
    return Replay(totals, tuple(rows))


def facts(conn: Connection) -> Iterator[Fact]:
    """Every incident on record but drills, oldest first, in a few queries each of so many."""
    last = -1
    of = incident.c
    columns = (of[name] for name in Fact.__slots__ if name != "steps")
    query = select(*columns).where(of.drill.is_(False)).order_by(of.number).limit(_BATCH)
    while rows := conn.execute(query.where(of.number > last)).all():
        first, last = rows[0].number, rows[-1].number
        steps = _steps(conn, first, last)
        for row in rows:
            yield _fact(row, tuple(steps.get(row.number, ())))


def _fact(row: Any, steps: tuple[Settled, ...]) -> Fact:
    return Fact(*(*row, steps))


def _steps(conn: Connection, first: int, last: int) -> dict[int, list[Settled]]:
    of = incident_task.c
    query = select(of.number, of.step, of.title, of.state, of.due, of.settled_at)
    between = of.step.is_not(None) & of.number.between(first, last)
    found: dict[int, list[Settled]] = {}
    for number, *facts in conn.execute(query.where(between)):
        found.setdefault(number, []).append(Settled(*facts))
    return found


def document(row: Replayed) -> dict[str, Any]:
    """One incident; delays in whole seconds."""
    deadlines = [
        {
            **asdict(one),
            "late_was": round(one.late_was.total_seconds()),
            "late_would": round(one.late_would.total_seconds()),
        }
        for one in row.deadlines
    ]
    return {**asdict(row), "deadlines": deadlines}


def keeping_their_revision(conn: Connection) -> list[Keeping]:
    """The open incidents, which a publication leaves alone: the most severe first."""
    of: Any = incident.c
    query = select(of.number, of.title, of.severity, of.state, of.plan_revision).where(of.state.in_(LIVE))
    return [Keeping(*row) for row in conn.execute(query.order_by(of.severity, of.declared_at))]
