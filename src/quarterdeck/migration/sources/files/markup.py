"""XML read as it comes: no document type, no entities of its own, no depth or token without an end."""

from collections import deque
from collections.abc import Iterator
from typing import Literal, NamedTuple
from xml.parsers import expat

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.sources.files.opening import Opened

DEEPEST = 60
LONGEST_TOKEN = 8_000_000
_CHUNK = 1 << 16


class Piece(NamedTuple):
    """A beginning with its attributes, or an end with the text that stood inside it."""

    kind: Literal["begin", "end"]
    name: str
    line: int
    attributes: dict[str, str]
    text: str


def pieces(file: Opened) -> Iterator[Piece]:
    """The elements in their order, names without their namespace. Raises `Invalid` with the line."""
    reader = _Reader(file.name)
    while chunk := file.stream.read(_CHUNK):
        reader.feed(chunk, last=False)
        yield from reader.found()
    reader.feed(b"", last=True)
    yield from reader.found()


class _Reader:
    def __init__(self, name: str) -> None:
        self._name = name
        self._found: deque[Piece] = deque()
        self._texts: list[list[str]] = []
        self._quiet = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._parser.EntityDeclHandler = self._refuse_doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text

    def feed(self, chunk: bytes, *, last: bool) -> None:
        self._quiet += len(chunk)
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            where = f"{self._name}:{error.lineno}:{error.offset + 1}"
            raise Invalid("That is no sound XML.", (f"{where}: {expat.ErrorString(error.code)}",)) from error
        if self._quiet > LONGEST_TOKEN:
            raise Invalid(
                "A text in the XML has no end.", (f"{self._name}:{self._parser.CurrentLineNumber}: too long",)
            )

    def found(self) -> Iterator[Piece]:
        while self._found:
            yield self._found.popleft()

    def _refuse_doctype(self, *_: object) -> None:
        place = f"{self._name}:{self._parser.CurrentLineNumber}: remove the DOCTYPE; entities of its own can do harm"
        raise Invalid("The XML declares a document type.", (place,))

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._quiet = 0
        if len(self._texts) >= DEEPEST:
            place = f"{self._name}:{self._parser.CurrentLineNumber}: more than {DEEPEST} elements inside one another"
            raise Invalid("The XML is too deep.", (place,))
        self._texts.append([])
        line = self._parser.CurrentLineNumber
        self._found.append(Piece("begin", name.rpartition(":")[2], line, attributes, ""))

    def _end(self, name: str) -> None:
        self._quiet = 0
        text, line = "".join(self._texts.pop()).strip(), self._parser.CurrentLineNumber
        self._found.append(Piece("end", name.rpartition(":")[2], line, {}, text))

    def _text(self, text: str) -> None:
        if self._texts:
            self._texts[-1].append(text)
