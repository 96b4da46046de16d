"""The history that a simulation or a staffing curve begins from: incidents, pages and their answers, on one clock."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from quarterdeck.catalog.views import owners
from quarterdeck.command.projections import incident
from quarterdeck.direction.rules.simulation.history import FEWEST, HOURS, Answered, Seen
from quarterdeck.direction.rules.simulation.predicting import Basis
from quarterdeck.direction.rules.staffing import Advice, Work, advise
from quarterdeck.governance.views import teams
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.oncall.projections import escalation, page
from quarterdeck.plan.views import in_force

NO_TEAM = "no team"
_COUNTS = (incident.c.drill.is_(False), incident.c.state.not_in(("declined", "cancelled", "merged")))
_DAY, _MICROSECOND = 86_400_000_000, timedelta(microseconds=1)


def basis(conn: Connection) -> Basis:
    """Every incident but drills and those that were none; every page with whether and when its person answered."""
    standing = in_force(conn)
    clock = WallClock(ZoneInfo(standing.plan.calendar.zone if standing else "UTC"))
    owned = owners(conn)
    columns = (
        incident.c.declared_at,
        incident.c.acknowledged_at,
        func.coalesce(incident.c.mitigated_at, incident.c.resolved_at),
        incident.c.severity,
        incident.c.service,
    )
    rows = conn.execute(select(*columns).where(*_COUNTS).order_by(incident.c.declared_at, incident.c.number)).all()
    if not rows:
        return Basis((), (), True, clock.monday, {})
    clock.begin(from_micros(rows[0][0]))
    seen = tuple(_seen(*row, clock, owned) for row in rows)
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


def teams_with_incidents(conn: Connection) -> list[str]:
    """What a staffing may name: the teams of the incidents that a simulation begins from."""
    owned = owners(conn)
    found = conn.execute(select(incident.c.service).where(*_COUNTS).distinct()).scalars()
    return sorted({owned.get(service or "", NO_TEAM) for service in found})


def _seen(
    declared: int,
    acknowledged: int | None,
    end: int | None,
    severity: str,
    service: str | None,
    clock: "WallClock",
    owned: Mapping[str, str],
) -> Seen:
    begun = acknowledged if acknowledged is not None else declared
    return Seen(
        came=clock.minute(declared),
        severity=severity,
        team=owned.get(service or "", NO_TEAM),
        work=None if end is None or end < begun else (end - begun) / 60e6,
        acknowledged=None if acknowledged is None else max(0.0, (acknowledged - declared) / 60e6),
    )


def _answers(conn: Connection, clock: "WallClock") -> Iterator[tuple[float, Answered]]:
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
    for number, person, requested, acknowledged_by, acknowledged in conn.execute(query):
        at = clock.minute(requested)
        hour = int(at // 60) % HOURS
        theirs = acknowledged_by is not None and person == acknowledged_by.removeprefix("person/")
        if theirs and number not in done and acknowledged >= requested:
            done.add(number)
            yield at, Answered(hour, (acknowledged - requested) / 60e6)
        else:
            yield at, Answered(hour, None)


class WallClock:
    """Minutes of the organisation's wall clock since a Monday 00:00, so that 09:00 is 09:00 all the year round."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._begin = datetime(2026, 1, 5)  # noqa: DTZ001  # a wall clock has no zone of its own
        self._from = 0
        self._ahead: dict[int, int] = {}

    def begin(self, first: Instant) -> None:
        day = first.astimezone(self._zone).replace(tzinfo=None)
        self._begin = (day - timedelta(days=day.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        self._from = micros(self._begin.replace(tzinfo=UTC))

    @property
    def monday(self) -> Instant:
        return self._begin.replace(tzinfo=self._zone)

    def minute(self, at: int) -> float:
        day = at // _DAY
        ahead = self._ahead.get(day)
        if ahead is None:
            # On most days the clock does not change: then the whole day is told at once.
            first, last = self._ahead_at(day * _DAY), self._ahead_at((day + 1) * _DAY)
            if first != last:
                return self._minute(at, self._ahead_at(at))
            ahead = self._ahead[day] = first
        return self._minute(at, ahead)

    def _ahead_at(self, at: int) -> int:
        """By how many microseconds the wall clock is ahead of UTC."""
        return (from_micros(at).astimezone(self._zone).utcoffset() or timedelta()) // _MICROSECOND

    def _minute(self, at: int, ahead: int) -> float:
        return max(0.0, (at + ahead - self._from) / 60e6)


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
