"""What contributed to these incidents, by which kind, shown by what?"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from quarterdeck.governance.views import person_names
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.learning.projections.factoring import factor as table
from quarterdeck.learning.rules import taxonomy

MOST = 500


@dataclass(frozen=True)
class EvidenceRow:
    """A link into the record."""

    position: int
    stream: str


@dataclass(frozen=True)
class FactorRow:
    """One contributing factor. `words`: what its code means; `state`: found, agreed or withdrawn (with `reason`)."""

    id: str
    number: int
    code: str
    kind: str
    kind_title: str
    words: str
    text: str
    evidence: tuple[EvidenceRow, ...]
    state: str
    found_at: Instant
    found_by: str
    found_by_name: str
    settled_at: Instant | None
    settled_by_name: str | None
    reason: str | None


def factors(conn: Connection, numbers: Iterable[int], *, withdrawn: bool = False) -> list[FactorRow]:
    """The factors of these incidents, in the order they were found; withdrawn ones only if asked for."""
    return _rows(conn, select(table).where(table.c.number.in_(list(numbers))), withdrawn)


def factors_like(conn: Connection, code: str, *, limit: int = MOST) -> list[FactorRow]:
    """Factors of any incident under this code, or under any code of this kind (`change`)."""
    same = table.c.code == code if "." in code else table.c.code.startswith(f"{code}.", autoescape=True)
    return _rows(conn, select(table).where(same).limit(max(1, min(limit, MOST))), False)


def _rows(conn: Connection, query: Select[Any], withdrawn: bool) -> list[FactorRow]:
    if not withdrawn:
        query = query.where(table.c.state != "withdrawn")
    rows = conn.execute(query.order_by(table.c.found_at, table.c.id)).all()
    names = person_names(conn) if rows else {}
    words = taxonomy.codes() if rows else {}
    return [_row(row, names, words) for row in rows]


def _row(row: Any, names: dict[str, str], words: dict[str, str]) -> FactorRow:
    kind = taxonomy.kind_of(row.code)
    return FactorRow(
        id=row.id,
        number=row.number,
        code=row.code,
        kind=kind,
        kind_title=taxonomy.KINDS[kind].title if kind in taxonomy.KINDS else kind,
        words=words.get(row.code, row.code),
        text=row.text,
        evidence=tuple(EvidenceRow(one["position"], one["stream"]) for one in row.evidence),
        state=row.state,
        found_at=from_micros(row.found_at),
        found_by=row.found_by,
        found_by_name=names.get(row.found_by, row.found_by),
        settled_at=None if row.settled_at is None else from_micros(row.settled_at),
        settled_by_name=names.get(row.settled_by, row.settled_by),
        reason=row.reason,
    )
