"""Read tables held as columns in memory and brought up to date by position: a page need not read a million rows.

The first question after the program's start reads the whole table; later ones read what has moved since. That what is
held belongs to this record is proved by the hash of the last event that was seen: after a restore it differs.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Engine, Integer, SmallInteger, Table, func, literal, select
from sqlalchemy.types import BigInteger

from quarterdeck.direction.rules.measures import MISSING, Columns, Words
from quarterdeck.direction.rules.statistics import Counts
from quarterdeck.record.tables import record

_AT_ONCE = 20_000


@dataclass(frozen=True)
class _Held:
    seen: int
    proof: bytes | None
    columns: Columns


class Held:
    """A read table with an integer key that only grows, and a column `moved`: the position that changed a row last."""

    def __init__(self, table: Table) -> None:
        [self._key] = table.primary_key
        self._table = table
        whole = [one for one in table.columns if isinstance(one.type, Integer | SmallInteger | BigInteger)]
        self._whole = [self._key, *(one for one in whole if one is not self._key)]
        self._texts = [one for one in table.columns if one not in whole]
        self._held: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def columns(self, conn: Connection) -> Columns:
        head = conn.execute(select(func.max(self._table.c.moved))).scalar() or 0
        with self._lock:
            held = self._held.get(conn.engine)
            if held is not None and (held.seen > head or _proof(conn, held.seen) != held.proof):
                held = None
            if held is None or head > held.seen:
                held = _Held(head, _proof(conn, head), self._brought_up(conn, held))
                self._held[conn.engine] = held
            return held.columns

    def _brought_up(self, conn: Connection, held: _Held | None) -> Columns:
        if held is None:
            return self._read(conn, -1)
        new = self._read(conn, held.seen)
        return _merged(self._key.name, held.columns, new) or self._read(conn, -1)

    def _read(self, conn: Connection, since: int) -> Columns:
        wanted = [func.coalesce(one, literal(MISSING, BigInteger)) for one in self._whole]
        query = select(*wanted, *self._texts).order_by(self._key)
        if since >= 0:
            query = query.where(self._table.c.moved > since)
        count = len(wanted)
        parts: list[Counts] = []
        codes: list[list[int]] = [[] for _ in self._texts]
        known: list[dict[str, int]] = [{} for _ in self._texts]
        for rows in conn.execute(query).partitions(_AT_ONCE):
            across = list(zip(*rows, strict=True))
            parts.append(np.array(across[:count], dtype=np.int64))
            for into, names, values in zip(codes, known, across[count:], strict=True):
                into += _coded(names, values)
        whole = np.concatenate(parts, axis=1) if parts else np.zeros((count, 0), dtype=np.int64)
        return Columns(
            {one.name: row for one, row in zip(self._whole, whole, strict=True)},
            {
                one.name: Words(np.array(into, dtype=np.int32), tuple(names))
                for one, into, names in zip(self._texts, codes, known, strict=True)
            },
        )


def _coded(names: dict[str, int], values: Iterable[Any]) -> list[int]:
    return [-1 if value is None else names.setdefault(value, len(names)) for value in values]


def _merged(key: str, old: Columns, new: Columns) -> Columns | None:
    """The old rows with the new ones in their places or behind them; None if one belongs between."""
    keys, ours = old[key], new[key]
    places = np.searchsorted(keys, ours)
    there = (places < len(keys)) & (keys[np.minimum(places, len(keys) - 1)] == ours) if len(keys) else places < 0
    if np.any(~there & (places < len(keys))):
        return None
    numbers = {
        name: _placed(values, places[there], new[name][there], new[name][~there])
        for name, values in old.numbers.items()
    }
    words = {}
    for name, column in old.words.items():
        names = {text: code for code, text in enumerate(column.names)}
        recoded = np.array(
            [names.setdefault(text, len(names)) for text in new.words[name].names] + [-1], dtype=np.int32
        )
        codes = recoded[new.words[name].codes]
        words[name] = Words(_placed(column.codes, places[there], codes[there], codes[~there]), tuple(names))
    return Columns(numbers, words)


def _placed(old: Any, places: Counts, changed: Any, added: Any) -> Any:
    """A copy: who still reads the old one is not disturbed."""
    whole = np.concatenate((old, added))
    whole[places] = changed
    return whole


def _proof(conn: Connection, position: int) -> bytes | None:
    return conn.execute(select(record.c.hash).where(record.c.position == position)).scalar()


def rows_of(conn: Connection, table: Table, columns: Sequence[str]) -> list[Any]:
    """A small table, read whole."""
    return list(conn.execute(select(*(table.c[name] for name in columns))))
