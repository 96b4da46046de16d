"""A read table, or what of it moved, as columns: straight from the driver, a million rows leave no time between."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
from sqlalchemy import Connection, Integer, SmallInteger, Table
from sqlalchemy.types import BigInteger

from quarterdeck.direction.rules.measures import MISSING, Columns, Words
from quarterdeck.direction.rules.statistics import Counts

_AT_ONCE = 20_000
_HEADER = 19
"""Bytes of PostgreSQL's binary form before the first row: a signature, flags, no extension."""


def whole_numbers(table: Table) -> list[str]:
    return [one.name for one in table.columns if isinstance(one.type, Integer | SmallInteger | BigInteger)]


def texts(table: Table) -> list[str]:
    known = set(whole_numbers(table))
    return [one.name for one in table.columns if one.name not in known]


def columns_of(
    conn: Connection, table: Table, where: str = "", arguments: Sequence[Any] = (), only: Sequence[str] = ()
) -> Columns:
    """The rows in the order of the table's key, or of `only` these columns. `where`: a condition, with `?` in it."""
    numbers, words = ([name for name in names(table) if not only or name in only] for names in (whole_numbers, texts))
    by = [f'"{name}"' for name in only or [one.name for one in table.primary_key]]
    # An index on what is asked for finds few rows sooner than that of the key, which has the order already.
    order = ", ".join(f"0 + {name}" for name in by) if arguments else ", ".join(by)
    behind = f'FROM "{table.name}"{f" WHERE {where}" if where else ""} ORDER BY {order}'
    if conn.dialect.name == "postgresql" and not arguments:
        found = _binary(conn, numbers, behind)
        rest = _across(conn, words, behind, arguments) if words else ()
    else:
        across = iter(_across(conn, [*numbers, *words], behind, arguments))
        found = {name: _counts(next(across)) for name in numbers}
        rest = across
    return Columns(found, {name: _coded(values) for name, values in zip(words, rest, strict=True)})


def _across(conn: Connection, names: Sequence[str], behind: str, arguments: Sequence[Any]) -> Iterable[list[Any]]:
    """Each column as a list; numbers that are not known as MISSING."""
    wanted = ", ".join(f'"{name}"' for name in names)
    sql = f"SELECT {wanted} {behind}"  # names are ours, values are bound
    dbapi: Any = conn.connection.dbapi_connection
    parts: list[list[Sequence[Any]]] = [[] for _ in names]
    for rows in _fetched(dbapi, sql.replace("?", "%s") if conn.dialect.name == "postgresql" else sql, arguments):
        for part, values in zip(parts, zip(*rows, strict=True), strict=True):
            part.append(values)
    return [list(chain.from_iterable(part)) for part in parts]


def _fetched(dbapi: Any, sql: str, arguments: Sequence[Any]) -> Iterator[list[Any]]:
    cursor = dbapi.cursor()
    cursor.execute(sql, tuple(arguments))
    while rows := cursor.fetchmany(_AT_ONCE):
        yield rows
    cursor.close()


def _counts(values: Sequence[int | None]) -> Counts:
    try:
        return np.fromiter(values, dtype=np.int64, count=len(values))
    except TypeError:
        return np.array([MISSING if value is None else value for value in values], dtype=np.int64)


def _coded(values: Iterable[Any]) -> Words:
    names: dict[str, int] = {}
    codes = [-1 if value is None else names.setdefault(value, len(names)) for value in values]
    return Words(np.array(codes, dtype=np.int32), tuple(names))


def _binary(conn: Connection, names: Sequence[str], behind: str) -> dict[str, Counts]:
    """Whole numbers that are never null have one width, so the answer is an array as it comes."""
    wanted = ", ".join(f'coalesce("{name}", {MISSING})::bigint' for name in names)
    sql = f"COPY (SELECT {wanted} {behind}) TO STDOUT (FORMAT BINARY)"
    dbapi: Any = conn.connection.dbapi_connection
    with dbapi.cursor() as cursor, cursor.copy(sql) as copy:
        told = b"".join(copy)
    shape = np.dtype(
        [("n", ">i2"), *((part, kind) for name in names for part, kind in (("l " + name, ">i4"), (name, ">i8")))]
    )
    rows = np.frombuffer(told, dtype=shape, offset=_HEADER, count=(len(told) - _HEADER - 2) // shape.itemsize)
    return {name: rows[name].astype(np.int64) for name in names}
