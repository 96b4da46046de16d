"""What a catalogue entry has to be, and why its dependencies may not run in a circle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from quarterdeck.catalog.events import HourlyLoss, ServiceAdded, ServiceRetired, ServiceRevised
from quarterdeck.governance.rules import line_fault, refuse_faults, slug_fault
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant

TIERS = (1, 2, 3, 4)
MOST_DEPENDENCIES = 200
LONGEST_TOLERANCE = 366 * 24 * 60
MOST_LOSS = 1e12


@dataclass(frozen=True)
class Entry:
    """What a service is: `tier` 1 (most critical) to 4, `depends_on` service ids, `team` the owner's id.

    `tolerance`: minutes of interruption that the owner tolerates; None: nobody has said.
    """

    name: str
    team: str
    tier: int
    depends_on: tuple[str, ...] = ()
    escalation_path: str | None = None
    tolerance: int | None = None
    loss: HourlyLoss | None = None


@dataclass(frozen=True)
class Listing:
    """An entry and whether it is still in service."""

    entry: Entry
    active: bool = True


def _evolve(state: Listing | None, event: Event) -> Listing:
    if isinstance(event, ServiceAdded | ServiceRevised):
        return Listing(_entry(event))
    assert state is not None
    return replace(state, active=False) if isinstance(event, ServiceRetired) else state


def _entry(event: ServiceAdded | ServiceRevised) -> Entry:
    path, tolerance = event.escalation_path, event.tolerance
    return Entry(event.name, event.team, event.tier, event.depends_on, path, tolerance, event.loss)


SERVICE = Lifecycle("service", _evolve)
LIFECYCLES: tuple[Lifecycle[Listing], ...] = (SERVICE,)


def check(id: str, entry: Entry) -> None:
    """Raise `Invalid` with everything that is wrong with the entry itself."""
    path = entry.escalation_path
    refuse_faults(
        f"The service {id[:80]!r} is not right.",
        [
            slug_fault("id", id),
            line_fault("name", entry.name),
            slug_fault("team", entry.team),
            None if type(entry.tier) is int and entry.tier in TIERS else "tier: use 1 (most critical), 2, 3 or 4",
            *(slug_fault("depends_on", needed) for needed in entry.depends_on[:MOST_DEPENDENCIES]),
            None if len(entry.depends_on) <= MOST_DEPENDENCIES else f"depends_on: at most {MOST_DEPENDENCIES}",
            None if path is None else slug_fault("escalation_path", path),
            _tolerance_fault(entry.tolerance),
            *_loss_faults(entry.loss),
        ],
    )


def _tolerance_fault(minutes: int | None) -> str | None:
    if minutes is None or (type(minutes) is int and 1 <= minutes <= LONGEST_TOLERANCE):
        return None
    return f"tolerance: whole minutes, 1 to {LONGEST_TOLERANCE}; leave it out where nobody has said"


def _loss_faults(loss: HourlyLoss | None) -> list[str | None]:
    if loss is None:
        return []
    right = isfinite(loss.amount) and 0 < loss.amount <= MOST_LOSS
    letters = len(loss.currency) == 3 and loss.currency.isascii() and loss.currency.isupper()
    return [
        None if right else f"loss: above 0, at most {MOST_LOSS:,.0f} an hour; leave it out where nobody has said",
        None if letters else "loss: say in which currency, as EUR",
        line_fault("loss: source", loss.source),
    ]


def cycle(id: str, depends_on: Sequence[str], needs: Callable[[str], Sequence[str]]) -> tuple[str, ...] | None:
    """The first circle that `id` would stand in, as ids from `id` back to `id`; None if there is none.

    `needs` gives the dependencies of any other service.
    """
    seen: set[str] = set()
    trail = [(id, iter(depends_on))]
    while trail:
        needed = next(trail[-1][1], None)
        if needed is None:
            trail.pop()
        elif needed == id:
            return (*(step for step, _ in trail), id)
        elif needed not in seen:
            seen.add(needed)
            trail.append((needed, iter(needs(needed))))
    return None


def add(state: Listing | None, id: str, entry: Entry, now: Instant) -> Sequence[Event]:
    """A retired service may come back under its old id; one in service is refused as `ServiceExists`."""
    if state is not None and state.active:
        raise Refused("ServiceExists", f"There is a service {id} already. Revise it, or choose another id.")
    return [
        ServiceAdded(
            at=now,
            service=id,
            name=entry.name,
            team=entry.team,
            tier=entry.tier,
            depends_on=entry.depends_on,
            escalation_path=entry.escalation_path,
            tolerance=entry.tolerance,
            loss=entry.loss,
        )
    ]


def revise(state: Listing, id: str, entry: Entry, now: Instant) -> Sequence[Event]:
    """Nothing if nothing changes; a retired service is refused as `ServiceRetired`."""
    if not state.active:
        raise Refused("ServiceRetired", f"The service {id} is retired. Add it again to bring it back.")
    if state.entry == entry:
        return []
    return [
        ServiceRevised(
            at=now,
            service=id,
            name=entry.name,
            team=entry.team,
            tier=entry.tier,
            depends_on=entry.depends_on,
            escalation_path=entry.escalation_path,
            tolerance=entry.tolerance,
            loss=entry.loss,
        )
    ]


def retire(state: Listing, id: str, now: Instant) -> Sequence[Event]:
    return [ServiceRetired(at=now, service=id)] if state.active else []
