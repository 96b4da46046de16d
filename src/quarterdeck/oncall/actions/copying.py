"""Which path an incident's escalation copies: its pinned plan's, by type, service and severity, or one asked for."""

from quarterdeck.catalog.state import service
from quarterdeck.command.rules import Incident
from quarterdeck.kernel.errors import NotFound
from quarterdeck.oncall.events import EscalationStarted, StartReason
from quarterdeck.oncall.rules.copying import copied
from quarterdeck.plan.rules import EscalationPath, InForce, path_for
from quarterdeck.plan.state import in_force, revision
from quarterdeck.record import Tx


def copied_path(
    tx: Tx, incident: Incident, name: str | None, reason: StartReason, acknowledged: bool
) -> EscalationStarted | None:
    """The opening event, path and support hours copied; None where the plan pages nobody at this severity."""
    found = path_of(tx, incident, name)
    if found is None:
        return None
    path, _, revised = found
    return copied(
        revised.plan,
        path,
        tx.now,
        revision=revised.revision,
        number=incident.number,
        severity=incident.severity,
        reason=reason,
        acknowledged=acknowledged,
        by=tx.by.person or tx.by.id,
    )


def path_of(tx: Tx, incident: Incident, name: str | None) -> tuple[str, EscalationPath, InForce] | None:
    """The path of the incident's pinned plan, or of the one in force for an incident without a plan."""
    revised = in_force(tx) if incident.plan_revision is None else revision(tx, incident.plan_revision)
    if revised is None:
        return None
    if name is None:
        found = service(tx, incident.service) if incident.service else None
        name = path_for(revised.plan, incident.type, incident.severity, found.escalation_path if found else None)
    elif name not in revised.plan.escalation:
        raise NotFound(f"escalation path {name} in plan revision {revised.revision}")
    return None if name is None else (name, revised.plan.escalation[name], revised)
