"""Reading the record itself: what happened on these streams, what came after this position."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Connection, select

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.principal import HISTORY
from quarterdeck.record.codec import Codec
from quarterdeck.record.recorded import Recorded
from quarterdeck.record.tables import record


def head(conn: Connection) -> int:
    """The last position; 0 for an empty record."""
    return conn.execute(select(record.c.position).order_by(record.c.position.desc()).limit(1)).scalar() or 0


def history(conn: Connection, codec: Codec, streams: Iterable[str]) -> list[Recorded]:
    """Everything recorded on these streams, in the order it was recorded."""
    query = select(record).where(record.c.stream.in_(list(streams))).order_by(record.c.position)
    return [codec.recorded(row) for row in conn.execute(query)]


def latest(conn: Connection, codec: Codec, stream: str) -> Recorded | None:
    """The last event of one stream."""
    query = select(record).where(record.c.stream == stream).order_by(record.c.version.desc()).limit(1)
    row = conn.execute(query).first()
    return None if row is None else codec.recorded(row)


def after(
    conn: Connection,
    codec: Codec,
    position: int,
    events: Sequence[type[Event]],
    limit: int,
    *where: ColumnElement[bool],
) -> list[Recorded]:
    """The next events of these types after a position, oldest first; `where` leaves some out."""
    names = [codec.name(event) for event in events]
    query = (
        select(record)
        .where(record.c.type.in_(names), record.c.position > position, *where)
        .order_by(record.c.position)
        .limit(limit)
    )
    return [codec.recorded(row) for row in conn.execute(query)]


live: ColumnElement[bool] = record.c.actor.not_like(f"{HISTORY}%")
"""What was recorded as it happened, not brought in from a history."""


def types_after(conn: Connection, position: int) -> list[str]:
    """The kinds of event that were recorded after a position."""
    return list(conn.execute(select(record.c.type).where(record.c.position > position).distinct()).scalars())


def streams_after(conn: Connection, position: int, limit: int = 1000) -> tuple[int, list[str]]:
    """The new head and the distinct streams that moved since `position`: what live pages want to know."""
    query = (
        select(record.c.position, record.c.stream)
        .where(record.c.position > position)
        .order_by(record.c.position)
        .limit(limit)
    )
    rows = conn.execute(query).all()
    return (rows[-1].position if rows else position), list(dict.fromkeys(row.stream for row in rows))
