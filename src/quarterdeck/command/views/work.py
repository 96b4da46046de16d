"""Who does what in an incident, and by when?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, func, select

from quarterdeck.command.projections import incident as incident_table
from quarterdeck.command.projections import incident_role, incident_task
from quarterdeck.command.rules.state import LIVE
from quarterdeck.command.views.incidents import incident
from quarterdeck.command.views.naming import called
from quarterdeck.command.views.plans import pinned
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.plan.rules import commanding_role


@dataclass(frozen=True)
class RoleRow:
    """A role of the pinned plan, or one that was given; `person` None: nobody has it."""

    role: str
    title: str
    purpose: str
    duties: tuple[str, ...]
    person: str | None
    name: str | None
    since: Instant | None
    commands: bool
    by_default: bool = False


@dataclass(frozen=True)
class TaskRow:
    """A task; `owner` is the assignee, else who has its role, else the commander."""

    number: int
    incident: str
    severity: str
    id: str
    title: str
    step: str | None
    role: str | None
    role_title: str | None
    assignee: str | None
    owner: str
    owner_name: str
    due: Instant | None
    mandatory: bool
    evidence: str | None
    details: str
    state: str
    overdue: bool
    settled_at: Instant | None
    settled_by: str | None
    outcome: str | None
    waits_for: tuple[str, ...] = ()
    """Titles of the open tasks that come first."""
    question: str | None = None
    answers: dict[str, str] | None = None
    answer: str | None = None
    skip: str = "with-reason"
    drill: bool = False


def roles(conn: Connection, number: int) -> list[RoleRow]:
    """The commander first, then the plan's roles in its order, empty ones included."""
    headline, plan = incident(conn, number), pinned(conn, number)
    names = person_names(conn)
    given = {row.role: row for row in conn.execute(select(incident_role).where(incident_role.c.number == number))}
    commanding = commanding_role(plan)
    known = {role: plan.roles[role] for role in plan.roles} if plan else {}
    order = [commanding, *(role for role in known if role != commanding)]
    found = []
    for role in [*order, *(role for role in given if role not in order)]:
        described, row = known.get(role), given.get(role)
        person = headline.commander if role == commanding else row.person if row else None
        found.append(
            RoleRow(
                role=role,
                title=described.title if described else role.replace("-", " ").capitalize(),
                purpose=(described.purpose if described else None) or "",
                duties=described.duties if described else (),
                person=person,
                name=called(names, person) if person else None,
                since=from_micros(row.since) if row else None,
                commands=role == commanding,
                by_default=role == commanding and headline.commander_by_default,
            )
        )
    return found


def tasks(conn: Connection, number: int) -> list[TaskRow]:
    """Open tasks by deadline, then those done and skipped."""
    this = incident_task.c.number == number
    plan = pinned(conn, number)
    titles = {role: described.title for role, described in plan.roles.items()} if plan else {}
    return _tasks(conn, this, titles)


def due_tasks(conn: Connection, person: str) -> list[TaskRow]:
    """The open tasks that are this person's to do, in incidents that are not over, by deadline."""
    owned = _owner() == person
    return _tasks(conn, and_(incident_task.c.state == "open", incident_table.c.state.in_(LIVE), owned), {})


def _owner() -> Any:
    """The same answer as `rules.tasks.owned_by`, in SQL."""
    return func.coalesce(incident_task.c.assignee, incident_role.c.person, incident_table.c.commander)


def _open_titles(conn: Connection, numbers: set[int]) -> dict[tuple[int, str], str]:
    of = incident_task.c
    query = select(of.number, of.task, of.title).where(of.number.in_(numbers), of.state == "open")
    return {(row.number, row.task): row.title for row in conn.execute(query)} if numbers else {}


def _tasks(conn: Connection, condition: Any, titles: dict[str, str]) -> list[TaskRow]:
    task, of = incident_task, incident_task.c
    same_role = and_(incident_role.c.number == of.number, incident_role.c.role == of.role)
    query = (
        select(
            task,
            incident_table.c.title.label("incident_title"),
            incident_table.c.severity,
            incident_table.c.drill,
            _owner().label("owner"),
        )
        .join(incident_table, incident_table.c.number == of.number)
        .outerjoin(incident_role, same_role)
        .where(condition)
        .order_by(case((of.state == "open", 0), else_=1), case((of.due.is_(None), 1), else_=0), of.due, of.position)
    )
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    open_ = _open_titles(conn, {row.number for row in rows if row.waits_for})
    return [
        TaskRow(
            number=row.number,
            incident=row.incident_title,
            severity=row.severity,
            id=row.task,
            title=row.title,
            step=row.step,
            role=row.role,
            role_title=titles.get(row.role, row.role),
            assignee=row.assignee,
            owner=row.owner,
            owner_name=names.get(row.owner, row.owner),
            due=None if row.due is None else from_micros(row.due),
            mandatory=row.mandatory,
            evidence=row.evidence_wanted,
            details=row.details,
            state=row.state,
            overdue=row.overdue,
            settled_at=None if row.settled_at is None else from_micros(row.settled_at),
            settled_by=names.get(row.settled_by, row.settled_by),
            outcome=row.outcome,
            waits_for=tuple(open_[row.number, name] for name in row.waits_for if (row.number, name) in open_),
            question=row.question,
            answers=row.answers,
            answer=row.answer,
            skip=row.skip,
            drill=row.drill,
        )
        for row in rows
    ]
