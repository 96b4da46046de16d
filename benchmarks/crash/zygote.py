"""Imports everything once, holds the listening socket, forks a whole Quarterdeck (door, engine) per line of input.

The fork is what makes ten thousand kills affordable: a fresh interpreter would spend a second on imports each time.
"""

import os
import signal
import socket
import sys
from pathlib import Path

import uvicorn
import uvicorn.lifespan.off
import uvicorn.loops.uvloop
import uvicorn.protocols.http.httptools_impl
import uvicorn.protocols.websockets.auto

from quarterdeck.app import homes, run, settings, wiring
from quarterdeck.intake.api import make_door
from quarterdeck.record import open_store


def child(home: Path, listener: socket.socket) -> None:
    """Door and engine in one process, until killed."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    chosen = settings.load(home)
    record = wiring.house().record(open_store(chosen.database))
    run.make_engine(record, chosen).start()
    config = uvicorn.Config(make_door(record, chosen.intake), log_level="critical", access_log=False, lifespan="off")
    uvicorn.Server(config).run(sockets=[listener])


def main() -> None:
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    homes.open_record(settings.load(home)).close()
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(256)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    errors = os.open(home / "children.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    print("ready", flush=True)
    for _ in sys.stdin:
        pid = os.fork()
        if pid == 0:
            os.dup2(errors, 2)
            child(home, listener)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
