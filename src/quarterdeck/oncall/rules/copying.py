"""What an escalation copies from the plan when it begins, so that later revisions do not change it: path and hours."""

from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.events import EscalationStarted, Final, Rung, StartReason, SupportHours
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.values import DAYS


def copied(
    plan: Plan,
    path: str,
    now: Instant,
    *,
    revision: int,
    number: int,
    severity: str,
    reason: StartReason,
    acknowledged: bool,
    by: str,
) -> EscalationStarted:
    """The opening event of an escalation along a path of this plan."""
    posts, found = plan.posts, plan.escalation[path]
    final = posts[found.final]
    named = {target.partition(":")[2] for level in found.levels for target in level.notify if target[:5] == "post:"}
    return EscalationStarted(
        at=now,
        number=number,
        severity=severity,
        path=path,
        levels=tuple(Rung(notify=each.notify, acknowledge_within=each.acknowledge_within) for each in found.levels),
        repeat=found.repeat,
        final=Final(post=found.final, title=final.title, login=final.login),
        posts={post: posts[post].login for post in sorted(named) if post in posts},
        plan_revision=revision,
        reason=reason,
        acknowledged=acknowledged,
        hours=support_hours(plan, now),
        by=by,
    )


def support_hours(plan: Plan, now: Instant) -> SupportHours | None:
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
