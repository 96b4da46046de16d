"""Rows about one incident, in the order of their file → the incident that they tell. Pure.

A log has a row for each change, and its last row's facts count; a table has one row, and its columns say when what
happened. Both are told by the same columns of a mapping.
"""

from collections.abc import Iterator, Mapping, Sequence

from quarterdeck.migration.rules.cells import Cells
from quarterdeck.migration.rules.course import Course, Dated
from quarterdeck.migration.rules.mapping import titled
from quarterdeck.migration.rules.told import LONGEST_NUMBER, Rejection, Told

Row = tuple[int, Mapping[str, str]]
"""The line where it begins, and its values by column."""


def incident(cells: Cells, number: str, rows: Sequence[Row]) -> Iterator[Told | Rejection]:
    """The incident, after a rejection for each row that cannot be read; nothing but those if no row is left."""
    if not number or len(number) > LONGEST_NUMBER:
        why = f"its number is longer than {LONGEST_NUMBER} characters" if number else "it has no number"
        yield from (Rejection(line, why) for line, _ in rows)
        return
    if cells.mapping.kind == "table":
        yield from _from_table(cells, number, rows)
        return
    good: list[Dated] = []
    for line, row in rows:
        try:
            at = cells.instant(row, "at")
            for fact in ("opened_at", "resolved_at", "closed_at"):
                cells.instant(row, fact)
        except ValueError as error:
            yield Rejection(line, str(error))
            continue
        cells.note_strange(row)
        good.append((line, at, row))
    if good:
        yield from _told(cells, number, good)


def _from_table(cells: Cells, number: str, rows: Sequence[Row]) -> Iterator[Told | Rejection]:
    line, row = rows[0]
    for other, again in rows[1:]:
        alike = "says the same" if again == row else "says something else and is left out"
        yield Rejection(other, f"{number} stands in line {line} already; this one {alike}")
    try:
        for fact in ("started_at", "detected_at", "acknowledged_at", "mitigated_at", "resolved_at", "closed_at"):
            cells.instant(row, fact)
        cells.instant(row, "opened_at")
    except ValueError as error:
        yield Rejection(line, str(error))
        return
    cells.note_strange(row)
    yield from _told(cells, number, [(line, None, row)])


def _told(cells: Cells, number: str, rows: Sequence[Dated]) -> Iterator[Told | Rejection]:
    line, first_at, first = rows[0]
    opened = cells.instant(first, "opened_at") or first_at
    if opened is None:
        yield Rejection(line, f"{number}: nothing says when it was opened")
        return
    told = Told(
        system=cells.mapping.system,
        number=number,
        line=line,
        title=_title(cells, number, first),
        at=opened,
        severity=cells.severity(first),
        by=cells.names(cells.value(first, "opened_by")),
        detected_at=cells.instant(first, "detected_at"),
        impact_started=cells.instant(first, "started_at"),
        type=cells.word(first, "type"),
        service=cells.word(first, "service"),
        impact=cells.value(first, "impact"),
        urgency=cells.value(first, "urgency"),
        severity_reason=cells.value(first, "priority"),
        summary=cells.names.text(cells.value(first, "summary") or "", cells.people(first)),
    )
    told.steps = Course(cells, told, rows).steps()
    yield told


def _title(cells: Cells, number: str, row: Mapping[str, str]) -> str:
    text = cells.value(row, "title") or titled(cells.mapping, row) or number
    return cells.names.text(text, cells.people(row))
