"""Columns on disk, read by mapping: so the first question after a start is as quick as others.

A shelf is a folder that can be thrown away at any time. What lies on it is used only if it is whole, has the columns
that this version has, and proves that it belongs to this record. Without a folder nothing is kept and nothing is lost.
"""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, Table

from quarterdeck.direction.rules.measures import Columns, Words
from quarterdeck.direction.views.measuring.reading import texts, whole_numbers

_SHAPE = 1
"""Counts up when what is written changes."""


@dataclass(frozen=True)
class Shelved:
    seen: int
    proof: bytes
    columns: Columns


def _folder(conn: Connection, table: Table) -> Path | None:
    scratch = conn.get_execution_options().get("scratch")
    return Path(scratch) / f"{table.name}.columns" if scratch else None


def take(conn: Connection, table: Table) -> Shelved | None:
    folder = _folder(conn, table)
    if folder is None:
        return None
    try:
        said = json.loads((folder / "said.json").read_text())
        if said["shape"] != _SHAPE or said["numbers"] != whole_numbers(table) or list(said["texts"]) != texts(table):
            return None
        numbers = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in said["numbers"]}
        words = {
            name: Words(np.load(folder / f"{name}.npy", mmap_mode="r"), tuple(names))
            for name, names in said["texts"].items()
        }
        if {len(one) for one in numbers.values()} | {len(one.codes) for one in words.values()} != {said["rows"]}:
            return None
        return Shelved(int(said["seen"]), bytes.fromhex(said["proof"]), Columns(numbers, words))
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None  # not there, or half of it: the table is read instead


def put(conn: Connection, table: Table, seen: int, proof: bytes, columns: Columns) -> bool:
    """Whether it could be put there: a full disk must not keep anybody from an answer."""
    folder = _folder(conn, table)
    if folder is None:
        return False
    new = None
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f"{table.name}-", dir=folder.parent))
        for name, values in columns.numbers.items():
            np.save(new / f"{name}.npy", values)
        for name, words in columns.words.items():
            np.save(new / f"{name}.npy", words.codes)
        said = {
            "shape": _SHAPE,
            "rows": len(columns),
            "seen": seen,
            "proof": proof.hex(),
            "numbers": list(columns.numbers),
            "texts": {name: list(words.names) for name, words in columns.words.items()},
        }
        (new / "said.json").write_text(json.dumps(said))
        _replace(folder, new)
    except OSError:
        if new is not None:
            shutil.rmtree(new, ignore_errors=True)
        return False
    return True


def _replace(folder: Path, new: Path) -> None:
    """Who has mapped the old files keeps them: they are gone by name only."""
    old = Path(tempfile.mkdtemp(prefix="old-", dir=folder.parent))
    if folder.exists():
        os.rename(folder, old / "was")
    os.rename(new, folder)
    shutil.rmtree(old, ignore_errors=True)
