"""What changed around the plan: noted when somebody sees it, closed when the plan has followed or need not."""

from dataclasses import dataclass, replace
from datetime import UTC
from typing import get_args

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.plan import events as ev
from quarterdeck.plan.events import PlanPublished
from quarterdeck.plan.rules.reasons import prose

CHANGE_KINDS: tuple[ev.ChangeKind, ...] = get_args(ev.ChangeKind)


@dataclass(frozen=True)
class EnvironmentChange:
    number: int
    logged_at: Instant
    open: bool = True


def evolve(state: EnvironmentChange | None, event: Event) -> EnvironmentChange:
    match event:
        case ev.EnvironmentChangeLogged():
            return EnvironmentChange(event.number, event.at)
        case ev.EnvironmentChangeClosed():
            assert state
            return replace(state, open=False)
    raise AssertionError(event)


def log(
    number: int,
    by: str,
    now: Instant,
    *,
    kind: ev.ChangeKind,
    text: str,
    happened_at: Instant,
    documents: tuple[str, ...],
) -> ev.EnvironmentChangeLogged:
    if kind not in CHANGE_KINDS:
        raise Invalid("There is no such kind of change.", (f"kind: {kind!r}; use one of {', '.join(CHANGE_KINDS)}",))
    if happened_at.tzinfo is None:
        raise Invalid("When did it happen?", ("happened_at: give the time zone, as in 2026-03-02T09:00Z",))
    return ev.EnvironmentChangeLogged(
        at=now,
        number=number,
        kind=kind,
        text=prose("text", text, 10_000),
        happened_at=happened_at.astimezone(UTC),
        documents=tuple(dict.fromkeys(documents)),
        by=by,
    )


def close(
    state: EnvironmentChange, by: str, now: Instant, *, no_impact: str | None, published: PlanPublished | None
) -> list[Event]:
    """With a reason why the plan need not follow, or with the revision that does; never both, never neither."""
    if not state.open:
        raise Refused("AlreadyClosed", f"Change {state.number} is closed.")
    if (no_impact is None) == (published is None):
        raise Invalid(
            "A change closes either with no impact or with a revision.",
            ("no_impact: say why the plan need not follow, or give the revision that does",),
        )
    if published and published.at < state.logged_at:
        raise Refused(
            "RevisionBeforeChange",
            f"Revision {published.revision} was published before change {state.number} was logged. If the plan covers "
            "it already, close it with no impact and say so.",
        )
    return [
        ev.EnvironmentChangeClosed(
            at=now,
            by=by,
            no_impact=None if no_impact is None else prose("no_impact", no_impact),
            revision=published.revision if published else None,
        )
    ]


ENVIRONMENT: Lifecycle[EnvironmentChange] = Lifecycle("environment", evolve)
