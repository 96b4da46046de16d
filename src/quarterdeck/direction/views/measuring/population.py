"""What a measure is taken of: incidents; or reviews, lessons, improvements and queues, each with its incident."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from sqlalchemy import Connection, Table, select

from quarterdeck.catalog.views import owners
from quarterdeck.direction.projections import (
    SAYS,
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
from quarterdeck.direction.views.measuring.reading import columns_of
from quarterdeck.direction.views.measuring.remembered import Remembered, moved
from quarterdeck.plan.events import RevisionWritten

_MINUTE = 60_000_000
_INCIDENTS, _QUEUES = Held(measured), Held(measured_queue)
_FACTORS, _BASE, _PROMISED, _RECURS, _CAME_BACK, _VISITS, _LEFT = (Remembered() for _ in range(7))
_BESIDE = {table.name: Remembered() for table in (measured_review, measured_lesson, measured_action)}


@dataclass(frozen=True)
class Population:
    """Rows with all that measures and slices ask for; `when`: the instant that puts one into a period."""

    columns: Columns
    causes: Causes

    @cached_property
    def first(self) -> int | None:
        """The earliest `when`."""
        when = self.columns["when"]
        known = when[when != MISSING]
        return int(known.min()) if len(known) else None


def population(conn: Connection, of: Of, needs: Sequence[str] = ()) -> Population:
    incidents = _incidents(conn, needs)
    match of:
        case "incidents":
            return incidents
        case "queues":
            visits = _visits(conn)
            return _LEFT.of(conn, (incidents, visits), None, lambda: _queues(incidents, visits))
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
    owned = tuple(owners(conn).items())
    factors = _FACTORS.of(
        conn,
        (),
        _stamp(conn, measured_factor),
        lambda: columns_of(conn, measured_factor, "agreed = 1", only=("number", "code")),
    )

    def base() -> Population:
        rows, known = _rows(columns, factors["number"])
        causes = _Causes(rows[known], factors.words["code"].taken(np.flatnonzero(known)))
        return Population(_with(columns, {"when": columns["declared"]}, {"team": _teams(owned, columns)}), causes)

    found = _BASE.of(conn, (columns, factors), owned, base)
    more: dict[str, Counts] = {}
    if "promised" in needs:
        written = moved(conn, RevisionWritten)
        more["promised"] = _PROMISED.of(conn, (columns,), written, lambda: _promised(conn, columns))
    if "recurs" in needs:
        more["recurs"] = _RECURS.of(conn, (found,), None, lambda: _recurs(found))
    if "came_back" in needs:
        visits = _visits(conn)
        more["came_back"] = _CAME_BACK.of(conn, (columns, visits), None, lambda: _came_back(visits, columns))
    return replace(found, columns=_with(found.columns, more)) if more else found


def _stamp(conn: Connection, table: Table) -> tuple[int, bytes | None]:
    """Where on the record something happened last that this table is made of."""
    return moved(conn, *(event for event, said in SAYS.items() if any(one.table is table for one in said)))


def _recurs(found: Population) -> Counts:
    causes = found.causes
    assert isinstance(causes, _Causes)
    service = found.columns.words["service"].codes.astype(np.int64)
    return recurrences(causes.rows, causes.codes.codes.astype(np.int64), service, found.columns["declared"])


def _with(columns: Columns, numbers: dict[str, Counts], words: dict[str, Words] | None = None) -> Columns:
    return Columns({**columns.numbers, **numbers}, {**columns.words, **(words or {})})


def _teams(owned: Sequence[tuple[str, str]], columns: Columns) -> Words:
    """Who had it last, where the source said so; otherwise the team that owns the service now."""
    told, service = columns.words["team"], columns.words["service"]
    owner = dict(owned)
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


def _rows(columns: Columns, numbers: Counts) -> tuple[Counts, Flags]:
    """The row of each incident's number, and whether there is one."""
    keys = columns["number"]
    places = np.minimum(np.searchsorted(keys, numbers), max(0, len(keys) - 1))
    there: Flags = keys[places] == numbers if len(keys) else np.zeros(len(numbers), dtype=np.bool_)
    return places.astype(np.int64), there


class _Causes(Mapping[str, Counts]):
    """Factor code → the rows that have it, found when somebody asks: a row may have several, and few ask for all."""

    def __init__(self, rows: Counts, codes: Words) -> None:
        """A row and a code for each agreed factor."""
        self.rows, self.codes = rows, codes
        self._found: dict[str, Counts] = {}

    def __getitem__(self, code: str) -> Counts:
        if code not in self._found:
            if code not in self.codes.names:
                raise KeyError(code)
            self._found[code] = np.unique(self.rows[self.codes.where(code)])
        return self._found[code]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.codes.names))

    def __len__(self) -> int:
        return len(self.codes.names)


class _Behind(Mapping[str, Counts]):
    """The causes of incidents, for rows that belong to them."""

    def __init__(self, causes: Causes, places: Callable[[], Counts]) -> None:
        self._causes, self._places = causes, places

    def __getitem__(self, code: str) -> Counts:
        found: Counts = np.flatnonzero(np.isin(self._places(), self._causes[code]))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._causes)

    def __len__(self) -> int:
        return len(self._causes)


def _beside(conn: Connection, incidents: Population, table: Table, when: str) -> Population:
    """A small table with what is known of each row's incident; a row without one belongs to no service and no team."""
    stamp = _stamp(conn, table)
    return _BESIDE[table.name].of(conn, (incidents,), stamp, lambda: joined(incidents, columns_of(conn, table), when))


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
    return Population(columns, _Behind(incidents.causes, lambda: np.where(there, places, -1)))


def _visits(conn: Connection) -> Columns:
    """Visits to teams' queues, each incident's in the order of time."""
    visits = _QUEUES.columns(conn)

    def sorted_() -> Columns:
        order = np.argsort(visits["number"], kind="stable")
        number, entered = visits["number"][order], visits["entered"][order]
        if np.any((number[1:] == number[:-1]) & (entered[1:] < entered[:-1])):  # told in another order than it was
            order = np.lexsort((visits["visit"], visits["entered"], visits["number"]))
        return Columns(
            {name: values[order] for name, values in visits.numbers.items()},
            {name: column.taken(order) for name, column in visits.words.items()},
        )

    return _VISITS.of(conn, (visits,), None, sorted_)


def _came_back(visits: Columns, columns: Columns) -> Counts:
    """1 where a team had the incident twice with another in between; missing where no team is known."""
    found = np.full(len(columns), MISSING, dtype=np.int64)
    if not len(visits):
        return found
    number, team = visits["number"], visits.words["team"].codes
    fresh = np.append(True, (number[1:] != number[:-1]) | (team[1:] != team[:-1]))
    number, team = number[fresh], team[fresh]
    rows, there = _rows(columns, number)
    found[rows[there]] = 0
    longer = number[2:][number[2:] == number[:-2]]  # of three turns and more, since two are of two teams
    few = np.isin(number, longer)
    pairs, turns = np.unique((number[few] << 32) + team[few], return_counts=True)  # both are far smaller than that
    rows, there = _rows(columns, pairs[turns > 1] >> 32)
    found[rows[there]] = 1
    return found


def _queues(incidents: Population, own: Columns) -> Population:
    """A visit lasts until the next one of the same incident, its resolution, or its closure without one."""
    places, there = _rows(incidents.columns, own["number"])
    same = np.append(own["number"][1:] == own["number"][:-1], False)[: len(own)]
    ends: dict[str, Counts] = {}
    for twin in ("", "_recorded"):
        resolved = incidents.columns.first_known((f"resolved{twin}", f"closed{twin}"))
        last = np.where(there, resolved[places], MISSING) if len(resolved) else np.full(len(own), MISSING)
        following = np.append(own[f"entered{twin}"][1:], MISSING)[: len(own)]
        ends[f"left{twin}"] = np.where(same, following, last)
    return joined(incidents, _with(own, ends), "entered")
