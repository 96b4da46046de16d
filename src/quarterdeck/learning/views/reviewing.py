"""Which reviews are owed, by when, and how far are they?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, select

from quarterdeck.command.views import titles
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.projections.reviewing import review as table
from quarterdeck.learning.rules.review import STATES as REVIEW_STATES
from quarterdeck.learning.rules.review import WRITTEN
from quarterdeck.plan.views import in_force

STATES = ("owed", "overdue", *REVIEW_STATES)
"""What a list may be asked for: `owed` are those that the incident waits for, `overdue` those past their day."""
MOST = 500


@dataclass(frozen=True)
class Publication:
    """What was sent when it was published, to which people (by name), and which places somebody carries it to."""

    text: str
    people: tuple[str, ...]
    outside: tuple[str, ...]
    public: bool = False
    """It stands on the public status page, too."""


@dataclass(frozen=True)
class ReviewRow:
    """One review. `overdue`: its day has passed while it was owed; `outcome`: why it was waived or cancelled."""

    number: int
    title: str
    state: str
    owed: bool
    """Neither approved nor waived: the incident waits for it."""
    overdue: bool
    severity: str
    due: Instant
    opened_at: Instant
    rule: str
    commander: str
    commander_name: str
    commander_may_lead: bool
    facilitator_post: str | None
    facilitator_title: str | None
    """The post's title by the plan in force; the post itself where that plan no longer has it."""
    facilitator_id: str | None
    facilitator: str | None
    """Who leads it, by name; None: nobody has been named yet."""
    participants: tuple[str, ...] | None
    """Ids; None: nobody has named them yet."""
    meets_at: Instant | None
    version: int
    authors: tuple[str, ...]
    """Ids."""
    submitted_at: Instant | None
    submitted_by: str | None
    approved_at: Instant | None
    approved_by: str | None
    """None though it was approved: it was held elsewhere and recorded in one step."""
    approved_version: int | None
    published_at: Instant | None
    published_by: str | None
    published_version: int | None
    publication: Publication | None
    settled_at: Instant | None
    settled_by: str | None
    outcome: str | None

    @property
    def written(self) -> bool:
        """Work goes on: it is a draft, or read by somebody else."""
        return self.state in WRITTEN

    @property
    def alive(self) -> bool:
        return self.state not in ("waived", "cancelled")


def reviews(
    conn: Connection, state: str | None = None, cursor: int = 0, limit: int = 50
) -> tuple[list[ReviewRow], int | None]:
    """Those owed by due date, then the others, the latest first; and the cursor of what follows (rows to skip)."""
    if state is not None and state not in STATES:
        raise Invalid("The filter is not right.", (f"state: {state!r}; use one of {', '.join(STATES)}",))
    query = select(table)
    if state is not None:
        query = query.where(_fits(state))
    by_date = case((table.c.owed, table.c.due), else_=-table.c.settled_at)
    limit = max(1, min(limit, MOST))
    ordered = query.order_by(case((table.c.owed, 0), else_=1), by_date, table.c.number)
    rows = _rows(conn, ordered.offset(cursor).limit(limit + 1))
    return rows[:limit], cursor + limit if len(rows) > limit else None


def _fits(state: str) -> ColumnElement[bool]:
    if state == "owed":
        return table.c.owed.is_(True)
    return table.c.owed & table.c.overdue if state == "overdue" else table.c.state == state


def review(conn: Connection, number: int) -> ReviewRow | None:
    """The review of an incident; None if none was ever owed."""
    return next(iter(_rows(conn, select(table).where(table.c.number == number))), None)


def _rows(conn: Connection, query: Any) -> list[ReviewRow]:
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    posts = _post_titles(conn) if rows else {}
    title_of = titles(conn, [row.number for row in rows]) if rows else {}
    return [_row(row, title_of.get(row.number, ""), names, posts) for row in rows]


def _row(row: Any, title: str, names: dict[str, str], posts: dict[str, str]) -> ReviewRow:
    return ReviewRow(
        number=row.number,
        title=title,
        state=row.state,
        owed=row.owed,
        overdue=row.owed and row.overdue,
        severity=row.severity,
        due=from_micros(row.due),
        opened_at=from_micros(row.opened_at),
        rule=row.rule,
        commander=row.commander,
        commander_name=names.get(row.commander, row.commander),
        commander_may_lead=row.commander_may_lead,
        facilitator_post=row.facilitator_post,
        facilitator_title=posts.get(row.facilitator_post, row.facilitator_post),
        facilitator_id=row.facilitator,
        facilitator=names.get(row.facilitator, row.facilitator),
        participants=None if row.participants is None else tuple(row.participants),
        meets_at=_instant(row.meets_at),
        version=row.version,
        authors=tuple(row.authors),
        submitted_at=_instant(row.submitted_at),
        submitted_by=names.get(row.submitted_by, row.submitted_by),
        approved_at=_instant(row.approved_at),
        approved_by=names.get(row.approved_by, row.approved_by),
        approved_version=row.approved_version,
        published_at=_instant(row.published_at),
        published_by=names.get(row.published_by, row.published_by),
        published_version=row.published_version,
        publication=_publication(row.publication, names),
        settled_at=_instant(row.settled_at),
        settled_by=names.get(row.settled_by, row.settled_by),
        outcome=row.outcome,
    )


def _publication(stored: dict[str, Any] | None, names: dict[str, str]) -> Publication | None:
    if stored is None:
        return None
    people = dict.fromkeys([*stored["people"], *(one for told in stored["audiences"] for one in told["people"])])
    outside = tuple(f"{told['title']}: {told['outside']}" for told in stored["audiences"] if told["outside"])
    public = bool(stored["public"])
    return Publication(stored["text"], tuple(names.get(id, id) for id in people), outside, public)


def _post_titles(conn: Connection) -> dict[str, str]:
    standing = in_force(conn)
    return {} if standing is None else {id: post.title for id, post in standing.plan.posts.items()}


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
