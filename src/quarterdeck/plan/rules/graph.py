"""A procedure as a graph: which steps apply, which can be begun, and when each is due."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Protocol, TypeVar

from quarterdeck.kernel.time import Instant

Answers = Mapping[str, str]
"""Deciding step → the answer given."""


class Node(Protocol):
    """What the graph needs of a step; a plan's `Step` is one, and so is the task that was made of it."""

    @property
    def id(self) -> str: ...
    @property
    def on_severity(self) -> Sequence[str] | None: ...
    @property
    def after(self) -> Sequence[str]: ...
    @property
    def only_if(self) -> Mapping[str, Sequence[str]] | None: ...
    @property
    def within(self) -> int | None: ...
    @property
    def counted_from(self) -> str: ...


N = TypeVar("N", bound=Node)


def applies(step: Node, severity: str, answers: Answers) -> bool | None:
    """Whether a step applies at this severity, after these answers; None while a question is open that decides it."""
    if step.on_severity is not None and severity not in step.on_severity:
        return False
    known = [(wanted, answers.get(question)) for question, wanted in (step.only_if or {}).items()]
    if any(given is not None and given not in wanted for wanted, given in known):
        return False
    return None if any(given is None for _, given in known) else True


def ready(steps: Iterable[N], severity: str, settled: Collection[str], answers: Answers) -> tuple[N, ...]:
    """The steps that can be begun: they apply, are not settled, and nothing that comes before them is open.

    `settled`: steps done or skipped. A step that does not apply, or falls away with its question, holds up nothing.
    """
    every = {step.id: step for step in steps}
    fallen = fallen_away(every.values(), severity, settled, answers)
    return tuple(
        step
        for step in every.values()
        if step.id not in settled
        and step.id not in fallen
        and applies(step, severity, answers)
        and all(before in settled or before in fallen or before not in every for before in step.after)
    )


def fallen_away(steps: Iterable[Node], severity: str, settled: Collection[str], answers: Answers) -> frozenset[str]:
    """The steps that can no longer apply: another answer was given, or the question itself fell away or was skipped."""
    every = {step.id: step for step in steps}
    fallen: set[str] = {step.id for step in every.values() if applies(step, severity, answers) is False}
    while True:
        more = {
            step.id
            for step in every.values()
            if step.id not in fallen
            and any(
                question not in answers and (question in fallen or question in settled or question not in every)
                for question in step.only_if or ()
            )
        }
        if not more:
            return frozenset(fallen)
        fallen |= more


def due_at(step: Node, anchors: Mapping[str, Instant]) -> Instant | None:
    """When the step is due; None without a deadline, or while its anchor has not happened.

    `anchors`: `declared`, `detected`, `acknowledged`, `mitigated`, `resolved`, `step:ID` → when; for `ready` the caller
    gives `ready:ID`, the instant at which this very step could be begun.
    """
    if step.within is None:
        return None
    name = f"ready:{step.id}" if step.counted_from == "ready" else step.counted_from
    anchor = anchors.get(name)
    return None if anchor is None else anchor + timedelta(minutes=step.within)


def predecessors(step: Node) -> tuple[str, ...]:
    """Every step of the same procedure that has to be settled before this one: by order, by question or by clock."""
    anchor = (step.counted_from.removeprefix("step:"),) if step.counted_from.startswith("step:") else ()
    return tuple(dict.fromkeys((*step.after, *(step.only_if or ()), *anchor)))
