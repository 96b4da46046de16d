"""What was handed in, in time or late, and what was missed: for auditors, and by regime."""

from dataclasses import dataclass
from datetime import timedelta

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.command.views import incidents_numbered
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations.projections import duty as table
from quarterdeck.obligations.rules import Duty
from quarterdeck.obligations.views.clocks import ClockRow, row_of

MOST = 2_000


@dataclass(frozen=True)
class Past:
    """A clock that came to its end: handed in, overdue or waived. `late_by` None: in time, or waived."""

    row: ClockRow
    at: Instant
    late_by: timedelta | None
    reference: str
    by_name: str
    missed: bool
    """It was found missed at the end that still holds, or has not been handed in at all."""


@dataclass(frozen=True)
class Kept:
    """How a regime's deadlines were kept. `overdue`: neither handed in nor waived, and past."""

    regime: str
    title: str
    handed_in: int
    in_time: int
    late: int
    overdue: int
    waived: int
    worst: timedelta | None
    """The longest delay of what was handed in late."""


def history(conn: Connection, now: Instant, *, regime: str = "") -> tuple[list[Past], list[Kept]]:
    """What came to its end, of one regime or of all, the latest first; and how deadlines were kept, by regime."""
    every = sorted(_every(conn, now), key=lambda one: one.at, reverse=True)
    return [one for one in every if regime in ("", one.row.regime)], _kept(every)


def _kept(every: list[Past]) -> list[Kept]:
    """One of which nothing has come to an end is left out."""
    rows: dict[str, list[Past]] = {}
    for one in every:
        rows.setdefault(one.row.regime, []).append(one)
    found = []
    for regime, mine in sorted(rows.items()):
        sent = [one for one in mine if one.row.state == "handed in"]
        late = [one.late_by for one in sent if one.late_by is not None]
        found.append(
            Kept(
                regime=regime,
                title=mine[0].row.regime_title,
                handed_in=len(sent),
                in_time=len(sent) - len(late),
                late=len(late),
                overdue=sum(one.row.state == "overdue" for one in mine),
                waived=sum(one.row.state == "waived" for one in mine),
                worst=max(late, default=None),
            )
        )
    return found


def _every(conn: Connection, now: Instant) -> list[Past]:
    query = select(table.c.state).where(table.c.live | table.c.past)
    states = conn.execute(query.order_by(table.c.asked_at.desc()).limit(MOST)).scalars().all()
    duties = [msgspec.convert(plain, Duty) for plain in states]
    incidents = {row.number: row for row in incidents_numbered(conn, {duty.number for duty in duties})}
    names = person_names(conn) if duties else {}
    found = []
    for duty in duties:
        for row in row_of(duty, incidents.get(duty.number), names, now).clocks:
            if row.state == "handed in":
                first = row.notices[0]
                by, at = names.get(first.by, first.by), first.instant
                missed = row.due is not None and row.due in duty.missed.get(row.clock, ())
                found.append(Past(row, at, row.standing.late_by, row.notices[-1].reference, by, missed))
            elif row.state == "overdue" and row.due is not None:
                found.append(Past(row, row.due, now - row.due, "", "", True))
            elif row.state == "fell away" and row.clock in duty.missed:
                found.append(Past(row, duty.missed[row.clock][-1], None, row.standing.reason, "", True))
            elif row.state == "waived":
                said = duty.waived[row.clock]
                found.append(Past(row, said.at, None, said.reason, names.get(said.by, said.by), False))
    return found
