"""A page that was issued stays as it was."""

from dataclasses import dataclass

from quarterdeck.direction.events import reporting as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant


@dataclass(frozen=True)
class Issue:
    """One page as issued."""

    number: int
    at: Instant
    page: ev.ExecutivePage
    period: str
    by: str


def evolve(state: Issue | None, event: Event) -> Issue:
    if isinstance(event, ev.PageIssued):
        return Issue(event.number, event.at, event.page, event.period, event.by)
    raise ValueError(f"{type(event).__name__} cannot happen to {state}")


def issue(number: int, page: ev.ExecutivePage, now: Instant, *, by: str, period: str = "") -> list[Event]:
    return [ev.PageIssued(at=now, number=number, page=page, period=period, by=by)]


ISSUE: Lifecycle[Issue] = Lifecycle("board-page", evolve)
