"""A lesson's rules: it closes only by a revision, a verified action, or a rejection by somebody else. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import lessoning as ev

State = Literal["identified", "validated", "closed"]


@dataclass(frozen=True)
class Lesson:
    number: int
    state: State
    author: str
    clause: str | None
    factors: tuple[str, ...]
    closing: ev.Closing | None = None
    reopenings: int = 0


def evolve(state: Lesson | None, event: Event) -> Lesson:
    if isinstance(event, ev.LessonIdentified):
        return Lesson(event.number, "identified", event.by, event.clause, event.factors)
    assert state is not None, f"{type(event).__name__} before LessonIdentified"
    match event:
        case ev.LessonValidated():
            return replace(state, state="validated")
        case ev.LessonClosed():
            return replace(state, state="closed", closing=event.closing)
        case ev.LessonReopened():
            return replace(state, state="validated", closing=None, reopenings=state.reopenings + 1)
        case _:
            return state


def validate(state: Lesson, by: str, now: Instant) -> list[Event]:
    _open(state)
    return [] if state.state == "validated" else [ev.LessonValidated(at=now, by=by)]


def close(state: Lesson, by: str, now: Instant, *, closing: ev.Closing, ref: str) -> list[Event]:
    """The caller has seen that the revision is published, or the action verified; only a rejection is decided here."""
    _open(state)
    if closing == "rejection" and by == state.author:
        raise Refused("AuthorRejects", f"You wrote L-{state.number}: ask somebody else entitled to reject it.")
    if not ref.strip():
        raise Invalid("What closes the lesson?", ("ref: name the revision or the action, or give a reason",))
    return [ev.LessonClosed(at=now, by=by, closing=closing, ref=ref.strip())]


def reopen(state: Lesson, by: str, now: Instant, *, reason: str) -> list[Event]:
    """Nothing if it is open already: the work goes on anyway. A rejected lesson may return, too."""
    if state.state != "closed":
        return []
    if not reason.strip():
        raise Invalid("Why does the lesson return?", ("reason: say something",))
    return [ev.LessonReopened(at=now, by=by, reason=reason.strip())]


def _open(state: Lesson) -> None:
    if state.state == "closed":
        raise Refused("LessonClosed", f"L-{state.number} is closed. Reopen it first, if it is back.")


LESSON = Lifecycle("lesson", evolve, lambda state: None, lambda state, now: [])
