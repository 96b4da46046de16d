"""A plan run against recorded incidents: what each would have got instead, and which deadlines would have been missed.

Each incident is asked of two plans, the revision that it was declared under and the one on trial, with the same facts:
what differs differs because of the plan. Where both say the same, what is recorded stands.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.direction.rules.answers import Answer, answer, decided_by
from quarterdeck.direction.rules.facts import Deadline, Fact, Otherwise, Replayed, Settled
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.rules.copying import support_hours
from quarterdeck.oncall.rules.hours import opens_at
from quarterdeck.plan.rules import EscalationPath, Plan, Step
from quarterdeck.plan.rules.communication import Elevation
from quarterdeck.plan.rules.graph import due_at, predecessors

AtInstant = Callable[[int], Instant]
_MINUTE = 60_000_000
"""In micros."""


@dataclass(frozen=True)
class _Pair:
    """The two answers to one kind of incident, and what differs for every incident of that kind."""

    was: Answer
    would: Answer
    changes: tuple[Otherwise, ...]
    moved: tuple[tuple[Step, Step], ...]
    """Steps of both whose deadline counts otherwise."""


class Replaying:
    """One plan on trial. Answers are worked out once for each kind of incident."""

    def __init__(
        self,
        plan: Plan,
        revisions: Mapping[int, Plan],
        service_paths: Mapping[str, str | None],
        now: int,
        instant: AtInstant,
    ) -> None:
        """`revisions`: those that incidents are pinned to. `now` in micros; `instant` makes an instant of micros."""
        self.plan, self._revisions, self._service_paths = plan, revisions, service_paths
        self._now, self._instant = now, instant
        self._pairs: dict[tuple[object, ...], _Pair] = {}

    def replayed(self, fact: Fact) -> Replayed | None:
        """What would have been otherwise; None if nothing."""
        pinned = self._revisions.get(fact.plan_revision or 0)
        pair = self._pair(pinned, fact)
        ended = fact.resolved_at or fact.closed_at or self._now
        changes, deadlines = list(pair.changes), list(self._moved(pair, fact, ended))
        if deadlines:
            changes.append(Otherwise("deadline", None, _count(deadlines)))
        acknowledged = self._acknowledgement(pair, fact, ended)
        if acknowledged:
            deadlines.append(acknowledged)
            changes.append(Otherwise("acknowledgement", *_within(pair)))
        changes += self._paging(pinned, pair, fact, ended)
        changes += _elevation(pinned, self.plan, pair, ended - fact.declared_at)
        if not changes:
            return None
        return Replayed(fact.number, fact.title, fact.severity, fact.plan_revision, tuple(changes), tuple(deadlines))

    def _pair(self, pinned: Plan | None, fact: Fact) -> _Pair:
        path = self._service_paths.get(fact.service) if fact.service else None
        key = (fact.plan_revision, *decided_by(fact, path), *(() if pinned else (fact.severity,)))
        found = self._pairs.get(key)
        if found is None:
            was, would = answer(pinned, fact, path), answer(self.plan, fact, path)
            moved = tuple(
                (step, would.steps[id])
                for id, step in was.steps.items()
                if id in would.steps and _clock(step) != _clock(would.steps[id])
            )
            found = self._pairs[key] = _Pair(was, would, tuple(_changes(was, would)), moved)
        return found

    def _moved(self, pair: _Pair, fact: Fact, ended: int) -> Iterator[Deadline]:
        if not pair.moved:
            return
        recorded = {one.step: one for one in fact.steps}
        for before, after in pair.moved:
            settled = recorded.get(after.id)
            if settled is None or settled.state == "fallen":
                continue
            due = self._due(before, after, settled, fact, recorded)
            if due != settled.due:
                yield Deadline(
                    step=after.id,
                    title=after.title,
                    due_was=self._maybe(settled.due),
                    due_would=self._maybe(due),
                    settled_at=self._maybe(settled.settled_at),
                    late_was=_late(settled, settled.due, ended),
                    late_would=_late(settled, due, ended),
                )

    def _due(
        self, before: Step, after: Step, settled: Settled, fact: Fact, recorded: Mapping[str, Settled]
    ) -> int | None:
        """Counted from the same anchor it moves by the difference: the recorded one knows when the step was added."""
        if after.within is None:
            return None
        if before.within is not None and _anchor(before) == _anchor(after):
            return None if settled.due is None else settled.due + (after.within - before.within) * _MINUTE
        anchors = {
            "declared": fact.declared_at,
            "detected": fact.detected_at,
            "acknowledged": fact.acknowledged_at,
            "mitigated": fact.mitigated_at,
            "resolved": fact.resolved_at,
            f"ready:{after.id}": _ready(after, fact, recorded),
        }
        anchors |= {f"step:{id}": one.settled_at for id, one in recorded.items() if one.state in ("done", "skipped")}
        due = due_at(after, {name: self._instant(at) for name, at in anchors.items() if at is not None})
        return None if due is None else round(due.timestamp() * 1_000_000)

    def _acknowledgement(self, pair: _Pair, fact: Fact, ended: int) -> Deadline | None:
        was, would = pair.was.acknowledge_within, pair.would.acknowledge_within
        if was == would:
            return None
        due_was, due_would = (
            None if within is None else fact.declared_at + within * _MINUTE for within in (was, would)
        )
        at = Settled("", "", "done" if fact.acknowledged_at else "open", None, fact.acknowledged_at)
        return Deadline(
            step=None,
            title="acknowledge",
            due_was=self._maybe(due_was),
            due_would=self._maybe(due_would),
            settled_at=self._maybe(fact.acknowledged_at),
            late_was=_late(at, due_was, ended),
            late_would=_late(at, due_would, ended),
        )

    def _paging(self, pinned: Plan | None, pair: _Pair, fact: Fact, ended: int) -> Iterator[Otherwise]:
        """How many turns of the path came before somebody answered, with the time that it took then."""
        if pair.was.path_words == pair.would.path_words and pair.was.waits == pair.would.waits:
            return
        until = fact.acknowledged_at or ended
        was = self._turns(pinned, pair.was, fact.declared_at, until)
        would = self._turns(self.plan, pair.would, fact.declared_at, until)
        if was != would:
            yield Otherwise("paging", _turns(was), _turns(would))

    def _turns(self, plan: Plan | None, said: Answer, declared: int, until: int) -> int:
        if plan is None or said.path is None:
            return 0
        if said.waits:
            at = self._instant(declared)
            hours = support_hours(plan, at)
            opens = opens_at(hours, at) if hours else None
            declared = round(opens.timestamp() * 1_000_000) if opens else declared
        return turns_within(said.path, (until - declared) / _MINUTE)

    def _maybe(self, at: int | None) -> Instant | None:
        return None if at is None else self._instant(at)


def turns_within(path: EscalationPath, minutes: float) -> int:
    """How many turns have come so many minutes after the first page; the final post's first one is the last counted."""
    if minutes < 0:
        return 0
    turns, passed = 0, 0
    for level in path.levels * (path.repeat + 1):
        if passed > minutes:
            return turns
        turns, passed = turns + 1, passed + level.acknowledge_within
    return turns + (passed <= minutes)


def _changes(was: Answer, would: Answer) -> Iterator[Otherwise]:
    if was.type != would.type:
        yield Otherwise("type", was.type, would.type)
    if was.severity != would.severity:
        yield Otherwise("severity", was.severity, would.severity)
    if was.commander != would.commander:
        yield Otherwise("commander", was.commander, would.commander)
    if was.procedure != would.procedure:
        yield Otherwise("procedure", was.procedure, would.procedure)
    gone = [step.title for id, step in was.steps.items() if id not in would.steps]
    new = [step.title for id, step in would.steps.items() if id not in was.steps]
    if gone or new:
        yield Otherwise("steps", "; ".join(gone) or None, "; ".join(new) or None)
    if was.path_words != would.path_words:
        yield Otherwise("escalation", was.path_words, would.path_words)
    if was.review != would.review:
        yield Otherwise("review", was.review, would.review)


def _elevation(pinned: Plan | None, plan: Plan, pair: _Pair, lasted: int) -> Iterator[Otherwise]:
    """Who would have been told among the managers, by severity and by how long it lasted."""
    was = _elevated(pinned, pair.was.severity, lasted) if pinned else ()
    would = _elevated(plan, pair.would.severity, lasted)
    if was != would:
        yield Otherwise("elevation", "; ".join(was) or None, "; ".join(would) or None)


def _elevated(plan: Plan, severity: str, lasted: int) -> tuple[str, ...]:
    rules = (rule for rule in plan.communication.elevation if _reached(rule, severity, lasted))
    return tuple(f"{rule.title}: {', '.join(plan.posts[post].title for post in rule.to)}" for rule in rules)


def _reached(rule: Elevation, severity: str, lasted: int) -> bool:
    """Tolerances breached and updates overdue are not told: a rule that asks for them is left out on both sides."""
    if rule.tolerance_breached or rule.update_overdue_by is not None:
        return False
    long_enough = rule.open_longer_than is None or lasted > rule.open_longer_than * _MINUTE
    return long_enough and (rule.severities is None or severity in rule.severities)


def _clock(step: Step) -> tuple[object, ...]:
    return (step.within, *(_anchor(step) if step.within is not None else ()))


def _anchor(step: Step) -> tuple[object, ...]:
    return (step.counted_from, *(predecessors(step) if step.counted_from == "ready" else ()))


def _ready(step: Step, fact: Fact, recorded: Mapping[str, Settled]) -> int | None:
    first = [recorded[name] for name in predecessors(step) if name in recorded]
    if any(one.state == "open" for one in first):
        return None
    return max((fact.declared_at, *(one.settled_at for one in first if one.settled_at is not None)))


def _late(settled: Settled, due: int | None, ended: int) -> timedelta:
    if due is None or settled.state in ("skipped", "fallen"):
        return timedelta()
    at = ended if settled.settled_at is None else settled.settled_at
    return timedelta(microseconds=max(at - due, 0))


def _count(deadlines: list[Deadline]) -> str:
    missed = sum(bool(one.late_would) for one in deadlines)
    return f"{len(deadlines)} otherwise, {missed} of them missed"


def _within(pair: _Pair) -> tuple[str | None, str | None]:
    said = (pair.was.acknowledge_within, pair.would.acknowledge_within)
    was, would = (None if within is None else f"within {within} min" for within in said)
    return was, would


def _turns(count: int) -> str:
    return f"{count} turn{'' if count == 1 else 's'} of the path before somebody answered" if count else "nobody paged"
