"""What should somebody read before going on call: what changed in the plan, what happened, what was learnt since?"""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from quarterdeck.catalog.views import services
from quarterdeck.command.views import IncidentRow, declared_since, incidents_numbered
from quarterdeck.governance.views import person_by_id
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.projections.lessoning import lesson as lesson_table
from quarterdeck.learning.rules.preparing import next_hour
from quarterdeck.learning.views.improving import ActionRow, open_actions_of
from quarterdeck.learning.views.lessoning import LessonRow, lessons_numbered
from quarterdeck.oncall.views import ComingShift, coming_shifts, last_shift_end
from quarterdeck.plan.views import changed_between, in_force, revisions

AHEAD = 60
"""Days ahead in which the next shift is looked for."""
_WITHOUT_SHIFT = timedelta(days=30)
"""How far back to read for somebody who had no shift lately."""
_MOST = 30
_REVISIONS = 20


@dataclass(frozen=True)
class PlanChange:
    """A revision that came into force since, and what it changed, in sentences."""

    revision: int
    published_at: Instant
    reason: str
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """For one person. `since`: the end of the last shift, or thirty days ago; `services` None: of all of them."""

    person: str
    name: str
    shift: ComingShift | None
    """The one that runs or comes next."""
    since: Instant
    had_shift: bool
    services: tuple[str, ...] | None
    changes: tuple[PlanChange, ...]
    incidents: tuple[IncidentRow, ...]
    lessons: tuple[LessonRow, ...]
    actions: tuple[ActionRow, ...]

    @property
    def nothing(self) -> bool:
        return not (self.changes or self.incidents or self.lessons or self.actions)

    @property
    def begins(self) -> str:
        """`on Mon 2 Mar at 09:00 (Europe/Berlin), Primary`: the shift, by its own clock."""
        assert self.shift is not None, "no shift ahead"
        local = self.shift.start.astimezone(ZoneInfo(self.shift.zone))
        return f"on {local:%a %-d %b at %H:%M} ({self.shift.zone}), {self.shift.title}"

    @property
    def since_words(self) -> str:
        return f"since your last one ended on {self.since:%-d %b}" if self.had_shift else "in the last 30 days"

    @property
    def lines(self) -> list[str]:
        """One for each thing that is new, in plain text."""
        lines = [f"Revision {one.revision} of the plan: {one.reason[:200]}" for one in self.changes]
        lines += [f"{row.name}: {row.headline[:200]}" for row in self.lessons]
        lines += [f"INC-{row.number} {row.severity or ''} {row.title[:120]}" for row in self.incidents]
        return lines + [f"{row.name}, yours, due {row.due:%-d %b}: {row.title[:120]}" for row in self.actions]


def reading(conn: Connection, person: str, at: Instant) -> Reading:
    """What is new for somebody who goes on call. Of the services of their teams; of all, if they are in none."""
    who = person_by_id(conn, person)
    if who is None:
        raise NotFound(f"person {person}")
    last = last_shift_end(conn, person, at)
    since = last or at - _WITHOUT_SHIFT
    mine = None
    if who.teams:
        mine = {row.id: row.name for row in services(conn) if row.team in who.teams}
    return Reading(
        person=person,
        name=who.name,
        shift=next(iter(coming_shifts(conn, person, at, AHEAD)), None),
        since=since,
        had_shift=last is not None,
        services=None if mine is None else tuple(mine.values()),
        changes=_changes(conn, since),
        incidents=tuple(declared_since(conn, since, mine, _MOST)),
        lessons=tuple(_lessons(conn, since, mine)),
        actions=tuple(open_actions_of(conn, person)[:_MOST]),
    )


def going_on_call(conn: Connection, at: Instant) -> list[str]:
    """The people with a shift that begins before this is asked again, or then; not those who are on call already."""
    standing = in_force(conn)
    if standing is None:
        return []
    until = next_hour(standing.plan.calendar, at)
    shifts = coming_shifts(conn, None, at, days=2)
    running = {one.person for one in shifts if one.start <= at}
    return sorted({one.person for one in shifts if one.start <= until} - running)


def _changes(conn: Connection, since: Instant) -> tuple[PlanChange, ...]:
    found = []
    for one in revisions(conn, limit=_REVISIONS):
        if one.published_at < since:
            break
        changed = changed_between(conn, one.revision - 1, one.revision) if one.revision > 1 else ()
        found.append(
            PlanChange(one.revision, one.published_at, one.reason, tuple(change.sentence for change in changed[:20]))
        )
    return tuple(found)


def _lessons(conn: Connection, since: Instant, mine: dict[str, str] | None) -> list[LessonRow]:
    """Validated or closed by what they changed since then; those of an incident of another team's service apart."""
    of = lesson_table.c
    late = or_(of.validated_at >= micros(since), of.closed_at >= micros(since))
    rejected = of.closing.is_not(None) & (of.closing == "rejection")
    numbers = conn.execute(select(of.number).where(late, ~rejected).order_by(of.number.desc()).limit(_MOST)).scalars()
    rows = lessons_numbered(conn, list(numbers))
    if mine is None:
        return rows
    incidents = incidents_numbered(conn, {row.incident for row in rows if row.incident})
    others = {row.number for row in incidents if row.service is not None and row.service not in mine}
    return [row for row in rows if row.incident not in others]
