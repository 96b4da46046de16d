"""Read table of learning: the reviews, as they stand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    insert,
    update,
)

from quarterdeck.kernel.time import micros
from quarterdeck.learning.events import reviewing as ev
from quarterdeck.learning.events import writing
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

review = Table(
    "review",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("owed", Boolean, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("commander", String(80), nullable=False),
    Column("commander_may_lead", Boolean, nullable=False),
    Column("facilitator_post", String(64)),
    Column("facilitator", String(80)),
    Column("participants", JSON),
    Column("meets_at", BigInteger),
    Column("overdue", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("authors", JSON, nullable=False),
    Column("submitted_at", BigInteger),
    Column("submitted_by", String(80)),
    Column("approved_at", BigInteger),
    Column("approved_by", String(80)),
    Column("approved_version", Integer),
    Column("published_at", BigInteger),
    Column("published_by", String(80)),
    Column("published_version", Integer),
    Column("publication", JSON),
    Column("settled_at", BigInteger),
    Column("settled_by", String(80)),
    Column("outcome", Text),
    Index("review_state", "state", "due"),
    Index("review_owed", "owed", "due"),
)


def _opened(conn: Connection, rows: Sequence[Recorded]) -> None:
    """A second opening keeps what was written and by whom."""
    for row in rows:
        e = row.event
        duty = {
            "state": "draft",
            "owed": True,
            "opened_at": micros(e.at),
            "due": micros(e.due),
            "rule": e.rule,
            "severity": e.severity,
            "commander": e.commander,
            "commander_may_lead": e.commander_may_lead,
            "facilitator_post": e.facilitator,
            "overdue": False,
            "settled_at": None,
            "settled_by": None,
            "outcome": None,
        }
        if not conn.execute(update(review).where(review.c.number == e.number).values(**duty)).rowcount:
            conn.execute(insert(review), {"number": e.number, **duty, "version": 0, "authors": []})
        elif not e.commander_may_lead:
            commanded = (review.c.number == e.number) & (review.c.facilitator == e.commander)
            conn.execute(update(review).where(commanded).values(facilitator=None))


def _set(conn: Connection, row: Recorded, **values: Any) -> None:
    conn.execute(update(review).where(review.c.number == int(row.key)).values(**values))


def _overdue(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, row, overdue=True)


def _assigned(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, row, facilitator=row.event.person)


def _named(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, row, participants=list(row.event.people))


def _scheduled(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, row, meets_at=None if row.event.meets_at is None else micros(row.event.meets_at))


def _submitted(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        _set(conn, row, state="in review", submitted_at=micros(e.at), submitted_by=e.by)


def _returned(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, row, state="draft")


def _approved(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        _set(conn, row, state="approved", approved_at=micros(e.at), approved_by=e.by, approved_version=e.version)
        _settle(conn, row, e.by)


def _settle(conn: Connection, row: Recorded, by: str | None, outcome: str | None = None) -> None:
    """Once: what is written and approved again later changes nothing about when the duty was done."""
    owed = (review.c.number == int(row.key)) & review.c.owed
    settled = {"owed": False, "settled_at": micros(row.event.at), "settled_by": by, "outcome": outcome}
    conn.execute(update(review).where(owed).values(**settled))


def _published(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        told = [
            {"title": one.title, "people": list(one.people), "outside": one.outside} for one in e.audiences.values()
        ]
        publication = {"text": e.text, "people": list(e.people), "audiences": told, "public": list(e.public)}
        values = {"published_at": micros(e.at), "published_by": e.by, "published_version": e.version}
        _set(conn, row, state="published", publication=publication, **values)


def _held(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        e = row.event
        version = _written(conn, row)
        _set(conn, row, state="approved", facilitator=e.facilitator, approved_at=micros(e.at), approved_version=version)
        _settle(conn, row, e.by)


def _waived(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, row, state="waived")
        _settle(conn, row, row.event.by, row.event.reason)


def _cancelled(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _set(conn, row, state="cancelled")
        _settle(conn, row, None, row.event.reason)


def _written(conn: Connection, row: Recorded) -> int:
    """Another version, by this author; an approval of the one before falls. Returns the version's number."""
    this = review.c.number == int(row.key)
    held = conn.execute(review.select().where(this)).one()
    state = "in review" if held.state in ("approved", "published") else held.state
    authors = list(dict.fromkeys([*held.authors, row.event.by]))
    conn.execute(update(review).where(this).values(version=held.version + 1, state=state, authors=authors))
    return int(held.version) + 1


def _changed(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        _written(conn, row)


PROJECTIONS: Projections = {
    ev.ReviewOpened: _opened,
    ev.ReviewOverdue: _overdue,
    ev.FacilitatorAssigned: _assigned,
    ev.ParticipantsNamed: _named,
    ev.ReviewScheduled: _scheduled,
    ev.ReviewSubmitted: _submitted,
    ev.ReviewReturned: _returned,
    ev.ReviewApproved: _approved,
    ev.ReviewPublished: _published,
    ev.ReviewHeld: _held,
    ev.ReviewWaived: _waived,
    ev.ReviewCancelled: _cancelled,
    writing.ReviewWritten: _changed,
    writing.ObservationMade: _changed,
    writing.ObservationRevised: _changed,
    writing.ObservationWithdrawn: _changed,
    writing.EntryTold: _changed,
}
