"""Run the web face, the engine, or both, until told to stop."""

import signal
import socket
import threading
from datetime import timedelta

import structlog
import uvicorn

from quarterdeck.app import homes, logs, wiring
from quarterdeck.app.engine import Engine
from quarterdeck.app.settings import Settings
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant
from quarterdeck.record import Record
from quarterdeck.record.verify import add_seal

log = structlog.get_logger("quarterdeck.run")
SEAL_EVERY = timedelta(hours=1)


class HourlySeal:
    """A chore: seal the record every hour."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._next: Instant = record.clock.now() + SEAL_EVERY

    def __call__(self) -> None:
        now = self._record.clock.now()
        if now >= self._next:
            self._next = now + SEAL_EVERY
            self._record.perform(ENGINE, add_seal)


def make_engine(record: Record, settings: Settings) -> Engine:
    """The engine of this home, not yet started."""
    from quarterdeck.comms.channels.folder import StatusPageKept, publishing
    from quarterdeck.learning.reactions import performers as learning
    from quarterdeck.notify.reactions import chores, performers
    from quarterdeck.oncall.reactions import ClockWatch

    wired = wiring.house()
    notify = homes.notify_settings(settings)
    status_page = publishing(settings.status_page, settings.home)
    return Engine(
        record,
        wired.reactions,
        {**performers(notify, wired.documents), **learning(notify)},
        chores=(
            HourlySeal(record),
            ClockWatch(record),
            *chores(record, notify),
            *((StatusPageKept(record, status_page),) if status_page else ()),
        ),
    )


def serve(settings: Settings, host: str, port: int, *, web: bool, engine: bool) -> None:
    """Block until SIGINT or SIGTERM, then end what is under way and return."""
    logs.configure()
    told = _told_to_stop()
    door = _bind(host, port) if web else None  # before the engine starts: a second server must not page meanwhile
    record = homes.open_record(settings)
    running = make_engine(record, settings) if engine else None
    if running:
        running.start()
    try:
        if door:
            _serve_web(record, settings, door, told)
        else:
            print("The engine runs.", flush=True)
            told.wait()
    finally:
        if running:
            running.stop()
        record.close()


def _told_to_stop() -> threading.Event:
    """Set by the first SIGINT or SIGTERM. uvicorn raises the signal it has caught once more, and that must not kill."""
    told = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: told.set())
    return told


def _bind(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        door = socket.socket(found[0], socket.SOCK_STREAM)
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(found[4])
        door.listen(2048)
    except OSError as error:
        raise Invalid(
            f"Cannot listen on {host}:{port}: {error.strerror}. Does Quarterdeck run already? Choose another --port."
        ) from error
    return door


def _serve_web(record: Record, settings: Settings, door: socket.socket, told: threading.Event) -> None:
    from quarterdeck.app.web import create_app

    app = create_app(record, settings, wiring.house())
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=False,
    )
    threading.Thread(target=_read_ahead, args=(record,), name="read-ahead", daemon=True).start()
    host, port = door.getsockname()[:2]
    print(f"Quarterdeck is at http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
    server = uvicorn.Server(config)
    server.should_exit = told.is_set()
    server.run(sockets=[door])


def _read_ahead(record: Record) -> None:
    """So that nobody's first question waits until a million incidents have been read."""
    from quarterdeck.direction.views import measuring

    try:
        with record.read() as conn:
            measuring.read_ahead(conn)
    except Exception as error:  # whoever asks will be told; here nobody waits
        log.info("could not read ahead what is measured", error=repr(error))
