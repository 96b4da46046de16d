"""What a measure is taken of: incidents; or reviews, lessons, improvements and queues, each with its incident."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sqlalchemy import Connection, Table, select

from quarterdeck.catalog.views import services
from quarterdeck.direction.projections import (
    measured,
    measured_action,
    measured_factor,
    measured_lesson,
    measured_promise,
    measured_queue,
    measured_review,
)
from quarterdeck.direction.rules.measures import MISSING, Causes, Columns, Of, Words, recurrences
from quarterdeck.direction.rules.statistics import Counts, Flags
from quarterdeck.direction.views.measuring.held import Held

_MINUTE = 60_000_000
_INCIDENTS, _QUEUES = Held(measured), Held(measured_queue)


@dataclass(frozen=True)
class Population:
    """Rows with all that measures and slices ask for; `when`: the instant that puts one into a period."""

    columns: Columns
    causes: Causes


def population(conn: Connection, of: Of, needs: Sequence[str] = ()) -> Population:
    incidents = _incidents(conn, needs)
    match of:
        case "incidents":
            return incidents
        case "queues":
            return _queues(conn, incidents)
        case "reviews":
            return _beside(conn, incidents, measured_review, "due")
        case "lessons":
            found = _beside(conn, incidents, measured_lesson, "identified")
            rejected = found.columns.words["closing"].where("rejection")
            closed = found.columns.numbers["closed"]
            more = {
                "changed": np.where(rejected, MISSING, closed),
                "rejected": np.where(rejected, closed, MISSING),
                "changed_recorded": np.where(rejected, MISSING, found.columns.numbers["closed_recorded"]),
            }
            return replace(found, columns=_with(found.columns, more))
        case "improvements":
            return _beside(conn, incidents, measured_action, "due")


def _incidents(conn: Connection, needs: Sequence[str]) -> Population:
    columns = _INCIDENTS.columns(conn)
    rows, codes = _agreed_factors(conn, columns)
    more = {"when": columns["declared"]}
    if "promised" in needs:
        more["promised"] = _promised(conn, columns)
    if "recurs" in needs:
        service = columns.words["service"].codes.astype(np.int64)
        more["recurs"] = recurrences(rows, codes, service, columns["declared"])
    if "came_back" in needs:
        more["came_back"] = _came_back(conn, columns)
    return Population(_with(columns, more, {"team": _teams(conn, columns)}), _causes(rows, codes))


def _with(columns: Columns, numbers: dict[str, Counts], words: dict[str, Words] | None = None) -> Columns:
    return Columns({**columns.numbers, **numbers}, {**columns.words, **(words or {})})


def _teams(conn: Connection, columns: Columns) -> Words:
    """Who had it last, where the source said so; otherwise the team that owns the service now."""
    told, service = columns.words["team"], columns.words["service"]
    owner = {one.id: one.team for one in services(conn, retired=True)}
    names = {name: code for code, name in enumerate(told.names)}
    of_service = [names.setdefault(owner[id], len(names)) if id in owner else -1 for id in service.names]
    by_service = np.array([*of_service, -1], dtype=np.int32)[service.codes]
    return Words(np.where(told.codes >= 0, told.codes, by_service), tuple(names))


def _promised(conn: Connection, columns: Columns) -> Counts:
    """Within how many microseconds somebody is to acknowledge, by the revision and severity of each incident."""
    severity = columns.words["severity"]
    levels = {name: code for code, name in enumerate(severity.names)}
    promises = [row for row in conn.execute(select(measured_promise)) if row.severity in levels]
    last = max((row.revision for row in promises), default=0)
    table = np.full((last + 2, len(levels) + 1), MISSING, dtype=np.int64)  # the last line and column promise nothing
    for row in promises:
        table[row.revision, levels[row.severity]] = row.acknowledge_within * _MINUTE
    revision = columns["plan_revision"]
    return table[np.where((revision >= 0) & (revision <= last), revision, last + 1), severity.codes]


def _agreed_factors(conn: Connection, columns: Columns) -> tuple[Counts, list[str]]:
    query = select(measured_factor.c.number, measured_factor.c.code).where(measured_factor.c.agreed == 1)
    found = conn.execute(query).all()
    rows, known = _rows(columns, np.array([one.number for one in found], dtype=np.int64))
    return rows[known], [one.code for one, there in zip(found, known, strict=True) if there]


def _rows(columns: Columns, numbers: Counts) -> tuple[Counts, Flags]:
    """The row of each incident's number, and whether there is one."""
    keys = columns["number"]
    places = np.minimum(np.searchsorted(keys, numbers), max(0, len(keys) - 1))
    there: Flags = keys[places] == numbers if len(keys) else np.zeros(len(numbers), dtype=np.bool_)
    return places.astype(np.int64), there


def _causes(rows: Counts, codes: list[str]) -> Causes:
    found: dict[str, list[int]] = {}
    for row, code in zip(rows, codes, strict=True):
        found.setdefault(code, []).append(int(row))
    return {code: np.unique(np.array(inside, dtype=np.int64)) for code, inside in sorted(found.items())}


def _beside(conn: Connection, incidents: Population, table: Table, when: str) -> Population:
    """A small table with what is known of each row's incident; a row without one belongs to no service and no team."""
    rows = conn.execute(select(table).order_by(*table.primary_key)).mappings().all()
    own: dict[str, Counts] = {}
    texts: dict[str, Words] = {}
    for column in table.columns:
        values = [row[column.name] for row in rows]
        if column.type.python_type is int:
            own[column.name] = np.array([MISSING if value is None else value for value in values], dtype=np.int64)
        else:
            names: dict[str, int] = {}
            codes = [-1 if value is None else names.setdefault(value, len(names)) for value in values]
            texts[column.name] = Words(np.array(codes, dtype=np.int32), tuple(names))
    return joined(incidents, Columns(own, texts), when)


def joined(incidents: Population, own: Columns, when: str) -> Population:
    places, there = _rows(incidents.columns, own["number"])
    words = dict(own.words)
    for name, column in incidents.columns.words.items():
        if name not in words:
            codes = np.where(there, column.codes[places], -1) if len(column.codes) else np.full(len(own), -1)
            words[name] = Words(codes.astype(np.int32), column.names)
    drills = incidents.columns["drill"]
    drill = np.where(there, drills[places], 0) if len(drills) else np.zeros(len(own), dtype=np.int64)
    columns = Columns({**own.numbers, "drill": drill, "when": own[when]}, words)
    behind: dict[int, list[int]] = {}
    for row in np.flatnonzero(there):
        behind.setdefault(int(places[row]), []).append(int(row))
    causes = {
        code: np.array([row for one in inside for row in behind.get(int(one), ())], dtype=np.int64)
        for code, inside in incidents.causes.items()
    }
    return Population(columns, causes)


def _visits(conn: Connection) -> Columns:
    """Visits to teams' queues, each incident's in the order of time."""
    visits = _QUEUES.columns(conn)
    order = np.lexsort((visits["visit"], visits["entered"], visits["number"]))
    return Columns(
        {name: values[order] for name, values in visits.numbers.items()},
        {name: column.taken(order) for name, column in visits.words.items()},
    )


def _came_back(conn: Connection, columns: Columns) -> Counts:
    """1 where a team had the incident twice with another in between; missing where no team is known."""
    visits = _visits(conn)
    found = np.full(len(columns), MISSING, dtype=np.int64)
    if not len(visits):
        return found
    number, team = visits["number"], visits.words["team"].codes
    fresh = np.append(True, (number[1:] != number[:-1]) | (team[1:] != team[:-1]))
    numbers, turns = np.unique(number[fresh], return_counts=True)
    pairs = np.unique(np.stack((number, team.astype(np.int64))), axis=1)
    teams = np.unique(pairs[0], return_counts=True)[1]
    rows, there = _rows(columns, numbers)
    found[rows[there]] = (turns > teams)[there]
    return found


def _queues(conn: Connection, incidents: Population) -> Population:
    """A visit lasts until the next one of the same incident, its resolution, or its closure without one."""
    own = _visits(conn)
    places, there = _rows(incidents.columns, own["number"])
    same = np.append(own["number"][1:] == own["number"][:-1], False)[: len(own)]
    ends: dict[str, Counts] = {}
    for twin in ("", "_recorded"):
        resolved = incidents.columns.first_known((f"resolved{twin}", f"closed{twin}"))
        last = np.where(there, resolved[places], MISSING) if len(resolved) else np.full(len(own), MISSING)
        following = np.append(own[f"entered{twin}"][1:], MISSING)[: len(own)]
        ends[f"left{twin}"] = np.where(same, following, last)
    return joined(incidents, _with(own, ends), "entered")
