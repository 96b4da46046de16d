"""What was learnt in a month, by one team or by everybody?"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Column, Connection, func, select

from quarterdeck.catalog.views import services
from quarterdeck.command.views import incidents_numbered, resolved_between
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.projections.factoring import factor as factor_table
from quarterdeck.learning.projections.improving import improvement as improvement_table
from quarterdeck.learning.projections.lessoning import lesson as lesson_table
from quarterdeck.learning.projections.reviewing import review as review_table
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.rules.digesting import bounds
from quarterdeck.learning.rules.lessoning import number_of
from quarterdeck.learning.views.improving import ActionRow, actions_numbered
from quarterdeck.learning.views.lessoning import LessonRow, lessons_numbered
from quarterdeck.plan.views import changed_between, in_force, revisions

_MOST = 50
_LOOKED_AT = 1_000
_REVISIONS = 50
"""Publications that are looked through for those of the month."""


@dataclass(frozen=True)
class ReviewLine:
    """A review that was finished in the month."""

    number: int
    title: str


@dataclass(frozen=True)
class Change:
    """A revision of the plan that cites lessons: what it changed, in sentences."""

    revision: int
    published_at: Instant
    lessons: tuple[int, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Learned:
    """A month. `team` None: everybody, the plan's changes included; those belong to no team."""

    month: str
    begins: Instant
    ends: Instant
    team: str | None
    team_name: str | None
    incidents: int
    severe: int
    """SEV1 and SEV2."""
    reviews: tuple[ReviewLine, ...]
    answered: tuple[LessonRow, ...]
    """Lessons that were closed by what they changed."""
    rejected: int
    brought_in: int
    """Lessons of past incidents that were brought in in the month: counted, not listed."""
    new: tuple[LessonRow, ...]
    verified: tuple[ActionRow, ...]
    changes: tuple[Change, ...]
    factors: tuple[tuple[str, int], ...]
    """What contributed most often, in words."""

    @property
    def month_words(self) -> str:
        """`March 2026`."""
        return f"{date.fromisoformat(f'{self.month}-01'):%B %Y}"

    @property
    def nothing(self) -> bool:
        return not (self.reviews or self.answered or self.new or self.verified or self.changes)

    @property
    def lines(self) -> list[str]:
        """In plain text, under the team's name; none for a team that learnt nothing."""
        if self.team and self.nothing:
            return []
        lines = [f"{self.team_name or self.team}:" if self.team else "Everybody:"]
        lines.append(f"- {self.incidents} incidents were resolved, {self.severe} of them SEV1 or SEV2.")
        lines += [f"- Reviewed: INC-{one.number} {one.title}" for one in self.reviews]
        for lesson in self.answered:
            how = f"in the plan since revision {lesson.revision}" if lesson.revision else "by a verified action"
            lines.append(f"- {lesson.name} is answered ({how}): {lesson.headline[:200]}")
        lines += [f"- Revision {one.revision} of the plan: {'; '.join(one.sentences)[:400]}" for one in self.changes]
        lines += [f"- New: {lesson.name} {lesson.headline[:200]}" for lesson in self.new]
        lines += [f"- Done and verified: {one.name} {one.title[:200]}" for one in self.verified]
        if self.factors:
            most = "; ".join(f"{words} ({count})" for words, count in self.factors)
            lines.append(f"- What contributed most: {most}")
        return [*lines, ""]


def learned(conn: Connection, month: str, team: str | None = None) -> Learned:
    """What was learnt in a month (`2026-03`, in the plan's zone). Raises `Invalid`."""
    names = team_names(conn)
    if team is not None and team not in names:
        raise Invalid("There is no such team.", (f"team: {team[:80]!r} is unknown",))
    standing = in_force(conn)
    begins, ends = bounds(month, standing.plan.calendar.zone if standing else "UTC")
    owned = {row.id for row in services(conn, retired=True) if team is None or row.team == team}

    def of_team(numbers: set[int]) -> set[int]:
        if team is None:
            return numbers
        return {row.number for row in incidents_numbered(conn, numbers) if row.service in owned}

    resolved = [row for row in resolved_between(conn, begins, ends) if team is None or row.service in owned]
    finished = of_team(set(_between(conn, review_table.c.number, review_table.c.approved_at, begins, ends)))
    reviewed = [row for row in incidents_numbered(conn, finished) if row.source is None]
    closed = _lessons(conn, lesson_table.c.closed_at, begins, ends)
    numbers = _between(conn, lesson_table.c.number, lesson_table.c.identified_at, begins, ends)
    new, brought_in = _own(conn, numbers)
    done = _between(conn, improvement_table.c.number, improvement_table.c.verified_at, begins, ends)
    verified = actions_numbered(conn, done[:_MOST])
    found = conn.execute(
        select(factor_table.c.code, factor_table.c.number).where(
            factor_table.c.found_at >= micros(begins),
            factor_table.c.found_at < micros(ends),
            factor_table.c.state != "withdrawn",
        )
    ).all()
    named = {row.incident for row in [*closed, *new] if row.incident} | {
        row.incident for row in verified if row.incident
    }
    theirs = of_team(named | {row.number for row in found})
    elsewhere = {row.number for row in incidents_numbered(conn, theirs) if row.source is not None}
    words = taxonomy.codes()
    counted = Counter(words.get(row.code, row.code) for row in found if row.number in theirs - elsewhere)
    return Learned(
        month=month,
        begins=begins,
        ends=ends,
        team=team,
        team_name=names.get(team) if team else None,
        incidents=len(resolved),
        severe=sum(1 for row in resolved if row.severity in ("SEV1", "SEV2")),
        reviews=tuple(ReviewLine(row.number, row.title) for row in reviewed[:_MOST]),
        answered=tuple(row for row in closed if row.closing != "rejection" and _of(row.incident, theirs, team)),
        rejected=sum(1 for row in closed if row.closing == "rejection" and _of(row.incident, theirs, team)),
        brought_in=0 if team else brought_in,
        new=tuple(row for row in new if _of(row.incident, theirs, team)),
        verified=tuple(row for row in verified if _of(row.incident, theirs, team)),
        changes=() if team else _changes(conn, begins, ends),
        factors=tuple(counted.most_common(5)),
    )


def _of(incident: int | None, theirs: set[int], team: str | None) -> bool:
    """What comes from no incident belongs to everybody, and to no team."""
    return team is None or incident in theirs


def _between(conn: Connection, number: Column[Any], at: Column[Any], begins: Instant, ends: Instant) -> list[int]:
    return list(conn.execute(select(number).where(at >= micros(begins), at < micros(ends)).order_by(at)).scalars())


def _lessons(conn: Connection, at: Column[Any], begins: Instant, ends: Instant) -> list[LessonRow]:
    return lessons_numbered(conn, _between(conn, lesson_table.c.number, at, begins, ends)[:_MOST])


def _own(conn: Connection, numbers: list[int]) -> tuple[list[LessonRow], int]:
    """The lessons that were learnt here, and how many others came with past incidents that were brought in."""
    rows = lessons_numbered(conn, numbers[:_LOOKED_AT])
    incidents = incidents_numbered(conn, {row.incident for row in rows if row.incident})
    elsewhere = {row.number for row in incidents if row.source is not None}
    own = [row for row in rows if row.incident not in elsewhere]
    return own[:_MOST], len(rows) - len(own)


def _changes(conn: Connection, begins: Instant, ends: Instant) -> tuple[Change, ...]:
    found = []
    for one in revisions(conn, limit=_REVISIONS):
        cited = tuple(number for reason in one.reasons if (number := number_of(reason.ref)) is not None)
        if cited and begins <= one.published_at < ends:
            changed = changed_between(conn, one.revision - 1, one.revision) if one.revision > 1 else ()
            sentences = tuple(change.sentence for change in changed[:10])
            found.append(Change(one.revision, one.published_at, cited, sentences))
    return tuple(reversed(found))


def months(conn: Connection, now: Instant) -> list[str]:
    """Months to choose from, the latest first: from the first lesson on, at most two years."""
    earliest = conn.execute(select(func.min(lesson_table.c.identified_at))).scalar()
    found: list[str] = []
    year, month = now.year, now.month
    while len(found) < 24:
        found.append(f"{year}-{month:02}")
        if earliest is None or micros(now.replace(year=year, month=month, day=1)) < earliest:
            break
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found
