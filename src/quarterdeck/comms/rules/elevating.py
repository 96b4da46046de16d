"""Elevation: when the plan's conditions hold, which post has its turn, and what ends the climbing."""

from collections.abc import Sequence
from datetime import timedelta

from quarterdeck.comms import events as ev
from quarterdeck.comms.rules.cadence import concerns
from quarterdeck.comms.rules.state import Comms, Raised
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

ROUNDS = 12
"""How often every post is told before the elevation says that it is exhausted."""
LONGEST = 2_000


def fires_at(state: Comms, rule: ev.RuleCopied) -> Instant | None:
    """When every condition of the rule holds, if nothing changes until then; None: it cannot as things stand."""
    if state.status != "running" or rule.name in state.fired or not concerns(rule, state.severity, state.tolerance):
        return None
    begun, instants = state.begun, [state.begun.at]
    if rule.open_longer_than is not None:
        instants.append(begun.declared_at + timedelta(minutes=rule.open_longer_than))
    if rule.tolerance_breached:
        assert state.tolerance is not None
        instants.append(state.since + timedelta(minutes=state.tolerance))
    if rule.update_overdue_by is not None:
        late = [clock.due + timedelta(minutes=rule.update_overdue_by) for clock in state.clocks.values()]
        if not late:
            return None
        instants.append(min(late))
    return max(instants)


def next_alarm(state: Comms) -> Instant | None:
    fires = (fires_at(state, rule) for rule in state.begun.rules)
    turns = (one.until for one in state.elevations.values() if one.state == "climbing")
    return min((at for at in (*fires, *turns) if at is not None), default=None)


def due(state: Comms, now: Instant) -> list[Event]:
    """Rules whose conditions hold now, and posts that let their time pass."""
    events: list[Event] = []
    for rule in state.begun.rules:
        at = fires_at(state, rule)
        if at is not None and at <= now:
            events.append(ev.ElevationDue(at=now, rule=rule.name))
    for one in state.elevations.values():
        if one.state == "climbing" and one.until is not None and one.until <= now:
            events += climb(one, now, reason="unacknowledged")
    return events


def climb(one: Raised, now: Instant, *, reason: str) -> list[Event]:
    """The next post; the first again after the last, and in the end nobody."""
    step = one.step + 1
    if step >= ROUNDS * len(one.to):
        return [ev.ElevationExhausted(at=now, elevation=one.id, rounds=ROUNDS)]
    return [ev.ElevationClimbed(at=now, elevation=one.id, step=step, reason=reason)]


def raise_by_hand(
    state: Comms,
    now: Instant,
    *,
    to: Sequence[str],
    text: str,
    decision: str | None,
    acknowledge_within: int,
    by: str,
) -> list[Event]:
    """Bring it before these posts of the plan now, for whatever reason."""
    if state.status == "over":
        raise Refused("CommunicationOver", f"INC-{state.number} is over; there is nothing to elevate.")
    errors = [f"to: the plan has no post {post[:60]!r}" for post in to if post not in state.begun.posts]
    if not to or len(to) > 9:
        errors.append("to: one to nine posts, told one after another")
    if not text.strip() or len(text) > LONGEST:
        errors.append(f"text: one paragraph, at most {LONGEST:,} characters")
    if decision is not None and len(decision) > LONGEST:
        errors.append(f"decision: at most {LONGEST:,} characters")
    if not 1 <= acknowledge_within <= 24 * 60:
        errors.append("acknowledge_within: 1 to 1440 minutes")
    if errors:
        raise Invalid("This cannot be elevated.", tuple(errors))
    id = f"by-hand-{1 + sum(key.startswith('by-hand-') for key in state.elevations)}"
    return [
        ev.Elevated(
            at=now,
            elevation=id,
            title="Asked for by hand",
            to=tuple(dict.fromkeys(to)),
            acknowledge_within=acknowledge_within,
            text=" ".join(text.split()),
            decision=(decision or "").strip() or None,
            by=by,
        )
    ]


def found(state: Comms, elevation: str) -> Raised:
    one = state.elevations.get(elevation)
    if one is None:
        raise NotFound(f"elevation {elevation[:60]!r} of INC-{state.number}")
    return one


def acknowledge(state: Comms, now: Instant, *, elevation: str, by: str, how: str) -> list[Event]:
    """The first stops the climbing; a second changes nothing and is no fault."""
    one = found(state, elevation)
    if one.state == "acknowledged":
        return []
    return [ev.ElevationAcknowledged(at=now, elevation=elevation, by=by, how=how)]


def pass_on(state: Comms, now: Instant, *, elevation: str, person: str) -> list[Event]:
    """`I can't`, from the post that has its turn: the next one has its now."""
    one = found(state, elevation)
    if one.state != "climbing" or one.pending or one.told[-1:] != (person,):
        return []
    return climb(one, now, reason="passed on")


def decide(state: Comms, now: Instant, *, elevation: str, decision: str, by: str) -> list[Event]:
    """Record what was decided; it acknowledges too."""
    one = found(state, elevation)
    if not decision.strip() or len(decision) > LONGEST:
        raise Invalid("What was decided?", (f"decision: 1 to {LONGEST:,} characters",))
    taken = ev.DecisionTaken(at=now, elevation=elevation, decision=decision.strip(), by=by)
    if one.state in ("climbing", "exhausted"):
        return [ev.ElevationAcknowledged(at=now, elevation=elevation, by=by, how="decision"), taken]
    return [taken]
