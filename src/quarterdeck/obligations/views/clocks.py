"""The clocks of incidents: of one, and of all that are open, by when they end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.command.views import IncidentRow, incidents_numbered
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations.events import Clock
from quarterdeck.obligations.projections import duty as table
from quarterdeck.obligations.rules import Duty, Standing, earliest, standings
from quarterdeck.obligations.rules.clocks import counts, known_or_supposed
from quarterdeck.obligations.rules.state import HandedIn

MOST = 2_000
_SOON = timedelta(days=2)


@dataclass(frozen=True)
class AnchorRow:
    """An instant that clocks count from: attested, or only suggested by the record."""

    id: str
    title: str
    cite: str
    means: str
    instant: Instant | None
    source: str
    by_name: str | None
    suggested: Instant | None
    counts: bool
    """Whoever answers the question is asked for it, too."""


@dataclass(frozen=True)
class ClockRow:
    """One notice that is or may be owed, as it stands now."""

    number: int
    incident: str
    severity: str
    regime: str
    regime_title: str
    clock: str
    title: str
    to: str
    cite: str
    late_note: str
    standing: Standing
    notices: tuple[HandedIn, ...]
    zone: str

    @property
    def state(self) -> str:
        return self.standing.state

    @property
    def due(self) -> Instant | None:
        return self.standing.due

    @property
    def href(self) -> str:
        return f"/incidents/{self.number}/obligations/{self.regime}/{self.clock}"


@dataclass(frozen=True)
class DutyRow:
    """One regime asked of one incident, with its anchors and clocks."""

    duty: Duty
    incident: str
    severity: str
    state: str
    answered_by: str | None
    anchors: tuple[AnchorRow, ...]
    clocks: tuple[ClockRow, ...]
    first: Standing | None
    """The clock that ends first, sure or not."""

    @property
    def number(self) -> int:
        return self.duty.number

    @property
    def regime(self) -> str:
        return self.duty.regime.id

    @property
    def title(self) -> str:
        return self.duty.regime.title

    @property
    def open_question(self) -> bool:
        return self.duty.answer is None and self.duty.over is None

    @property
    def shown(self) -> tuple[ClockRow, ...]:
        """Those that somebody may have to act on, or has; the others wait for what may never come."""
        return tuple(one for one in self.clocks if one.state not in ("not begun", "to assess") or one.due)

    @property
    def waiting(self) -> tuple[ClockRow, ...]:
        return tuple(one for one in self.clocks if one not in self.shown)


def duties_of(conn: Connection, number: int, now: Instant) -> list[DutyRow]:
    """Everything that the incident was asked, in the order in which it was."""
    query = select(table.c.state).where(table.c.number == number).order_by(table.c.asked_at, table.c.regime)
    return _rows(conn, conn.execute(query).scalars().all(), now)


def duty_row(conn: Connection, number: int, regime: str, now: Instant) -> DutyRow:
    """Raises `NotFound`."""
    query = select(table.c.state).where(table.c.number == number, table.c.regime == regime)
    found = _rows(conn, conn.execute(query).scalars().all(), now)
    if not found:
        raise NotFound(f"question about {regime[:60]!r} on INC-{number}")
    return found[0]


def live_duties(conn: Connection, now: Instant) -> list[DutyRow]:
    """Where something may still have to be done; what ends first comes first, open questions among them."""
    query = select(table.c.state).where(table.c.live).order_by(table.c.asked_at.desc()).limit(MOST)
    rows = _rows(conn, conn.execute(query).scalars().all(), now)
    return sorted(rows, key=lambda row: (row.first is None, row.first.due if row.first and row.first.due else now))


def now_list(rows: Sequence[DutyRow]) -> list[ClockRow]:
    """The clocks that run, are missed or have not begun for want of an attested instant, by their ends."""
    found = [one for row in rows if row.duty.answer is not None for one in row.shown if one.standing.wanted]
    return sorted(found, key=lambda one: (one.due is None, one.due or one.standing.start, one.number, one.clock))


@dataclass(frozen=True)
class Pressing:
    """What somebody has to see to soon: a notice, or a question (`title` then asks it)."""

    number: int
    severity: str
    title: str
    incident: str
    regime: str
    due: Instant
    href: str


def pressing(conn: Connection, now: Instant, *, limit: int = 8) -> list[Pressing]:
    """Open questions, and notices that are overdue or due within two days, by when they are due."""
    rows = live_duties(conn, now)
    found = [
        Pressing(one.number, one.severity, one.title, one.incident, one.regime_title, one.due, one.href)
        for one in now_list(rows)
        if one.standing.sure and one.due is not None and one.due < now + _SOON
    ]
    for row in rows:
        if row.open_question:
            href = f"/incidents/{row.number}/obligations/{row.regime}"
            asks = "Has it to be notified?"
            found.append(Pressing(row.number, row.severity, asks, row.incident, row.title, row.duty.answer_by, href))
    return sorted(found, key=lambda one: one.due)[:limit]


def asked_live(conn: Connection, regime: str) -> list[int]:
    """The incidents on which this regime is still open."""
    query = select(table.c.number).where(table.c.live, table.c.regime == regime).order_by(table.c.number)
    return list(conn.execute(query).scalars())


def _rows(conn: Connection, states: Sequence[Any], now: Instant) -> list[DutyRow]:
    if not states:
        return []
    duties = [msgspec.convert(plain, Duty) for plain in states]
    incidents = {row.number: row for row in incidents_numbered(conn, {duty.number for duty in duties})}
    names = person_names(conn)
    return [row_of(duty, incidents.get(duty.number), names, now) for duty in duties]


def row_of(duty: Duty, incident: IncidentRow | None, names: Mapping[str, str], now: Instant) -> DutyRow:
    title, severity = (incident.title, incident.severity) if incident else ("", duty.severity)
    clocks = tuple(
        clock_row(duty, found, duty.regime.clocks[found.clock], title, severity) for found in standings(duty, now)
    )
    return DutyRow(
        duty=duty,
        incident=title,
        severity=severity,
        state=incident.state if incident else "",
        answered_by=names.get(duty.answer.by, duty.answer.by) if duty.answer else None,
        anchors=tuple(_anchors(duty, names)),
        clocks=clocks,
        first=earliest(duty, now),
    )


def clock_row(duty: Duty, found: Standing, clock: Clock, title: str, severity: str) -> ClockRow:
    return ClockRow(
        number=duty.number,
        incident=title,
        severity=severity,
        regime=duty.regime.id,
        regime_title=duty.regime.title,
        clock=found.clock,
        title=clock.title,
        to=clock.to,
        cite=clock.cite,
        late_note=clock.late,
        standing=found,
        notices=duty.notices.get(found.clock, ()),
        zone=duty.regime.zone or duty.zone,
    )


def _anchors(duty: Duty, names: Mapping[str, str]) -> list[AnchorRow]:
    rows, counting = [], counts(duty)
    for id, anchor in duty.regime.anchors.items():
        held = duty.anchors.get(id)
        rows.append(
            AnchorRow(
                id=id,
                title=anchor.title,
                cite=anchor.cite,
                means=anchor.means,
                instant=held.instant if held else None,
                source=held.source if held else "",
                by_name=names.get(held.by, held.by) if held else None,
                suggested=None if held else known_or_supposed(duty, id),
                counts=id in counting,
            )
        )
    return rows
