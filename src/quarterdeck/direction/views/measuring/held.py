"""Read tables held as columns in memory and brought up to date by position: a page need not read a million rows.

What is held is put on a shelf, too, where the house has a place for it (`shelf.py`), so that the first question
after the program's start does not read the whole table either. That it belongs to this record is proved by the hash of
the last event that was seen: after a restore it differs.
"""

import threading
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import Connection, Engine, Table, func, select

from quarterdeck.direction.rules.measures import Columns, Words
from quarterdeck.direction.rules.statistics import Counts
from quarterdeck.direction.views.measuring import shelf
from quarterdeck.direction.views.measuring.reading import columns_of
from quarterdeck.record.tables import record

_WORTH_KEEPING = 20_000
"""Rows that were read and are not on the shelf yet: reading them takes as long as a page may."""


@dataclass(frozen=True)
class _Held:
    seen: int
    proof: bytes | None
    columns: Columns
    unkept: int
    """Rows that have been read since it was put on the shelf."""


class Held:
    """A read table with an integer key that only grows, and a column `moved`: the position that changed a row last."""

    def __init__(self, table: Table) -> None:
        [self._key] = table.primary_key
        self._table = table
        self._held: WeakKeyDictionary[Engine, _Held] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def columns(self, conn: Connection) -> Columns:
        head = conn.execute(select(func.max(self._table.c.moved))).scalar() or 0
        with self._lock:
            held = self._held.get(conn.engine) or self._shelved(conn)
            if held is not None and (held.seen > head or proof_of(conn, held.seen) != held.proof):
                held = None
            if held is None or head > held.seen:
                held = self._brought_up(conn, head, held)
            if held.unkept >= _WORTH_KEEPING and shelf.put(
                conn, self._table, held.seen, held.proof or b"", held.columns
            ):
                held = _Held(held.seen, held.proof, held.columns, 0)
            self._held[conn.engine] = held
            return held.columns

    def _shelved(self, conn: Connection) -> _Held | None:
        found = shelf.take(conn, self._table)
        return None if found is None else _Held(found.seen, found.proof, found.columns, 0)

    def _brought_up(self, conn: Connection, head: int, held: _Held | None) -> _Held:
        proof = proof_of(conn, head)
        if held is not None:
            new = columns_of(conn, self._table, "moved > ?", (held.seen,))
            merged = _merged(self._key.name, held.columns, new)
            if merged is not None:
                return _Held(head, proof, merged, held.unkept + len(new))
        whole = columns_of(conn, self._table)
        return _Held(head, proof, whole, len(whole))


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


def proof_of(conn: Connection, position: int) -> bytes | None:
    found = conn.execute(select(record.c.hash).where(record.c.position == position)).scalar()
    return None if found is None else bytes(found)
