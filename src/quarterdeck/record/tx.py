"""One transaction on the record: load, decide, append, with alarms and read tables moving along."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from quarterdeck.kernel.errors import Conflict, NotFound
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle, never
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.record import alarms, chain, tables
from quarterdeck.record.recorded import Recorded
from quarterdeck.record.stores import Row

if TYPE_CHECKING:
    from quarterdeck.record.record import Record

S = TypeVar("S")
Append = tuple[Lifecycle[Any], "str | int", Sequence[Event]]
_LOAD_CHUNK = 500


class Tx:
    """What an action is given. Valid until the `perform` that made it returns."""

    def __init__(
        self, record: "Record", connection: Connection, by: Principal, now: Instant, cause: int | None
    ) -> None:
        self.connection = connection
        self.by = by
        self.now = now
        self.cause = cause
        self._record = record
        self._states: dict[str, Any] = {}
        self._heads: dict[str, tuple[int, bytes]] = {}
        self._locked = record.store.locks_on_begin
        self._position: int | None = None

    # -- loading -------------------------------------------------------------------------------

    def load(self, life: Lifecycle[S], key: str | int) -> S | None:
        """The folded state of a stream; None if nothing was ever recorded on it."""
        return self.load_many(life, [key]).get(str(key))

    def existing(self, life: Lifecycle[S], key: str | int) -> S:
        """Like `load`, but `NotFound` if the stream is empty."""
        state = self.load(life, key)
        if state is None:
            raise NotFound(f"{life.name} {key}")
        return state

    def load_many(self, life: Lifecycle[S], keys: Iterable[str | int]) -> dict[str, S]:
        """States by key, of those streams that exist, in as few queries as may be."""
        wanted = {str(key): life.stream(key) for key in keys}
        missing = [stream for stream in wanted.values() if self._unknown(stream)]
        for start in range(0, len(missing), _LOAD_CHUNK):
            self._fetch(life, missing[start : start + _LOAD_CHUNK])
        return {key: self._states[stream] for key, stream in wanted.items() if stream in self._states}

    def _unknown(self, stream: str) -> bool:
        """Not looked at yet, or appended to without having been folded."""
        return stream not in self._heads or (self._heads[stream][0] > 0 and stream not in self._states)

    def _know_heads(self, streams: Sequence[str]) -> None:
        """Version and hash suffice to append to a stream whose state nobody asks for."""
        missing = [stream for stream in streams if stream not in self._heads]
        found = self._record.store.heads(self.connection, missing) if missing else {}
        for stream in missing:
            self._heads[stream] = found.get(stream, (0, chain.GENESIS))

    def _fetch(self, life: Lifecycle[Any], streams: Sequence[str]) -> None:
        rows = self._record.store.histories(self.connection, streams)
        for stream in streams:
            self._heads[stream] = (0, chain.GENESIS)
        for stream, group in groupby(rows, key=lambda row: row.stream):
            state = None
            for row in group:
                state = life.evolve(state, self._record.codec.decode(row.type, row.data))
                self._heads[stream] = (row.version, row.hash)
            self._states[stream] = state

    def latest(self, life: Lifecycle[Any], key: str | int) -> Recorded | None:
        """The last event alone: enough for documents that are recorded whole. Does not guard against later appends."""
        row = self.connection.execute(_LATEST, {"stream": life.stream(key)}).first()
        return None if row is None else self._record.codec.recorded(row)

    # -- appending -----------------------------------------------------------------------------

    def decide(self, life: Lifecycle[S], key: str | int, rule: Callable[[S], Sequence[Event]]) -> S:
        """Load an existing stream, ask the rule, append what it says."""
        return self.append(life, key, rule(self.existing(life, key)))

    def append(self, life: Lifecycle[S], key: str | int, events: Sequence[Event]) -> S:
        """Append to one stream and return its new state."""
        if events:
            self.lock()
        self.load(life, key)
        self._append([(life, key, events)], fold=True)
        state: S = self._states[life.stream(key)]
        return state

    def append_many(self, appends: Sequence[Append], *, fresh: bool = False) -> list[Recorded]:
        """Append to many streams, each named once. `fresh` promises that none exists yet; the database checks it.

        Streams of lifecycles that never set an alarm are not folded for it.
        """
        appends = [append for append in appends if append[2]]
        if not appends:
            return []
        self.lock()
        if fresh:
            for life, key, _ in appends:
                self._heads.setdefault(life.stream(key), (0, chain.GENESIS))
        for life, keys in _by_life(appends).items():
            if life.due is never:
                self._know_heads([life.stream(key) for key in keys])
            else:
                self.load_many(life, keys)
        return self._append(appends, fold=False)

    def _append(self, appends: Sequence[Append], fold: bool) -> list[Recorded]:
        recorded, rows = self._chain(appends, fold)
        if not rows:
            return []
        try:
            self._record.store.insert_rows(self.connection, rows)
        except IntegrityError as error:
            raise Conflict("Somebody else wrote to this first.") from error
        alarms.set_alarms(
            self._record.store,
            self.connection,
            [(life, str(key), self._states[life.stream(key)]) for life, key, _ in appends if life.due is not never],
        )
        self._record.project(self.connection, recorded)
        return recorded

    def _chain(self, appends: Sequence[Append], fold: bool) -> tuple[list[Recorded], list[Row]]:
        recorded, rows = [], []
        position = self._next_position()
        codec, recorded_at, actor, cause = self._record.codec, micros(self.now), self.by.id, self.cause
        for life, key, events in appends:
            stream = life.stream(key)
            version, head = self._heads[stream]
            state = self._states.get(stream)
            folded = fold or life.due is not never or stream in self._states
            for event in events:
                version += 1
                name = codec.name(type(event))
                encoded = codec.encode(event)
                occurred_at = micros(event.at)
                head = chain.link(
                    head, stream, version, name, occurred_at, recorded_at, actor, cause, sha256(encoded).digest()
                )
                data = encoded.decode()
                rows.append((position, stream, version, name, occurred_at, recorded_at, actor, cause, data, head))
                recorded.append(Recorded(position, stream, version, name, event.at, self.now, actor, cause, event))
                if folded:
                    state = life.evolve(state, event)
                position += 1
            self._heads[stream] = (version, head)
            if folded:
                self._states[stream] = state
        self._position = position
        return recorded, rows

    def _next_position(self) -> int:
        if self._position is None:
            last = self.connection.execute(_HEAD).scalar()
            self._position = (last or 0) + 1
        return self._position

    # -- the rest ------------------------------------------------------------------------------

    def lock(self) -> None:
        """Become the only writer until commit; `Conflict` if a stream we loaded has moved meanwhile.

        Called by the first append. Call it first when a decision rests on kept tables.
        """
        if self._locked:
            return
        self._locked = True
        self._record.store.lock(self.connection)
        if self._heads:
            now = self._record.store.heads(self.connection, list(self._heads))
            for stream, (version, _) in self._heads.items():
                if now.get(stream, (0, b""))[0] != version:
                    raise Conflict(f"{stream} has moved on.")

    @contextmanager
    def acting(self, by: Principal, now: Instant) -> Iterator["Tx"]:
        """Act as somebody else at another instant: for histories that are brought in. `recorded_at` says so too."""
        before = self.by, self.now
        self.by, self.now = by, now
        try:
            yield self
        finally:
            self.by, self.now = before

    def next_number(self, name: str) -> int:
        """The next of a gapless series (`incident` → 1, 2, 3 …)."""
        return self.next_numbers(name, 1)[0]

    def next_numbers(self, name: str, count: int) -> range:
        """The next `count` of a gapless series."""
        self.lock()
        table = tables.number
        last = self.connection.execute(select(table.c.last).where(table.c.name == name)).scalar()
        if last is None:
            self.connection.execute(table.insert().values(name=name, last=count))
        elif count:
            self.connection.execute(table.update().where(table.c.name == name).values(last=last + count))
        first = int(last or 0) + 1
        return range(first, first + count)


def _by_life(appends: Sequence[Append]) -> dict[Lifecycle[Any], list[str | int]]:
    grouped: dict[Lifecycle[Any], list[str | int]] = {}
    for life, key, _ in appends:
        grouped.setdefault(life, []).append(key)
    return grouped


_r = tables.record
_LATEST = select(_r).where(_r.c.stream == bindparam("stream")).order_by(_r.c.version.desc()).limit(1)
_HEAD = select(_r.c.position).order_by(_r.c.position.desc()).limit(1)

__all__ = ["Append", "Tx"]
