"""What is measured of an incident: one row of facts, each instant as it occurred and as it was written down.

Whoever prefers SQL can ask this table; docs/reference/measures.md says which columns a measure is made of.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, SmallInteger, String, Table

from quarterdeck.command import events as ev
from quarterdeck.direction.events import ProcedurePractised
from quarterdeck.direction.projections.stating import (
    Change,
    Computed,
    Fact,
    How,
    Put,
    Says,
    at,
    constant,
    known,
    number,
    position,
    recorded,
)
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.record.refold import Told
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


def when(name: str, state: str | None = None) -> dict[str, Fact]:
    """An instant on both clocks, and the state that begins with it."""
    facts: dict[str, Fact] = {name: at, f"{name}_recorded": recorded}
    return facts if state is None else {**facts, "state": constant(state)}


def change(
    facts: Mapping[str, Fact] | None = None,
    how: How = "set",
    only: Callable[[Told], bool] | None = None,
    **computed: Computed,
) -> Change:
    """Of the row of the event's incident."""
    return Change(measured, facts or {}, how, computed, number, only)


def _micros(instant: Instant | None) -> int | None:
    return None if instant is None else micros(instant)


def _source(row: Told) -> str | None:
    source: str | None = row.event.source
    return source.partition(":")[0][:64] if source else None


_DECLARED: dict[str, Fact] = {
    "number": lambda row: row.event.number,
    "moved": position,
    "state": constant("triage"),
    "type": lambda row: row.event.type,
    "severity": lambda row: row.event.severity,
    "service": lambda row: row.event.service,
    "plan_revision": lambda row: row.event.plan_revision,
    "source": _source,
    "drill": lambda row: int(row.event.drill),
    "monitored": lambda row: int(row.event.group is not None),
    "started": lambda row: _micros(row.event.impact_started),
    "started_recorded": lambda row: None if row.event.impact_started is None else row.recorded,
    "detected": lambda row: micros(row.event.detected_at),
    "detected_recorded": recorded,
    "declared": at,
    "declared_recorded": recorded,
}


def _by_a_person(row: Told) -> bool:
    """A source of alerts acts by its key."""
    return not row.event.by.startswith("key/")


_corrected = change(
    {
        "started": lambda row: _micros(row.event.impact_started),
        "started_recorded": lambda row: row.recorded if row.event.impact_started else None,
        "detected": lambda row: _micros(row.event.detected_at),
        "detected_recorded": lambda row: row.recorded if row.event.detected_at else None,
    },
    how="known",
)
_GONE: dict[str, Computed] = {
    f"{name}{twin}": lambda row: None
    for name in ("mitigated", "restored", "resolved", "closed")
    for twin in ("", "_recorded")
}


def _wanted(row: Told) -> list[Any]:
    """Of a closed incident the mandatory steps that applied."""
    e: ProcedurePractised = row.event
    return [step for step in e.steps if e.mandatory is None or step.step in e.mandatory]


def _followed(row: Told) -> int:
    """Those done in time and order by whose task it was."""
    return sum(step.state == "done" and step.step not in row.event.by_others for step in _wanted(row))


SAYS: Says = {
    ev.IncidentDeclared: [Put(measured, _DECLARED)],
    ev.IncidentAcknowledged: [change(when("acknowledged"), how="first", only=_by_a_person)],
    ev.IncidentActivated: [change({"state": constant("active")})],
    ev.IncidentClassified: [
        change({"type": lambda row: row.event.type, "service": lambda row: row.event.service}),
    ],
    ev.SeverityChanged: [change({"severity": lambda row: row.event.severity})],
    ev.TimesCorrected: [_corrected],
    ev.ImpactStated: [change({"customers": lambda row: row.event.customers}, how="known")],
    ev.CommandTransferred: [change(handovers=lambda row: row.handovers + 1)],
    ev.AlertsCleared: [change(when("restored"))],
    ev.AlertsReturned: [change(restored=lambda row: None, restored_recorded=lambda row: None)],
    ev.IncidentMitigated: [change(when("mitigated", "mitigated"))],
    ev.IncidentResolved: [change(when("resolved", "resolved"), resolutions=lambda row: row.resolutions + 1)],
    ev.IncidentReopened: [
        Change(measured, {"state": constant("active")}, computed={"reopened": lambda row: row.reopened + 1, **_GONE})
    ],
    ev.ReviewBegun: [change({"state": constant("reviewing")})],
    ev.IncidentClosed: [change(when("closed", "closed"))],
    ev.IncidentDeclined: [change(when("closed", "declined"))],
    ev.IncidentMerged: [change(when("closed", "merged"))],
    ev.IncidentCancelled: [change(when("closed", "cancelled"))],
    ev.TeamAssigned: [
        change({"team": lambda row: row.event.team[:200]}),
        change({"reassigned": constant(0)}, how="first", only=lambda row: row.event.was is None),
        change(
            only=lambda row: row.event.was is not None,
            reassigned=lambda row: known(row.reassigned, 0) + 1,
        ),
    ],
    ev.ReassignmentsCounted: [change({"reassigned": lambda row: row.event.count})],
    ev.ServiceLevelJudged: [change({"level_made": lambda row: int(row.event.made)})],
    ProcedurePractised: [
        Change(
            measured,
            {"steps": lambda row: len(_wanted(row)), "steps_followed": _followed},
            key=lambda row: row.event.number,
            across=True,
        )
    ],
}
