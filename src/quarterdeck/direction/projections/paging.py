"""What is measured of pages: each one with its person and instant, and when an incident's first went out."""

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from quarterdeck.direction.projections.incidents import change, when
from quarterdeck.direction.projections.stating import Fact, Put, Says, at, number, position
from quarterdeck.oncall import events as ev
from quarterdeck.record.tables import read

measured_page = Table(
    "measured_page",
    read,
    Column("page", BigInteger, primary_key=True, autoincrement=False),
    Column("moved", BigInteger, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("person", String(80), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("measured_page_at", "at"),
)
"""`page`: the position at which it was requested; `number`: the incident's."""

_PAGE: dict[str, Fact] = {
    "page": position,
    "moved": position,
    "number": number,
    "person": lambda row: row.event.person,
    "at": at,
}

SAYS: Says = {
    ev.PageRequested: [Put(measured_page, _PAGE), change(when("paged"), how="first", pages=lambda row: row.pages + 1)]
}
