"""How often a procedure's steps are skipped, late or left undone, and when that is too often."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from quarterdeck.direction import events as ev
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant

USES = 10
"""So many of a step's last uses are looked at."""
TOO_MANY = 3
"""Not followed so often among them, its document is to be looked at."""
NOT_FOLLOWED = ("late", "skipped", "overdue")


@dataclass(frozen=True)
class Use:
    number: int
    followed: bool


@dataclass(frozen=True)
class Practice:
    """`uses`: of each step the last ones, since it was last called into question."""

    procedure: str
    last: int | None = None
    """The incident counted last: one that is closed twice counts once."""
    titles: dict[str, str] = field(default_factory=dict)
    uses: dict[str, tuple[Use, ...]] = field(default_factory=dict)


def evolve(state: Practice | None, event: Event) -> Practice:
    match event:
        case ev.ProcedurePractised():
            state = state or Practice(event.procedure)
            uses, titles = dict(state.uses), dict(state.titles)
            for one in event.steps:
                use = Use(event.number, one.state not in NOT_FOLLOWED)
                uses[one.step] = (*uses.get(one.step, ()), use)[-USES:]
                titles[one.step] = one.title
            return replace(state, last=event.number, titles=titles, uses=uses)
        case ev.StepQuestioned():
            assert state is not None
            return replace(state, uses={**state.uses, event.step: ()})
    raise AssertionError(event)


def practise(state: Practice | None, practised: ev.ProcedurePractised) -> list[Event]:
    """The use, once for each incident, and each step that has now been passed over too often."""
    if state is not None and _counted(state, practised.number):
        return []
    return [practised, *_questioned(evolve(state, practised), practised.at)]


def _counted(state: Practice, number: int) -> bool:
    return state.last == number or any(use.number == number for uses in state.uses.values() for use in uses)


def _questioned(state: Practice, now: Instant) -> Iterator[Event]:
    for step, uses in state.uses.items():
        numbers = tuple(use.number for use in uses if not use.followed)
        if len(numbers) >= TOO_MANY:
            yield ev.StepQuestioned(at=now, step=step, numbers=numbers, of=len(uses))


def due(state: Practice) -> Instant | None:
    """Never: it is only counted."""
    return None


def wake(state: Practice, now: Instant) -> list[Event]:
    return []


PRACTICE: Lifecycle[Practice] = Lifecycle("practice", evolve, due, wake)
