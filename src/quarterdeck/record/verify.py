"""Proof that the record is whole: every chain recomputed, every seal checked, positions dense."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from quarterdeck.kernel.time import from_micros, micros
from quarterdeck.record import chain
from quarterdeck.record.record import Record
from quarterdeck.record.tables import record as journal
from quarterdeck.record.tables import seal
from quarterdeck.record.tx import Tx

_CHUNK = 5000


@dataclass(frozen=True)
class Verdict:
    """What `quarterdeck verify` found. `faults` is empty when the record is whole."""

    events: int
    streams: int
    seals: int
    faults: tuple[str, ...]
    head: str
    """Hex root over everything: keep it elsewhere, and a record cut short is found as well."""


def verify(record: Record, progress: Callable[[int], None] = lambda done: None) -> Verdict:
    """Read the whole record once and check it; faults are sentences that name the position."""
    with record.read() as conn:
        return _verify(conn, progress)


def _verify(conn: Connection, progress: Callable[[int], None]) -> Verdict:
    heads: dict[str, tuple[int, bytes]] = {}
    faults: list[str] = []
    seals = {row.position: row.root for row in conn.execute(select(seal))}
    previous, leaves = chain.GENESIS, list[bytes]()
    expected = 0
    for row in _rows(conn):
        expected += 1
        if row.position != expected:
            faults.append(f"Position {expected} is missing: the next row is {row.position}.")
            expected = row.position
        version, head = heads.get(row.stream, (0, chain.GENESIS))
        if row.version != version + 1:
            faults.append(f"Position {row.position}: {row.stream} jumps from version {version} to {row.version}.")
        wanted = chain.link(
            head, row.stream, row.version, row.type, row.occurred_at, row.recorded_at, row.actor, row.cause,
            chain.digest_of(row.data),
        )  # fmt: skip
        if wanted != row.hash:
            faults.append(f"Position {row.position}: {row.stream} version {row.version} was changed.")
        heads[row.stream] = (row.version, row.hash)
        leaves.append(row.hash)
        if row.position in seals:
            previous, leaves = chain.seal_root(previous, leaves), []
            if seals.pop(row.position) != previous:
                faults.append(f"The seal at position {row.position} does not fit the rows before it.")
        if expected % _CHUNK == 0:
            progress(expected)
    faults += [f"The seal at position {position} has lost its row: the record was cut short." for position in seals]
    head_root = chain.seal_root(previous, leaves).hex()
    count = conn.execute(select(seal.c.position)).all()
    return Verdict(expected, len(heads), len(count), tuple(faults), head_root)


def _rows(conn: Connection) -> Iterator[Any]:
    position = 0
    while True:
        query = select(journal).where(journal.c.position > position).order_by(journal.c.position).limit(_CHUNK)
        rows = conn.execute(query).all()
        if not rows:
            return
        yield from rows
        position = rows[-1].position


def add_seal(tx: Tx) -> str | None:
    """Seal what was recorded since the last seal; returns the root in hex, None if there is nothing new."""
    tx.lock()
    conn = tx.connection
    last = conn.execute(select(seal).order_by(seal.c.position.desc()).limit(1)).first()
    start, previous = (last.position, last.root) if last else (0, chain.GENESIS)
    query = select(journal.c.position, journal.c.hash).where(journal.c.position > start).order_by(journal.c.position)
    rows = conn.execute(query).all()
    if not rows:
        return None
    root = chain.seal_root(previous, [row.hash for row in rows])
    conn.execute(seal.insert().values(position=rows[-1].position, root=root, at=micros(tx.now)))
    return root.hex()


def last_sealed(conn: Connection) -> str | None:
    """When the last seal was made, ISO 8601."""
    row = conn.execute(select(seal.c.at).order_by(seal.c.position.desc()).limit(1)).first()
    return from_micros(row.at).isoformat() if row else None
