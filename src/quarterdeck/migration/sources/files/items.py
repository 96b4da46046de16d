"""The items of JSON, one after the other, whatever the file's size: of a list, of lists in an object, of lines."""

import re
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.sources.files.opening import Opened

LARGEST_ITEM = 32_000_000
DEEPEST = 200
_CHUNK = 1 << 18
_TOKEN = re.compile(rb'"(?:[^"\\]+|\\.)*("?)|[{}\[\],:]', re.DOTALL)
_SPACE = b" \t\r\n\xef\xbb\xbf\x1e"


def items(file: Opened, lists: Collection[str]) -> Iterator[tuple[str, int, Any]]:
    """(name of the list or "", line where it begins, decoded item).

    Of an object at the top that has one of `lists`, the items of these lists; any other value at the top is an item
    itself, and so are those of a list at the top. Raises `Invalid` with the line for what is no JSON.
    """
    scanner = _Scanner(file)
    while scanner.skip_space():
        first = scanner.peek()
        if first == b"[":
            scanner.step()
            yield from scanner.list_items("")
        elif first == b"{":
            yield from scanner.object_items(lists)
        else:
            yield scanner.value("")


class _Scanner:
    """A window on the file, from what is still needed to what has been read."""

    def __init__(self, file: Opened) -> None:
        self._file = file
        self._buffer = bytearray()
        self._at = 0
        self._counted = 0
        """So far into the window the lines have been counted."""
        self._line = 1
        self._ended = False

    # -- the window ----------------------------------------------------------------------------

    def _fill(self) -> bool:
        chunk = b"" if self._ended else self._file.stream.read(_CHUNK)
        self._ended = not chunk
        self._buffer += chunk
        return bool(chunk)

    def _drop(self) -> None:
        """Forget what stands before the place."""
        self._line_here()
        del self._buffer[: self._at]
        self._at = self._counted = 0

    def _line_here(self) -> int:
        self._line += self._buffer.count(b"\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def skip_space(self) -> bool:
        """To the next thing; False at the end of the file."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._buffer):
                return True
            self._drop()
            if not self._fill():
                return False

    def peek(self) -> bytes:
        return bytes(self._buffer[self._at : self._at + 1])

    def step(self) -> None:
        self._at += 1

    def _fail(self, problem: str) -> Invalid:
        line = self._line_here()
        return Invalid("That is no sound JSON.", (f"{self._file.name}: line {line}: {problem}",))

    def _expect(self, *wanted: bytes) -> bytes:
        if not self.skip_space():
            raise self._fail("it breaks off")
        found = self.peek()
        if found not in wanted:
            raise self._fail(
                f"{found.decode('utf-8', 'replace')!r} stands where {b' or '.join(wanted).decode()} should"
            )
        self.step()
        return found

    # -- values --------------------------------------------------------------------------------

    def list_items(self, name: str) -> Iterator[tuple[str, int, Any]]:
        """Of a list whose bracket has been passed."""
        if not self.skip_space():
            raise self._fail("it breaks off")
        if self.peek() == b"]":
            self.step()
            return
        while True:
            yield self.value(name)
            if self._expect(b",", b"]") == b"]":
                return

    def object_items(self, lists: Collection[str]) -> Iterator[tuple[str, int, Any]]:
        """Of an object: the lists in it that are wanted, or, if it has none of them, the object."""
        self.step()
        rest: dict[str, Any] = {}
        line, found = self._line_here(), False
        if not self.skip_space():
            raise self._fail("it breaks off")
        if self.peek() == b"}":
            self.step()
            yield "", line, rest
            return
        while True:
            key = self.value("")[2]
            if not isinstance(key, str):
                raise self._fail("a key is no text")
            self._expect(b":")
            if not self.skip_space():
                raise self._fail("it breaks off")
            if key in lists and self.peek() == b"[":
                found = True
                self.step()
                yield from self.list_items(key)
            else:
                rest[key] = self.value(key)[2]
            if self._expect(b",", b"}") == b"}":
                break
        if not found:
            yield "", line, rest

    def value(self, name: str) -> tuple[str, int, Any]:
        """The value that begins here, decoded."""
        if not self.skip_space():
            raise self._fail("it breaks off")
        if self._at > _CHUNK:
            self._drop()
        line, end = self._line_here(), self._end_of_value()
        try:
            decoded = msgspec.json.decode(memoryview(self._buffer)[self._at : end])
        except (msgspec.DecodeError, RecursionError, ValueError) as error:
            raise self._fail(str(error)) from error
        self._at = end
        return name, line, decoded

    def _end_of_value(self) -> int:
        """Behind the value that begins at the place."""
        depth, at = 0, self._at
        while True:
            found = _TOKEN.search(self._buffer, at)
            if found is None or (self._buffer[found.start()] == 0x22 and not found[1]):
                at = at if found is None else found.start()
                if len(self._buffer) - self._at > LARGEST_ITEM:
                    raise self._fail(f"one item is larger than {LARGEST_ITEM:,} bytes")
                if self._fill():
                    continue
                if found is None and depth == 0 and self._buffer[self._at :].strip():
                    return len(self._buffer)
                raise self._fail("it breaks off")
            token, at = self._buffer[found.start()], found.end()
            if token in b"{[":
                depth += 1
                if depth > DEEPEST:
                    raise self._fail(f"more than {DEEPEST} levels inside one another")
            elif token in b"}]":
                depth -= 1
                if depth < 0:
                    return found.start()
                if depth == 0:
                    return at
            elif depth == 0:
                return at if token == 0x22 else found.start()
