"""What is measured of an incident: one row of facts, each instant as it occurred and as it was written down.

Whoever prefers SQL can ask this table; docs/reference/measures.md says which columns a measure is made of.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    bindparam,
    func,
    insert,
    update,
)
from sqlalchemy.sql.elements import ColumnElement

from quarterdeck.command import events as ev
from quarterdeck.direction.events import ProcedurePractised
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.record import Projections, Projector, Recorded
from quarterdeck.record.tables import read

INSTANTS = ("started", "detected", "paged", "acknowledged", "declared", "mitigated", "restored", "resolved", "closed")
"""Each has a twin, `…_recorded`: when it was written down. Of a reopened incident the last of each counts."""
COUNTS = ("resolutions", "reopened", "handovers", "pages", "updates_kept", "updates_missed", "steps", "steps_followed")

measured = Table(
    "measured",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("moved", BigInteger, nullable=False, index=True),
    Column("state", String(12), nullable=False),
    Column("type", String(64)),
    Column("severity", String(8), nullable=False),
    Column("service", String(100)),
    Column("source", String(64)),
    Column("team", String(200)),
    Column("plan_revision", Integer),
    Column("drill", SmallInteger, nullable=False),
    Column("monitored", SmallInteger, nullable=False),
    Column("level_made", SmallInteger),
    Column("reassigned", Integer),
    *(Column(name, BigInteger) for name in INSTANTS),
    *(Column(f"{name}_recorded", BigInteger) for name in INSTANTS),
    *(Column(name, Integer, nullable=False, server_default="0") for name in COUNTS),
    Column("update_overdue", SmallInteger, nullable=False, server_default="0"),
    Column("customers", BigInteger),
    Column("worked", BigInteger, nullable=False, server_default="0"),
    Index("measured_declared", "declared"),
)
"""`moved`: the position of the last event that changed the row. `monitored`: opened by a signal, not by a person.

`source`: the system from which it was brought in; none: it was managed here. `team`, `level_made` and `reassigned` are
what such a system said; the last is counted here where it gave no count. `worked`: the time of all who took part
together, in microseconds (projections/hands.py).
"""

Fact = Callable[[Recorded], Any]
How = Literal["set", "first", "known"]
"""`first`: only if nothing is there yet; `known`: only if something is said."""


def setting(
    facts: Mapping[str, Fact], how: How = "set", where: ColumnElement[bool] | None = None, **computed: Any
) -> Projector:
    """Set columns of each event's incident: `facts` are read from the event, `computed` are expressions of columns."""
    values: dict[str, Any] = {"moved": bindparam("b_moved"), **computed}
    for name in facts:
        column, given = measured.c[name], bindparam(f"b_{name}", type_=measured.c[name].type)
        ways = {"set": given, "first": func.coalesce(column, given), "known": func.coalesce(given, column)}
        values[name] = ways[how]
    statement = update(measured).where(measured.c.number == bindparam("b_number"))
    statement = (statement if where is None else statement.where(where)).values(**values)

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        given = [
            {
                "b_number": int(row.key),
                "b_moved": row.position,
                **{f"b_{name}": fact(row) for name, fact in facts.items()},
            }
            for row in rows
        ]
        conn.execute(statement, given)

    return project


def at(row: Recorded) -> int:
    return micros(row.event.at)


def recorded(row: Recorded) -> int:
    return micros(row.recorded_at)


def when(name: str, state: str | None = None) -> dict[str, Fact]:
    """An instant on both clocks, and the state that begins with it."""
    facts: dict[str, Fact] = {name: at, f"{name}_recorded": recorded}
    return facts if state is None else {**facts, "state": lambda row: state}


def _declared(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(insert(measured), [_first(row) for row in rows])


def _first(row: Recorded) -> dict[str, Any]:
    e: ev.IncidentDeclared = row.event
    known = e.impact_started is not None
    return {
        "number": e.number,
        "moved": row.position,
        "state": "triage",
        "type": e.type,
        "severity": e.severity,
        "service": e.service,
        "plan_revision": e.plan_revision,
        "source": e.source.partition(":")[0][:64] if e.source else None,
        "drill": int(e.drill),
        "monitored": int(e.group is not None),
        "started": _micros(e.impact_started),
        "started_recorded": recorded(row) if known else None,
        "detected": micros(e.detected_at),
        "detected_recorded": recorded(row),
        "declared": at(row),
        "declared_recorded": recorded(row),
    }


def _micros(instant: Instant | None) -> int | None:
    return None if instant is None else micros(instant)


def _acknowledged(conn: Connection, rows: Sequence[Recorded]) -> None:
    """Only the first, and only by a person: a source of alerts acts by its key."""
    people = [row for row in rows if not row.event.by.startswith("key/")]
    if people:
        _first_acknowledged(conn, people)


_first_acknowledged = setting(when("acknowledged"), how="first")
_corrected = setting(
    {
        "started": lambda row: _micros(row.event.impact_started),
        "started_recorded": lambda row: recorded(row) if row.event.impact_started else None,
        "detected": lambda row: _micros(row.event.detected_at),
        "detected_recorded": lambda row: recorded(row) if row.event.detected_at else None,
    },
    how="known",
)
_GONE: dict[str, Any] = {
    f"{name}{twin}": None for name in ("mitigated", "restored", "resolved", "closed") for twin in ("", "_recorded")
}
_reopened = setting({"state": lambda row: "active"}, reopened=measured.c.reopened + 1, **_GONE)
_assigned = setting({"team": lambda row: row.event.team[:200]})
_moved = setting({}, reassigned=func.coalesce(measured.c.reassigned, 0) + 1)


def _to_team(conn: Connection, rows: Sequence[Recorded]) -> None:
    _assigned(conn, rows)
    first, again = ([row for row in rows if (row.event.was is None) is new] for new in (True, False))
    if first:
        setting({"reassigned": lambda row: 0}, how="first")(conn, first)
    if again:
        _moved(conn, again)


_followed = (
    update(measured)
    .where(measured.c.number == bindparam("b_number"))
    .values(moved=bindparam("b_moved"), steps=bindparam("b_steps"), steps_followed=bindparam("b_followed"))
)


def _practised(conn: Connection, rows: Sequence[Recorded]) -> None:
    """Of a closed incident: the mandatory steps that applied, and those done in time and order by whose task it was."""
    given = []
    for row in rows:
        e: ProcedurePractised = row.event
        wanted = [step for step in e.steps if e.mandatory is None or step.step in e.mandatory]
        followed = sum(step.state == "done" and step.step not in e.by_others for step in wanted)
        given.append({"b_number": e.number, "b_moved": row.position, "b_steps": len(wanted), "b_followed": followed})
    conn.execute(_followed, given)


PROJECTIONS: Projections = {
    ev.IncidentDeclared: _declared,
    ev.IncidentAcknowledged: _acknowledged,
    ev.IncidentActivated: setting({"state": lambda row: "active"}),
    ev.IncidentClassified: setting({"type": lambda row: row.event.type, "service": lambda row: row.event.service}),
    ev.SeverityChanged: setting({"severity": lambda row: row.event.severity}),
    ev.TimesCorrected: _corrected,
    ev.ImpactStated: setting({"customers": lambda row: row.event.customers}, how="known"),
    ev.CommandTransferred: setting({}, handovers=measured.c.handovers + 1),
    ev.AlertsCleared: setting(when("restored")),
    ev.AlertsReturned: setting({}, restored=None, restored_recorded=None),
    ev.IncidentMitigated: setting(when("mitigated", "mitigated")),
    ev.IncidentResolved: setting(when("resolved", "resolved"), resolutions=measured.c.resolutions + 1),
    ev.IncidentReopened: _reopened,
    ev.ReviewBegun: setting({"state": lambda row: "reviewing"}),
    ev.IncidentClosed: setting(when("closed", "closed")),
    ev.IncidentDeclined: setting(when("closed", "declined")),
    ev.IncidentMerged: setting(when("closed", "merged")),
    ev.IncidentCancelled: setting(when("closed", "cancelled")),
    ev.TeamAssigned: _to_team,
    ev.ReassignmentsCounted: setting({"reassigned": lambda row: row.event.count}),
    ev.ServiceLevelJudged: setting({"level_made": lambda row: int(row.event.made)}),
    ProcedurePractised: _practised,
}
