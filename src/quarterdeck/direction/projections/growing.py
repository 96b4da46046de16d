"""A read table as columns that grow with the record, and the same when all is told: each row is written once."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, String, Table

from quarterdeck.direction.projections.stating import Act, Change, Gone, Put, key_of
from quarterdeck.direction.rules.measures import MISSING
from quarterdeck.direction.rules.statistics import Counts
from quarterdeck.record.bulk import insert_many
from quarterdeck.record.refold import Told

_AT_ONCE, _GROWN = 20_000, 50_000


class Growing:
    """A table as columns: whole numbers as they are, texts as places in a list of them; a slot for each row."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.slots: dict[Any, int] = {}
        self.gone: set[int] = set()
        self.used = 0
        texts = {column.name for column in table.columns if isinstance(column.type, String)}
        self.columns: dict[str, array[int]] = {column.name: array("q") for column in table.columns}
        self.names: dict[str, dict[str, int]] = {name: {} for name in texts}

    def put(self, statement: Put) -> Act:
        steps = self._steps(statement.values)
        key, slots, first = statement.key, self.slots, next(iter(self.columns.values()))

        def act(row: Told) -> None:
            named, slot = key(row), self.used
            if named in slots:
                self.gone.add(slots[named])
            slots[named] = slot
            self.used = slot + 1
            if slot == len(first):
                self._grow()
            for column, fact, names in steps:
                value = fact(row)
                if value is not None:
                    column[slot] = value if names is None else names.setdefault(value, len(names))

        return act

    def _steps(self, facts: Mapping[str, Any]) -> "list[tuple[array[int], Any, dict[str, int] | None]]":
        return [(self.columns[name], fact, self.names.get(name)) for name, fact in facts.items()]

    def _grow(self) -> None:
        """By rows that hold what a new one holds unless it is told."""
        for column in self.table.columns:
            default = MISSING if column.server_default is None else int(getattr(column.server_default, "arg", 0))
            self.columns[column.name].extend(array("q", [default]) * _GROWN)

    def change(self, statement: Change) -> Act:
        plain = statement.how == "set" and not statement.computed and statement.only is None
        return self._set(statement) if plain else self._change(statement)

    def _set(self, statement: Change) -> Act:
        """Most changes only set what is said; without the questions of the others they take half the time."""
        steps, key, slots, moved = self._steps(statement.facts), statement.key, self.slots, self.columns.get("moved")

        def act(row: Told) -> None:
            slot = slots.get(key(row))
            if slot is None:
                return
            for column, fact, names in steps:
                value = fact(row)
                if value is None:
                    column[slot] = MISSING
                else:
                    column[slot] = value if names is None else names.setdefault(value, len(names))
            if moved is not None:
                moved[slot] = row.position

        return act

    def _change(self, statement: Change) -> Act:
        facts, computed = self._steps(statement.facts), self._steps(statement.computed)
        key, only, how, slots = statement.key, statement.only, statement.how, self.slots
        moved, seen = self.columns.get("moved"), _Seen(self.columns)

        def act(row: Told) -> None:
            if only is not None and not only(row):
                return
            slot = slots.get(key(row))
            if slot is None:
                return
            if computed:
                seen.slot = slot
                found = [(column, of(seen)) for column, of, _ in computed]
                for column, value in found:
                    column[slot] = MISSING if value is None else value
            for column, fact, names in facts:
                if how == "first" and column[slot] != MISSING:
                    continue
                value = fact(row)
                if value is None:
                    if how != "known":
                        column[slot] = MISSING
                else:
                    column[slot] = value if names is None else names.setdefault(value, len(names))
            if moved is not None:
                moved[slot] = row.position

        return act

    def taken_away(self, statement: Gone) -> Act:
        key = statement.key

        def act(row: Told) -> None:
            slot = self.slots.pop(key(row), None)
            if slot is not None:
                self.gone.add(slot)

        return act

    def grown(self) -> "Grown":
        rows = np.arange(self.used)
        if self.gone:
            rows = np.delete(rows, list(self.gone))
        columns = {name: np.frombuffer(column, dtype=np.int64)[rows] for name, column in self.columns.items()}
        return Grown(columns, {name: tuple(names) for name, names in self.names.items()})


class _Seen:
    """A row in memory as `Computed` sees it."""

    __slots__ = ("_columns", "slot")

    def __init__(self, columns: dict[str, "array[int]"]) -> None:
        self._columns = columns
        self.slot = 0

    def __getattr__(self, name: str) -> int | None:
        value = self._columns[name][self.slot]
        return None if value == MISSING else value


@dataclass(frozen=True)
class Grown:
    """The rows of a table, in columns: whole numbers, MISSING for none; of a text its place among `names`."""

    columns: Mapping[str, Counts]
    names: Mapping[str, tuple[str, ...]]


def write(conn: Connection, table: Table, parts: Sequence[Grown]) -> None:
    """The rows of all parts into the table, which is empty; in the order of its key, if that is a number."""
    names: dict[str, dict[str, int]] = {name: {} for name in parts[0].names}
    columns = {name: np.concatenate([_coded(one, name, names) for one in parts]) for name in parts[0].columns}
    key = columns[key_of(table)]
    rows = np.arange(len(key)) if key_of(table) in names else np.argsort(key, kind="stable")
    texts = {name: np.array([*codes, None], dtype=object) for name, codes in names.items()}
    for start in range(0, len(rows), _AT_ONCE):
        here = rows[start : start + _AT_ONCE]
        across = [_values(values[here], texts.get(name)) for name, values in columns.items()]
        insert_many(conn, table.name, list(columns), list(zip(*across, strict=True)))


def _coded(part: Grown, name: str, names: Mapping[str, dict[str, int]]) -> Counts:
    """A column of one part; a text by its place among the names of all parts, -1 for none."""
    values = part.columns[name]
    if name not in names:
        return values
    ours = names[name]
    places = np.array([*(ours.setdefault(text, len(ours)) for text in part.names[name]), -1], dtype=np.int64)
    return places[np.where(values == MISSING, -1, values)]


def _values(values: Counts, texts: Any) -> list[Any]:
    if texts is not None:
        return list(texts[values].tolist())
    nothing = values == MISSING
    if not nothing.any():
        return list(values.tolist())
    found = values.astype(object)
    found[nothing] = None
    return list(found.tolist())
