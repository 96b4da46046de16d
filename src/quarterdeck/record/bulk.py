"""Many rows into a table at once, in the way each database takes them fastest."""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

_CHUNK = 50
"""Rows in one statement on SQLite: each statement gives up the interpreter's lock once, not once a row."""


def insert_many(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of values in the order of `columns`; JSON as text. Raises SQLAlchemy's `IntegrityError` as ever."""
    if conn.dialect.name == "postgresql":
        _copy(conn, table, columns, rows)
    else:
        _insert(conn, table, columns, rows)


def _copy(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    # An INSERT from arrays spends most of its time escaping JSON inside array literals; COPY does not.
    dbapi: Any = conn.connection.dbapi_connection
    sql = f"COPY {_quoted(table)} ({', '.join(map(_quoted, columns))}) FROM STDIN"
    try:
        with dbapi.cursor() as cursor, cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)
    except conn.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(sql, (), error, conn.dialect.loaded_dbapi.Error, dialect=conn.dialect) from error


def _insert(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    whole = len(rows) - len(rows) % _CHUNK
    if whole:
        sql = _statement(table, tuple(columns), _CHUNK)
        for start in range(0, whole, _CHUNK):
            conn.exec_driver_sql(sql, tuple(chain.from_iterable(rows[start : start + _CHUNK])))
    if whole < len(rows):
        conn.exec_driver_sql(_statement(table, tuple(columns), 1), [tuple(row) for row in rows[whole:]])


@cache
def _statement(table: str, columns: tuple[str, ...], rows: int) -> str:
    row = f"({', '.join('?' * len(columns))})"
    names = ", ".join(map(_quoted, columns))
    return f"INSERT INTO {_quoted(table)} ({names}) VALUES {', '.join([row] * rows)}"  # noqa: S608  # names are ours


def _quoted(name: str) -> str:
    return f'"{name}"'


def update_many(conn: Connection, table: Table, rows: Sequence[Sequence[Any]]) -> None:
    """Overwrite whole rows, given in column order, found by the table's first column. For tables without JSON."""
    names = table.c.keys()
    if conn.dialect.name == "postgresql":
        types = [column.type.compile(dialect=conn.dialect).partition("(")[0] for column in table.columns]
        arrays = ", ".join(f"%s::{type_}[]" for type_ in types)
        sets = ", ".join(f"{_quoted(name)} = new.{_quoted(name)}" for name in names[1:])
        columns = ", ".join(map(_quoted, names))
        conn.exec_driver_sql(
            f"UPDATE {_quoted(table.name)} AS old SET {sets} FROM unnest({arrays}) AS new ({columns})"  # noqa: S608  # names are ours
            f" WHERE old.{_quoted(names[0])} = new.{_quoted(names[0])}",
            tuple(list(column) for column in zip(*rows, strict=True)),
        )
    else:
        sets = ", ".join(f"{_quoted(name)} = ?" for name in names[1:])
        sql = f"UPDATE {_quoted(table.name)} SET {sets} WHERE {_quoted(names[0])} = ?"  # noqa: S608  # names are ours
        conn.exec_driver_sql(sql, [(*row[1:], row[0]) for row in rows])
