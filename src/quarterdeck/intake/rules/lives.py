"""The lives of a signal, of a group of signals and of a change, folded from what was recorded."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from quarterdeck.intake.events import (
    ChangeObserved,
    GroupAcknowledged,
    GroupAttached,
    GroupCleared,
    GroupClosed,
    GroupFellQuiet,
    GroupGrew,
    GroupHeld,
    GroupOpened,
    GroupStirred,
    GroupWorsened,
    SignalAcknowledged,
    SignalRaised,
    SignalResolved,
    SignalWorsened,
)
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant

SignalState = Literal["open", "acknowledged", "resolved", "suppressed"]
GroupState = Literal["held", "open", "quiet", "cleared", "closed", "hushed"]


@dataclass(frozen=True)
class Signal:
    """What a monitor has said about one thing."""

    state: SignalState
    severity: str
    group: str | None


def _signal(state: Signal | None, event: Event) -> Signal:
    if isinstance(event, SignalRaised):
        return Signal("suppressed" if event.group is None else "open", event.severity, event.group)
    assert state is not None
    match event:
        case SignalWorsened():
            return replace(state, severity=event.severity)
        case SignalAcknowledged():
            return replace(state, state="acknowledged")
        case SignalResolved():
            return replace(state, state="resolved")
        case _:
            return state


@dataclass(frozen=True)
class Group:
    """Signals that belong together and are handled as one incident."""

    id: str
    state: GroupState
    impact: str = ""
    urgency: str = ""
    auto_resolve: bool = True
    clear_after: int = 5
    quiet_since: Instant | None = None
    acknowledged: bool = False
    number: int | None = None
    held: GroupHeld | None = None
    """What waits for a plan."""
    drill: str = ""
    """The exercise whose signals these are."""

    @property
    def over(self) -> bool:
        """It takes no further signals."""
        return self.state in ("closed", "hushed") or (self.state == "cleared" and self.auto_resolve)


def _group(state: Group | None, event: Event) -> Group:
    if isinstance(event, GroupHeld):
        return Group(event.group, "held", held=event)
    if isinstance(event, GroupOpened):
        quiet = state is not None and state.quiet_since is not None
        return Group(
            event.group,
            "quiet" if quiet else "open",
            event.impact,
            event.urgency,
            event.auto_resolve,
            event.clear_after,
            state.quiet_since if state else None,
            drill=event.drill,
        )
    assert state is not None
    match event:
        case GroupWorsened():
            return replace(state, impact=event.impact, urgency=event.urgency)
        case GroupAcknowledged():
            return replace(state, acknowledged=True)
        case GroupAttached():
            return replace(state, number=event.number)
        case GroupFellQuiet():
            return replace(state, state="held" if state.state == "held" else "quiet", quiet_since=event.at)
        case GroupStirred():
            return replace(state, state="held" if state.state == "held" else "open", quiet_since=None)
        case GroupCleared():
            return replace(state, state="cleared")
        case GroupClosed():
            return replace(state, state="hushed" if event.hush else "closed")
        case GroupGrew() | _:
            return state


def group_due(group: Group) -> Instant | None:
    """A quiet group clears when it has been quiet for long enough."""
    if group.state != "quiet" or group.quiet_since is None:
        return None
    return group.quiet_since + timedelta(minutes=group.clear_after)


def wake_group(group: Group, now: Instant) -> Sequence[Event]:
    due = group_due(group)
    return [GroupCleared(at=now)] if due is not None and due <= now else []


def attach(group: Group, number: int, now: Instant) -> list[Event]:
    """Say which incident handles the group. Again with the same number: nothing."""
    return [] if group.number == number else [GroupAttached(at=now, number=number)]


def close(group: Group, reason: str, hush: bool, now: Instant) -> list[Event]:
    """End the group. A group that takes no more signals anyway stays as it is, except that it may still be hushed."""
    if not reason.strip():
        raise Refused("NoReason", "Say why the group is closed.")
    if group.state == "hushed" or (group.state == "closed" and not hush):
        return []
    return [GroupClosed(at=now, reason=reason, hush=hush)]


def _change(state: ChangeObserved | None, event: Event) -> ChangeObserved:
    assert isinstance(event, ChangeObserved)
    return event


SIGNAL: Lifecycle[Signal] = Lifecycle("signal", _signal)
GROUP: Lifecycle[Group] = Lifecycle("group", _group, group_due, wake_group)
CHANGE: Lifecycle[ChangeObserved] = Lifecycle("change", _change)
LIFECYCLES = (SIGNAL, GROUP, CHANGE)
