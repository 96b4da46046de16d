"""What came up more than once: across incidents, in the one at hand, and in each month's check."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.catalog.views import service_names
from quarterdeck.command.views import Occurrence, occurrences
from quarterdeck.governance.views import person_names
from quarterdeck.intake.views import change_titles, raised_for
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.events.recurring import Recurred
from quarterdeck.learning.projections.factoring import factor as factor_table
from quarterdeck.learning.projections.recurring import recurrence_check as check_table
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.rules.recurring import KINDS, Cluster, Kind, Seen, clusters, sentence, sort_of
from quarterdeck.plan.views import in_force

LOOK_BACK = timedelta(days=184)
"""Six months: how far back the incident at hand is compared."""
_CHUNK = 500


@dataclass(frozen=True)
class Again:
    """What makes this incident not the first: in a sentence, with the earlier ones."""

    cluster: Cluster
    sentence: str
    earlier: tuple[int, ...]


@dataclass(frozen=True)
class RecurrenceCheckRow:
    """One month's check. `text`: what somebody says follows from it."""

    month: str
    since: Instant
    until: Instant
    checked_at: Instant
    incidents: int
    found: tuple[Recurred, ...]
    assessed_at: Instant | None
    assessed_by: str | None
    assessed_by_name: str | None
    text: str | None


def patterns(
    conn: Connection, *, since: Instant, until: Instant | None = None, kind: str | None = None
) -> tuple[list[Cluster], int]:
    """Everything that came up more than once since then, and of how many incidents. Drills are left out."""
    if kind is not None and kind not in KINDS:
        raise Invalid("The filter is not right.", (f"kind: {kind[:60]!r}; use one of {', '.join(KINDS)}",))
    found = occurrences(conn, since=since)
    if until is not None:
        found = [one for one in found if from_micros(one.at) < until]
    wanted: Sequence[Kind] = [one for one in KINDS if kind in (None, one)]
    return clusters(_seen(conn, found, wanted)), len(found)


def again(conn: Connection, number: int) -> list[Again]:
    """What this incident has in common with others of the six months before it, the most telling first."""
    own = next(iter(occurrences(conn, numbers=[number])), None)
    if own is None:
        return []
    since = from_micros(own.at) - LOOK_BACK
    keys = [one.key for one in raised_for(conn, [number])]
    codes = list(conn.execute(_standing(select(factor_table.c.code)).where(factor_table.c.number == number)).scalars())
    others = {one.number for one in raised_for(conn, keys=keys)} if keys else set()
    if codes:
        same = _standing(select(factor_table.c.number)).where(factor_table.c.code.in_(codes))
        others |= set(conn.execute(same).scalars())
    found = occurrences(conn, numbers=sorted({*others, number}))
    if own.type and own.service:
        found += occurrences(conn, since=since, type=own.type, service=own.service)
    unique = {one.number: one for one in found if from_micros(one.at) >= since and one.at <= own.at}
    seen = _seen(
        conn, sorted(unique.values(), key=lambda one: one.at), ("alert", "change", "factor", "type-on-service")
    )
    return [
        Again(one, sentence(one, number), tuple(other for other in one.numbers if other != number))
        for one in clusters(seen)
        if number in one.numbers
    ]


def recurrence_checks(conn: Connection, *, limit: int = 50) -> list[RecurrenceCheckRow]:
    """The monthly checks, the latest first."""
    return _checks(conn, select(check_table).order_by(check_table.c.month.desc()).limit(max(1, min(limit, 500))))


def recurrence_check(conn: Connection, month: str) -> RecurrenceCheckRow:
    """One month's check. Raises `NotFound`."""
    found = _checks(conn, select(check_table).where(check_table.c.month == month))
    if not found:
        raise NotFound(f"recurrence check of {month[:20]}")
    return found[0]


def _standing(query: Any) -> Any:
    return query.where(factor_table.c.state != "withdrawn")


def _seen(conn: Connection, found: Sequence[Occurrence], kinds: Sequence[Kind]) -> Iterator[Seen]:
    """What came up in each of these incidents, oldest first within each kind."""
    plan = in_force(conn)
    types = {id: one.title for id, one in plan.plan.types.items()} if plan else {}
    names = service_names(conn)
    at = {one.number: from_micros(one.at) for one in found}
    few = list(at) if len(at) <= _CHUNK else None
    for kind in kinds:
        if kind == "alert":
            yield from (
                Seen(kind, one.key, one.title, one.number, at[one.number])
                for one in raised_for(conn, few)
                if one.number in at
            )
        elif kind in ("factor", "change"):
            yield from _of_factors(conn, kind, at, few)
        else:
            yield from _of_kinds(kind, found, at, types, names)


def _of_kinds(
    kind: Kind, found: Iterable[Occurrence], at: dict[int, Instant], types: dict[str, str], names: dict[str, str]
) -> Iterator[Seen]:
    for one in found:
        type, service = types.get(one.type or "", one.type), names.get(one.service or "", one.service)
        if kind == "type" and one.type:
            yield Seen(kind, one.type, type or "", one.number, at[one.number])
        elif kind == "service" and one.service:
            yield Seen(kind, one.service, service or "", one.number, at[one.number])
        elif kind == "type-on-service" and one.type and one.service:
            yield Seen(kind, f"{one.type}/{one.service}", f"{type} on {service}", one.number, at[one.number])


def _of_factors(conn: Connection, kind: Kind, at: dict[int, Instant], few: list[int] | None) -> Iterator[Seen]:
    """Factors by their code; changes by the sort of change that a factor names as its evidence."""
    of = factor_table.c
    query = _standing(select(of.number, of.code, of.evidence))
    if few is not None:
        query = query.where(of.number.in_(few))
    if kind == "change":
        query = query.where(of.code.startswith("change."))
    rows = sorted((row for row in conn.execute(query) if row.number in at), key=lambda row: at[row.number])
    if kind == "factor":
        words = taxonomy.codes()
        yield from (Seen(kind, row.code, words.get(row.code, row.code), row.number, at[row.number]) for row in rows)
        return
    shown = [
        (row.number, one["stream"].partition("/")[2])
        for row in rows
        for one in row.evidence
        if one["stream"].startswith("change/")
    ]
    ids = list(dict.fromkeys(id for _, id in shown))
    titles: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        titles |= change_titles(conn, ids[start : start + _CHUNK])
    for number, id in shown:
        if id in titles:
            yield Seen(kind, sort_of(titles[id]), sort_of(titles[id]), number, at[number])


def _checks(conn: Connection, query: Any) -> list[RecurrenceCheckRow]:
    rows = conn.execute(query).all()
    names = person_names(conn) if rows else {}
    return [
        RecurrenceCheckRow(
            month=row.month,
            since=from_micros(row.since),
            until=from_micros(row.until),
            checked_at=from_micros(row.checked_at),
            incidents=row.incidents,
            found=tuple(msgspec.convert(row.found, list[Recurred])),
            assessed_at=None if row.assessed_at is None else from_micros(row.assessed_at),
            assessed_by=row.assessed_by,
            assessed_by_name=names.get(row.assessed_by, row.assessed_by),
            text=row.text,
        )
        for row in rows
    ]
