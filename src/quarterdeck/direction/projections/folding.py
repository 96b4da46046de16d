"""What is measured, folded in memory: columns that grow with the record, and each row written once at the end."""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, String, Table

from quarterdeck.direction.projections.stating import Act, Change, Gone, Own, Put, Says, Statement, key_of
from quarterdeck.direction.rules.measures import MISSING
from quarterdeck.kernel.events import Event
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

    def write(self, conn: Connection) -> None:
        key = np.frombuffer(self.columns[key_of(self.table)], dtype=np.int64)[: self.used]
        rows = np.arange(len(key)) if key_of(self.table) in self.names else np.argsort(key, kind="stable")
        if self.gone:
            rows = rows[~np.isin(rows, list(self.gone))]
        names = {name: np.array(list(all_), dtype=object) for name, all_ in self.names.items()}
        for start in range(0, len(rows), _AT_ONCE):
            across = [self._values(name, rows[start : start + _AT_ONCE], names.get(name)) for name in self.columns]
            insert_many(conn, self.table.name, list(self.columns), list(zip(*across, strict=True)))

    def _values(self, name: str, rows: Any, names: Any) -> list[Any]:
        found = np.frombuffer(self.columns[name], dtype=np.int64)[rows]
        nothing = found == MISSING
        if names is not None:
            values = names[np.where(nothing, 0, found)] if len(names) else np.empty(len(found), dtype=object)
        elif not nothing.any():
            return list(found.tolist())
        else:
            values = found.astype(object)
        values[nothing] = None
        return list(values.tolist())


class _Seen:
    """A row in memory as `Computed` sees it."""

    __slots__ = ("_columns", "slot")

    def __init__(self, columns: dict[str, "array[int]"]) -> None:
        self._columns = columns
        self.slot = 0

    def __getattr__(self, name: str) -> int | None:
        value = self._columns[name][self.slot]
        return None if value == MISSING else value


class Folding:
    """The folder of all that `says` names."""

    def __init__(self, says: Says) -> None:
        self._says = says
        self.events: Sequence[type[Event]] = tuple(says)
        named = {one.table.name: one.table for statements in says.values() for one in statements}
        self.tables: Sequence[Table] = tuple(named.values())
        own = {one.table.name for statements in says.values() for one in statements if isinstance(one, Own)}
        self._growing = {name: Growing(table) for name, table in named.items() if name not in own}
        self._begun: dict[Own, tuple[Act, Callable[[Connection], None]]] = {}

    def taking(self, event: type[Event]) -> Act:
        acts = [self._act(statement) for statement in self._says[event]]
        if len(acts) == 1:
            return acts[0]

        def act(row: Told) -> None:
            for one in acts:
                one(row)

        return act

    def _act(self, statement: Statement) -> Act:
        if isinstance(statement, Own):
            if statement not in self._begun:
                self._begun[statement] = statement.begin(lambda table: self._growing[table.name])
            return self._begun[statement][0]
        table = self._growing[statement.table.name]
        match statement:
            case Put():
                return table.put(statement)
            case Change():
                return table.change(statement)
            case Gone():
                return table.taken_away(statement)

    def write(self, conn: Connection) -> None:
        for table in self._growing.values():
            table.write(conn)
        for _, write in self._begun.values():
            write(conn)


def merged(families: Sequence[Says]) -> dict[type[Event], list[Statement]]:
    """What all of them say of each event, in this order."""
    found: dict[type[Event], list[Statement]] = {}
    for event, statement in _each(families):
        found.setdefault(event, []).append(statement)
    return found


def _each(families: Sequence[Says]) -> Iterator[tuple[type[Event], Statement]]:
    for family in families:
        for event, statements in family.items():
            for statement in statements:
                yield event, statement
