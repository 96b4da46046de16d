"""What is measured, folded in memory: columns that grow with the record, and each row written once at the end."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from quarterdeck.direction.projections.growing import Growing, Grown, write
from quarterdeck.direction.projections.stating import Act, Begun, Change, Gone, Own, Put, Says, Statement
from quarterdeck.kernel.events import Event
from quarterdeck.record.refold import Told

Taken = tuple[dict[str, Grown], dict[str, Any]]
"""What was folded, by table: columns, and what those that know their own way found."""


class Folding:
    """The folder of all that `says` names."""

    def __init__(self, says: Says) -> None:
        self._says = says
        self.events: Sequence[type[Event]] = tuple(says)
        named = {one.table.name: one.table for statements in says.values() for one in statements}
        self.tables: Sequence[Table] = tuple(named.values())
        own = {one.table.name for statements in says.values() for one in statements if isinstance(one, Own)}
        self._growing = {name: Growing(table) for name, table in named.items() if name not in own}
        self._begun: dict[Own, Begun] = {}
        self.across: Collection[type[Event]] = {
            event
            for event, statements in says.items()
            if any(isinstance(one, Change) and one.across for one in statements)
        }

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
            return self._begun[statement].act
        table = self._growing[statement.table.name]
        match statement:
            case Put():
                return table.put(statement)
            case Change():
                return table.change(statement)
            case Gone():
                return table.taken_away(statement)

    def taken(self) -> Taken:
        grown = {name: table.grown() for name, table in self._growing.items()}
        return grown, {own.table.name: begun.taken() for own, begun in self._begun.items()}

    def write(self, conn: Connection, parts: Sequence[Taken]) -> None:
        for name, table in self._growing.items():
            write(conn, table.table, [grown[name] for grown, _ in parts])
        for own in self._begun:
            own.write(conn, [found[own.table.name] for _, found in parts])


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
