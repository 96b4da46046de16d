"""What is overdue in every room, in one list: reviews, lessons, actions, documents, exercises, contact tests."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select

from quarterdeck.direction.projections.owing import debt_week
from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.views import Owed, owed
from quarterdeck.plan.views import in_force, revisions
from quarterdeck.readiness.views import coverage, tested

SUBJECTS: dict[str, str] = {
    "review": "review to hold",
    "validation": "lesson to validate",
    "disposition": "lesson without a disposition",
    "improvement": "action to do",
    "verification": "action to verify",
    "document": "document to review",
    "recurrence": "recurrence to assess",
    "exercise": "exercise to hold",
    "contact-test": "contact test to make",
}


@dataclass(frozen=True)
class Holder:
    """One owner's part of the debt, the longest overdue first. `owner` None: what nobody looks after."""

    owner: str | None
    name: str | None
    rows: tuple[Owed, ...]


@dataclass(frozen=True)
class DebtWeek:
    """How much was overdue when a week began."""

    week: str
    at: Instant
    count: int
    oldest_days: int


def debt(conn: Connection, now: Instant, *, owner: str | None = None, subject: str | None = None) -> list[Owed]:
    """Everything that is overdue, the longest first."""
    rows = [*owed(conn, now), *_exercises(conn, now), *_contact_tests(conn, now)]
    fitting = [
        row for row in rows if (owner is None or row.owner == owner) and (subject is None or row.subject == subject)
    ]
    return sorted(fitting, key=lambda row: (row.due, row.ref))


def by_owner(rows: list[Owed]) -> list[Holder]:
    """Who has most to do first; what nobody looks after comes before all."""
    found: dict[str | None, list[Owed]] = {}
    for row in rows:
        found.setdefault(row.owner, []).append(row)
    holders = [Holder(owner, mine[0].owner_name, tuple(mine)) for owner, mine in found.items()]
    return sorted(holders, key=lambda one: (one.owner is not None, -len(one.rows), one.name or ""))


def debt_weeks(conn: Connection, *, limit: int = 26) -> list[DebtWeek]:
    """How the debt has grown or shrunk, the latest week last."""
    query = select(debt_week).order_by(debt_week.c.week.desc()).limit(max(1, min(limit, 520)))
    rows = conn.execute(query).all()
    return [DebtWeek(row.week, from_micros(row.at), row.things, row.oldest_days) for row in reversed(rows)]


def _keeper(conn: Connection) -> tuple[str | None, str | None]:
    """Whoever holds the post that keeps the plan."""
    found = in_force(conn)
    if found is None:
        return None, None
    login = found.plan.posts[found.plan.owner].login
    holder = next((one for one in people(conn) if one.login == login and one.active), None)
    return (holder.id, person_names(conn).get(holder.id)) if holder else (None, None)


def _first_plan(conn: Connection, now: Instant) -> Instant:
    """Since when there has been a plan: what was never tried is counted from there."""
    rows = revisions(conn, limit=1, before=2)
    return rows[0].published_at if rows else now


def _exercises(conn: Connection, now: Instant) -> Iterator[Owed]:
    """Types that were not exercised within their interval."""
    keeper, name = _keeper(conn)
    begun = _first_plan(conn, now)
    for row in coverage(conn, now).rows:
        since = row.whole.last.at if row.whole.last else begun
        due = since + timedelta(days=row.interval_days)
        if due < now:
            rule = f"Each type is exercised every {row.interval_days} days. {row.whole.why}"
            yield Owed("exercise", row.type, f"Exercise: {row.title}", "/readiness", keeper, name, since, due, rule)


def _contact_tests(conn: Connection, now: Instant) -> Iterator[Owed]:
    """Those who may be paged and have not answered for too long, as one thing to do."""
    found = in_force(conn)
    everybody = tested(conn, now) if found else []
    late = [one for one in everybody if one.overdue]
    if found is None or not late:
        return
    days, begun = found.plan.trying.contact_test_every_days, _first_plan(conn, now)
    since = min(one.last or begun for one in late)
    due = since + timedelta(days=days)
    if due < now:
        keeper, name = _keeper(conn)
        title = f"{len(late)} of {len(everybody)} people who may be paged have not answered a contact test"
        rule = f"Everybody who may be paged answers a test every {days} days."
        yield Owed("contact-test", "contact-tests", title, "/readiness", keeper, name, since, due, rule)
