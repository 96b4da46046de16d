"""The same definitions in SQL: of each row what it counts for, or why it does not, for tools that read databases.

A duration is made of the names of its instants. Shares and counts are computed by functions over columns; asked with
columns that are pieces of SQL, they answer with SQL, so that no definition stands twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, cast

from quarterdeck.direction.rules.measures.catalogue import MEASURES
from quarterdeck.direction.rules.measures.columns import MISSING, Columns
from quarterdeck.direction.rules.measures.definition import AnyMeasure, Count, Duration, Share
from quarterdeck.direction.rules.measures.figures import NO_INCIDENT
from quarterdeck.direction.rules.measures.recurrence import WITHIN_DAYS
from quarterdeck.direction.rules.measures.slicing import DAY

Dialect = Literal["sqlite", "postgresql"]
_SHARED = ("number", "type", "severity", "service", "team", "source")
_BACKWARDS = "ended before they began, by their own times"
_BROUGHT_IN = "brought in, so written down long after"


@dataclass(frozen=True, eq=False)
class Sql:
    """A piece of SQL that can be compared and joined as a column of numbers or of flags can."""

    text: str

    def _with(self, sign: str, other: object) -> "Sql":
        return Sql(f"({self.text} {sign} {other.text if isinstance(other, Sql) else other})")

    def __add__(self, other: object) -> "Sql":
        return self._with("+", other)

    def __lt__(self, other: object) -> "Sql":
        return self._with("<", other)

    def __le__(self, other: object) -> "Sql":
        return self._with("<=", other)

    def __gt__(self, other: object) -> "Sql":
        return self._with(">", other)

    def __eq__(self, other: object) -> "Sql":  # type: ignore[override]  # as an array does
        return self._with("=", other)

    def __and__(self, other: object) -> "Sql":
        return self._with("AND", other)

    def __or__(self, other: object) -> "Sql":
        return self._with("OR", other)

    def astype(self, _: object) -> "Sql":
        return Sql(f"(CASE WHEN {self.text} THEN 1 ELSE 0 END)")


class _Word:
    def __init__(self, name: str) -> None:
        self._name = name

    def where(self, value: str) -> Sql:
        return Sql(f"(coalesce({self._name}, '') = {_quoted(value)})")


class _Words(Mapping[str, _Word]):
    def __getitem__(self, name: str) -> _Word:
        return _Word(name)

    def __iter__(self) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


class _Pieces:
    """Columns as pieces of SQL; what is missing is the same number as in memory, so that comparisons come out alike."""

    words = _Words()

    def __getitem__(self, name: str) -> Sql:
        return Sql(f"coalesce({name}, {MISSING})")

    def known(self, name: str) -> Sql:
        return Sql(f"({name} IS NOT NULL)")


@cache
def views(dialect: Dialect, now: str | None = None) -> dict[str, str]:
    """Name → query, in the order in which they have to be made. `now`: SQL for microseconds, the database's clock."""
    known = {f"measuring_{of}": query for of, query in _populations().items()}
    made = {view_of(one.id): _measure(one, dialect, now or _now(dialect)) for one in MEASURES.values()}
    return {**known, **made}


def view_of(id: str) -> str:
    """`measure_time_to_restore`."""
    return f"measure_{id.replace('-', '_')}"


def _now(dialect: Dialect) -> str:
    if dialect == "sqlite":
        return "CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
    return "CAST(extract(epoch FROM now()) * 1000000 AS bigint)"


def _measure(measure: AnyMeasure, dialect: Dialect, now: str) -> str:
    columns = [*_SHARED, *(["id"] if measure.of != "incidents" else []), _instant(dialect), "at AS at_micros"]
    match measure:
        case Duration():
            columns += _duration(measure, now)
        case Share():
            part, whole = measure.counted(cast(Columns, _Pieces()), cast(int, Sql(now)))
            for name, one in (("part", part), ("whole", whole)):
                columns.append(f"CASE WHEN {_left_out()} IS NULL THEN {cast(Sql, one).text} ELSE 0 END AS {name}")
            columns.append(f"{_left_out()} AS left_out")
        case Count():
            counted = cast(Sql, measure.counted(cast(Columns, _Pieces())))
            columns.append(f"CASE WHEN {_left_out()} IS NULL AND {counted.text} THEN 1 ELSE 0 END AS counted")
            columns.append(f"{_left_out()} AS left_out")
    return f"SELECT {', '.join(columns)} FROM measuring_{measure.of}"  # noqa: S608  # of our own definitions


def _instant(dialect: Dialect) -> str:
    return "datetime(at / 1000000, 'unixepoch') AS at" if dialect == "sqlite" else "to_timestamp(at / 1e6) AS at"


def _duration(measure: Duration, now: str) -> list[str]:
    found = []
    for twin in ("", "_recorded"):
        start, end = f'"{measure.start}{twin}"', _first([f"{name}{twin}" for name in measure.ends])
        running = f"({end} IS NULL AND {_first(measure.halts)} IS NULL)"
        why = _left_out(
            *((("source IS NOT NULL", _BROUGHT_IN),) if twin else ()),
            (f"{start} IS NULL", measure.unknown or "without a start"),
            (f"{end} IS NULL AND NOT {running}", measure.never),
            (f"coalesce({end}, {now}) < {start}", _BACKWARDS),
        )
        found += [
            f"CASE WHEN {why} IS NULL THEN ({end} - {start}) / 60000000.0 END AS minutes{twin}",
            f"CASE WHEN {why} IS NULL AND {end} IS NULL THEN ({now} - {start}) / 60000000.0 END AS open_minutes{twin}",
            f"{why} AS left_out{twin}",
        ]
    return found


def _left_out(*more: tuple[str, str]) -> str:
    """The first reason that holds; NULL: it counts."""
    states = ", ".join(_quoted(state) for state in NO_INCIDENT)
    reasons = (("drill = 1", "drills"), (f"state IN ({states})", "declined, merged or cancelled"), *more)
    whens = " ".join(f"WHEN {condition} THEN {_quoted(why)}" for condition, why in reasons)
    return f"CASE {whens} END"


def _first(names: Sequence[str]) -> str:
    named = [f'"{name}"' for name in names]  # `left` is one, and a word of SQL
    return named[0] if len(named) == 1 else f"coalesce({', '.join(named)})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _populations() -> dict[str, str]:
    """What measures are taken of, as `views/measuring/population.py` has it in memory."""
    return {
        "incidents": " ".join(_INCIDENTS.replace("{within}", str(WITHIN_DAYS * DAY)).split()),
        "reviews": _beside("measured_review", "number", "due", "opened due held held_recorded waived"),
        "lessons": _beside(
            _LESSONS, "lesson", "identified", "identified identified_recorded changed changed_recorded rejected"
        ),
        "improvements": _beside("measured_action", "action", "due", "proposed due verified cancelled"),
        "queues": _beside(_VISITS, "visit", "entered", "entered entered_recorded", _LEFT, team="o.team"),
    }


def _beside(rows: str, id: str, at: str, own: str, more: str = "", team: str = "i.team") -> str:
    """Rows with what is known of the incident of each."""
    of_incident = f"i.state, coalesce(i.drill, 0) AS drill, i.type, i.severity, i.service, {team} AS team, i.source"
    mine = ", ".join(f"o.{name}" for name in own.split())
    parts = ("SELECT", f"o.{id} AS id, o.number, {of_incident}, o.{at} AS at, {mine}{more}", "FROM", rows, "AS o")
    return " ".join((*parts, "LEFT JOIN measuring_incidents AS i ON i.number = o.number"))


_INCIDENTS = """
SELECT m.number, m.state, m.type, m.severity, m.service, coalesce(m.team, s.team) AS team, m.source, m.drill,
  m.monitored, m.level_made, m.reassigned, m.started, m.detected, m.paged, m.acknowledged, m.declared, m.mitigated,
  m.restored, m.resolved, m.closed, m.started_recorded, m.detected_recorded, m.paged_recorded, m.acknowledged_recorded,
  m.declared_recorded, m.mitigated_recorded, m.restored_recorded, m.resolved_recorded, m.closed_recorded,
  m.resolutions, m.reopened, m.handovers, m.pages, m.updates_kept, m.updates_missed, m.steps, m.steps_followed,
  m.declared AS at,
  CAST(p.acknowledge_within AS bigint) * 60000000 AS promised,
  CASE
    WHEN NOT EXISTS (SELECT 1 FROM measured_factor AS f WHERE f.number = m.number AND f.agreed = 1) THEN NULL
    WHEN EXISTS (
      SELECT 1 FROM measured_factor AS f
      JOIN measured_factor AS g ON g.code = f.code AND g.agreed = 1 AND g.number <> f.number
      JOIN measured AS e ON e.number = g.number AND e.service = m.service
      WHERE f.number = m.number AND f.agreed = 1 AND m.declared - e.declared <= {within}
        AND (e.declared < m.declared OR (e.declared = m.declared AND e.number < m.number))
    ) THEN 1 ELSE 0
  END AS recurs,
  v.came_back
FROM measured AS m
LEFT JOIN service AS s ON s.id = m.service
LEFT JOIN measured_promise AS p ON p.revision = m.plan_revision AND p.severity = m.severity
LEFT JOIN (
  SELECT number, CASE WHEN sum(fresh) > count(DISTINCT team) THEN 1 ELSE 0 END AS came_back
  FROM (
    SELECT number, team,
      CASE WHEN lag(team) OVER (PARTITION BY number ORDER BY entered, visit) = team THEN 0 ELSE 1 END AS fresh
    FROM measured_queue
  ) AS turns
  GROUP BY number
) AS v ON v.number = m.number
"""
_LESSONS = (
    "(SELECT lesson, number, identified, identified_recorded,"
    " CASE WHEN closing = 'rejection' THEN NULL ELSE closed END AS changed,"
    " CASE WHEN closing = 'rejection' THEN NULL ELSE closed_recorded END AS changed_recorded,"
    " CASE WHEN closing = 'rejection' THEN closed END AS rejected FROM measured_lesson)"
)
_VISITS = (
    "(SELECT number, visit, team, entered, entered_recorded,"
    " lead(entered) OVER ahead AS following, lead(entered_recorded) OVER ahead AS following_recorded"
    " FROM measured_queue WINDOW ahead AS (PARTITION BY number ORDER BY entered, visit))"
)
_LEFT = (
    ', CASE WHEN o.following IS NULL THEN coalesce(i.resolved, i.closed) ELSE o.following END AS "left"'
    ", CASE WHEN o.following IS NULL THEN coalesce(i.resolved_recorded, i.closed_recorded)"
    " ELSE o.following_recorded END AS left_recorded"
)
