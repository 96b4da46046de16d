"""Read tables of command: incidents, their roles and their tasks, as the screens ask for them."""

from collections.abc import Callable, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    Update,
    bindparam,
    delete,
    insert,
    update,
)

from quarterdeck.command import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.record import Projections, Projector, Recorded
from quarterdeck.record.tables import read

incident = Table(
    "incident",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("type", String(64)),
    Column("state", String(12), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("computed_severity", String(8), nullable=False),
    Column("severity_reason", Text),
    Column("impact", String(64)),
    Column("urgency", String(64)),
    Column("statement", Text, nullable=False),
    Column("service", String(100)),
    Column("plan_revision", Integer),
    Column("commander", String(80), nullable=False),
    Column("commander_by_default", Boolean, nullable=False),
    Column("declared_by", String(80), nullable=False),
    Column("drill", Boolean, nullable=False),
    Column("source", Text),
    Column("team", String(200)),
    Column("reassigned", Integer),
    Column("service_level_made", Boolean),
    Column("doubts", Integer, nullable=False),
    Column("merged_into", Integer),
    Column("review", String(8), nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("impact_started", BigInteger),
    Column("detected_at", BigInteger, nullable=False),
    Column("declared_at", BigInteger, nullable=False),
    Column("acknowledged_at", BigInteger),
    Column("mitigated_at", BigInteger),
    Column("resolved_at", BigInteger),
    Column("closed_at", BigInteger),
    Index("incident_state", "state", "severity"),
    Index("incident_source", "source"),
)

incident_role = Table(
    "incident_role",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("role", String(64), primary_key=True),
    Column("person", String(80), nullable=False),
    Column("since", BigInteger, nullable=False),
    Index("incident_role_person", "person"),
)

incident_task = Table(
    "incident_task",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("task", String(64), primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("title", Text, nullable=False),
    Column("step", String(64)),
    Column("role", String(64)),
    Column("assignee", String(80)),
    Column("due", BigInteger),
    Column("mandatory", Boolean, nullable=False),
    Column("evidence_wanted", Text),
    Column("details", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("settled_at", BigInteger),
    Column("settled_by", String(80)),
    Column("outcome", Text),
    Column("waits_for", JSON, nullable=False),
    Column("question", Text),
    Column("answers", JSON),
    Column("answer", String(64)),
    Column("skip", String(16), nullable=False),
    Column("out_of_order", Boolean, nullable=False),
    Column("entitled", Boolean, nullable=False),
    Column("why", Text),
    Column("verdict", String(24)),
    Column("draft", Integer),
    Index("incident_task_open", "state", "due"),
)


def _micros(at: Instant | None) -> int | None:
    return None if at is None else micros(at)


def _declared(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(insert(incident), [_first(row.event) for row in rows])


def _first(e: ev.IncidentDeclared) -> dict[str, Any]:
    return {
        "number": e.number,
        "title": e.title,
        "type": e.type,
        "state": "triage",
        "severity": e.severity,
        "computed_severity": e.computed_severity,
        "severity_reason": e.severity_reason,
        "impact": e.impact,
        "urgency": e.urgency,
        "statement": e.summary,
        "service": e.service,
        "plan_revision": e.plan_revision,
        "commander": e.commander,
        "commander_by_default": e.commander_by_default,
        "declared_by": e.declared_by,
        "drill": e.drill,
        "source": e.source,
        "review": "none",
        "reopened": 0,
        "doubts": 0,
        "impact_started": _micros(e.impact_started),
        "detected_at": micros(e.detected_at),
        "declared_at": micros(e.at),
    }


def _changing(values: Callable[[Any], dict[str, Any]]) -> Projector:
    """A projector that updates the incident's row with what `values(event)` says."""

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        changes = [(int(row.key), values(row.event)) for row in rows]
        for names, alike in groupby(changes, key=lambda change: tuple(change[1])):
            if names:
                given = [{"n": number, **{f"to_{name}": changed[name] for name in names}} for number, changed in alike]
                conn.execute(_setting(names), given)

    return project


@cache
def _setting(names: tuple[str, ...]) -> Update:
    """One statement for a whole run: of a history that is brought in, or of a rebuild."""
    values = {name: bindparam(f"to_{name}", type_=incident.c[name].type) for name in names}
    return update(incident).where(incident.c.number == bindparam("n")).values(**values)


def _state(name: str, instant: str | None = None) -> Projector:
    def values(e: Event) -> dict[str, Any]:
        return {"state": name, **({instant: micros(e.at)} if instant else {})}

    return _changing(values)


def _acknowledged(conn: Connection, rows: Sequence[Recorded]) -> None:
    first = (
        update(incident)
        .where(incident.c.number == bindparam("n"), incident.c.acknowledged_at.is_(None))
        .values(acknowledged_at=bindparam("at"))
    )
    conn.execute(first, [{"n": int(row.key), "at": micros(row.event.at)} for row in rows])


def _severity(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        this = incident.c.number == int(row.key)
        conn.execute(
            update(incident)
            .where(this)
            .values(
                severity=e.severity,
                computed_severity=e.computed_severity,
                severity_reason=e.reason,
                impact=e.impact,
                urgency=e.urgency,
            )
        )
        if e.review_owed:
            after = this & incident.c.state.in_(("resolved", "reviewing")) & (incident.c.review == "none")
            conn.execute(update(incident).where(after).values(review="owed"))


def _times(e: ev.TimesCorrected) -> dict[str, Any]:
    given = {"impact_started": _micros(e.impact_started), "detected_at": _micros(e.detected_at)}
    return {name: value for name, value in given.items() if value is not None}


def _resolved(e: ev.IncidentResolved) -> dict[str, Any]:
    return {"state": "resolved", "resolved_at": micros(e.at), "review": "owed" if e.review_owed else "none"}


def _reopened(conn: Connection, rows: Sequence[Recorded]) -> None:
    again = (
        update(incident)
        .where(incident.c.number == bindparam("n"))
        .values(
            state="active",
            mitigated_at=None,
            resolved_at=None,
            closed_at=None,
            review="none",
            reopened=incident.c.reopened + 1,
        )
    )
    conn.execute(again, [{"n": int(row.key)} for row in rows])


def _doubted(conn: Connection, rows: Sequence[Recorded]) -> None:
    more = update(incident).where(incident.c.number == bindparam("n")).values(doubts=incident.c.doubts + 1)
    conn.execute(more, [{"n": int(row.key)} for row in rows])


def _role_assigned(conn: Connection, rows: Sequence[Recorded]) -> None:
    values = [
        {"number": int(row.key), "role": row.event.role, "person": row.event.person, "since": micros(row.event.at)}
        for row in rows
    ]
    # A history may name the next holder without saying that the last one gave it up.
    held = delete(incident_role).where(incident_role.c.number == bindparam("n"), incident_role.c.role == bindparam("r"))
    conn.execute(held, [{"n": value["number"], "r": value["role"]} for value in values])
    conn.execute(insert(incident_role), list({(value["number"], value["role"]): value for value in values}.values()))


def _role_released(conn: Connection, rows: Sequence[Recorded]) -> None:
    gone = delete(incident_role).where(incident_role.c.number == bindparam("n"), incident_role.c.role == bindparam("r"))
    conn.execute(gone, [{"n": int(row.key), "r": row.event.role} for row in rows])


def _task_added(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(
        insert(incident_task),
        [
            {
                "number": int(row.key),
                "task": row.event.task,
                "position": row.position,
                "title": row.event.title,
                "step": row.event.step,
                "role": row.event.role,
                "assignee": row.event.assignee,
                "due": _micros(row.event.due),
                "mandatory": row.event.mandatory,
                "evidence_wanted": row.event.evidence,
                "details": row.event.details,
                "state": "open",
                "overdue": False,
                "waits_for": [*row.event.after, *(row.event.only_if or ())],
                "question": row.event.question,
                "answers": row.event.answers,
                "skip": row.event.skip,
                "out_of_order": False,
                "entitled": True,
            }
            for row in rows
        ],
    )


def _task(values: Callable[[Any], dict[str, Any]]) -> Projector:
    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for row in rows:
            this = (incident_task.c.number == int(row.key)) & (incident_task.c.task == row.event.task)
            conn.execute(update(incident_task).where(this).values(**values(row.event)))

    return project


def _done(e: ev.TaskDone) -> dict[str, Any]:
    more = {"answer": e.answer, "out_of_order": e.out_of_order, "entitled": e.entitled}
    return _settled("done", e.evidence, e) | more


def _settled(state: str, outcome: str | None, e: Any) -> dict[str, Any]:
    return {"state": state, "settled_at": micros(e.at), "settled_by": e.by, "outcome": outcome}


PROJECTIONS: Projections = {
    ev.IncidentDeclared: _declared,
    ev.IncidentAcknowledged: _acknowledged,
    ev.IncidentActivated: _state("active"),
    ev.IncidentClassified: _changing(lambda e: {"type": e.type, "service": e.service}),
    ev.SeverityChanged: _severity,
    ev.ImpactStated: _changing(lambda e: {"statement": e.statement}),
    ev.TimesCorrected: _changing(_times),
    ev.CommandTransferred: _changing(lambda e: {"commander": e.to, "commander_by_default": False}),
    ev.RoleAssigned: _role_assigned,
    ev.RoleReleased: _role_released,
    ev.TaskAdded: _task_added,
    ev.TaskAssigned: _task(lambda e: {"assignee": e.person}),
    ev.TaskDone: _task(_done),
    ev.TaskSkipped: _task(lambda e: _settled("skipped", e.reason, e)),
    ev.TaskOverdue: _task(lambda e: {"overdue": True}),
    ev.TaskDueSet: _task(lambda e: {"due": _micros(e.due), "overdue": False}),
    ev.TaskFellAway: _task(lambda e: {"state": "fallen", "settled_at": micros(e.at)}),
    ev.DeviationExplained: _task(lambda e: {"why": e.why, "verdict": e.verdict, "draft": e.draft}),
    ev.IncidentMitigated: _state("mitigated", "mitigated_at"),
    ev.IncidentResolved: _changing(_resolved),
    ev.IncidentReopened: _reopened,
    ev.ReviewBegun: _state("reviewing"),
    ev.ReviewSettled: _changing(lambda e: {"review": "settled"}),
    ev.IncidentClosed: _state("closed", "closed_at"),
    ev.IncidentDeclined: _state("declined", "closed_at"),
    ev.IncidentMerged: _changing(lambda e: {"state": "merged", "merged_into": e.into, "closed_at": micros(e.at)}),
    ev.IncidentCancelled: _state("cancelled", "closed_at"),
    ev.TeamAssigned: _changing(lambda e: {"team": e.team}),
    ev.ReassignmentsCounted: _changing(lambda e: {"reassigned": e.count}),
    ev.ServiceLevelJudged: _changing(lambda e: {"service_level_made": e.made}),
    ev.DoubtRaised: _doubted,
}
