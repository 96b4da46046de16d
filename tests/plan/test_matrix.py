"""Any total and monotone matrix passes; any hole and any step back is named by its cell."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.plan.rules.matrix import check_matrix
from quarterdeck.plan.rules.reading import Reading, read

Grid = list[list[int]]


def reading_of(grid: Grid, drop: tuple[int, int] | None = None) -> Reading:
    rows: dict[str, dict[str, str]] = {
        f"i{i}": {f"u{u}": f"SEV{level}" for u, level in enumerate(row) if (i, u) != drop} for i, row in enumerate(grid)
    }
    scheme: dict[str, Any] = {
        "impact": [{"id": f"i{i}"} for i in range(len(grid))],
        "urgency": [{"id": f"u{u}"} for u in range(len(grid[0]))],
        "matrix": rows,
    }
    return read({"plan.yaml": json.dumps({"severity": scheme}, indent=1)})


def faults_of(grid: Grid, drop: tuple[int, int] | None = None) -> list[str]:
    reading = reading_of(grid, drop)
    assert not reading.faults
    check_matrix(reading)
    return [fault.path for fault in reading.faults]


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width = draw(st.integers(1, 6))
    return draw(st.lists(st.lists(st.integers(1, 5), min_size=width, max_size=width), min_size=1, max_size=6))


def monotone(grid: Grid) -> Grid:
    """The least milder grid: each cell at least as mild as those above and to the left."""
    made: Grid = []
    for i, row in enumerate(grid):
        made.append([])
        for u, level in enumerate(row):
            above = made[i - 1][u] if i else 1
            before = made[i][u - 1] if u else 1
            made[i].append(max(level, above, before))
    return made


@given(grids())
def test_a_total_and_monotone_matrix_has_no_fault(grid: Grid) -> None:
    assert faults_of(monotone(grid)) == []


@given(grids())
def test_exactly_the_cells_milder_above_or_before_are_blamed(grid: Grid) -> None:
    blamed = {
        f"severity.matrix.i{i}.u{u}"
        for i, row in enumerate(grid)
        for u, level in enumerate(row)
        if (i and level < grid[i - 1][u]) or (u and level < row[u - 1])
    }
    assert set(faults_of(grid)) == blamed


@given(grids(), st.data())
def test_a_hole_is_named_by_its_cell(grid: Grid, data: st.DataObject) -> None:
    i = data.draw(st.integers(0, len(grid) - 1))
    u = data.draw(st.integers(0, len(grid[0]) - 1))
    assert f"severity.matrix.i{i}.u{u}" in faults_of(monotone(grid), drop=(i, u))
