"""The path of each incident: one row for each thing that was done with it, in the order of the record."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, String, Table

from quarterdeck.command import events as ev
from quarterdeck.comms import events as comms
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import micros
from quarterdeck.oncall import events as oncall
from quarterdeck.record import Projections, Projector, Recorded
from quarterdeck.record.bulk import insert_many
from quarterdeck.record.tables import read

measured_path = Table(
    "measured_path",
    read,
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("moved", BigInteger, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("activity", String(20), nullable=False),
    Column("detail", String(200)),
    Column("at", BigInteger, nullable=False),
    Index("measured_path_number", "number"),
)
"""`place`: the position at which it was recorded; `activity`: one of `rules/paths/activities.py`, `detail` by its kind:
the team, role, step, stage, severity or service. `at`: when it happened."""

_COLUMNS = measured_path.c.keys()
Kind = str | Callable[[Any], str | None]
"""The activity of an event, or how to tell it; None: this one is none."""


def _doing(kind: Kind, detail: Callable[[Any], str | None] | None = None) -> Projector:
    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        values = []
        for row in rows:
            activity = kind if isinstance(kind, str) else kind(row.event)
            if activity is not None:
                said = detail(row.event) if detail is not None else None
                short = said[:200] if said else None
                values.append((row.position, row.position, int(row.key), activity, short, micros(row.event.at)))
        if values:
            insert_many(conn, measured_path.name, _COLUMNS, values)

    return project


_SIMPLE: dict[type[Event], str] = {
    ev.IncidentAcknowledged: "acknowledged",
    ev.CommandTransferred: "command",
    ev.AlertsCleared: "cleared",
    ev.AlertsReturned: "returned",
    ev.IncidentMitigated: "mitigated",
    ev.IncidentResolved: "resolved",
    ev.IncidentReopened: "reopened",
    ev.ReviewBegun: "review",
    ev.ReviewSettled: "reviewed",
    ev.IncidentClosed: "closed",
    ev.IncidentDeclined: "declined",
    ev.IncidentMerged: "merged",
    ev.IncidentCancelled: "cancelled",
    comms.UpdateSent: "update",
    comms.Elevated: "elevated",
    oncall.PageRequested: "paged",
}
PROJECTIONS: Projections = {
    **{event: _doing(kind) for event, kind in _SIMPLE.items()},
    ev.IncidentDeclared: _doing("declared", lambda e: e.service),
    ev.IncidentClassified: _doing("service", lambda e: e.service),
    ev.SeverityChanged: _doing("severity", lambda e: e.severity),
    ev.RoleAssigned: _doing("role", lambda e: e.role),
    ev.TaskAdded: _doing(lambda e: None if e.step else "added", lambda e: e.task),
    ev.TaskDone: _doing("step", lambda e: e.task),
    ev.TaskSkipped: _doing("skipped", lambda e: e.task),
    ev.TaskFellAway: _doing("fell", lambda e: e.task),
    ev.TeamAssigned: _doing(lambda e: "queue" if e.was is None else "handed", lambda e: e.team),
    ev.StageEntered: _doing(lambda e: "waiting" if e.waiting else "stage", lambda e: e.stage),
    oncall.LevelDue: _doing(lambda e: "escalated" if e.step else None),
}
