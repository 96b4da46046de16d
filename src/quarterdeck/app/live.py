"""Live updates: one task per process follows the record and tells every open page which streams moved (SSE at /live).

A page gets `changed` (the names of streams), `missed` (too much happened: ask for everything again) and `alarm`
(an incident became SEV1). Names of streams that come in storms are told as a family: `signal/*`.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from litestar import asgi
from litestar.types import Receive, Scope, Send
from sqlalchemy import Connection, select

from quarterdeck.command.events import IncidentDeclared, SeverityChanged
from quarterdeck.command.views import drills, titles
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.time import monotonic
from quarterdeck.record import Record
from quarterdeck.record.history import head
from quarterdeck.record.tables import record as table

log = structlog.get_logger("quarterdeck.live")

EVERY = 0.2
"""Seconds between two looks at the record, and the window in which names are gathered."""
BATCH = 2_000
"""Rows taken at one look; more than that at once and pages are told to ask for everything again."""
NAMES = 200
"""Names kept for a client that reads slowly, before it is told that it missed some."""
HEARTBEAT = 15.0
LASTS = 900.0
"""Seconds after which a connection is ended; the browser comes back, unless its session has ended meanwhile."""
FAMILIES = frozenset({"signal", "group", "delivery", "change", "canary"})
MOST_SEVERE = "SEV1"


@dataclass(frozen=True)
class Moved:
    """What one look at the record found."""

    position: int
    names: tuple[str, ...] = ()
    alarms: tuple[dict[str, Any], ...] = ()
    overrun: bool = False


@dataclass(eq=False)
class Listener:
    """What waits to be told to one open page."""

    waiting: dict[str, None] = field(default_factory=dict)
    alarms: list[dict[str, Any]] = field(default_factory=list)
    missed: bool = False
    position: int = 0
    stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, moved: Moved) -> None:
        self.position = moved.position
        self.waiting.update(dict.fromkeys(moved.names))
        self.alarms.extend(moved.alarms)
        if moved.overrun or len(self.waiting) > NAMES:
            self.missed = True
            self.waiting.clear()
        self.stirred.set()

    def take(self) -> bytes:
        """The frames for what has gathered since the last time."""
        frames = [_frame("alarm", alarm, self.position) for alarm in self.alarms]
        if self.missed:
            frames.append(_frame("missed", {}, self.position))
        elif self.waiting:
            frames.append(_frame("changed", list(self.waiting), self.position))
        self.waiting.clear()
        self.alarms.clear()
        self.missed = False
        self.stirred.clear()
        return b"".join(frames)


def _frame(event: str, data: Any, position: int) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (position, event.encode(), msgspec.json.encode(data))


def name_of(stream: str) -> str:
    """The stream's own name, or its family's where single ones come by the thousand."""
    family = stream.partition("/")[0]
    return f"{family}/*" if family in FAMILIES else stream


def look(conn: Connection, record: Record, position: int) -> Moved:
    """What moved after `position`."""
    rows = conn.execute(
        select(table.c.position, table.c.stream, table.c.type)
        .where(table.c.position > position)
        .order_by(table.c.position)
        .limit(BATCH + 1)
    ).all()
    if len(rows) > BATCH:
        return Moved(head(conn), overrun=True)
    if not rows:
        return Moved(position)
    names = tuple(dict.fromkeys(name_of(row.stream) for row in rows))
    telling = {record.codec.name(event) for event in (IncidentDeclared, SeverityChanged)}
    suspects = [row.position for row in rows if row.type in telling]
    return Moved(rows[-1].position, names, tuple(_alarms(conn, record, suspects)))


def _alarms(conn: Connection, record: Record, positions: Sequence[int]) -> Iterable[dict[str, Any]]:
    """The incidents that became as severe as can be."""
    if not positions:
        return []
    rows = conn.execute(select(table).where(table.c.position.in_(positions)).order_by(table.c.position))
    numbers = [int(row.key) for row in map(record.codec.recorded, rows) if _tells(row.event)]
    known, exercises = titles(conn, numbers), drills(conn, numbers)
    return [
        {"number": n, "title": known.get(n, ""), "severity": MOST_SEVERE, "drill": n in exercises}
        for n in dict.fromkeys(numbers)
    ]


def _tells(event: Any) -> bool:
    """A severe incident of today; one that was brought in ended long ago."""
    return event.severity == MOST_SEVERE and getattr(event, "source", None) is None


class Hub:
    """The listeners of one process on one record, and the task that follows it while there are any."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._listeners: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._position = 0

    async def join(self, since: int | None) -> Listener:
        """A new listener. `since`: the last position it heard of before it was cut off."""
        listener = Listener()
        if self._task is None or self._task.done():
            self._position = (await asyncio.to_thread(self._look, None)).position
            self._task = asyncio.create_task(self._follow())
        listener.position = self._position
        if since is not None and since < self._position:
            listener.missed = True
            listener.stirred.set()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)

    async def _follow(self) -> None:
        while self._listeners:
            await asyncio.sleep(EVERY)
            try:
                moved = await asyncio.to_thread(self._look, self._position)
            except Exception as error:  # the database may be away for a while: pages keep their connection
                log.warning("the record could not be read", error=type(error).__name__)
                await asyncio.sleep(2)
                continue
            if moved.position != self._position:
                self._position = moved.position
                for listener in self._listeners:
                    listener.hear(moved)

    def _look(self, position: int | None) -> Moved:
        with self._record.read() as conn:
            return Moved(head(conn)) if position is None else look(conn, self._record, position)


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


@asgi("/live", opt={"may": Permission.READ}, copy_scope=True)
async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Server-sent events for open pages, until they close or a quarter of an hour has passed."""
    state = scope["litestar_app"].state
    hub: Hub = state.setdefault("live", Hub(state.record))
    headers = dict(scope["headers"])
    since = headers.get(b"last-event-id", b"").decode("latin-1")
    listener = await hub.join(int(since) if since.isdecimal() and len(since) < 19 else None)
    telling = asyncio.create_task(_tell(listener, send))
    try:
        while (await receive())["type"] != "http.disconnect" and not telling.done():
            pass
    finally:
        hub.leave(listener)
        telling.cancel()
        with suppress(asyncio.CancelledError, OSError):
            await telling


async def _tell(listener: Listener, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    hello = b"retry: 2000\nid: %d\n: live\n\n" % listener.position
    await send({"type": "http.response.body", "body": hello, "more_body": True})
    ends = monotonic() + LASTS
    while monotonic() < ends:
        try:
            await asyncio.wait_for(listener.stirred.wait(), HEARTBEAT)
            frames = listener.take()
        except TimeoutError:
            frames = b": here\n\n"
        await send({"type": "http.response.body", "body": frames, "more_body": True})
        await asyncio.sleep(EVERY)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


ROUTES = [live]
