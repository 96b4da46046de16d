"""How far an escalation has got, and who still has to answer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.oncall.projections import escalation as escalation_table
from quarterdeck.oncall.projections import page as page_table
from quarterdeck.oncall.projections import step as step_table
from quarterdeck.oncall.rules import messages


@dataclass(frozen=True)
class PageRow:
    """One page: to whom, by way of which target, and what became of it. `state` and `outcome` are notify's words."""

    delivery: str
    person: str
    target: str
    at: Instant
    declined: bool
    failed: bool


@dataclass(frozen=True)
class StepRow:
    """One step of an escalation: why it was its turn, who was paged, and which targets gave nobody, with the reason."""

    step: int
    level: int
    round: int
    reason: str
    by: str | None
    at: Instant
    pages: tuple[PageRow, ...]
    unreached: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class EscalationRow:
    """An escalation as it stands. `until`: when the next step has its turn. `steps`: of every run, in order.

    `waiting`: when it pages, in words, if it waits for support hours.
    """

    number: int
    severity: str
    path: str
    status: str
    level: int
    round: int
    levels: int
    until: Instant | None
    waiting: str | None
    started_at: Instant
    final_title: str
    final_login: str
    next_targets: tuple[str, ...]
    """Whom the next step will stand for, if it comes to that."""
    posts: dict[str, str]
    """Post → login, as copied from the plan."""
    acknowledged_by: str | None
    acknowledged_at: Instant | None
    acknowledged_how: str | None
    ended_because: str | None
    steps: tuple[StepRow, ...] = ()

    @property
    def asking(self) -> bool:
        """True while somebody ought still to answer."""
        return self.status in ("climbing", "waiting", "exhausted")


def escalation(conn: Connection, number: int) -> EscalationRow | None:
    """An escalation with every step and page; None if nobody was ever to be paged for the incident."""
    row = conn.execute(select(escalation_table).where(escalation_table.c.number == number)).first()
    if row is None:
        return None
    pages: dict[int, list[PageRow]] = {}
    query = select(page_table).where(page_table.c.number == number)
    for one in conn.execute(query.order_by(page_table.c.position)):
        at = from_micros(one.requested_at)
        page = PageRow(one.delivery, one.person, one.target, at, bool(one.declined), bool(one.failed))
        pages.setdefault(one.step, []).append(page)
    steps = conn.execute(select(step_table).where(step_table.c.number == number).order_by(step_table.c.step))
    return _escalation(
        row,
        tuple(
            StepRow(
                step=one.step,
                level=one.level,
                round=one.round,
                reason=one.reason,
                by=one.by,
                at=from_micros(one.due_at),
                pages=tuple(pages.get(one.step, ())),
                unreached=tuple(one.unreached),
            )
            for one in steps
        ),
    )


def _escalation(row: Any, steps: tuple[StepRow, ...] = ()) -> EscalationRow:
    return EscalationRow(
        number=row.number,
        severity=row.severity,
        path=row.path,
        status=row.status,
        level=row.level,
        round=row.round,
        levels=len(row.levels),
        until=_instant(row.until),
        waiting=_waiting(row),
        started_at=from_micros(row.started_at),
        final_title=row.final_title,
        final_login=row.final_login,
        next_targets=_next_targets(row),
        posts=row.posts,
        acknowledged_by=row.acknowledged_by,
        acknowledged_at=_instant(row.acknowledged_at),
        acknowledged_how=row.acknowledged_how,
        ended_because=row.ended_because,
        steps=steps,
    )


def _waiting(row: Any) -> str | None:
    if row.status != "waiting" or row.until is None:
        return None
    return messages.waiting(row.zone or "UTC", from_micros(row.until))


def _next_targets(row: Any) -> tuple[str, ...]:
    """The rung above; after the last one the first again, and in the end the final post. Before any step: the first."""
    if row.step < row.base:
        return tuple(row.levels[0]["notify"])
    if row.level == 0 or (row.level == len(row.levels) and row.round > row.repeat):
        return (f"post:{row.final_post}",)
    return tuple(row.levels[row.level % len(row.levels)]["notify"])


def asking(conn: Connection) -> list[EscalationRow]:
    """The escalations that nobody has answered yet, the most severe first.

    Exhausted ones are among them, and those that wait for support hours.
    """
    rows = conn.execute(
        select(escalation_table)
        .where(escalation_table.c.status.in_(["climbing", "waiting", "exhausted"]))
        .order_by(escalation_table.c.severity, escalation_table.c.number)
    )
    return [_escalation(row) for row in rows]


def pages_for(conn: Connection, person: str) -> list[EscalationRow]:
    """The unanswered escalations in which this person was paged: am I needed?"""
    paged = select(page_table.c.number).where(page_table.c.person == person, page_table.c.declined.is_(False))
    rows = conn.execute(
        select(escalation_table)
        .where(escalation_table.c.status.in_(["climbing", "exhausted"]), escalation_table.c.number.in_(paged))
        .order_by(escalation_table.c.severity, escalation_table.c.number)
    )
    return [_escalation(row) for row in rows]


def times_paged(conn: Connection, since: Instant) -> dict[str, int]:
    """How many pages each person was sent since an instant, for fairness."""
    query = (
        select(page_table.c.person, func.count())
        .where(page_table.c.requested_at >= micros(since))
        .group_by(page_table.c.person)
    )
    return {row[0]: row[1] for row in conn.execute(query)}


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
