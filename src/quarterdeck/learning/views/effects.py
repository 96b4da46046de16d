"""Did it help: which lessons wait for an incident like this, what was measured before and since, what has returned?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from sqlalchemy import Connection, and_, select

from quarterdeck.command.views import Spell, spells, steps_as_followed
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.projections.factoring import factor as factor_table
from quarterdeck.learning.projections.lessoning import lesson as table
from quarterdeck.learning.projections.lessoning import lesson_factor
from quarterdeck.learning.projections.reviewing import review as review_table
from quarterdeck.learning.rules import effects
from quarterdeck.learning.rules.weighing import Weighed, weigh
from quarterdeck.learning.views.lessoning import LessonRow, lesson, lessons_where
from quarterdeck.plan.rules import procedure_for
from quarterdeck.plan.views import revision

MOST = 1_000
"""Incidents on either side that are looked at, those nearest to the change."""
AWAITED = ("waiting", "looked")


@dataclass(frozen=True)
class Evidence:
    """The measure before and since; `numbers`: the incidents that counted, on each side."""

    measure: str
    weighed: Weighed
    before: tuple[int, ...]
    after: tuple[int, ...]


def waiting_for(conn: Connection, number: int) -> list[int]:
    """Lessons whose change was in force when this incident was declared, and that wait for such as it is."""
    rows = lessons_where(conn, and_(table.c.state == "closed", table.c.check.in_(AWAITED)))
    if not rows:
        return []
    spell = next(iter(spells(conn, number=number)), None)
    return [
        row.number for row in rows if spell is not None and _side(row, spell) == "after" and _counts(conn, row, spell)
    ]


def effect_of(conn: Connection, number: int) -> Evidence | None:
    """What the lesson's measure was before its change and is since; None if nothing is expected of it."""
    row = lesson(conn, number).lesson
    if row.expects is None or row.closed_at is None:
        return None
    found: dict[str, list[tuple[int, float]]] = {"before": [], "after": []}
    sides = _sides(conn, row, row.expects, row.closed_at)
    values = dict(_values(conn, row.expects.measure, [spell for _, spell in sides]))
    for side, spell in sides:
        if spell.number in values:
            found[side].append((spell.number, values[spell.number]))
    before, after = found["before"], found["after"]
    return Evidence(
        measure=row.expects.measure,
        weighed=weigh(row.expects.measure, [value for _, value in before], [value for _, value in after]),
        before=tuple(number for number, _ in before),
        after=tuple(number for number, _ in after),
    )


def returned(conn: Connection, number: int, code: str) -> list[int]:
    """Closed lessons about this factor whose incident was of the same type or service, if this one came after them."""
    spell = next(iter(spells(conn, number=number)), None)
    if spell is None or spell.drill:
        return []
    about = select(lesson_factor.c.lesson).where(lesson_factor.c.factor == code)
    found = []
    for row in lessons_where(conn, and_(table.c.state == "closed", table.c.number.in_(about))):
        if row.incident in (None, number) or not _came_after(row, spell):
            continue
        origin = next(iter(spells(conn, number=row.incident)), None)
        if origin is not None and (_same(origin.type, spell.type) or _same(origin.service, spell.service)):
            found.append(row.number)
    return found


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _sides(conn: Connection, row: LessonRow, expects: Expectation, closed_at: Instant) -> list[tuple[str, Spell]]:
    """The incidents in question on either side of the change, oldest first."""
    like = partial(spells, conn, type=expects.type, service=expects.service, limit=MOST)
    before, after = like(before=closed_at), like(since=closed_at)
    sides = [(_side(row, spell), spell) for spell in (*before, *after)]
    return [(side, spell) for side, spell in sides if side is not None]


def _side(row: LessonRow, spell: Spell) -> str | None:
    """Under the change or before it; None: it does not count."""
    expects = row.expects
    if expects is None or spell.drill or not spell.over:
        return None
    if expects.type not in (None, spell.type) or expects.service not in (None, spell.service):
        return None
    return "after" if _came_after(row, spell) else "before"


def _came_after(row: LessonRow, spell: Spell) -> bool:
    """A revision counts from the first incident that was declared under it, an action from its verification."""
    if row.revision is not None:
        return spell.plan_revision is not None and spell.plan_revision >= row.revision
    return row.closed_at is not None and spell.declared_at >= row.closed_at


def _counts(conn: Connection, row: LessonRow, spell: Spell) -> bool:
    """The measure says something of this incident."""
    return row.expects is not None and bool(list(_values(conn, row.expects.measure, [spell])))


def _values(conn: Connection, measure: str, found: Sequence[Spell]) -> Iterator[tuple[int, float]]:
    """The measure of each incident that it can be taken of."""
    if step := effects.step_of(measure):
        yield from _followed(conn, *step, found)
    elif code := effects.factor_of(measure):
        yield from _came_up(conn, code, found)
    else:
        for spell in found:
            if (seconds := _TIMES[measure](spell)) is not None and seconds >= 0:
                yield spell.number, seconds


def _between(start: Instant | None, end: Instant | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds()


_TIMES: dict[str, Any] = {
    "acknowledge": lambda spell: _between(spell.declared_at, spell.acknowledged_at),
    "mitigate": lambda spell: _between(spell.detected_at, spell.mitigated_at),
    "resolve": lambda spell: _between(spell.detected_at, spell.resolved_at),
}


def _followed(conn: Connection, procedure: str, step: str, found: Sequence[Spell]) -> Iterator[tuple[int, float]]:
    """1 where the step was done in time and in order, 0 where it was not; not where it did not apply."""
    plan_of = cache(lambda number: revision(conn, number).plan)
    states = steps_as_followed(conn, step, [spell.number for spell in found])
    for spell in found:
        state = states.get(spell.number)
        if state in (None, "not-applicable", "open") or spell.plan_revision is None:
            continue
        if procedure_for(plan_of(spell.plan_revision), spell.type) == procedure:
            yield spell.number, float(state == "done")


def _came_up(conn: Connection, code: str, found: Sequence[Spell]) -> Iterator[tuple[int, float]]:
    """Of the incidents that were looked back on: 1 where the factor was found, 0 where others were, or none."""
    numbers = [spell.number for spell in found]
    held = select(review_table.c.number).where(
        review_table.c.number.in_(numbers), review_table.c.approved_at.is_not(None)
    )
    looked_back = set(conn.execute(held).scalars())
    rows = conn.execute(
        select(factor_table.c.number, factor_table.c.code).where(
            factor_table.c.number.in_(numbers), factor_table.c.state != "withdrawn"
        )
    ).all()
    looked_back |= {row.number for row in rows}
    with_it = {row.number for row in rows if row.code == code}
    yield from ((number, float(number in with_it)) for number in numbers if number in looked_back)
