"""Whom a plan pages when, if nobody answers: the live escalation's own rules, run ahead. Pure."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from quarterdeck.direction.rules.simulation.history import HOURS
from quarterdeck.direction.rules.simulation.responding import LAST, Turns
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.events import Reached, Unreached
from quarterdeck.oncall.rules.copying import copied, support_hours
from quarterdeck.oncall.rules.preview import coming_turns
from quarterdeck.plan.rules import Plan, path_for

Crowd = Mapping[str, int]
"""How many people a target stands for, where it is not one: a team's members."""


def turns_of(plan: Plan, monday: Instant, crowd: Crowd | None = None) -> dict[str, list[Turns]]:
    """By severity the turns of its path: one list for all hours, or one for each where pages wait for support hours.

    `monday`: a Monday 00:00 on the organisation's clock, of the week whose support hours count.
    """
    found: dict[str, list[Turns]] = {}
    for severity in plan.severity.levels:
        path = path_for(plan, plan.defaults.type, severity, None)
        if path is None:
            continue
        hours = support_hours(plan, monday)
        waits = hours is not None and severity in hours.waits
        found[severity] = [
            _turns(plan, path, severity, monday + timedelta(hours=hour), crowd or {})
            for hour in (range(HOURS) if waits else range(1))
        ]
    return found


def _turns(plan: Plan, path: str, severity: str, now: Instant, crowd: Crowd) -> Turns:
    opening = copied(
        plan,
        path,
        now,
        revision=0,
        number=0,
        severity=severity,
        reason="declared",
        acknowledged=False,
        by="simulation",
    )
    made = []
    for turn in coming_turns(opening, partial(_everybody, crowd)):
        made.append(((turn.at - now) / timedelta(minutes=1), max(1, len(turn.people))))
        if len(made) == LAST:
            break
    return made


def _everybody(crowd: Crowd, targets: Sequence[str], at: Instant) -> tuple[list[Reached], list[Unreached]]:
    """Each target stands for somebody: who it is does not matter to how soon they answer."""
    people = [Reached(person=f"{target}/{i}", target=target) for target in targets for i in range(crowd.get(target, 1))]
    return people, []
