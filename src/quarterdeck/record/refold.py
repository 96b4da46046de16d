"""Read tables that a room folds in memory when all is read again: a million rows in a minute instead of an hour.

Events that come one by one change rows where they lie. Ten million at once would change each row ten times; so a room
may bring, beside its projections, a folder that takes the events in order and writes each row once, when all are read.
A long record is read in parts by several processes at once: what happened to one incident stays together.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Any, Protocol

from sqlalchemy import Connection, Table

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import micros
from quarterdeck.record import tables
from quarterdeck.record.codec import Codec
from quarterdeck.record.recorded import Projections, Projector, Recorded
from quarterdeck.record.stores import Store, open_store

Progress = Callable[[int, int], None]
"""`progress(done, total)` in events."""
_AT_ONCE = 20_000
_WORTH_PARTING = 500_000
"""Events: of fewer, another process is hardly ready before the first one is through."""
_MOST_PARTS = 4
"""Streams are dealt out by the last digit of their numbers, and what each part found is sent to the first."""


class Told:
    """One row of the record, its instants as whole microseconds; the event is decoded when somebody asks for it.

    When all is read again one of them is used for every row: keep none.
    """

    __slots__ = ("at", "data", "decode", "known", "number", "position", "recorded")

    def __init__(self, position: int, number: int, at: int, recorded: int, event: Any = None) -> None:
        self.position = position
        self.number = number
        """The key of the stream, 214 of `incident/214`; -1 where it is no number."""
        self.at = at
        self.recorded = recorded
        self.known = event
        self.data = ""
        self.decode: Callable[[str], Any] = str

    @property
    def event(self) -> Any:
        if self.known is None:
            self.known = self.decode(self.data)
        return self.known


def told(row: Recorded) -> Told:
    return Told(row.position, _number(row.stream), micros(row.occurred_at), micros(row.recorded_at), row.event)


def _number(stream: str) -> int:
    try:
        return int(stream[stream.index("/") + 1 :])
    except ValueError:
        return -1


class Folder(Protocol):
    """Takes every event of `events` in order, and writes `tables`, which are empty, at the end.

    A row is made of streams of one number, but for the events of `across`: every part takes those.
    """

    tables: Sequence[Table]
    events: Sequence[type[Event]]
    across: Collection[type[Event]]

    def taking(self, event: type[Event]) -> Callable[[Told], None]:
        """What to do with events of this type."""
        ...

    def taken(self) -> Any:
        """What was taken so far, in a form that can be sent to another process."""
        ...

    def write(self, conn: Connection, parts: Sequence[Any]) -> None:
        """Write what all parts have `taken`."""
        ...


class Foldable(dict[type[Event], Projector]):
    """Projections with a folder, which does the same for all events at once; and those beside, which run as ever.

    `folder`: a function that other processes find by its name.
    """

    def __init__(self, folded: Projections, folder: Callable[[], Folder], beside: Sequence[Projections] = ()) -> None:
        self.folder = folder
        self.unfolded = _together(beside)
        super().__init__(_together([folded, self.unfolded]))


def _together(families: Sequence[Projections]) -> dict[type[Event], Projector]:
    """One projector of each event, which runs those of all families, in their order."""
    events = dict.fromkeys(event for family in families for event in family)
    return {event: _in_turn([family[event] for family in families if event in family]) for event in events}


def _in_turn(projectors: Sequence[Projector]) -> Projector:
    def project(conn: Connection, rows: Sequence[Recorded]) -> None:
        for one in projectors:
            one(conn, rows)

    return projectors[0] if len(projectors) == 1 else project


def refold(
    store: Store, family: Foldable, progress: Progress = lambda done, total: None, parts: int | None = None
) -> int:
    """Make the tables of one folder again from the record, in one transaction; how many events were read.

    `parts`: how many processes read it; one for each processor if the record is long, unless told otherwise.
    """
    folder = family.folder()
    with store.writing() as conn:
        store.unhurried(conn)
        store.lock(conn)
        tables.drop_read(conn, folder.tables)
        tables.make_read(conn, folder.tables)
        total = int(conn.exec_driver_sql("SELECT coalesce(max(position), 0) FROM record").scalar() or 0)
        parts = parts or (1 if total < _WORTH_PARTING else min(os.cpu_count() or 1, _MOST_PARTS))
        with ProcessPoolExecutor(max(1, parts - 1), mp_context=get_context("spawn")) as others:
            rest = [others.submit(_elsewhere, store.url, family.folder, (n, parts)) for n in range(1, parts)]
            read = _take(conn, folder, (0, parts), lambda done: progress(done, total))
            try:
                found = [(read, folder.taken()), *(one.result() for one in rest)]
            except BrokenProcessPool:
                raise Refused(
                    "ReaderEnded",
                    "A process that read a part of the record was ended from outside, for want of memory perhaps."
                    " Nothing was changed. Run it again.",
                ) from None
        folder.write(conn, [taken for _, taken in found])
        progress(total, total)
    return sum(read for read, _ in found)


def _elsewhere(url: str, folder_of: Callable[[], Folder], part: tuple[int, int]) -> tuple[int, Any]:
    """One part of the record, read by a process of its own. What is written now waits for the first one's lock."""
    folder, store = folder_of(), open_store(url)
    with store.reading() as conn:
        read = _take(conn, folder, part)
    store.close()
    return read, folder.taken()


def _take(
    conn: Connection, folder: Folder, part: tuple[int, int], reached: Callable[[int], None] = lambda position: None
) -> int:
    """Have a folder take the events of part n of m; how many were read, those that every part takes counted once."""
    codec, row, read = Codec(folder.events), Told(0, 0, 0, 0), 0
    take = {codec.name(event): (folder.taking(event), codec.decoder(codec.name(event))) for event in folder.events}
    across = {codec.name(event) for event in folder.across}
    for rows in _rows(conn, sorted(take), sorted(across), part):
        for row.position, stream, type_, row.at, row.recorded, row.data in rows:
            act, row.decode = take[type_]
            row.number = _number(stream)
            row.known = None
            act(row)
        read += len(rows) if part[0] == 0 else sum(1 for one in rows if one[2] not in across)
        reached(rows[-1][0])
    return read


def _rows(
    conn: Connection, types: Sequence[str], across: Sequence[str], part: tuple[int, int]
) -> Iterator[Sequence[tuple[int, str, str, int, int, str]]]:
    """Straight from the driver: ten million rows have no time for anything between."""
    dbapi: Any = conn.connection.dbapi_connection
    columns = "position, stream, type, occurred_at, recorded_at, data"
    n, parts = part
    if conn.dialect.name == "sqlite":
        # The plus keeps SQLite from going by the index of types, which would sort them all again.
        ours = f" AND (unicode(substr(stream, -1)) % {parts} = {n} OR +type IN ({_marks(across)}))" if parts > 1 else ""
        sql = f"SELECT {columns} FROM record WHERE +type IN ({_marks(types)}){ours} ORDER BY position"  # noqa: S608  # marks and our numbers only
        cursor = dbapi.cursor().execute(sql, [*types, *(across if parts > 1 else ())])
        while rows := cursor.fetchmany(_AT_ONCE):
            yield rows
        return
    ours = f" AND (ascii(right(stream, 1)) % {parts} = {n} OR type = ANY(%s))".replace("% ", "%% ") if parts > 1 else ""
    with dbapi.cursor(name="refold") as cursor:
        cursor.execute(
            f"SELECT {columns} FROM record WHERE type = ANY(%s){ours} ORDER BY position",  # noqa: S608  # our names and numbers only
            (list(types), list(across)) if parts > 1 else (list(types),),
        )
        while rows := cursor.fetchmany(_AT_ONCE):
            yield rows


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))
