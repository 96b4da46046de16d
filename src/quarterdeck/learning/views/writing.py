"""What has been written in a review: texts, observations, entries told otherwise, comments?"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from quarterdeck.governance.views import person_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.projections import writing as tables
from quarterdeck.learning.views.factoring import EvidenceRow


@dataclass(frozen=True)
class TextRow:
    """The answer to one prompt, as saved last."""

    prompt: str
    text: str
    by: str
    at: Instant


@dataclass(frozen=True)
class ObservationRow:
    """One thing noticed. `lesson`: the number of the lesson that was made of it."""

    id: str
    prompt: str
    text: str
    evidence: tuple[EvidenceRow, ...]
    by: str
    by_name: str
    at: Instant
    withdrawn: bool
    lesson: int | None


@dataclass(frozen=True)
class EntryRow:
    """How an entry of the record is told; `occurred_at` only where that differs from the record, with the `reason`."""

    position: int
    told: bool
    title: str | None
    occurred_at: Instant | None
    reason: str
    by_name: str
    at: Instant


@dataclass(frozen=True)
class CommentRow:
    comment: int
    text: str
    about: str
    by: str
    by_name: str
    at: Instant
    settled_by: str | None
    settled_at: Instant | None


def texts(conn: Connection, number: int) -> Mapping[str, TextRow]:
    """By prompt; a prompt that nobody has answered is missing."""
    of = tables.review_text
    rows = conn.execute(select(of).where(of.c.number == number)).all()
    names = person_names(conn) if rows else {}
    return {row.prompt: TextRow(row.prompt, row.text, names.get(row.by, row.by), from_micros(row.at)) for row in rows}


def observations(conn: Connection, number: int, *, withdrawn: bool = False) -> list[ObservationRow]:
    """In the order they were made; withdrawn ones only if asked for."""
    of = tables.review_observation
    query = select(of).where(of.c.number == number)
    if not withdrawn:
        query = query.where(of.c.withdrawn.is_(False))
    rows = conn.execute(query.order_by(of.c.place)).all()
    names = person_names(conn) if rows else {}
    return [
        ObservationRow(
            id=row.id,
            prompt=row.prompt,
            text=row.text,
            evidence=tuple(EvidenceRow(one["position"], one["stream"]) for one in row.evidence),
            by=row.by,
            by_name=names.get(row.by, row.by),
            at=from_micros(row.at),
            withdrawn=row.withdrawn,
            lesson=row.lesson,
        )
        for row in rows
    ]


def entries_told(conn: Connection, number: int) -> Mapping[int, EntryRow]:
    """What somebody decided about entries, by position; all others are told if they are key events."""
    of = tables.review_entry
    rows = conn.execute(select(of).where(of.c.number == number)).all()
    names = person_names(conn) if rows else {}
    return {
        row.position: EntryRow(
            position=row.position,
            told=row.told,
            title=row.title,
            occurred_at=None if row.occurred_at is None else from_micros(row.occurred_at),
            reason=row.reason,
            by_name=names.get(row.by, row.by),
            at=from_micros(row.at),
        )
        for row in rows
    }


def comments(conn: Connection, number: int) -> list[CommentRow]:
    """In the order they were made."""
    of = tables.review_comment
    rows = conn.execute(select(of).where(of.c.number == number).order_by(of.c.comment)).all()
    names = person_names(conn) if rows else {}
    return [
        CommentRow(
            comment=row.comment,
            text=row.text,
            about=row.about,
            by=row.by,
            by_name=names.get(row.by, row.by),
            at=from_micros(row.at),
            settled_by=names.get(row.settled_by, row.settled_by),
            settled_at=None if row.settled_at is None else from_micros(row.settled_at),
        )
        for row in rows
    ]
