"""What an escalation copies from the plan when it begins, so that later revisions do not change it: path and hours."""

from datetime import timedelta

from quarterdeck.catalog.state import service
from quarterdeck.command.rules import Incident
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.events import EscalationStarted, Final, Rung, StartReason, SupportHours
from quarterdeck.plan.rules import EscalationPath, InForce, Plan, path_for
from quarterdeck.plan.rules.values import DAYS
from quarterdeck.plan.state import in_force, revision
from quarterdeck.record import Tx


def copied_path(
    tx: Tx, incident: Incident, name: str | None, reason: StartReason, acknowledged: bool
) -> EscalationStarted | None:
    """The opening event, path and support hours copied; None where the plan pages nobody at this severity."""
    found = path_of(tx, incident, name)
    if found is None:
        return None
    name, path, revised = found
    posts = revised.plan.posts
    final = posts[path.final]
    named = {target.partition(":")[2] for level in path.levels for target in level.notify if target[:5] == "post:"}
    return EscalationStarted(
        at=tx.now,
        number=incident.number,
        severity=incident.severity,
        path=name,
        levels=tuple(Rung(notify=each.notify, acknowledge_within=each.acknowledge_within) for each in path.levels),
        repeat=path.repeat,
        final=Final(post=path.final, title=final.title, login=final.login),
        posts={post: posts[post].login for post in sorted(named) if post in posts},
        plan_revision=revised.revision,
        reason=reason,
        acknowledged=acknowledged,
        hours=_hours(revised.plan, tx.now),
        by=tx.by.person or tx.by.id,
    )


def _hours(plan: Plan, now: Instant) -> SupportHours | None:
    """The plan's support hours, if it has any and a severity that waits for them."""
    calendar, waits = plan.calendar, tuple(id for id, level in plan.severity.levels.items() if not level.urgent)
    if calendar.opens is None or not waits:
        return None
    opens, closes = (int(wall[:2]) * 60 + int(wall[3:]) for wall in (calendar.opens, calendar.closes))
    yesterday = now.date() - timedelta(days=1)  # behind UTC today is still yesterday
    return SupportHours(
        zone=calendar.zone,
        days=tuple(DAYS.index(day) for day in calendar.working_days),
        opens=opens,
        closes=closes,
        holidays=tuple(day for day in sorted(calendar.holidays) if day >= yesterday),
        waits=waits,
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
