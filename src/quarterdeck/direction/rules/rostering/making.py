"""From the task to a roster with names in it, what it costs, and how near that is to what nothing can beat. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from quarterdeck.direction.rules.rostering.bound import bound
from quarterdeck.direction.rules.rostering.document import NeedsText
from quarterdeck.direction.rules.rostering.model import NOBODY, Cost, Needs, Roster, broken, cost
from quarterdeck.direction.rules.rostering.reasons import shortages
from quarterdeck.direction.rules.rostering.search import Step, search

STEPS = 1_000_000
"""About 5 s."""
MOST_STEPS = 20_000_000

Weeks = tuple[tuple[tuple[str | None, ...], ...], ...]
"""By week, rotation and place: the login, or None for a place that nobody fills."""


@dataclass(frozen=True)
class Made:
    """A roster with what was proved about it. `why`: what cannot be filled whatever the order, in words."""

    weeks: Weeks
    cost: Cost
    bound: float
    seed: int
    steps: int
    why: tuple[str, ...]


def make(task: NeedsText, steps: int, seed: int, told: Callable[[Step], None] = lambda step: None) -> Made:
    """The best roster found in so many steps, with the bound. The same task, steps and seed give the same."""
    needs = task.needs()
    found = search(needs, steps, seed, told)
    why = tuple(f"{one.why}: {one.short} short {_weeks(task, one.first, one.last)}." for one in shortages(needs))
    return Made(_named(needs, found), cost(needs, found), bound(needs), seed, steps, why)


def faults(task: NeedsText, weeks: Weeks) -> list[str]:
    """What keeps these weeks from being a roster of this task: a stranger, a wrong shape, a broken rule."""
    needs, place = task.needs(), {person.login: i for i, person in enumerate(task.people)}
    shape = [(len(rotation.places)) for rotation in task.rotations]
    if len(weeks) != task.weeks or any([len(group) for group in week] != shape for week in weeks):
        return ["the roster has not the weeks, rotations and places of its task"]
    strangers = sorted({who for week in weeks for group in week for who in group if who} - set(place))
    if strangers:
        return [f"{', '.join(strangers)}: not among the task's people"]
    return broken(needs, _numbered(needs, weeks, place))


def _named(needs: Needs, roster: Roster) -> Weeks:
    """Names instead of numbers; within a group first whoever stood first least often for their share."""
    first = [0] * len(needs.members)
    made = []
    for week in range(needs.weeks):
        groups = []
        for r, rotation in enumerate(needs.rotations):
            there = [int(m) for m in roster[week, r, : rotation.places]]
            present = sorted((m for m in there if m != NOBODY), key=lambda m: (first[m], m))
            if present:
                first[present[0]] += 1
            names = [needs.members[m].id for m in present]
            groups.append((*names, *[None] * (rotation.places - len(names))))
        made.append(tuple(groups))
    return tuple(made)


def _numbered(needs: Needs, weeks: Weeks, place: dict[str, int]) -> Roster:
    widest = max(rotation.places for rotation in needs.rotations)
    made: Roster = np.full((needs.weeks, len(needs.rotations), widest), NOBODY, dtype=np.int16)
    for w, week in enumerate(weeks):
        for r, group in enumerate(week):
            for p, who in enumerate(group):
                made[w, r, p] = place[who] if who else NOBODY
    return made


def _weeks(task: NeedsText, first: int, last: int) -> str:
    if (first, last) == (0, task.weeks - 1):
        return "in every week"
    if first == last:
        return f"in the week of {task.monday_of(first):%-d %B %Y}"
    return f"in the weeks of {task.monday_of(first):%-d %B} to {task.monday_of(last):%-d %B %Y}"
