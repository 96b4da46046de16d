"""What a scenario is cut from: the signals, notes and instants of an incident on record, and the names to leave out."""

from sqlalchemy import Connection, func, select

from quarterdeck.command.views import incident, timeline
from quarterdeck.governance.views import people
from quarterdeck.intake.views import signals
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.plan.rules import type_and_parents, worse
from quarterdeck.plan.views import in_force
from quarterdeck.readiness.rules.cutting import History, Note, Signal, cut, outline
from quarterdeck.record.tables import record

_TOLD = ("command.NoteAdded", "command.ImpactStated", "command.IncidentMitigated")


def scenario_cut_from(conn: Connection, number: int) -> str:
    """The scenario of an incident, on the plan in force. Raises `NotFound`, `Refused` for a drill or without a plan."""
    found = in_force(conn)
    if found is None:
        raise Refused("NoPlan", "No plan is in force, so there is nothing to try the scenario on.")
    return cut(_history(conn, number), found.plan)


def scenario_outlined(conn: Connection, type: str) -> str:
    """A scenario to begin with; empty where the plan in force has no such type."""
    found = in_force(conn)
    if found is None or type not in found.plan.types:
        return ""
    floor = next((one.severity_floor for one in type_and_parents(found.plan, type) if one.severity_floor), None)
    return outline(found.plan, type, worse("SEV2", floor) if floor else "SEV2")


def _history(conn: Connection, number: int) -> History:
    row = incident(conn, number)
    if row.drill:
        raise Refused("CutFromDrill", f"INC-{number} is a drill itself: cut a scenario from what really happened.")
    raised = signals(conn, incident=number, limit=200).items
    over = _resolved(conn, [one.key for one in raised])
    notes = [Note(one.occurred_at, one.body) for one in timeline(conn, number) if one.type in _TOLD and one.body]
    return History(
        number=number,
        title=row.title,
        type=row.type,
        severity=row.severity,
        service=row.service,
        impact=row.impact,
        urgency=row.urgency,
        declared_at=row.declared_at,
        acknowledged_at=row.acknowledged_at,
        mitigated_at=row.mitigated_at,
        ended_at=row.resolved_at or row.closed_at,
        signals=tuple(Signal(one.title, one.severity, one.labels, one.first_seen, over.get(one.key)) for one in raised),
        notes=tuple(notes),
        names=_names(conn, row.commander),
    )


def _resolved(conn: Connection, keys: list[str]) -> dict[str, Instant]:
    """When each signal was over, at last."""
    streams = [f"signal/{key}" for key in keys]
    ended = (record.c.type == "intake.SignalResolved") & record.c.stream.in_(streams)
    query = select(record.c.stream, func.max(record.c.occurred_at)).where(ended).group_by(record.c.stream)
    return {stream.partition("/")[2]: from_micros(at) for stream, at in conn.execute(query)}


def _names(conn: Connection, commander: str) -> dict[str, str]:
    """Every name and login that somebody may have written down, and what stands in its place."""
    found: dict[str, str] = {}
    for one in people(conn):
        who = "the commander" if one.id == commander else "a colleague"
        for name in (one.name, one.login, *one.name.split()):
            if len(name) > 2:
                found.setdefault(name, who)
    return found
