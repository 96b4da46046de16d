"""Which documents are due a review, what came of earlier ones, and which changes around the plan are still open?"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.plan.projections.upkeep import document, environment_change, open_review, settled_review
from quarterdeck.plan.rules.upkeep import ON_DATE
from quarterdeck.plan.views.publications import in_force


@dataclass(frozen=True)
class OpenDocumentReview:
    """A review that waits. `overdue_days`: how long it had waited when it was last said to be overdue, 0: not yet."""

    trigger: str
    why: str
    ref: str | None
    opened_at: Instant
    overdue_days: int


@dataclass(frozen=True)
class UpkeepRow:
    """A document under upkeep. `owner` and `approver` are logins, the holders of `owner_post` and `approver_post`."""

    document: str
    title: str
    owner: str | None
    owner_post: str
    approver: str | None
    approver_post: str
    interval_days: int
    next_due: Instant
    last_settled: Instant | None
    reviews: tuple[OpenDocumentReview, ...]
    overdue: bool
    """Its date has come without a review, or a triggered review has waited for 30 days."""


@dataclass(frozen=True)
class SettledReview:
    at: Instant
    by: str
    outcome: str
    reason: str
    revision: int | None
    triggers: tuple[str, ...]
    """What had opened the reviews that it settled; none: it was held early."""


@dataclass(frozen=True)
class ChangeRow:
    """A change around the plan. Closed with either `no_impact` or `revision`."""

    number: int
    kind: str
    text: str
    happened_at: Instant
    documents: tuple[str, ...]
    logged_at: Instant
    logged_by: str
    open: bool
    closed_at: Instant | None
    closed_by: str | None
    no_impact: str | None
    revision: int | None


def upkeep(conn: Connection) -> list[UpkeepRow]:
    """Every document of the plan in force: overdue ones first, then those with open reviews, then by next date."""
    found = in_force(conn)
    posts = found.plan.posts if found else {}
    logins = {id: post.login for id, post in posts.items()}
    waiting: dict[str, list[OpenDocumentReview]] = {}
    for one in conn.execute(select(open_review).order_by(open_review.c.opened_at, open_review.c.trigger)):
        waiting.setdefault(one.document, []).append(
            OpenDocumentReview(one.trigger, one.why, one.ref, from_micros(one.opened_at), one.overdue_days)
        )
    rows = []
    for row in conn.execute(select(document)):
        reviews = tuple(waiting.get(row.key, ()))
        rows.append(
            UpkeepRow(
                document=row.key,
                title=row.title,
                owner=logins.get(row.owner),
                owner_post=row.owner,
                approver=logins.get(row.approver),
                approver_post=row.approver,
                interval_days=row.interval_days,
                next_due=from_micros(row.due),
                last_settled=None if row.settled_at is None else from_micros(row.settled_at),
                reviews=reviews,
                overdue=any(review.trigger == ON_DATE or review.overdue_days for review in reviews),
            )
        )
    return sorted(rows, key=lambda row: (not row.overdue, not row.reviews, row.next_due, row.document))


def settled_reviews(conn: Connection, key: str) -> list[SettledReview]:
    """What came of a document's reviews, the latest first."""
    query = select(settled_review).where(settled_review.c.document == key).order_by(settled_review.c.place.desc())
    return [
        SettledReview(from_micros(row.at), row.by, row.outcome, row.reason, row.revision, tuple(row.triggers))
        for row in conn.execute(query)
    ]


def changes(conn: Connection, *, open_only: bool = False) -> list[ChangeRow]:
    """Changes around the plan: open ones first, the latest first among them."""
    columns = environment_change.c
    query = select(environment_change).order_by(columns.open.desc(), columns.number.desc())
    return _changes(conn, query.where(columns.open) if open_only else query)


def change(conn: Connection, number: int) -> ChangeRow:
    """One change around the plan. Raises `NotFound`."""
    found = _changes(conn, select(environment_change).where(environment_change.c.number == number))
    if not found:
        raise NotFound(f"change {number}")
    return found[0]


def _changes(conn: Connection, query: Any) -> list[ChangeRow]:
    return [
        ChangeRow(
            number=row.number,
            kind=row.kind,
            text=row.text,
            happened_at=from_micros(row.happened_at),
            documents=tuple(row.documents),
            logged_at=from_micros(row.logged_at),
            logged_by=row.logged_by,
            open=row.open,
            closed_at=None if row.closed_at is None else from_micros(row.closed_at),
            closed_by=row.closed_by,
            no_impact=row.no_impact,
            revision=row.revision,
        )
        for row in conn.execute(query)
    ]
