"""Coverage: each incident type and team, when it was last exercised, on which revision, whether that still counts."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import Connection, select

from quarterdeck.command.views import counted_by_type
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.plan.rules import InForce, differences, procedure_for
from quarterdeck.plan.views import in_force, revision
from quarterdeck.readiness.projections.exercising import exercise as table
from quarterdeck.readiness.rules.coverage import Cell, Next, Tried, interval_of, latest, stands, worth_exercising

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class TypeRow:
    """One incident type: as a whole, and for each team."""

    type: str
    title: str
    procedure: str | None
    interval_days: int
    whole: Cell
    by_team: dict[str, Cell]
    incidents: int
    """Real ones within a year."""


@dataclass(frozen=True)
class Coverage:
    """`share`: of how many types, how many were exercised within their interval, whatever changed since."""

    revision: int | None
    teams: dict[str, str]
    rows: tuple[TypeRow, ...]
    next: tuple[Next, ...]

    @property
    def within(self) -> int:
        return sum(row.whole.state in ("fresh", "ageing") for row in self.rows)


def tried(conn: Connection) -> list[Tried]:
    """Every exercise that was evaluated; one that was broken off or never judged says nothing."""
    query = select(table).where(table.c.state.in_(("evaluated", "closed"))).order_by(table.c.ended_at)
    return [
        Tried(row.number, row.type, row.team, from_micros(row.ended_at), row.plan_revision, len(row.failed))
        for row in conn.execute(query)
    ]


def coverage(conn: Connection, now: Instant) -> Coverage:
    """By the plan in force; empty without one."""
    found = in_force(conn)
    if found is None:
        return Coverage(None, {}, (), ())
    done, teams = tried(conn), team_names(conn)
    counts = counted_by_type(conn, now - YEAR)
    changes = _Changes(conn, found)
    rows = []
    for type, described in found.plan.types.items():
        interval = interval_of(found.plan, type)
        mine = [one for one in done if one.type == type]

        def cell(last: Tried | None, type: str = type, interval: int = interval) -> Cell:
            changed = changes.of(type, last.revision) if last else None
            return stands(last, interval, now, changed_in=changed)

        rows.append(
            TypeRow(
                type=type,
                title=described.title,
                procedure=procedure_for(found.plan, type),
                interval_days=interval,
                whole=cell(latest(mine)),
                by_team={team: cell(latest(one for one in mine if one.team == team)) for team in teams},
                incidents=counts.get(type, 0),
            )
        )
    cells = {row.type: row.whole for row in rows}
    return Coverage(found.revision, teams, tuple(rows), worth_exercising(found.plan, cells, counts))


class _Changes:
    """Which revision after the one that was tried changed a type or its procedure; each pair is compared once."""

    def __init__(self, conn: Connection, found: InForce) -> None:
        self._found = found

        @cache
        def clauses(number: int) -> frozenset[str]:
            """What the revision changed, as `section.id`."""
            before, after = revision(conn, number - 1).plan, revision(conn, number).plan
            return frozenset(".".join(one.clause.split(".")[:2]) for one in differences(before, after))

        self._clauses = clauses

    def of(self, type: str, tried_on: int) -> int | None:
        wanted = {f"types.{type}", f"procedures.{procedure_for(self._found.plan, type)}"}
        later = range(self._found.revision, tried_on, -1)
        return next((number for number in later if self._clauses(number) & wanted), None)


def last_exercises(conn: Connection) -> dict[str, Tried]:
    """By document key (`plan`, `procedure:ID`) of the plan in force: the last exercise that tried it."""
    found, result = in_force(conn), dict[str, Tried]()
    if found is None:
        return result
    for one in tried(conn):
        procedure = procedure_for(found.plan, one.type)
        result |= {"plan": one} | ({f"procedure:{procedure}": one} if procedure else {})
    return result


@dataclass(frozen=True)
class DocumentTried:
    """When a document of the plan was last exercised: a procedure by the types that it serves, the plan by any."""

    last: Tried | None
    cell: Cell


def exercised_documents(conn: Connection, now: Instant) -> dict[str, DocumentTried]:
    """By document key (`plan`, `procedure:ID`): when it was last exercised, and whether that still counts."""
    found, done = coverage(conn, now), last_exercises(conn)
    by_key: dict[str, list[TypeRow]] = {}
    for row in found.rows:
        if row.procedure:
            by_key.setdefault(f"procedure:{row.procedure}", []).append(row)
    result = {}
    for key, rows in by_key.items():
        last = done.get(key)
        best = next((row.whole for row in rows if last and row.whole.last == last), None)
        result[key] = DocumentTried(last, best or Cell("never", "Never exercised."))
    if found.revision is not None:
        last = done.get("plan")
        whole = next((row.whole for row in found.rows if last and row.whole.last == last), None)
        result["plan"] = DocumentTried(last, whole or Cell("never", "Never exercised."))
    return result
