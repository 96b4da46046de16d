"""Real paths against the plan's: what has to come before what, and where that was not so. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from quarterdeck.direction.rules.paths.activities import BEYOND, kind_of
from quarterdeck.direction.rules.paths.log import Log, among
from quarterdeck.direction.rules.statistics import Counts, Flags
from quarterdeck.plan.rules import Plan, procedure_for, review_rule_for, steps_for

Verdict = Literal["foreseen", "skips", "reversed", "beyond"]
_COURSE = (("declared", "acknowledged"), ("acknowledged", "resolved"), ("resolved", "closed"))


@dataclass(frozen=True)
class Relation:
    """`before` has to be done before `after`. `optional`: it need not be done at all."""

    before: str
    after: str
    optional: bool = False


@dataclass(frozen=True)
class Expected:
    """What a plan foresees for incidents of one type and severity. `planned`: it is a plan's, and not only a course."""

    relations: tuple[Relation, ...]
    steps: tuple[str, ...] = ()
    mandatory: frozenset[str] = frozenset()
    procedure: str | None = None
    planned: bool = False


@dataclass(frozen=True)
class Kept:
    """Of `n` incidents that had `after`: so many had `before` first, never, or only later."""

    relation: Relation
    n: int
    kept: int
    skipped: int
    reversed: int


@dataclass(frozen=True)
class StepUse:
    """Of `n` incidents to which the step applied, in so many it was done. `mandatory`: under any of their plans."""

    step: str
    n: int
    done: int
    mandatory: bool


@dataclass(frozen=True)
class Against:
    """The least kept first. `broken`: of each wanted incident, whether it breaks a relation or, being closed, lacks a
    mandatory step."""

    relations: tuple[Kept, ...]
    steps: tuple[StepUse, ...]
    broken: Flags
    expected: tuple[Relation, ...]
    """Every order that any of the plans foresees, kept or not."""
    planned: int
    """Incidents that were managed under a plan of ours; the others are held against the course alone."""


def expected(plan: Plan | None, type_: str | None, severity: str) -> Expected:
    """Without a plan: the course alone; that the harm ended has to come before the resolution, where it is told."""
    levels = dict(plan.severity.levels) if plan else {}
    level = next((one for name, one in levels.items() if name == severity), None)
    acknowledges = level is None or level.acknowledge_within is not None
    relations = [
        Relation(before, after) for before, after in _COURSE if acknowledges or "acknowledged" not in (before, after)
    ]
    relations.append(Relation("mitigated", "resolved", optional=True))
    if plan is None:
        return Expected(tuple(relations))
    if review_rule_for(plan, severity) is not None:
        relations.append(Relation("reviewed", "closed"))
    steps = steps_for(plan, type_, severity)
    there = {step.id for step in steps}
    relations += [
        Relation(f"step:{before}", f"step:{step.id}") for step in steps for before in step.after if before in there
    ]
    wanted = frozenset(f"step:{step.id}" for step in steps if step.mandatory)
    every = tuple(f"step:{step.id}" for step in steps)
    return Expected(tuple(relations), every, wanted, procedure_for(plan, type_), planned=True)


def against(log: Log, wanted: Counts, groups: Sequence[tuple[Expected, Counts]]) -> Against:
    """`wanted`: sorted numbers; `groups`: what is expected of which of them, by their places in `wanted`."""
    keys = sorted({key for one, _ in groups for key in _keys(one)})
    firsts = _firsts(log, wanted, keys)
    row = {key: i for i, key in enumerate(keys)}
    broken = np.zeros(len(wanted), dtype=np.bool_)
    counts: dict[Relation, list[int]] = {}
    uses: dict[str, list[int]] = {}
    mandatory = {step for one, _ in groups for step in one.mandatory}
    closed = firsts[row["closed"]] >= 0 if "closed" in row else broken
    for one, cases in groups:
        for relation in one.relations:
            before, after = firsts[row[relation.before]][cases], firsts[row[relation.after]][cases]
            after_there, before_there = after >= 0, before >= 0
            applies = after_there & (before_there | ~_fell(firsts, row, relation.before, cases))
            if relation.optional:
                applies &= before_there
            skipped, turned = applies & ~before_there, applies & before_there & (before > after)
            broken[cases] |= skipped | turned
            found = counts.setdefault(relation, [0, 0, 0])
            for i, flags in enumerate((applies, skipped, turned)):
                found[i] += int(np.count_nonzero(flags))
        for step in one.steps:
            done = firsts[row[step]][cases] >= 0
            applied = done | ~_fell(firsts, row, step, cases)
            if step in one.mandatory:
                broken[cases] |= applied & ~done & closed[cases]
            use = uses.setdefault(step, [0, 0])
            use[0] += int(np.count_nonzero(applied))
            use[1] += int(np.count_nonzero(done))
    kept = [Kept(one, n, n - skipped - turned, skipped, turned) for one, (n, skipped, turned) in counts.items() if n]
    kept.sort(key=lambda one: (one.kept - one.n, one.relation.before))
    steps = [StepUse(step, n, done, step in mandatory) for step, (n, done) in uses.items() if n]
    steps.sort(key=lambda one: (not one.mandatory, one.done / one.n))
    orders = tuple(dict.fromkeys(relation for one, _ in groups for relation in one.relations))
    planned = sum(len(cases) for one, cases in groups if one.planned)
    return Against(tuple(kept), tuple(steps), broken, orders, planned)


def _keys(one: Expected) -> Iterable[str]:
    for relation in one.relations:
        yield from (relation.before, relation.after)
    for step in one.steps:
        yield from (step, step.replace("step:", "fell:", 1))


def _fell(firsts: NDArray[np.int64], row: dict[str, int], key: str, cases: Counts) -> Flags:
    """Whether it fell away with another answer: then it did not apply."""
    place = row.get(key.replace("step:", "fell:", 1)) if key.startswith("step:") else None
    if place is None:
        return np.zeros(len(cases), dtype=np.bool_)
    found: Flags = firsts[place][cases] >= 0
    return found


def _firsts(log: Log, wanted: Counts, keys: Sequence[str]) -> NDArray[np.int64]:
    """Of each key (rows) and incident (columns) the place in the log where it was done first; -1: never."""
    index = np.full(len(log.keys), -1, dtype=np.int64)
    for i, key in enumerate(keys):
        if key in log.keys:
            index[log.keys.index(key)] = i
    found = np.full((len(keys), len(wanted)), -1, dtype=np.int64)
    rows = np.flatnonzero((index[log.code] >= 0) & among(log.number, wanted))[::-1]
    found[index[log.code[rows]], np.searchsorted(wanted, log.number[rows])] = rows
    return found


def verdict(before: str, after: str, relations: Collection[Relation]) -> tuple[Verdict, tuple[str, ...]]:
    """What a plan says to `after` right after `before`; with `skips`, what lies between them."""
    if kind_of(before) in BEYOND or kind_of(after) in BEYOND:
        return "beyond", ()
    following: dict[str, set[str]] = {}
    for one in relations:
        if not one.optional:
            following.setdefault(one.before, set()).add(one.after)
    if before in _reached(following, after):
        return "reversed", ()
    between = sorted(key for key in _reached(following, before) - {after} if after in _reached(following, key))
    return ("skips", tuple(between)) if between else ("foreseen", ())


def _reached(following: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for one in following.get(waiting.pop(), ()):
            if one not in found:
                found.add(one)
                waiting.append(one)
    return found
