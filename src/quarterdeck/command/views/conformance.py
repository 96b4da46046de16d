"""Was the plan followed: in this incident step by step, and across incidents by step, type or team?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import Connection, select

from quarterdeck.catalog.views import services
from quarterdeck.command.projections import incident as incident_table
from quarterdeck.command.projections import incident_task
from quarterdeck.command.rules.conformance import (
    DEVIATIONS,
    WAIVED,
    Facts,
    Share,
    State,
    judged,
    late_by,
    share,
    wants_explanation,
)
from quarterdeck.command.views.incidents import incident
from quarterdeck.command.views.plans import pinned
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.plan.rules import procedure_for

By = Literal["step", "type", "team"]


@dataclass(frozen=True)
class StepRow:
    """One step of the plan as it was followed. `late`: how long after its deadline it was done."""

    step: str
    title: str
    role: str | None
    role_title: str | None
    mandatory: bool
    state: State
    due: Instant | None
    settled_at: Instant | None
    settled_by: str | None
    entitled: bool
    """Done by whose task it was, or by the commander."""
    late: timedelta
    answer: str | None
    outcome: str | None
    """The evidence, or the reason for which it was skipped."""
    why: str | None
    """The explanation of a deviation."""
    verdict: str | None
    draft: int | None
    wants_explanation: bool


@dataclass(frozen=True)
class Conformance:
    """An incident against the plan revision that it was declared under. `clause` leads to its procedure."""

    number: int
    plan_revision: int | None
    procedure: str | None
    steps: tuple[StepRow, ...]
    mandatory: Share
    """Of the mandatory steps that applied and are settled or overdue."""

    @property
    def deviations(self) -> tuple[StepRow, ...]:
        return tuple(row for row in self.steps if row.state in DEVIATIONS)


@dataclass(frozen=True)
class Followed:
    """How a step, a type or a team did across incidents; drills and incidents that were none are left out."""

    key: str
    title: str
    incidents: int
    counts: dict[str, int]
    mandatory: Share
    better: int
    """Deviations that were found better than the plan."""


def conformance(conn: Connection, number: int) -> Conformance:
    """Raises `NotFound`."""
    headline, plan = incident(conn, number), pinned(conn, number)
    titles = {role: described.title for role, described in plan.roles.items()} if plan else {}
    this = select(incident_task).where(incident_task.c.number == number, incident_task.c.step.is_not(None))
    rows = conn.execute(this.order_by(incident_task.c.position)).all()
    names = person_names(conn) if rows else {}
    steps = tuple(_step(row, titles, names, headline.state) for row in rows)
    return Conformance(
        number=number,
        plan_revision=headline.plan_revision,
        procedure=procedure_for(plan, headline.type) if plan else None,
        steps=steps,
        mandatory=share([row.state for row in steps if row.mandatory]),
    )


def facts_of(row: Any, incident: str) -> Facts:
    return Facts(
        mandatory=row.mandatory,
        state=row.state,
        due=None if row.due is None else from_micros(row.due),
        overdue=row.overdue,
        settled_at=None if row.settled_at is None else from_micros(row.settled_at),
        out_of_order=row.out_of_order,
        incident=incident,
    )


def _step(row: Any, titles: dict[str, str], names: dict[str, str], incident: str) -> StepRow:
    facts = facts_of(row, incident)
    state = judged(facts)
    return StepRow(
        step=row.step,
        title=row.title,
        role=row.role,
        role_title=titles.get(row.role, row.role),
        mandatory=row.mandatory,
        state=state,
        due=facts.due,
        settled_at=facts.settled_at,
        settled_by=names.get(row.settled_by, row.settled_by),
        entitled=row.entitled,
        late=late_by(facts) if state == "late" else timedelta(),
        answer=(row.answers or {}).get(row.answer, row.answer),
        outcome=row.outcome,
        why=row.why,
        verdict=row.verdict,
        draft=row.draft,
        wants_explanation=wants_explanation(facts, state, row.why is not None),
    )


def conformance_across(conn: Connection, *, since: Instant | None = None, by: By = "step") -> list[Followed]:
    """The least followed first; by step, type of incident, or team that owns the service."""
    of, task = incident_table.c, incident_task.c
    query = (
        select(incident_task, of.type, of.service, of.state.label("incident_state"))
        .join(incident_table, of.number == task.number)
        .where(task.step.is_not(None), of.drill.is_(False), of.state.not_in(WAIVED))
        .order_by(of.declared_at, task.position)
    )
    if since is not None:
        query = query.where(of.declared_at >= micros(since))
    teams = {service.id: service.team for service in services(conn)} if by == "team" else {}
    gathered: dict[str, list[Any]] = {}
    for row in conn.execute(query):
        key = {"step": row.step, "type": row.type, "team": teams.get(row.service)}[by] or "unknown"
        gathered.setdefault(key, []).append(row)
    found = [followed(key, rows, by) for key, rows in gathered.items()]
    return sorted(found, key=lambda one: (one.mandatory.high, -one.mandatory.n, one.key))


def states(rows: Iterable[Any]) -> list[State]:
    """How each step of these rows was followed; a row has the state of its incident as `incident_state`."""
    return [judged(facts_of(row, row.incident_state)) for row in rows]


def followed(key: str, rows: Iterable[Any], by: By) -> Followed:
    """One step, type or team across its rows; of a step, the title that it had last in the order given."""
    counts: dict[str, int] = {}
    mandatory: list[State] = []
    numbers: set[int] = set()
    better, title = 0, key
    for row in rows:
        state = judged(facts_of(row, row.incident_state))
        counts[state] = counts.get(state, 0) + 1
        numbers.add(row.number)
        better += row.verdict == "better-than-the-plan"
        title = row.title if by == "step" else title
        if row.mandatory:
            mandatory.append(state)
    return Followed(key, title, len(numbers), counts, share(mandatory), better)
