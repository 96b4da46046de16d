"""CSV and its dialects → incidents, by a mapping: one row a change (a log) or one row an incident (a table)."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.asked import COUNTED, Asked
from quarterdeck.migration.rules.cells import Cells
from quarterdeck.migration.rules.instants import guessed, reader
from quarterdeck.migration.rules.mapping import TIMES, Mapping, fitted
from quarterdeck.migration.rules.rows import incident
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.migration.sources.files.opening import Opened, opened
from quarterdeck.migration.sources.files.spill import Spill
from quarterdeck.migration.sources.files.texts import Lines, encoding_of, misfit

DELIMITERS = ",;\t|"
LARGEST_CELL = 1_000_000
MOST_COLUMNS = 1_000
_LOOK = 1 << 16
_SAMPLE = 20_000
"""Different dates that are looked at to find out how dates are written."""
_TELL = 2_000


def read(path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    """Every row is set apart by its incident first, so that the rows of one need not stand together."""
    assert asked.mapping is not None
    csv.field_size_limit(LARGEST_CELL)
    with opened(path) as file, closing(Spill()) as spill:
        table = _Table(file, asked)
        yield from table.into(spill)
        cells = table.cells()
        total = spill.keys()
        for done, (number, rows) in enumerate(spill.groups()):
            if done % 200 == 0:
                asked.progress("Telling", done, total)
            named = [(line, dict(zip(table.header, row, strict=True))) for line, row in rows]
            yield from incident(cells, number, named)
        asked.seen.unmapped = cells.unmapped


class _Table:
    """The rows of a file under its header."""

    def __init__(self, file: Opened, asked: Asked) -> None:
        mapping: Mapping | None = asked.mapping
        assert mapping is not None
        self._file, self._asked, self._mapping = file, asked, mapping
        encoding = encoding_of(file, mapping.encoding)
        delimiter = mapping.delimiter or _delimiter(file, encoding)
        self._lines = Lines(file, encoding)
        self._source = iter(self._lines)
        self._reader = csv.reader(self._source, delimiter=delimiter)
        self.header = _named(self._first_row())
        self.fitted = fitted(mapping, self.header)
        self._dates: set[str] = set()
        seen = asked.seen
        seen.encoding, seen.delimiter, seen.zone = encoding, delimiter, mapping.zone
        seen.columns, seen.fitted = tuple(self.header), self.fitted

    def cells(self) -> Cells:
        dates = self._mapping.dates or guessed(self._dates)
        self._asked.seen.dates = dates
        return Cells(self._mapping, self.fitted, reader(dates, self._mapping.zone), self._asked.names)

    def _first_row(self) -> list[str]:
        try:
            for row in self._reader:
                if row and row[0].lower().startswith("sep=") and not any(row[1:]):
                    continue  # Excel's own line about its delimiter
                if any(cell.strip() for cell in row):
                    return row
        except csv.Error as error:
            raise Invalid("That is no CSV.", (f"{self._file.name}: line {self._lines.number}: {error}",)) from error
        raise Invalid("The file is empty.", (f"{self._file.name}: no line holds anything",))

    def into(self, spill: Spill) -> Iterator[Rejection]:
        """Spill the good rows by incident; the others come back as rejections."""
        number = self.header.index(self.fitted["number"])
        times = [self.header.index(self.fitted[name]) for name in TIMES if name in self.fitted]
        counted = [(name, self.header.index(self.fitted[name])) for name in COUNTED if name in self.fitted]
        guessing, look, seen = self._mapping.dates is None, self._asked.look, self._asked.seen
        for line, row in self._rows():
            if isinstance(row, str):
                yield Rejection(line, row)
                continue
            seen.rows += 1
            if guessing and len(self._dates) < _SAMPLE:
                self._dates.update(row[place] for place in times if row[place] not in self._mapping.missing)
            if look:
                for name, place in counted:
                    seen.count(name, row[place].strip())
            spill.add(row[number].strip(), line, row)
            if seen.rows % _TELL == 0:
                self._asked.progress("Reading", self._file.done, self._file.size)
        yield from self._lines.rejected

    def _rows(self) -> Iterator[tuple[int, list[str] | str]]:
        """(line where it begins, the row or why it is none)."""
        width = len(self.header)
        while True:
            line = self._lines.number + 1
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                end = self._lines.number
                where = f"lines {line} to {end}: " if end > line else ""
                yield line, f"{where}{error}; is a quotation mark missing?"
                continue
            if not row or (len(row) == 1 and not row[0].strip()):
                continue
            wrong = misfit("".join(row))
            if wrong:
                yield line, f"the byte {wrong} is not in {self._asked.seen.encoding}: give the right encoding"
            elif len(row) != width:
                yield line, f"it has {len(row)} cells, the header {width}"
            else:
                yield line, row


def _delimiter(file: Opened, encoding: str) -> str:
    """The one that cuts the beginning into the same number of columns most often, and into the most."""
    text = file.peek(_LOOK).decode(encoding, "replace").removeprefix("\ufeff")
    first = text.lstrip().splitlines()[0].lower() if text.strip() else ""
    if first.startswith("sep=") and len(first) == 5:
        return first[4]
    lines = text.splitlines(keepends=True)[:-1][:200] or text.splitlines()
    best = (0.0, 0, ",")
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            continue
        width = max(set(widths), key=widths.count, default=1)
        if width > 1:
            best = max(best, (widths.count(width) / len(widths), width, delimiter))
    return best[2]


def _named(row: Sequence[str]) -> list[str]:
    """The header, each name once: a second `Name` becomes `Name (2)`. Raises `Invalid` for what is no header."""
    if len(row) > MOST_COLUMNS:
        raise Invalid("That is no table.", (f"the first row has {len(row):,} cells; at most {MOST_COLUMNS:,}",))
    names: list[str] = []
    for at, cell in enumerate(row, 1):
        name = " ".join(cell.split())[:200] or f"column {at}"
        count = sum(one == name or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({count + 1})" if count else name)
    return names
