"""Capabilities against their tolerance: what stands open, and which interruptions of the window outlasted it."""

from collections.abc import Iterable

import numpy as np
from sqlalchemy import Connection

from quarterdeck.catalog.views import ServiceRow, services
from quarterdeck.command.views import IncidentRow, open_incidents
from quarterdeck.direction.rules.measures import MISSING, Asked, Columns, named
from quarterdeck.direction.rules.reporting.standings import INTERRUPTING, Capability, Open
from quarterdeck.direction.views.measuring import Question
from quarterdeck.kernel.time import Instant

_MINUTE = 60.0


def capabilities(conn: Connection, window: Asked, now: Instant, *, past: bool) -> list[Capability]:
    """Every service in use, the most critical first. Of a past day what stood open then is not looked for."""
    question = Question(conn, named("incidents"), window, now)
    columns, counted = question.population.columns, np.flatnonzero(question.counted())
    known = services(conn)
    names = {one.id: one.name for one in known}
    standing = [] if past else [row for row in open_incidents(conn) if not row.drill]
    found = _interruptions(columns, counted)
    open_by: dict[str, list[IncidentRow]] = {}
    for row in standing:
        open_by.setdefault(row.service or "", []).append(row)
    return [_capability(one, names, found, open_by.get(one.id, []), now) for one in known]


class _Interruptions:
    """Of the window, by service: how long each was felt (seconds), and the incident's number."""

    def __init__(self, numbers: list[int], services_: list[str | None], seconds: list[float]) -> None:
        self._by: dict[str, list[tuple[float, int]]] = {}
        for number, service, lasted in zip(numbers, services_, seconds, strict=True):
            if service is not None:
                self._by.setdefault(service, []).append((lasted, number))

    def of(self, service: str) -> list[tuple[float, int]]:
        return self._by.get(service, [])


def _interruptions(columns: Columns, rows: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> _Interruptions:
    """From when customers felt it, or it was declared, to when they were served again; those that ended."""
    start = columns.first_known(("started", "detected", "declared"))[rows]
    end = columns.first_known(("mitigated", "restored", "resolved", "closed"))[rows]
    severity, service = columns.words["severity"], columns.words["service"]
    severe = np.array([name in INTERRUPTING for name in severity.names] + [False])[severity.codes[rows]]
    kept = severe & (start != MISSING) & (end != MISSING) & (end > start) & (service.codes[rows] >= 0)
    return _Interruptions(
        columns["number"][rows][kept].tolist(),
        [service.names[code] for code in service.codes[rows][kept].tolist()],
        ((end - start)[kept] / 1e6).tolist(),
    )


def _capability(
    one: ServiceRow,
    names: dict[str, str],
    found: _Interruptions,
    standing: Iterable[IncidentRow],
    now: Instant,
) -> Capability:
    mine = found.of(one.id)
    tolerance = one.tolerance * _MINUTE if one.tolerance is not None else None
    worst = max(mine, default=None)
    return Capability(
        id=one.id,
        name=one.name,
        tier=one.tier,
        tolerance=tolerance,
        needed_by=tuple(names[id] for id in one.needed_by),
        open=tuple(_open(row, now) for row in standing),
        interruptions=len(mine),
        beyond=sum(lasted > tolerance for lasted, _ in mine) if tolerance is not None else 0,
        worst=(worst[1], worst[0]) if worst else None,
    )


def _open(row: IncidentRow, now: Instant) -> Open:
    since = row.impact_started or row.detected_at
    until = row.mitigated_at or now
    return Open(
        number=row.number,
        severity=row.severity,
        seconds=max(0.0, (until - since).total_seconds()),
        mitigated=row.mitigated_at is not None,
    )
