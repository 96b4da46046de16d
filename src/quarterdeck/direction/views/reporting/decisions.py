"""Which decisions are needed: those asked for by hand, and those that the record itself asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from quarterdeck.command.views import incidents_numbered, open_incidents
from quarterdeck.direction.events.reporting import Wanted
from quarterdeck.direction.projections.reporting import board_decision as table
from quarterdeck.direction.rules.exposure.wording import amount, figures
from quarterdeck.direction.rules.measures.standing import told
from quarterdeck.direction.rules.reporting import wanting
from quarterdeck.direction.rules.reporting.looking_back import Settled
from quarterdeck.direction.views.exposing import advice
from quarterdeck.direction.views.objectives import objectives
from quarterdeck.direction.views.owing import debt, debt_weeks
from quarterdeck.direction.views.reporting.saying import decision, impact
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.views import Owed, improvements
from quarterdeck.oncall.views import gaps
from quarterdeck.plan.views import drafts

MOST = 200
_NOTHING: Mapping[str, str] = MappingProxyType({})
_LOOKED_AT = 20
"""Open incidents whose updates are read for a decision."""


@dataclass(frozen=True)
class Followed:
    """What came of a decision, as somebody wrote it down."""

    at: Instant
    text: str
    by_name: str


@dataclass(frozen=True)
class BoardDecisionRow:
    """A decision asked for by hand. `said`: what was decided, or why it was withdrawn."""

    number: int
    state: str
    question: str
    due: Instant | None
    waiting: str
    advice: str
    href: str
    asked_at: Instant
    asked_by_name: str
    settled_at: Instant | None
    said: str
    decided_by: str
    followed: tuple[Followed, ...]

    @property
    def name(self) -> str:
        return f"D-{self.number}"


def board_decisions(conn: Connection, *, state: str | None = None, limit: int = 50) -> list[BoardDecisionRow]:
    """The latest first; of the open ones those that are due first."""
    query = select(table).order_by(table.c.number.desc()).limit(max(1, min(limit, MOST)))
    if state is not None:
        query = query.where(table.c.state == state)
    names = person_names(conn)
    return [_row(row, names) for row in conn.execute(query)]


def board_decision(conn: Connection, number: int) -> BoardDecisionRow:
    there = 0 < number < 2**31
    row = conn.execute(select(table).where(table.c.number == number)).first() if there else None
    if row is None:
        raise NotFound(f"decision D-{number}")
    return _row(row, person_names(conn))


def settled(conn: Connection) -> dict[int, Settled]:
    """How each decision asked for by hand stands."""
    rows = board_decisions(conn, limit=MOST)
    return {
        one.number: Settled(one.number, one.state, one.said, one.followed[-1].text if one.followed else "")
        for one in rows
    }


def wanted(
    conn: Connection, now: Instant, hurts: Mapping[str, str] = _NOTHING, owed: Sequence[Owed] | None = None
) -> list[Wanted]:
    """All of them, in the order in which they should be read.

    `hurts`: by service, how it stands, in a sentence. `owed`: the debt, if it has been asked for already.
    """
    by_hand = sorted(board_decisions(conn, state="open"), key=lambda one: (one.due is None, one.due, one.number))
    asked = [
        Wanted(
            key=f"decision/{one.number}",
            question=one.question,
            due=one.due,
            waiting=one.waiting,
            advice=one.advice,
            href=one.href or f"/executive/decisions/{one.number}",
            number=one.number,
        )
        for one in by_hand
    ]
    return wanting.in_order(
        (
            _of_incidents(conn),
            asked,
            _of_gaps(conn, now),
            _of_objectives(conn, now),
            _of_drafts(conn, now),
            _of_portfolio(conn, now) or _of_actions(conn, now, hurts),
            _of_debt(conn, debt(conn, now) if owed is None else owed, now),
        )
    )


def _of_incidents(conn: Connection) -> list[Wanted]:
    found = []
    for row in [one for one in open_incidents(conn) if not one.drill][:_LOOKED_AT]:
        question, by_when = decision(conn, row)
        if question:
            raised = wanting.Raised(row.number, question, by_when, row.declared_at, impact(conn, row.number))
            found.append(wanting.of_incident(raised))
    return found


def _of_gaps(conn: Connection, now: Instant) -> list[Wanted]:
    by_schedule: dict[str, list[Any]] = {}
    for gap in gaps(conn, now, days=28):
        by_schedule.setdefault(gap.schedule, []).append(gap)
    return [
        wanting.of_gap(
            wanting.Uncovered(
                schedule=id,
                title=rows[0].title,
                spans=len(rows),
                hours=sum(((one.end - one.start) for one in rows), timedelta()) / timedelta(hours=1),
                first=rows[0].start,
            )
        )
        for id, rows in by_schedule.items()
    ]


def _of_objectives(conn: Connection, now: Instant) -> list[Wanted]:
    found = []
    for one in objectives(conn, now, verdicts_only=True).rows:
        if one.verdict == "missed":
            said = next(told(m.kpi, m.standing) for m in one.measures if m.standing and m.standing.verdict == "missed")
            missed = wanting.Missed(one.id, one.objective.title, said, len(one.actions))
            found.append(wanting.of_objective(missed, now))
    return found


def _of_drafts(conn: Connection, now: Instant) -> list[Wanted]:
    rows = drafts(conn, state="in review")
    return [wanting.of_draft(wanting.Waiting(one.number, one.title, one.changed_at), now) for one in rows]


def _of_actions(conn: Connection, now: Instant, hurts: Mapping[str, str]) -> list[Wanted]:
    rows = improvements(conn, "proposed", limit=MOST)[0]
    with_cost = [row for row in rows if row.cost or row.severity in ("SEV1", "SEV2")]
    with_cost.sort(key=lambda row: (row.severity or "SEV9", row.due))
    behind = {
        one.number: one.service or "" for one in incidents_numbered(conn, [row.incident or 0 for row in with_cost])
    }
    return [
        wanting.of_action(
            wanting.Unfunded(
                number=row.number,
                title=row.title,
                cost=row.cost,
                expected=row.expected or "",
                due=row.due,
                since=row.proposed_at,
                hurts=hurts.get(behind.get(row.incident or 0, ""), ""),
            ),
            now,
        )
        for row in with_cost[:3]
    ]


def _of_portfolio(conn: Connection, now: Instant) -> list[Wanted]:
    """If what the next days should buy can be weighed, and something of it waits for a yes."""
    found = advice(conn, now)
    if found.found is None or not any(row.action.state == "proposed" for row in found.chosen):
        return []
    avoided = found.found.avoided
    value, low, high = (one or 0.0 for one in (avoided.value, avoided.low, avoided.high))
    sure = f" (95 %: {figures(low)} to {figures(high)})" if avoided.low is not None else ""
    bought = wanting.Bought(
        days=found.budget,
        titles=tuple(row.action.title for row in found.chosen),
        a_month=amount(value / 12, found.unit),
        a_year=f"{figures(value)} a year{sure}",
    )
    return [wanting.of_portfolio(bought)]


def _of_debt(conn: Connection, rows: Sequence[Owed], now: Instant) -> list[Wanted]:
    weeks = debt_weeks(conn, limit=5)
    long = sum(now - row.due > timedelta(days=wanting.DEBT_DAYS) for row in rows)
    before = weeks[0].count if len(weeks) == 5 else None
    found = wanting.of_debt(wanting.Owing(len(rows), before, long, sum(row.owner is None for row in rows)))
    return [found] if found else []


def _row(row: Any, names: dict[str, str]) -> BoardDecisionRow:
    return BoardDecisionRow(
        number=row.number,
        state=row.state,
        question=row.question,
        due=None if row.due is None else from_micros(row.due),
        waiting=row.waiting,
        advice=row.advice,
        href=row.href,
        asked_at=from_micros(row.asked_at),
        asked_by_name=_called(names, row.asked_by),
        settled_at=None if row.settled_at is None else from_micros(row.settled_at),
        said=row.said,
        decided_by=row.decided_by,
        followed=tuple(
            Followed(from_micros(one["at"]), one["text"], _called(names, one["by"])) for one in row.followed
        ),
    )


def _called(names: dict[str, str], principal: str) -> str:
    id = principal.removeprefix("person/")
    return names.get(id, "the operator" if id == "local" else id)
