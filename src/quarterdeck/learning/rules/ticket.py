"""The life of a ticket: asked for, tried, open over there, outdated, looked at, failed and tried again. Pure."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import tracking as ev
from quarterdeck.learning.events.tracking import Said, Seen

State = Literal["waiting", "open", "lost", "stopped"]
SETTLES = timedelta(seconds=60)
"""How long a try whose end is not known keeps others off: longer than a request may take, and than lists lag behind."""
LOOK_EVERY = timedelta(days=1)
"""A list of changes does not tell what was deleted or moved: each issue is looked at by itself this often."""
BACKOFF = tuple(timedelta(seconds=s) for s in (30, 120, 600, 3600, 6 * 3600))
"""After so many failures in a row; the last repeats for ever."""
LONGEST_WAIT = timedelta(hours=24)
SKEW = timedelta(days=1)
"""How far the tracker's clock may be off from ours when an issue of ours is looked for by when it was made."""


@dataclass(frozen=True)
class Ticket:
    """`base`: how the issue stood when we had written last; `unsure_since`: the first try whose end nobody knows."""

    action: int
    tracker: str
    mark: str
    state: State
    asked_at: Instant
    id: str = ""
    said: Said | None = None
    base: Seen | None = None
    seen: Seen | None = None
    tried_at: Instant | None = None
    unsure_since: Instant | None = None
    outdated_at: Instant | None = None
    look_at: Instant | None = None
    looked_at: Instant | None = None
    failures: int = 0
    error: str = ""
    next_at: Instant | None = None

    @property
    def over(self) -> bool:
        """The action has ended, and the tracker knows."""
        return self.said is not None and self.said.phase == "over"

    @property
    def renamed(self) -> str | None:
        """What it is called over there, if somebody there has renamed it."""
        return self.seen.title if self.seen and self.base and self.seen.title != self.base.title else None


def evolve(state: Ticket | None, event: Event) -> Ticket:
    if isinstance(event, ev.TicketAsked):
        return Ticket(event.action, event.tracker, event.mark, "waiting", event.at)
    assert state is not None, f"{type(event).__name__} before TicketAsked"
    match event:
        case ev.TicketResumed():
            return replace(_still(state), state="open", outdated_at=event.at)
        case ev.TicketOutdated():
            return replace(state, outdated_at=event.at, next_at=None)
        case ev.TicketLookAsked():
            return replace(state, look_at=event.at)
        case ev.TicketTried():
            since = state.unsure_since or event.at
            return replace(state, tried_at=event.at, unsure_since=since, next_at=None)
        case ev.TicketOpened():
            state = _settled(state, event.seen, event.at)
            return replace(state, state="open", id=event.id, said=event.said, base=event.seen)
        case ev.TicketSent():
            state = _settled(state, event.seen, event.at)
            return replace(state, said=event.said, base=event.base)
        case ev.TicketSeen():
            outdated = state.outdated_at
            return replace(_still(state), seen=event.seen, looked_at=event.at, outdated_at=outdated)
        case ev.TicketFailed():
            unsure = state.unsure_since if event.unsure else None
            failures, until = state.failures + 1, event.until
            return replace(
                state, tried_at=None, unsure_since=unsure, failures=failures, error=event.error, next_at=until
            )
        case ev.TicketLost():
            return replace(_still(state), state="lost", error=event.how)
        case ev.TicketStopped():
            return replace(_still(state), state="stopped")
        case _:
            return state


def _settled(state: Ticket, seen: Seen, at: Instant) -> Ticket:
    """What was changed here after the try began is still to be sent."""
    later = state.outdated_at is not None and state.tried_at is not None and state.outdated_at > state.tried_at
    outdated = state.outdated_at if later else None
    return replace(_still(state), seen=seen, looked_at=at, outdated_at=outdated)


def _still(state: Ticket) -> Ticket:
    return replace(
        state, tried_at=None, unsure_since=None, outdated_at=None, look_at=None, failures=0, error="", next_at=None
    )


def due(state: Ticket) -> Instant | None:
    """While a try is under way nothing brings it forward."""
    if state.state in ("lost", "stopped"):
        return None
    if state.tried_at is not None:
        return state.tried_at + SETTLES
    if state.next_at is not None:
        return state.next_at
    if state.state == "waiting":
        return state.asked_at
    wanted = [at for at in (state.outdated_at, state.look_at) if at is not None]
    if wanted:
        return min(wanted)
    return None if state.over or state.looked_at is None else state.looked_at + LOOK_EVERY


def ask(state: Ticket | None, action: int, tracker: str, mark: str, by: str | None, now: Instant) -> list[Event]:
    """Nothing if it stands there, or is on its way, already. What was stopped goes on, what was lost is sent anew."""
    if state is not None and state.state in ("waiting", "open"):
        if state.tracker == tracker:
            return []
        raise Refused(
            "SentAlready", f"A-{action} has gone to {state.tracker} already. Stop that first, then send it elsewhere."
        )
    if state is not None and state.state == "stopped" and state.tracker == tracker and state.id:
        return [ev.TicketResumed(at=now, by=by)]
    return [ev.TicketAsked(at=now, action=action, tracker=tracker, mark=mark, by=by)]


def outdate(state: Ticket, now: Instant) -> list[Event]:
    """Nothing if that is known already and still to be done, and no try is under way."""
    if state.state in ("lost", "stopped") or (state.state == "waiting" and state.tried_at is None and not state.error):
        return []
    if (
        state.outdated_at is not None
        and state.next_at is None
        and (state.tried_at or state.outdated_at) <= state.outdated_at
    ):
        return []
    return [ev.TicketOutdated(at=now)]


def look(state: Ticket, now: Instant) -> list[Event]:
    return [ev.TicketLookAsked(at=now)] if state.state == "open" and state.look_at is None else []


def failed(state: Ticket, error: str, *, until: Instant | None, slow: bool, unsure: bool, now: Instant) -> list[Event]:
    """`until`: when the tracker says to come again; `slow`: it will hardly work before somebody does something."""
    step = BACKOFF[min(max(state.failures, 3 if slow else 0), len(BACKOFF) - 1)]
    again = max(now + step, min(until, now + LONGEST_WAIT)) if until else now + step
    return [ev.TicketFailed(at=now, error=error[:500], until=again, unsure=unsure)]


def stop(state: Ticket, by: str | None, now: Instant) -> list[Event]:
    return [] if state.state == "stopped" else [ev.TicketStopped(at=now, by=by)]


TICKET: Lifecycle[Ticket] = Lifecycle("ticket", evolve, due, leased=True)
