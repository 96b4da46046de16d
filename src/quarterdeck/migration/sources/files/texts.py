"""Bytes → lines of text: the encoding found out, lines without an end cut off and named."""

import codecs
import io
from collections.abc import Iterator

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.told import Rejection
from quarterdeck.migration.sources.files.opening import Opened

LONGEST_LINE = 2_000_000
_LOOK = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def encoding_of(file: Opened, asked: str | None = None) -> str:
    """What was asked for, what a mark at the beginning says, UTF-8 if the beginning is that, else Windows-1252.

    Raises `Invalid` for what is no text.
    """
    if asked:
        try:
            return codecs.lookup(asked).name
        except LookupError:
            raise Invalid("There is no such encoding.", (f"encoding: {asked!r}; use utf-8, cp1252, …",)) from None
    start = file.peek(_LOOK)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if b"\x00" in start:
        raise Invalid("That is no text.", (f"{file.name}: holds zero bytes, so it is binary or an unmarked UTF-16",))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


class Lines:
    """The lines of a file. `number` is that of the last one given; what was too long is in `rejected`."""

    def __init__(self, file: Opened, encoding: str) -> None:
        self.number = 0
        self.rejected: list[Rejection] = []
        self._text = io.TextIOWrapper(file.stream, encoding, errors="surrogateescape", newline="")

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(LONGEST_LINE):
            self.number += 1
            if len(line) < LONGEST_LINE or line[-1] in "\r\n":
                yield line
                continue
            while line and line[-1] not in "\r\n":
                line = self._text.readline(LONGEST_LINE)
            self.rejected.append(Rejection(self.number, f"the line is longer than {LONGEST_LINE:,} characters"))
            yield "\n"


def misfit(text: str) -> str | None:
    """The first byte that the encoding does not have, in words; None: all is well."""
    if text.isascii():
        return None
    found = next((c for c in text if "\udc80" <= c <= "\udcff"), None)
    return None if found is None else f"0x{ord(found) - 0xDC00:02X}"
