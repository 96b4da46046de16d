"""Opening a file of somebody's: plain, gzip or zip, its progress known, and never unpacked without an end."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from quarterdeck.kernel.errors import Invalid

LARGEST = 16 * 2**30
"""Bytes that a file may have once it is unpacked."""
FREE = 64 * 2**20
"""So much may come out of any packed file; beyond it, at most `RATIO` times what went in."""
RATIO = 250
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"


class Opened:
    """A file's bytes as a stream, and how far it has been read, counted in the bytes that lie on the disk."""

    def __init__(self, name: str, raw: BinaryIO, size: int) -> None:
        self.name = name
        self.size = size
        self._raw = raw
        self.stream: BinaryIO = io.BufferedReader(_Bounded(name, raw, _unpacked(name, raw)), 1 << 20)

    @property
    def done(self) -> int:
        return min(self._raw.tell(), self.size)

    def peek(self, count: int) -> bytes:
        """Its first bytes, which stay to be read."""
        peeked: bytes = self.stream.peek(count)[:count]  # type: ignore[attr-defined]  # it is a BufferedReader
        return peeked


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Raises `Invalid` for what is no file, is empty, or cannot be unpacked."""
    if not path.is_file():
        raise Invalid("There is no such file.", (f"{path}: {'is a folder' if path.is_dir() else 'is not there'}",))
    size = path.stat().st_size
    with path.open("rb") as raw:
        file = Opened(path.name, raw, size)
        if not file.peek(1):
            raise Invalid("The file is empty.", (f"{path.name}: {size} bytes, nothing in it",))
        yield file


def _unpacked(name: str, raw: BinaryIO) -> BinaryIO:
    magic = raw.read(4)
    raw.seek(0)
    if magic[:2] == _GZIP:
        return gzip.GzipFile(fileobj=raw)  # type: ignore[return-value]  # it reads like any other
    return _only_member(name, raw) if magic == _ZIP else raw


def _only_member(name: str, raw: BinaryIO) -> BinaryIO:
    try:
        archive = zipfile.ZipFile(raw)
        names = [one.filename for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, ValueError, OverflowError) as error:
        raise Invalid("The archive cannot be opened.", (f"{name}: {error}",)) from error
    if "[Content_Types].xml" in names:
        raise Invalid("That is an Excel workbook.", (f"{name}: save it as CSV (UTF-8), and bring in that",))
    if len(names) != 1:
        shown = ", ".join(one[:60] for one in names[:5])
        raise Invalid("Which file of the archive?", (f"{name}: holds {len(names)} ({shown}); unpack it, choose one",))
    try:
        return archive.open(names[0])  # type: ignore[return-value]  # it reads like any other
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError) as error:
        raise Invalid("The archive cannot be opened.", (f"{name}: {error}",)) from error


class _Bounded(io.RawIOBase):
    """Stops what unfolds without an end."""

    def __init__(self, name: str, packed: BinaryIO, plain: BinaryIO) -> None:
        self._name, self._packed, self._plain = name, packed, plain
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # a BufferedReader gives a memoryview
        try:
            data = self._plain.read(min(len(buffer), 1 << 20))
        except (gzip.BadGzipFile, zipfile.BadZipFile, EOFError, zlib.error, RuntimeError) as error:
            raise Invalid("The file breaks off or is damaged.", (f"{self._name}: {error}",)) from error
        self._out += len(data)
        if self._out > LARGEST:
            raise Invalid("The file is too large.", (f"{self._name}: more than {LARGEST >> 30} GiB unpacked",))
        if self._plain is not self._packed and self._out > max(FREE, RATIO * self._packed.tell()):
            detail = (
                f"{self._name}: {self._packed.tell():,} bytes unfold into more than {self._out:,}; unpack it yourself"
            )
            raise Invalid("The file unfolds into too much.", (detail,))
        buffer[: len(data)] = data
        return len(data)
