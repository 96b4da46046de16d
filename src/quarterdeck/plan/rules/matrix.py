"""The severity matrix must be total (a severity for every case) and monotone (never milder as things get worse)."""

from itertools import pairwise
from typing import Any

from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.reading import Reading
from quarterdeck.plan.rules.references import find, names_in
from quarterdeck.plan.rules.values import SEVERITIES

_BASE: Path = ("severity", "matrix")


def check_matrix(reading: Reading) -> None:
    """Name every missing, foreign and out-of-order cell."""
    impacts = names_in(reading.document, "severity.impact")
    urgencies = names_in(reading.document, "severity.urgency")
    matrix = next((value for _, value in find(reading.document, "severity.matrix")), None)
    if impacts and urgencies and isinstance(matrix, dict):
        _foreign(reading, matrix, impacts, urgencies)
        _total(reading, matrix, impacts, urgencies)
        _monotone(reading, matrix, impacts, urgencies)


def _row(matrix: dict[str, Any], impact: str) -> dict[str, Any]:
    row = matrix.get(impact)
    return row if isinstance(row, dict) else {}


def _foreign(reading: Reading, matrix: dict[str, Any], impacts: list[str], urgencies: list[str]) -> None:
    for impact in matrix:
        if impact not in impacts:
            _unknown(reading, (*_BASE, impact), "impact", impacts)
        for urgency in _row(matrix, impact):
            if urgency not in urgencies:
                _unknown(reading, (*_BASE, impact, urgency), "urgency", urgencies)


def _unknown(reading: Reading, path: Path, kind: str, known: list[str]) -> None:
    remedy = f"use {', '.join(known)}, or add it to `severity.{kind}`"
    reading.blame(path, f"the scale has no {kind} `{path[-1]}`", remedy, key=True)


def _total(reading: Reading, matrix: dict[str, Any], impacts: list[str], urgencies: list[str]) -> None:
    for impact in impacts:
        if impact not in matrix:
            missing = f"the matrix has no row for the impact `{impact}`"
            reading.blame((*_BASE, impact), missing, "add it: every case needs a severity", key=True)
        elif isinstance(matrix[impact], dict):
            for urgency in urgencies:
                if urgency not in matrix[impact]:
                    missing = f"the matrix has no severity for impact `{impact}` at urgency `{urgency}`"
                    reading.blame((*_BASE, impact, urgency), missing, "add the cell", key=True)


def _monotone(reading: Reading, matrix: dict[str, Any], impacts: list[str], urgencies: list[str]) -> None:
    cells = {
        (impact, urgency): _row(matrix, impact)[urgency]
        for impact in impacts
        for urgency in urgencies
        if _row(matrix, impact).get(urgency) in SEVERITIES
    }
    for urgency in urgencies:
        column = [(impact, urgency) for impact in impacts if (impact, urgency) in cells]
        _descending(reading, cells, column, "impact")
    for impact in impacts:
        row = [(impact, urgency) for urgency in urgencies if (impact, urgency) in cells]
        _descending(reading, cells, row, "urgency")


def _descending(reading: Reading, cells: dict[tuple[str, str], str], line: list[tuple[str, str]], scale: str) -> None:
    """Along a line from the greatest grade to the least, severity may only stay or fall ("SEV1" < "SEV2")."""
    for greater, lesser in pairwise(line):
        if cells[lesser] < cells[greater]:
            problem = (
                f"{cells[lesser]} is more severe than the {cells[greater]} of `{greater[0]}` at `{greater[1]}`, "
                f"whose {scale} is greater"
            )
            reading.blame((*_BASE, *lesser), problem, f"severity may not fall as {scale} rises: correct one of the two")
