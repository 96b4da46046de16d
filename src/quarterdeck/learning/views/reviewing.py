"""Which reviews are owed, by when, and what came of the others?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, select

from quarterdeck.command.views import titles
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.projections.reviewing import review as table
from quarterdeck.plan.views import in_force

STATES = ("due", "overdue", "held", "waived", "cancelled")
MOST = 500


@dataclass(frozen=True)
class ReviewRow:
    """One review. `state` is `overdue` for a due one whose day has passed; `outcome`: summary or reason."""

    number: int
    title: str
    state: str
    severity: str
    due: Instant
    opened_at: Instant
    rule: str
    commander: str
    commander_name: str
    facilitator_post: str | None
    facilitator_title: str | None
    """The post's title by the plan in force; the post itself where that plan no longer has it."""
    facilitator: str | None
    settled_at: Instant | None
    settled_by: str | None
    outcome: str | None

    @property
    def owed(self) -> bool:
        return self.state in ("due", "overdue")


def reviews(
    conn: Connection, state: str | None = None, cursor: int = 0, limit: int = 50
) -> tuple[list[ReviewRow], int | None]:
    """Those owed by due date, then the others, the latest first; and the cursor of what follows (rows to skip)."""
    if state is not None and state not in STATES:
        raise Invalid("The filter is not right.", (f"state: {state!r}; use one of {', '.join(STATES)}",))
    query = select(table)
    if state is not None:
        query = query.where(table.c.state == ("due" if state == "overdue" else state))
        if state in ("due", "overdue"):
            query = query.where(table.c.overdue.is_(state == "overdue"))
    owed = case((table.c.state == "due", 0), else_=1)
    by_date = case((table.c.state == "due", table.c.due), else_=-table.c.settled_at)
    limit = max(1, min(limit, MOST))
    rows = _rows(conn, query.order_by(owed, by_date, table.c.number).offset(cursor).limit(limit + 1))
    return rows[:limit], cursor + limit if len(rows) > limit else None


def review(conn: Connection, number: int) -> ReviewRow | None:
    """The review of an incident; None if none was ever owed."""
    return next(iter(_rows(conn, select(table).where(table.c.number == number))), None)


def _rows(conn: Connection, query: Any) -> list[ReviewRow]:
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    posts = _post_titles(conn) if rows else {}
    title_of = titles(conn, [row.number for row in rows]) if rows else {}
    return [
        ReviewRow(
            number=row.number,
            title=title_of.get(row.number, ""),
            state="overdue" if row.state == "due" and row.overdue else row.state,
            severity=row.severity,
            due=from_micros(row.due),
            opened_at=from_micros(row.opened_at),
            rule=row.rule,
            commander=row.commander,
            commander_name=names.get(row.commander, row.commander),
            facilitator_post=row.facilitator_post,
            facilitator_title=posts.get(row.facilitator_post, row.facilitator_post),
            facilitator=names.get(row.facilitator, row.facilitator),
            settled_at=None if row.settled_at is None else from_micros(row.settled_at),
            settled_by=names.get(row.settled_by, row.settled_by),
            outcome=row.outcome,
        )
        for row in rows
    ]


def _post_titles(conn: Connection) -> dict[str, str]:
    standing = in_force(conn)
    return {} if standing is None else {id: post.title for id, post in standing.plan.posts.items()}
