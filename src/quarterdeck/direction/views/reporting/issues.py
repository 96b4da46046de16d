"""What was issued, to whom it went, and when the next page goes out by itself."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.direction.events.reporting import Every, ExecutivePage
from quarterdeck.direction.projections.reporting import board_mailing, board_page
from quarterdeck.direction.rules.reporting.mailing import next_start
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, from_micros

MOST = 200


@dataclass(frozen=True)
class IssueRow:
    """One page as issued. `told`: the names of those it was sent to; `unreached`: recipients that gave nobody."""

    number: int
    at: Instant
    as_of: Instant
    period: str
    by_name: str
    headline: str
    told: tuple[str, ...]
    unreached: tuple[str, ...]


@dataclass(frozen=True)
class MailingRow:
    """The page goes out by itself, next at `next_at`."""

    every: Every
    to: tuple[str, ...]
    since: Instant
    next_at: Instant


def issues(conn: Connection, *, limit: int = 50, before: int | None = None) -> list[IssueRow]:
    """The latest first."""
    query = select(board_page).order_by(board_page.c.number.desc()).limit(max(1, min(limit, MOST)))
    if before is not None:
        query = query.where(board_page.c.number < before)
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    return [_row(row, names) for row in rows]


def issue(conn: Connection, number: int) -> tuple[IssueRow, ExecutivePage]:
    """One page as it was issued. Raises `NotFound`."""
    there = 0 < number < 2**31
    row = conn.execute(select(board_page).where(board_page.c.number == number)).first() if there else None
    if row is None:
        raise NotFound(f"executive page {number}")
    return _row(row, person_names(conn)), msgspec.convert(row.page, ExecutivePage)


def last_before(conn: Connection, at: int) -> tuple[int, Instant, ExecutivePage] | None:
    """The latest issue of before that instant (microseconds), with its number and when it was issued."""
    query = select(board_page).where(board_page.c.at < at).order_by(board_page.c.number.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else (row.number, from_micros(row.at), msgspec.convert(row.page, ExecutivePage))


def mailing(conn: Connection, now: Instant) -> MailingRow | None:
    """None: the page is not sent by itself."""
    row = conn.execute(select(board_mailing)).first()
    if row is None:
        return None
    return MailingRow(row.every, tuple(row.to), from_micros(row.since), next_start(row.every, now))


def _row(row: Any, names: dict[str, str]) -> IssueRow:
    by = row.by.removeprefix("person/")
    return IssueRow(
        number=row.number,
        at=from_micros(row.at),
        as_of=from_micros(row.as_of),
        period=row.period,
        by_name={"engine": "the schedule", "local": "the operator"}.get(by, names.get(by, by)),
        headline=row.headline,
        told=tuple(names.get(id, id) for id in row.told),
        unreached=tuple(row.unreached),
    )
