"""Run the web face, the engine, or both, until told to stop."""

import signal
import threading
from datetime import timedelta

import structlog
import uvicorn

from quarterdeck.app import homes, wiring
from quarterdeck.app.engine import Engine
from quarterdeck.app.settings import Settings
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
    from quarterdeck.notify.reactions import chores, performers
    from quarterdeck.oncall.reactions import ClockWatch

    wired = wiring.house()
    notify = homes.notify_settings(settings)
    return Engine(
        record,
        wired.reactions,
        performers(notify),
        chores=(HourlySeal(record), ClockWatch(record), *chores(record, notify)),
    )


def serve(settings: Settings, host: str, port: int, *, web: bool, engine: bool) -> None:
    """Block until SIGINT or SIGTERM. A second signal ends at once: nothing is lost by that."""
    record = homes.open_record(settings)
    running = make_engine(record, settings) if engine else None
    if running:
        running.start()
    try:
        if web:
            _serve_web(record, settings, host, port)
        else:
            _wait_for_signal()
    finally:
        if running:
            running.stop()
        record.close()


def _serve_web(record: Record, settings: Settings, host: str, port: int) -> None:
    from quarterdeck.app.web import create_app

    app = create_app(record, settings, wiring.house())
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=3,
        proxy_headers=False,
    )
    print(f"Quarterdeck is at http://{host}:{port}", flush=True)
    uvicorn.Server(config).run()


def _wait_for_signal() -> None:
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    print("The engine runs.", flush=True)
    stop.wait()
