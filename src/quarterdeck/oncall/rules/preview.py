"""Who would be paged, turn by turn, if nobody answered: the escalation's own rules run ahead of time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.events import EscalationStarted, LevelReached, Reached, Unreached
from quarterdeck.oncall.rules import escalation as life
from quarterdeck.oncall.rules.escalation import Escalation

Resolve = Callable[[Sequence[str], Instant], tuple[Sequence[Reached], Sequence[Unreached]]]
WHY: dict[str, str] = {
    "NobodyOnCall": "nobody is on call",
    "NoSuchSchedule": "there is no such schedule",
    "UnknownPerson": "nobody has this login",
    "UnknownPost": "the plan has no such post",
    "UnknownTeam": "there is no such team",
    "EmptyTeam": "the team has no active member",
    "PersonInactive": "somebody has left",
    "NoContactMethod": "somebody has no verified contact method",
}
"""Why a target gives nobody, in words."""


@dataclass(frozen=True)
class Coming:
    """One turn as it would come: `level` 0 is the final post."""

    at: Instant
    level: int
    round: int
    targets: tuple[str, ...]
    people: tuple[Reached, ...]
    unreached: tuple[Unreached, ...]


def coming_turns(started: EscalationStarted, resolve: Resolve) -> Iterator[Coming]:
    """Every turn up to the first of the final post, if nobody acknowledges. `resolve`: as the engine's does."""
    state = _folded(None, life.start(None, started))
    while True:
        if state.pending is None:
            when = life.due(state)
            assert when is not None, "a path that nobody acknowledged goes on to its final post"
            state = _folded(state, life.wake(state, when))
            continue
        at, place = state.pending.at, state.place(state.pending.step)
        people, unreached = resolve(place.targets, at)
        reached, *rest = life.reach(state, people=people, unreached=unreached, now=at)
        assert isinstance(reached, LevelReached)
        yield Coming(at, place.level, place.round, place.targets, reached.people, reached.unreached)
        if place.level == 0:
            return
        state = _folded(state, [reached, *rest])


def _folded(state: Escalation | None, events: Sequence[Event]) -> Escalation:
    for event in events:
        state = life.evolve(state, event)
    assert state is not None
    return state
