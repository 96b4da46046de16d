"""What was worked out from columns and small tables, remembered until one of them moves."""

import threading
from collections.abc import Callable, Hashable, Sequence
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from quarterdeck.direction.views.measuring.held import proof_of
from quarterdeck.kernel.events import Event, type_name

T = TypeVar("T")


class Remembered:
    """One thing of each database; `of` works it out anew if it rests on anything else than last time."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Engine, tuple[Sequence[object], Hashable, Any]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def of(self, conn: Connection, parts: Sequence[object], values: Hashable, make: Callable[[], T]) -> T:
        """`parts` have to be the very same, `values` equal."""
        with self._lock:
            known = self._known.get(conn.engine)
            if known is not None and known[1] == values and all(a is b for a, b in zip(known[0], parts, strict=True)):
                return cast(T, known[2])
            found = make()
            self._known[conn.engine] = (parts, values, found)
            return found


def moved(conn: Connection, *events: type[Event]) -> tuple[int, bytes | None]:
    """Where on the record one of these happened last, with its hash: what is made of them is as it was until then."""
    names = [type_name(event) for event in events]
    # By the order of the index of types: asked for a maximum, PostgreSQL reads the whole record back to a rare type.
    one = (
        "SELECT * FROM (SELECT type, position FROM record WHERE (type, position) <= (?, 9223372036854775807)"
        " ORDER BY type DESC, position DESC LIMIT 1) AS t{n}"
    )
    sql = " UNION ALL ".join(one.format(n=n) for n in range(len(names)))
    sql = sql.replace("?", "%s") if conn.dialect.name == "postgresql" else sql
    found = conn.exec_driver_sql(sql, tuple(names)).all()
    position = max((int(row.position) for row in found if row.type in names), default=0)
    return position, proof_of(conn, position)
