"""What an event says of a row, said once: run as SQL while events come, and in memory when all are read again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Literal

from sqlalchemy import Connection, Table, bindparam, delete, func, update
from sqlalchemy.sql.elements import ColumnElement

from quarterdeck.kernel.events import Event
from quarterdeck.record import Projector, Recorded
from quarterdeck.record.bulk import insert_many
from quarterdeck.record.refold import Told, told

Fact = Callable[[Told], Any]
Computed = Callable[[Any], Any]
"""Of the row as it is: `lambda row: row.pages + 1`, for a row in memory as for the columns of a table."""
How = Literal["set", "first", "known"]
"""`first`: only if nothing is there yet; `known`: only if something is said."""


at: Fact = attrgetter("at")
recorded: Fact = attrgetter("recorded")
position: Fact = attrgetter("position")
number: Fact = attrgetter("number")


def constant(value: Any) -> Fact:
    return lambda row: value


def known(value: Any, otherwise: Any) -> Any:
    """The value, or something else where there is none; inside a `Computed`."""
    if isinstance(value, ColumnElement):
        return func.coalesce(value, otherwise)
    return otherwise if value is None else value


@dataclass(frozen=True)
class Put:
    """A new row. `again`: there may be one of that key, which it takes the place of."""

    table: Table
    values: Mapping[str, Fact]
    again: bool = False

    @property
    def key(self) -> Fact:
        return self.values[key_of(self.table)]


@dataclass(frozen=True)
class Change:
    """Columns of the row of that key, if there is one: `facts` are read from the event, `computed` from the row.

    `across`: the row is that of another stream than the event's.
    """

    table: Table
    facts: Mapping[str, Fact] = field(default_factory=dict)
    how: How = "set"
    computed: Mapping[str, Computed] = field(default_factory=dict)
    key: Fact = number
    only: Callable[[Told], bool] | None = None
    across: bool = False


@dataclass(frozen=True)
class Gone:
    """The row of that key is taken away, if there is one."""

    table: Table
    key: Fact = number


Act = Callable[[Told], None]


@dataclass(frozen=True)
class Begun:
    """An act for each event, and what was found in the end: plain, so that it can be sent to another process."""

    act: Act
    taken: Callable[[], Any]


@dataclass(frozen=True, eq=False)
class Own:
    """What these words cannot say: its own SQL; in memory its own act, and what writes all that was taken by it.

    `begin` is given a way to the columns of the other tables as they grow (`growing.py`).
    """

    table: Table
    sql: Callable[[Connection, Sequence[Told]], None]
    begin: Callable[[Any], Begun]
    write: Callable[[Connection, Sequence[Any]], None]


Statement = Put | Change | Gone | Own
Says = Mapping[type[Event], Sequence[Statement]]


def key_of(table: Table) -> str:
    [column] = table.primary_key
    return column.name


def projector(statements: Sequence[Statement]) -> Projector:
    """The statements as SQL, each for a whole run of events."""
    acts = [_sql(statement) for statement in statements]

    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        every = [told(row) for row in rows]
        for act in acts:
            act(conn, every)

    return project


def _sql(statement: Statement) -> Callable[[Connection, Sequence[Told]], None]:
    match statement:
        case Put():
            return _put(statement)
        case Change():
            return _change(statement)
        case Gone():
            return _gone(statement.table, statement.key)
        case Own():
            return statement.sql


def _put(statement: Put) -> Callable[[Connection, Sequence[Told]], None]:
    first = _gone(statement.table, statement.key) if statement.again else None

    def act(conn: Connection, rows: Sequence[Told]) -> None:
        # One by one where one may follow another of the same key within the run.
        for part in [[row] for row in rows] if first else [rows]:
            if first:
                first(conn, part)
            values = [tuple(fact(row) for fact in statement.values.values()) for row in part]
            insert_many(conn, statement.table.name, list(statement.values), values)

    return act


def _gone(table: Table, key: Fact) -> Callable[[Connection, Sequence[Told]], None]:
    sql = delete(table).where(table.c[key_of(table)] == bindparam("b_key"))

    def act(conn: Connection, rows: Sequence[Told]) -> None:
        conn.execute(sql, [{"b_key": key(row)} for row in rows])

    return act


def _change(statement: Change) -> Callable[[Connection, Sequence[Told]], None]:
    table = statement.table
    values: dict[str, Any] = {name: found(table.c) for name, found in statement.computed.items()}
    if "moved" in table.c:
        values["moved"] = bindparam("b_moved")
    for name in statement.facts:
        column, given = table.c[name], bindparam(f"b_{name}", type_=table.c[name].type)
        ways = {"set": given, "first": func.coalesce(column, given), "known": func.coalesce(given, column)}
        values[name] = ways[statement.how]
    sql = update(table).where(table.c[key_of(table)] == bindparam("b_key")).values(**values)
    moves = "moved" in table.c

    def act(conn: Connection, rows: Sequence[Told]) -> None:
        given = []
        for row in rows:
            if statement.only is None or statement.only(row):
                one = {f"b_{name}": fact(row) for name, fact in statement.facts.items()}
                given.append({"b_key": statement.key(row), **({"b_moved": row.position} if moves else {}), **one})
        if given:
            conn.execute(sql, given)

    return act
