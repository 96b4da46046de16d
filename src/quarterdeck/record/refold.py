"""Read tables that a room folds in memory when all is read again: a million rows in a minute instead of an hour.

Events that come one by one change rows where they lie. Ten million at once would change each row ten times; so a room
may bring, beside its projections, a folder that takes the events in order and writes each row once, when all are read.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Connection, Table

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import micros
from quarterdeck.record import tables
from quarterdeck.record.recorded import Projections, Projector, Recorded

if TYPE_CHECKING:
    from quarterdeck.record.record import Record

Progress = Callable[[int, int], None]
"""`progress(done, total)` in events."""
_AT_ONCE = 20_000


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
    """Takes every event of `events` in order, and writes `tables`, which are empty, at the end."""

    tables: Sequence[Table]
    events: Sequence[type[Event]]

    def taking(self, event: type[Event]) -> Callable[[Told], None]:
        """What to do with events of this type."""
        ...

    def write(self, conn: Connection) -> None: ...


class Foldable(dict[type[Event], Projector]):
    """Projections with a folder, which does the same for all events at once; and those beside, which run as ever."""

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


def refold(record: "Record", family: Foldable, progress: Progress = lambda done, total: None) -> int:
    """Make the tables of one folder again from the record, in one transaction; how many events were read."""
    folder = family.folder()
    with record.store.writing() as conn:
        record.store.lock(conn)
        tables.drop_read(conn, folder.tables)
        tables.make_read(conn, folder.tables)
        codec, row, read = record.codec, Told(0, 0, 0, 0), 0
        total = int(conn.exec_driver_sql("SELECT coalesce(max(position), 0) FROM record").scalar() or 0)
        take = {codec.name(event): (folder.taking(event), codec.decoder(codec.name(event))) for event in folder.events}
        for part in _rows(conn, sorted(take)):
            for row.position, stream, type_, row.at, row.recorded, row.data in part:
                act, row.decode = take[type_]
                row.number = _number(stream)
                row.known = None
                act(row)
            read += len(part)
            progress(part[-1][0], total)
        folder.write(conn)
        progress(total, total)
    return read


def _rows(conn: Connection, types: Sequence[str]) -> Iterator[Sequence[tuple[int, str, str, int, int, str]]]:
    """Straight from the driver: ten million rows have no time for anything between."""
    dbapi: Any = conn.connection.dbapi_connection
    columns = "position, stream, type, occurred_at, recorded_at, data"
    if conn.dialect.name == "sqlite":
        # The plus keeps SQLite from going by the index of types, which would sort them all again.
        marks = ", ".join("?" * len(types))
        sql = f"SELECT {columns} FROM record WHERE +type IN ({marks}) ORDER BY position"  # noqa: S608  # marks only
        cursor = dbapi.cursor().execute(sql, list(types))
        while part := cursor.fetchmany(_AT_ONCE):
            yield part
        return
    with dbapi.cursor(name="refold") as cursor:
        cursor.execute(f"SELECT {columns} FROM record WHERE type = ANY(%s) ORDER BY position", (list(types),))  # noqa: S608  # names are ours
        while part := cursor.fetchmany(_AT_ONCE):
            yield part
