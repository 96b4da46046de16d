"""Reactions: which of them what was recorded concerns, each event once, and one that fails parked alone."""

import traceback
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, delete, select
from sqlalchemy.exc import OperationalError

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import from_micros, micros
from quarterdeck.record import Reaction, Record, Recorded, Tx
from quarterdeck.record.history import after, head, live, types_after
from quarterdeck.record.tables import cursor, parked

log = structlog.get_logger("quarterdeck.engine")

BATCH = 200
FAR = 1_000
"""Positions behind the head at which a cursor that finds nothing to react to is moved up: a history was brought in."""
TOGETHER = 10
"""Events of one reaction that share a transaction: a commit each costs most of it, and too many keep others waiting."""
_RETRIES = (5, 30, 120, 600)
"""Seconds before a failed reaction is tried again; the last repeats."""


class Reactor:
    """Turns every reaction in question. It remembers up to where all that was recorded has been seen, so that a turn
    asks only those that something newer concerns, and those that were not through."""

    def __init__(self, record: Record, reactions: Sequence[Reaction]) -> None:
        self.record = record
        self.reactions = reactions
        self._seen: int | None = None
        self._open = set(range(len(reactions)))
        self._of: dict[str, set[int]] = {}
        for place, reaction in enumerate(reactions):
            for event in reaction.events:
                self._of.setdefault(record.codec.name(event), set()).add(place)

    def turn(self) -> int:
        """Handle what there is, at most a batch for each reaction; returns how many events were handled."""
        with self.record.read() as conn:
            last = head(conn)
            if self._seen is not None and last > self._seen:
                for type in types_after(conn, self._seen):
                    self._open |= self._of.get(type, set())
        self._seen = last
        done = 0
        for place in sorted(self._open):
            handled = react(self.record, self.reactions[place])
            if not handled:
                self._open.discard(place)
            done += handled
        return done


def react(record: Record, reaction: Reaction, limit: int = BATCH) -> int:
    """Handle the next events of one reaction, the cursor moving with what they append; returns how many.

    Histories are passed over: nobody is paged for what happened elsewhere and earlier.
    """
    with record.read() as conn:
        reached, last = _cursor(conn, reaction.name), head(conn)
        rows = after(conn, record.codec, reached, reaction.events, limit, live)
    if not rows and last - reached > FAR:
        record.perform(ENGINE, lambda tx: _move_up(tx, reaction.name, last))
    for start in range(0, len(rows), TOGETHER):
        together = rows[start : start + TOGETHER]
        try:
            record.perform(ENGINE, partial(_react, reaction, together))
        except OperationalError:
            raise
        except Exception:
            # One of them failed and took the transaction with it: each on its own, so that only that one is parked.
            for row in together:
                _react_alone(record, reaction, row)
    return len(rows)


def _react_alone(record: Record, reaction: Reaction, row: Recorded) -> None:
    try:
        record.perform(ENGINE, partial(_react, reaction, [row]))
    except OperationalError:
        raise
    except Exception as error:
        log.exception("a reaction failed; parked", reaction=reaction.name, position=row.position)
        text = "".join(traceback.format_exception_only(error))[:2000]
        record.perform(ENGINE, partial(_park, reaction.name, row.position, text))


def _react(reaction: Reaction, rows: Sequence[Recorded], tx: Tx) -> None:
    tx.lock()
    reached = _cursor(tx.connection, reaction.name)
    rows = [row for row in rows if row.position > reached]  # the others: another engine was faster
    for row in rows:
        tx.cause = row.position
        try:
            reaction.act(tx, row)
        except Refused as refusal:
            log.info("a reaction was refused", reaction=reaction.name, position=row.position, reason=refusal.reason)
    if rows:
        _move_cursor(tx.connection, reaction.name, rows[-1].position)


def _cursor(conn: Connection, name: str) -> int:
    return conn.execute(select(cursor.c.position).where(cursor.c.reaction == name)).scalar() or 0


def _move_cursor(conn: Connection, name: str, position: int) -> None:
    if conn.execute(cursor.update().where(cursor.c.reaction == name).values(position=position)).rowcount == 0:
        conn.execute(cursor.insert().values(reaction=name, position=position))


def _move_up(tx: Tx, name: str, position: int) -> None:
    tx.lock()
    if _cursor(tx.connection, name) < position:
        _move_cursor(tx.connection, name, position)


def skip_to_head(record: Record, reactions: Sequence[Reaction]) -> None:
    """Start every reaction after what is recorded already: a history that was brought in must page nobody."""

    def move(tx: Tx) -> None:
        tx.lock()
        last = head(tx.connection)
        for reaction in reactions:
            _move_cursor(tx.connection, reaction.name, last)

    record.perform(ENGINE, move)


def _park(name: str, position: int, error: str, tx: Tx) -> None:
    tx.lock()
    if _cursor(tx.connection, name) >= position:
        return
    retry_at = micros(tx.now + timedelta(seconds=_RETRIES[0]))
    tx.connection.execute(
        parked.insert().values(reaction=name, position=position, error=error, attempts=1, retry_at=retry_at)
    )
    _move_cursor(tx.connection, name, position)


def retry_parked(record: Record, reactions: Sequence[Reaction]) -> int:
    """Try again what failed before; a reaction that no longer exists stays parked and visible."""
    now = micros(record.clock.now())
    with record.read() as conn:
        rows = conn.execute(select(parked).where(parked.c.retry_at <= now).order_by(parked.c.position).limit(50)).all()
    known = {reaction.name: reaction for reaction in reactions}
    for row in rows:
        if row.reaction in known:
            _retry(record, known[row.reaction], row)
    return len(rows)


def _retry(record: Record, reaction: Reaction, row: Any) -> None:
    mine = (parked.c.reaction == row.reaction) & (parked.c.position == row.position)

    def again(tx: Tx) -> None:
        tx.lock()
        if tx.connection.execute(delete(parked).where(mine)).rowcount:
            found = after(tx.connection, record.codec, row.position - 1, reaction.events, 1)
            reaction.act(tx, found[0])

    try:
        record.perform(ENGINE, again, cause=row.position)
    except Exception as error:
        wait = _RETRIES[min(row.attempts, len(_RETRIES) - 1)]
        retry_at = micros(record.clock.now() + timedelta(seconds=wait))
        text = "".join(traceback.format_exception_only(error))[:2000]
        change = parked.update().where(mine).values(attempts=row.attempts + 1, retry_at=retry_at, error=text)
        record.perform(ENGINE, lambda tx: tx.connection.execute(change))


def parked_reactions(conn: Connection) -> list[Any]:
    """What failed and waits to be tried again, for pager health."""
    return [
        (row.reaction, row.position, row.error, row.attempts, from_micros(row.retry_at))
        for row in conn.execute(select(parked).order_by(parked.c.position))
    ]
