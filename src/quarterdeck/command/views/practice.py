"""When was a document of the plan last used, and how were the steps of a procedure followed?"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from quarterdeck.command.projections import incident as incident_table
from quarterdeck.command.projections import incident_task
from quarterdeck.command.rules.conformance import WAIVED, Share, share
from quarterdeck.command.views.conformance import Followed, followed, states
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.plan.rules import procedure_for
from quarterdeck.plan.views import revision


@dataclass(frozen=True)
class Use:
    """Of one document: its last incident, and in how many it was used; drills and what was no incident are left out."""

    number: int
    at: Instant
    incidents: int


@dataclass(frozen=True)
class Practice:
    """A procedure in use since an instant: its steps in their order, and how far the mandatory ones were followed."""

    incidents: int
    steps: tuple[Followed, ...]
    mandatory: Share
    latest: tuple[int, ...]
    """The last few incidents that followed it."""


def last_uses(conn: Connection) -> dict[str, Use]:
    """By document: each procedure by the incidents that followed it, the plan by all of them."""
    of = incident_table.c
    counted = (func.count().label("n"), func.max(of.number).label("last"), func.max(of.declared_at).label("at"))
    query = (
        select(of.type, of.plan_revision, *counted)
        .where(of.drill.is_(False), of.plan_revision.is_not(None), of.state.not_in(WAIVED))
        .group_by(of.type, of.plan_revision)
    )
    found: dict[str, Use] = {}
    for row in conn.execute(query):
        procedure = procedure_for(revision(conn, row.plan_revision).plan, row.type)
        for key in ("plan", f"procedure:{procedure}"):
            other, this = found.get(key), Use(row.last, from_micros(row.at), row.n)
            latest = this if other is None or this.number > other.number else other
            found[key] = Use(latest.number, latest.at, this.incidents + (other.incidents if other else 0))
    return found


def practice(conn: Connection, procedure: str, since: Instant, latest: int = 5) -> Practice:
    """How a procedure fared in the incidents declared since then."""
    of, task = incident_table.c, incident_task.c
    pinned = select(of.type, of.plan_revision).where(of.plan_revision.is_not(None)).distinct()
    uses = {
        (row.type, row.plan_revision)
        for row in conn.execute(pinned)
        if procedure_for(revision(conn, row.plan_revision).plan, row.type) == procedure
    }
    query = (
        select(incident_task, of.type, of.plan_revision, of.state.label("incident_state"))
        .join(incident_table, of.number == task.number)
        .where(task.step.is_not(None), of.drill.is_(False), of.state.not_in(WAIVED))
        .where(of.type.in_({type_ for type_, _ in uses}), of.declared_at >= micros(since))
        .order_by(of.number.desc(), task.position)
    )
    rows = [row for row in conn.execute(query) if (row.type, row.plan_revision) in uses]
    steps: dict[str, list[object]] = {}
    for row in rows:
        steps.setdefault(row.step, []).append(row)
    numbers = _distinct(row.number for row in rows)
    return Practice(
        incidents=len(numbers),
        steps=tuple(followed(step, some, "step") for step, some in steps.items()),
        mandatory=share(states(row for row in rows if row.mandatory)),
        latest=numbers[:latest],
    )


def _distinct(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(numbers))
