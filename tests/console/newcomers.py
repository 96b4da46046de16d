"""A home on its first day, under a real server: people, and no plan yet."""

import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from quarterdeck.app import settings, wiring
from quarterdeck.app.demo.stage import free_port
from quarterdeck.app.homes import open_record
from quarterdeck.app.web import create_app
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.record import Record
from tests.people import settle


@dataclass
class NewHome:
    """Everybody of the cast is there; `session` signs one of them in."""

    record: Record
    origin: str

    def session(self, who: Principal) -> str:
        person = who.id.removeprefix("person/")
        return self.record.perform(ENGINE, lambda tx: governance.open_session(tx, person=person))


@contextmanager
def new_home() -> Iterator[NewHome]:
    with tempfile.TemporaryDirectory(prefix="quarterdeck-new-") as folder:
        home, port = Path(folder), free_port(0)
        origin = f"http://127.0.0.1:{port}"
        lines = (
            f'database = "sqlite:///{home}/quarterdeck.db"',
            f'base_url = "{origin}"',
            'secret_key = "of-a-new-home"',
        )
        (home / settings.FILE).write_text("\n".join(lines), encoding="utf-8")
        loaded = settings.load(home)
        record = open_record(loaded)
        settle(record)
        app = create_app(record, loaded, wiring.house())
        server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
        thread = threading.Thread(target=server.run, name="new-home", daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        try:
            yield NewHome(record, origin)
        finally:
            server.should_exit = True
            thread.join(timeout=10)
            record.close()
