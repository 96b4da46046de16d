"""The history that a simulation or a staffing curve begins from: incidents, pages and their answers, on one clock."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from quarterdeck.catalog.views import services
from quarterdeck.command.projections import incident
from quarterdeck.direction.rules.simulation.history import FEWEST, HOURS, Answered, Seen
from quarterdeck.direction.rules.simulation.predicting import Basis
from quarterdeck.direction.rules.staffing import Advice, Work, advise
from quarterdeck.governance.views import teams
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.oncall.projections import escalation, page
from quarterdeck.plan.views import in_force

NO_TEAM = "no team"
_ENDED = ("declined", "cancelled", "merged")


def basis(conn: Connection) -> Basis:
    """Every incident but drills and those that were none; every page with whether and when its person answered."""
    standing = in_force(conn)
    clock = _Clock(ZoneInfo(standing.plan.calendar.zone if standing else "UTC"))
    owners = {row.id: row.team for row in services(conn, retired=True)}
    query = select(incident).where(incident.c.drill.is_(False), incident.c.state.not_in(_ENDED))
    rows = conn.execute(query.order_by(incident.c.declared_at, incident.c.number)).all()
    if not rows:
        return Basis((), (), True, clock.monday, {})
    clock.begin(from_micros(rows[0].declared_at))
    seen = tuple(_seen(row, clock, owners) for row in rows)
    answered = tuple(_answers(conn, clock))
    enough = sum(one.minutes is not None for _, one in answered) >= FEWEST
    if not enough:
        answered = tuple(
            (one.came, Answered(int(one.came // 60) % HOURS, one.acknowledged))
            for one in seen
            if one.acknowledged is not None
        )
    crowd = {f"team:{team.id}": sum(member.active for member in team.members) for team in teams(conn)}
    return Basis(seen, answered, enough, clock.monday, crowd)


def _seen(row: Any, clock: "_Clock", owners: dict[str, str]) -> Seen:
    end = row.mitigated_at if row.mitigated_at is not None else row.resolved_at
    acknowledged = row.acknowledged_at
    begun = acknowledged if acknowledged is not None else row.declared_at
    return Seen(
        came=clock.minute(row.declared_at),
        severity=row.severity,
        team=owners.get(row.service, NO_TEAM),
        work=None if end is None or end < begun else (end - begun) / 60e6,
        acknowledged=None if acknowledged is None else max(0.0, (acknowledged - row.declared_at) / 60e6),
    )


def _answers(conn: Connection, clock: "_Clock") -> Iterator[tuple[float, Answered]]:
    """An acknowledgement answers the last page of whoever gave it; every other page to a person was not answered."""
    query = (
        select(
            page.c.number,
            page.c.person,
            page.c.requested_at,
            escalation.c.acknowledged_by,
            escalation.c.acknowledged_at,
        )
        .join(escalation, escalation.c.number == page.c.number)
        .join(incident, incident.c.number == page.c.number)
        .where(incident.c.drill.is_(False))
        .order_by(page.c.number, page.c.requested_at.desc())
    )
    done: set[int] = set()
    for row in conn.execute(query):
        at = clock.minute(row.requested_at)
        hour = int(at // 60) % HOURS
        theirs = row.acknowledged_by is not None and row.person == row.acknowledged_by.removeprefix("person/")
        if theirs and row.number not in done and row.acknowledged_at >= row.requested_at:
            done.add(row.number)
            yield at, Answered(hour, (row.acknowledged_at - row.requested_at) / 60e6)
        else:
            yield at, Answered(hour, None)


class _Clock:
    """Minutes of the organisation's wall clock since a Monday 00:00, so that 09:00 is 09:00 all the year round."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._begin = datetime(2026, 1, 5)  # noqa: DTZ001  # a wall clock has no zone of its own

    def begin(self, first: Instant) -> None:
        day = first.astimezone(self._zone).replace(tzinfo=None)
        self._begin = (day - timedelta(days=day.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)

    @property
    def monday(self) -> Instant:
        return self._begin.replace(tzinfo=self._zone)

    def minute(self, micros: int) -> float:
        wall = from_micros(micros).astimezone(self._zone).replace(tzinfo=None)
        return max(0.0, (wall - self._begin) / timedelta(minutes=1))


def staffing(conn: Connection, within: float, goal: float, most: int, team: str | None) -> Advice:
    """How many responders at which hour; `team` None: all incidents, as if everybody worked on all of them."""
    known = basis(conn)
    teams_ = tuple(sorted({one.team for one in known.seen}))
    if team is not None and team not in teams_:
        there = ", ".join(teams_) or "none"
        raise Invalid("There is no such team in the history.", (f"team: {team!r}; teams with incidents: {there}",))
    work = [
        Work(one.came, one.work)
        for one in sorted(known.seen, key=lambda one: one.came)
        if one.work is not None and (team is None or one.team == team)
    ]
    reaction = sorted(one.minutes for _, one in known.answered if one.minutes is not None)
    return advise(work, reaction, within, goal, most, teams_, team)
