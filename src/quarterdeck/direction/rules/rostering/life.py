"""A roster's life: built, then accepted as schedules or given up; and the layers that it becomes. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from quarterdeck.direction.events import rostering as ev
from quarterdeck.direction.rules.rostering.document import NeedsText, check
from quarterdeck.direction.rules.rostering.making import Made, Weeks, faults
from quarterdeck.governance.rules.words import line_fault, refuse_faults
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant

MOST_LAYERS = 15
"""Stretches without a gap that one place may have: a schedule has 20 layers at most."""


@dataclass(frozen=True)
class Built:
    """A roster as it stands."""

    number: int
    state: Literal["built", "accepted", "given up"]
    task: NeedsText
    weeks: Weeks
    unfilled: int


def evolve(state: Built | None, event: Event) -> Built:
    if isinstance(event, ev.RosterBuilt):
        return Built(event.number, "built", check(event.task), event.weeks, event.unfilled)
    assert state is not None, f"{type(event).__name__} before RosterBuilt"
    return replace(state, state="accepted" if isinstance(event, ev.RosterAccepted) else "given up")


def keep(number: int, by: str, now: Instant, *, task: NeedsText, made: Made) -> list[Event]:
    """Write a roster down. One that breaks a rule of its task is not kept."""
    if wrong := faults(task, made.weeks):
        raise Invalid("This roster does not keep its task's rules.", tuple(wrong[:50]))
    return [
        ev.RosterBuilt(
            at=now,
            number=number,
            title=task.title,
            task=task.model_dump(mode="json"),
            weeks=made.weeks,
            unfilled=made.cost.unfilled,
            without_seniors=made.cost.without_seniors,
            unfairness=made.cost.unfairness,
            unwelcome=made.cost.unwelcome,
            cost=made.cost.total,
            bound=made.bound,
            seed=made.seed,
            steps=made.steps,
            why=made.why,
            by=by,
        )
    ]


def accept(state: Built, by: str, now: Instant, *, schedules: tuple[str, ...], gaps: bool) -> list[Event]:
    """`gaps`: places that nobody fills are meant to stay empty."""
    _open(state)
    if state.unfilled and not gaps:
        raise Refused(
            "PlacesUnfilled",
            f"{state.unfilled} places of roster {state.number} are filled by nobody, and nobody would be paged there. "
            "Change the task and build it again, or accept it with its gaps.",
        )
    return [ev.RosterAccepted(at=now, schedules=schedules, by=by)]


def give_up(state: Built, by: str, now: Instant, *, reason: str) -> list[Event]:
    _open(state)
    refuse_faults("The reason is not right.", [line_fault("reason", reason)])
    return [ev.RosterGivenUp(at=now, by=by, reason=reason.strip())]


def places(task: NeedsText) -> Iterator[tuple[int, int, str, str]]:
    """(rotation, place, schedule's id, schedule's title) of each schedule that the roster becomes."""
    for r, rotation in enumerate(task.rotations):
        for p, place in enumerate(rotation.places):
            one = len(rotation.places) == 1
            yield r, p, rotation.id if one else f"{rotation.id}-{place}", rotation.title + ("" if one else f", {place}")


def layers(state: Built, rotation: int, place: int) -> list[dict[str, Any]]:
    """The layers of one schedule, as they would be written: one for each stretch of weeks that somebody fills."""
    who = [week[rotation][place] for week in state.weeks]
    found: list[dict[str, Any]] = []
    first = 0
    while first < len(who):
        last = first
        while last < len(who) and (who[last] is None) == (who[first] is None):
            last += 1
        if who[first] is not None:
            found.append(
                {
                    "name": f"Roster {state.number}" + (f", part {len(found) + 1}" if found else ""),
                    "rotation": "weekly",
                    "handover": state.task.handover.model_dump(),
                    "starts": state.task.monday_of(first),
                    "ends": state.task.monday_of(last),
                    "participants": who[first:last],
                }
            )
        first = last
    if len(found) > MOST_LAYERS:
        raise Refused(
            "TooManyGaps",
            f"Roster {state.number} is filled in {len(found)} separate stretches, {MOST_LAYERS} at most can become a "
            "schedule. Fill more of its places first.",
        )
    return found


def _open(state: Built) -> None:
    if state.state != "built":
        raise Refused("RosterSettled", f"Roster {state.number} is {state.state} already. Build another one.")


ROSTER: Lifecycle[Built] = Lifecycle("roster", evolve)
