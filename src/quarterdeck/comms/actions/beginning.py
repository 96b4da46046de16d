"""The clocks of an incident's communication: begun with the plan's copy, following the incident, stopped."""

from quarterdeck.catalog.state import service
from quarterdeck.command.rules import OPEN, Incident
from quarterdeck.command.state import incident as incident_of
from quarterdeck.comms import events as ev
from quarterdeck.comms.rules import COMMS, cadence
from quarterdeck.comms.state import communication
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.actions import withdraw
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.state import revision
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def begin(tx: Tx, *, number: int, reason: str = "declared") -> None:
    """Start the clocks by the incident's pinned plan. Nothing where it tells and elevates nobody at this severity."""
    incident = incident_of(tx, number)
    if incident.state not in OPEN or incident.plan_revision is None or incident.imported:
        return
    plan = revision(tx, incident.plan_revision).plan
    if not plan.communication.audiences and not plan.communication.elevation:
        return
    begun = copied(plan, incident, tolerance_of(tx, incident), tx.now, reason)
    if events := cadence.begin(communication(tx, number), begun):
        tx.append(COMMS, number, events)


@permitted(Permission.RESPOND)
def follow(tx: Tx, *, number: int) -> None:
    """The severity, the service or the beginning of the impact changed: the clocks take it up, or begin."""
    state, incident = communication(tx, number), incident_of(tx, number)
    if incident.state not in OPEN:
        return
    if state is None or state.status != "running":
        begin(tx, number=number, reason="severity changed")
        return
    since, tolerance = since_of(incident), tolerance_of(tx, incident)
    if events := cadence.follow(state, tx.now, severity=incident.severity, since=since, tolerance=tolerance):
        tx.append(COMMS, number, events)


@permitted(Permission.RESPOND)
def stop(tx: Tx, *, number: int, reason: str) -> None:
    """The incident is over: no deadlines any more, and what was asked of people is withdrawn."""
    state = communication(tx, number)
    if state is None or not (events := cadence.stop(state, tx.now, reason=reason)):
        return
    tx.append(COMMS, number, events)
    because = f"the incident was {reason}"
    withdraw(tx, about=about(number), purposes=("reminder",), reason=because)
    for id in state.elevations:
        withdraw(tx, about=about(number, id), purposes=("elevation",), reason=because)


def about(number: int, elevation: str | None = None) -> str:
    """What a message concerns: the whole communication, or one elevation of it."""
    return f"comms/{number}/{elevation}" if elevation else f"comms/{number}"


def since_of(incident: Incident) -> Instant:
    return incident.impact_started or incident.detected_at


def tolerance_of(tx: Tx, incident: Incident) -> int | None:
    found = service(tx, incident.service) if incident.service else None
    return found.tolerance if found else None


def copied(plan: Plan, incident: Incident, tolerance: int | None, now: Instant, reason: str) -> ev.CommunicationBegun:
    """The opening event, with everything of the plan that telling people takes."""
    audiences = {
        name: ev.AudienceCopied(
            title=one.title,
            by=one.by,
            to=one.to,
            outside=one.outside,
            cadence={
                str(level): ev.Cadence(first_within=pace.first_within, every=pace.every)
                for level, pace in one.cadence.items()
            },
            subject=one.subject,
            says=one.says,
            approver=one.approver,
        )
        for name, one in plan.communication.audiences.items()
    }
    rules = tuple(
        ev.RuleCopied(**one.model_dump(exclude={"severities"}), severities=one.severities)
        for one in plan.communication.elevation
    )
    named = {role for one in audiences.values() for role in (one.by, one.approver) if role}
    named |= {rule.by for rule in rules}
    assert incident.plan_revision is not None
    return ev.CommunicationBegun(
        at=now,
        number=incident.number,
        severity=incident.severity,
        drill=incident.drill,
        plan_revision=incident.plan_revision,
        declared_at=incident.declared_at,
        since=since_of(incident),
        tolerance=tolerance,
        zone=plan.calendar.zone,
        commander=plan.commander,
        owner=plan.owner,
        audiences=audiences,
        rules=rules,
        posts={name: ev.PostCopied(title=post.title, login=post.login) for name, post in plan.posts.items()},
        roles={
            name: ev.RoleCopied(title=role.title, filled_by=role.filled_by, deputies=role.deputies)
            for name in sorted(named)
            if (role := plan.roles.get(name))
        },
        due=cadence.first_due(audiences, incident.severity, now),
        reason=reason,
        public=tuple(name for name in audiences if plan.communication.is_public(name) and not incident.drill),
    )


__all__ = ["about", "begin", "copied", "follow", "since_of", "stop", "tolerance_of"]
