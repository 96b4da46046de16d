"""Deadlines of updates: when each audience hears first and next, and who is told once that is overdue."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.comms import events as ev
from quarterdeck.comms.rules.state import Comms
from quarterdeck.comms.rules.writing import check_next
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


def begin(state: Comms | None, begun: ev.CommunicationBegun) -> list[Event]:
    """Nothing while the clocks run, nor where the plan tells and elevates nobody at this severity."""
    if state is not None and state.status == "running":
        return []
    return [begun] if begun.due or any(concerns(rule, begun.severity, begun.tolerance) for rule in begun.rules) else []


def first_due(audiences: Mapping[str, ev.AudienceCopied], severity: str, now: Instant) -> dict[str, Instant]:
    """Audience → when it has to hear first, of those that are told at this severity."""
    return {
        name: now + timedelta(minutes=audience.cadence[severity].first_within)
        for name, audience in audiences.items()
        if severity in audience.cadence
    }


def concerns(rule: ev.RuleCopied, severity: str, tolerance: int | None) -> bool:
    """Whether the rule could come to hold at this severity."""
    if rule.tolerance_breached and tolerance is None:
        return False
    return rule.severities is None or severity in rule.severities


def follow(state: Comms, now: Instant, *, severity: str, since: Instant, tolerance: int | None) -> list[Event]:
    """The clocks follow the incident. A promise made to an audience is never put off, only brought forward."""
    if state.status != "running" or (severity, since, tolerance) == (state.severity, state.since, state.tolerance):
        return []
    fresh = first_due(state.begun.audiences, severity, now)
    due = {}
    for name, first in fresh.items():
        held = state.clocks.get(name)
        if held is None:
            due[name] = first
        else:
            pace = state.begun.audiences[name].cadence[severity]
            due[name] = min(held.due, now + timedelta(minutes=pace.every if held.told_at else pace.first_within))
    return [
        ev.PaceChanged(at=now, severity=severity, was=state.severity, since=since, tolerance=tolerance, due=due),
    ]


def stop(state: Comms, now: Instant, *, reason: str) -> list[Event]:
    """The incident is over. Whoever was told that it began should hear that it is."""
    if state.status != "running":
        return []
    told = any(clock.told_at for clock in state.clocks.values())
    return [ev.CommunicationStopped(at=now, reason=reason, last_update_wanted=told and reason == "resolved")]


# -- updates -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """An update as it may be sent: to whom, and until when the next one may take."""

    audiences: tuple[str, ...]
    next_update: Instant | None
    last: bool


def pace_allows(paces: Iterable[int], now: Instant) -> Instant:
    """The latest instant for the next update, by the shortest of these paces."""
    return now + timedelta(minutes=min(paces, default=60))


def wanted(
    state: Comms, now: Instant, *, next_update: Instant | None, audiences: Sequence[str] | None, by_pace: bool = False
) -> Wanted:
    """What an update has to keep to. `audiences` None: all concerned; `by_pace`: the next time is the plan's own."""
    concerned = state.concerned
    if not concerned:
        raise Refused("NobodyToTell", f"The plan tells nobody at {state.severity}.")
    if audiences is not None and (unknown := [name for name in audiences if name not in concerned]):
        known = ", ".join(concerned)
        errors = tuple(f"audiences: {name[:60]!r} is not told at {state.severity}; use {known}" for name in unknown)
        raise Invalid("There is no such audience.", errors)
    chosen = tuple(name for name in concerned if audiences is None or name in audiences)
    if not chosen:
        raise Invalid("Whom do you tell?", ("audiences: choose at least one",))
    if state.status == "over":
        raise Refused("CommunicationOver", f"INC-{state.number} is over; nobody waits for an update.")
    if state.status == "last update wanted":
        return Wanted(chosen, None, last=True)
    limit = pace_allows((cadence.every for name in chosen if (cadence := state.cadence(name))), now)
    return Wanted(chosen, limit if by_pace else check_next(next_update, now, limit), last=False)


def approve(
    state: Comms, now: Instant, *, update: int, audience: str, by: str, people: Sequence[str], unreached: Sequence[str]
) -> list[Event]:
    """The text goes to the audience now; the next update is due when the text says so."""
    check_waiting(state, update=update, audience=audience)
    assert state.latest is not None
    due = state.latest.next_update if state.status == "running" else None
    return [
        ev.UpdateApproved(
            at=now,
            update=update,
            audience=audience,
            people=tuple(people),
            unreached=tuple(unreached),
            due=due,
            by=by,
        )
    ]


def check_waiting(state: Comms, *, update: int, audience: str) -> ev.Rendered:
    """The text that waits. Refused where nothing does, or a later update took its place."""
    waits = state.waiting.get(audience)
    if waits is None:
        raise Refused("NothingToApprove", "Nothing waits for an agreement here; it may have been given already.")
    if waits != update or state.latest is None or audience not in state.latest.texts:
        raise Refused("Superseded", "A later update has taken its place. Look at that one.")
    return state.latest.texts[audience]


# -- time ----------------------------------------------------------------------------------------


def next_alarm(state: Comms) -> Instant | None:
    if state.status != "running":
        return None
    return min((clock.alarm for clock in state.clocks.values() if clock.alarm), default=None)


def overdue(state: Comms, now: Instant) -> list[Event]:
    """One event for the audiences that the same role tells and whose turn is the same: one reminder, not several."""
    if state.status != "running":
        return []
    late: dict[tuple[int, str], list[str]] = {}
    for name, clock in state.clocks.items():
        if clock.alarm is not None and clock.alarm <= now:
            late.setdefault((clock.steps, state.begun.audiences[name].by), []).append(name)
    return [
        ev.UpdateOverdue(at=now, audiences=tuple(names), due=min(state.clocks[name].due for name in names), step=step)
        for (step, _), names in late.items()
    ]
