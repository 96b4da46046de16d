"""Telling people about one incident, as it stands: clocks by audience, the latest update, and what was elevated."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal

from quarterdeck.comms import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

STUCK = timedelta(minutes=2)
"""A post's turn that could not be worked out for so long is passed over."""
ROUNDS = 14
"""How often somebody is told that an update is overdue; then it only shows, and the plan's elevation is left."""
Status = Literal["running", "last update wanted", "over"]


@dataclass(frozen=True)
class Clock:
    """One audience's: `alarm` is when somebody is told next that it is overdue, `steps` how often that was."""

    due: Instant
    told_at: Instant | None = None
    steps: int = 0
    alarm: Instant | None = None


@dataclass(frozen=True)
class Raised:
    """One elevation. `until`: when it is the next post's turn; `pending`: a post has its turn and is to be told."""

    id: str
    title: str
    to: tuple[str, ...]
    acknowledge_within: int
    text: str
    decision: str | None
    step: int = 0
    pending: bool = True
    until: Instant | None = None
    state: Literal["climbing", "acknowledged", "exhausted", "stopped"] = "climbing"
    told: tuple[str, ...] = ()
    """Ids of the people who were told."""
    acknowledged_by: str | None = None
    decided: bool = False

    @property
    def post(self) -> str:
        return self.to[self.step % len(self.to)]


@dataclass(frozen=True)
class Comms:
    """`waiting`: audience → number of the update that an approver has to agree to."""

    begun: ev.CommunicationBegun
    severity: str
    since: Instant
    tolerance: int | None
    status: Status = "running"
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    updates: int = 0
    latest: ev.UpdateSent | None = None
    waiting: Mapping[str, int] = field(default_factory=dict)
    fired: frozenset[str] = frozenset()
    """Rules of the plan that held once; they do not fire again."""
    elevations: Mapping[str, Raised] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return self.begun.number

    def cadence(self, audience: str) -> ev.Cadence | None:
        """None: this audience is not told at this severity."""
        copied = self.begun.audiences.get(audience)
        return copied.cadence.get(self.severity) if copied else None

    @property
    def concerned(self) -> tuple[str, ...]:
        """The audiences that are told at this severity, in the plan's order."""
        return tuple(name for name in self.begun.audiences if self.cadence(name))


_ENDED: dict[str, Any] = {"until": None, "pending": False}


def evolve(state: Comms | None, event: Event) -> Comms:
    if isinstance(event, ev.CommunicationBegun):
        return _begun(state, event)
    assert state is not None, f"{type(event).__name__} before CommunicationBegun"
    match event:
        case ev.PaceChanged():
            return _paced(state, event)
        case ev.CommunicationStopped():
            return _stopped(state, event)
        case ev.UpdateSent():
            return _sent(state, event)
        case ev.UpdateApproved():
            waiting = {name: number for name, number in state.waiting.items() if name != event.audience}
            return replace(state, waiting=waiting, clocks=_told(state, (event.audience,), event.at, event.due))
        case ev.UpdateOverdue():
            late = {name: _later(state, name, event) for name in event.audiences if name in state.clocks}
            return replace(state, clocks={**state.clocks, **late})
        case ev.ElevationDue():
            return replace(state, fired=state.fired | {event.rule})
        case ev.Elevated():
            raised = Raised(
                event.elevation,
                event.title,
                event.to,
                event.acknowledge_within,
                event.text,
                event.decision,
                until=event.at + STUCK,
            )
            return replace(state, elevations={**state.elevations, event.elevation: raised})
        case ev.ElevationTold():
            return _elevation_told(state, event)
        case ev.ElevationClimbed():
            until = event.at + STUCK
            return _raised(state, event.elevation, {"step": event.step, "pending": True, "until": until})
        case ev.ElevationAcknowledged():
            return _raised(state, event.elevation, _ENDED | {"state": "acknowledged", "acknowledged_by": event.by})
        case ev.ElevationExhausted():
            return _raised(state, event.elevation, _ENDED | {"state": "exhausted"})
        case ev.DecisionTaken():
            return _raised(state, event.elevation, {"decided": True})
        case _:
            return state


def _begun(state: Comms | None, event: ev.CommunicationBegun) -> Comms:
    clocks = {name: Clock(due, alarm=due) for name, due in event.due.items()}
    fresh = Comms(event, event.severity, event.since, event.tolerance, clocks=clocks)
    if state is None:
        return fresh
    kept = {id: one for id, one in state.elevations.items() if one.state != "climbing"}
    return replace(fresh, updates=state.updates, latest=state.latest, fired=state.fired, elevations=kept)


def _paced(state: Comms, event: ev.PaceChanged) -> Comms:
    clocks = {}
    for name, due in event.due.items():
        held = state.clocks.get(name)
        if held is None:
            clocks[name] = Clock(due, alarm=due)
        elif held.due == due:
            clocks[name] = held
        else:
            clocks[name] = Clock(due, held.told_at, alarm=due)
    return replace(state, severity=event.severity, since=event.since, tolerance=event.tolerance, clocks=clocks)


def _stopped(state: Comms, event: ev.CommunicationStopped) -> Comms:
    over = {
        id: replace(one, state="stopped", until=None, pending=False) if one.state == "climbing" else one
        for id, one in state.elevations.items()
    }
    status: Status = "last update wanted" if event.last_update_wanted else "over"
    return replace(state, status=status, clocks={}, elevations=over)


def _sent(state: Comms, event: ev.UpdateSent) -> Comms:
    waits = {name for name, text in event.texts.items() if text.waits_for}
    told = tuple(name for name in event.texts if name not in waits)
    waiting = {name: number for name, number in state.waiting.items() if name not in event.texts}
    return replace(
        state,
        status="over" if event.last else state.status,
        updates=event.update,
        latest=event,
        waiting={**waiting, **dict.fromkeys(waits, event.update)},
        clocks={} if event.last else _told(state, told, event.at, event.next_update),
    )


def _told(state: Comms, audiences: tuple[str, ...], at: Instant, due: Instant | None) -> dict[str, Clock]:
    if due is None or state.status != "running":
        return dict(state.clocks)
    return {**state.clocks, **{name: Clock(due, at, alarm=due) for name in audiences if name in state.clocks}}


def _later(state: Comms, name: str, event: ev.UpdateOverdue) -> Clock:
    held, cadence = state.clocks[name], state.cadence(name)
    steps = event.step + 1
    again = event.at + timedelta(minutes=cadence.every) if cadence and steps < ROUNDS else None
    return replace(held, steps=steps, alarm=again)


def _elevation_told(state: Comms, event: ev.ElevationTold) -> Comms:
    held = state.elevations[event.elevation]
    told = (*held.told, event.person) if event.person and event.person not in held.told else held.told
    until = event.at + timedelta(minutes=held.acknowledge_within)
    return _raised(state, event.elevation, {"told": told, "pending": False, "until": until})


def _raised(state: Comms, id: str, changes: dict[str, Any]) -> Comms:
    changed = replace(state.elevations[id], **changes)
    return replace(state, elevations={**state.elevations, id: changed})
