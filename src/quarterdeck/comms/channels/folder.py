"""The folder of the public status page: named in the settings, written whole file by whole file, at its pace."""

import contextlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from quarterdeck.comms.channels.status_page import rendered
from quarterdeck.comms.views import status_board
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, monotonic
from quarterdeck.record import Record
from quarterdeck.record.history import head as head_of

log = structlog.get_logger("quarterdeck.status_page")
EVERY, LOOK_AGAIN = 60, 5.0
"""Seconds: how often it is written unless the settings say so; how soon a change is looked for."""
ABANDONED = timedelta(minutes=10)


@dataclass(frozen=True)
class Publishing:
    """Where the page is written and how often, in seconds."""

    folder: Path
    every: int = EVERY


def publishing(values: Mapping[str, Any], home: Path) -> Publishing | None:
    """The settings' part `[status_page]`, checked; None: no folder is named. A relative folder lies in the home."""
    if not values:
        return None
    faults = [
        f"{name}: not a setting of [status_page]; remove it" for name in values if name not in ("folder", "every")
    ]
    folder, every = values.get("folder"), values.get("every", EVERY)
    if not isinstance(folder, str) or not folder.strip():
        faults.append('folder: name the folder that is written, folder = "/var/www/status"')
    if not isinstance(every, int) or isinstance(every, bool) or not 5 <= every <= 3600:
        faults.append("every: seconds from 5 to 3600")
    if faults:
        raise Invalid("[status_page] is not right.", tuple(faults))
    return Publishing(home / str(folder), every)


def write(folder: Path, contents: Mapping[str, bytes], now: Instant) -> None:
    """Each file whole or not at all: written beside, then put in its place. Raises `OSError`; the old page stays."""
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".quarterdeck-*.new"):  # of a writer that was killed
        with contextlib.suppress(OSError):
            if now - _changed(left) > ABANDONED:
                left.unlink()
    for name, content in contents.items():
        beside = folder / f".quarterdeck-{os.getpid()}-{name}.new"
        try:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.chmod(0o644)  # whatever the umask: a web server under another name reads it
            beside.replace(folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            raise


class StatusPageKept:
    """A chore: the page is written at its pace, and at once (within seconds) when something that it shows changed."""

    def __init__(self, record: Record, where: Publishing) -> None:
        self._record, self._where = record, where
        self._looked = self._written = float("-inf")
        self._head = -1
        self._shown: tuple[Any, ...] | None = None

    def __call__(self) -> None:
        now = monotonic()
        due = now - self._written >= self._where.every
        if not due and now - self._looked < min(LOOK_AGAIN, self._where.every):
            return
        self._looked = now
        with self._record.read() as conn:
            head = head_of(conn)
            if head == self._head and not due:
                return
            board = status_board(conn, self._record.clock.now(), self._where.every)
        shown = None if board is None else (board.title, board.sentence, board.parts, board.open, board.past)
        there = board is not None or (self._where.folder / "index.html").exists()
        if there and (due or shown != self._shown):
            try:
                write(self._where.folder, rendered(board), self._record.clock.now())
            except OSError as error:
                where = str(self._where.folder)
                log.error("the status page could not be written; trying again", folder=where, error=str(error))
                return
            self._written = now
        self._head, self._shown = head, shown


def age(folder: Path, now: Instant) -> timedelta | None:
    """How long ago the page was written; None: it is not there."""
    try:
        return max(now - _changed(folder / "index.html"), timedelta(0))
    except OSError:
        return None


def _changed(file: Path) -> Instant:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC)
