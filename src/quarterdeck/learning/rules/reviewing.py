"""A review's rules: owed after a resolution, due on a working day, held or waived, cancelled by a reopening. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import reviewing as ev

State = Literal["due", "held", "waived", "cancelled"]


@dataclass(frozen=True)
class Review:
    """The review of one incident; a reopened incident cancels it and may open it again."""

    number: int
    state: State
    due: Instant
    rule: str
    severity: str
    commander: str
    overdue: bool = False


def evolve(state: Review | None, event: Event) -> Review:
    if isinstance(event, ev.ReviewOpened):
        return Review(
            event.number,
            "due",
            event.due,
            event.rule,
            event.severity,
            event.commander,
        )
    assert state is not None, f"{type(event).__name__} before ReviewOpened"
    match event:
        case ev.ReviewOverdue():
            return replace(state, overdue=True)
        case ev.ReviewHeld():
            return replace(state, state="held")
        case ev.ReviewWaived():
            return replace(state, state="waived")
        case ev.ReviewCancelled():
            return replace(state, state="cancelled")
        case _:
            return state


def open_review(state: Review | None, opened: ev.ReviewOpened) -> list[Event]:
    """Nothing if one is owed already: the severity may have changed after the resolution, the duty stands."""
    return [] if state is not None and state.state == "due" else [opened]


def hold(state: Review, by: str, now: Instant, *, facilitator: str, summary: str) -> list[Event]:
    _owed(state)
    if facilitator == state.commander:
        raise Refused(
            "FacilitatorCommanded", "Whoever commanded the incident may not lead its review: name another facilitator."
        )
    return [ev.ReviewHeld(at=now, by=by, facilitator=facilitator, summary=_text("summary", summary, 50_000))]


def waive(state: Review, by: str, now: Instant, *, reason: str) -> list[Event]:
    _owed(state)
    return [ev.ReviewWaived(at=now, by=by, reason=_text("reason", reason, 2_000))]


def cancel(state: Review | None, now: Instant, *, reason: str) -> list[Event]:
    """The incident goes on. A review that was held stays held: it happened."""
    return [ev.ReviewCancelled(at=now, reason=reason)] if state is not None and state.state == "due" else []


def due(state: Review) -> Instant | None:
    return state.due if state.state == "due" and not state.overdue else None


def wake(state: Review, now: Instant) -> list[Event]:
    """Overdue once, at the due instant, however late somebody looks."""
    when = due(state)
    return [ev.ReviewOverdue(at=when)] if when is not None and when <= now else []


def _owed(state: Review) -> None:
    if state.state != "due":
        raise Refused(
            {"held": "AlreadyHeld", "waived": "AlreadyWaived", "cancelled": "NotOwed"}[state.state],
            f"The review of INC-{state.number} is {state.state}: there is nothing to do.",
        )


def _text(field: str, value: str, longest: int) -> str:
    value = value.strip()
    if not value:
        raise Invalid("A text is missing.", (f"{field}: say something",))
    if len(value) > longest or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise Invalid("A text cannot be stored.", (f"{field}: at most {longest} characters, without NUL",))
    return value


REVIEW = Lifecycle("review", evolve, due, wake)
