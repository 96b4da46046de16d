"""Read tables of the catalogue: services and what each depends on."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    update,
)

from quarterdeck.catalog.events import ServiceAdded, ServiceRetired, ServiceRevised
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

service = Table(
    "service",
    read,
    Column("id", String(63), primary_key=True),
    Column("name", Text, nullable=False),
    Column("team", String(63), nullable=False),
    Column("tier", Integer, nullable=False),
    Column("escalation_path", String(63)),
    Column("tolerance", Integer),
    Column("loss", JSON),
    Column("active", Boolean, nullable=False),
)

service_dependency = Table(
    "service_dependency",
    read,
    Column("service", String(63), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("needs", String(63), nullable=False),
    Index("service_dependency_needs", "needs"),
)


def _written(conn: Connection, rows: Sequence[Recorded]) -> None:
    """An entry is recorded whole: the last of a service's entries in a run is what stands."""
    last = {r.event.service: r.event for r in rows}
    for table, column in ((service, service.c.id), (service_dependency, service_dependency.c.service)):
        conn.execute(delete(table).where(column.in_(list(last))))
    conn.execute(
        insert(service),
        [
            {
                "id": event.service,
                "name": event.name,
                "team": event.team,
                "tier": event.tier,
                "escalation_path": event.escalation_path,
                "tolerance": event.tolerance,
                "loss": msgspec.to_builtins(event.loss),
                "active": True,
            }
            for event in last.values()
        ],
    )
    needs = [
        {"service": event.service, "place": place, "needs": needed}
        for event in last.values()
        for place, needed in enumerate(event.depends_on)
    ]
    if needs:
        conn.execute(insert(service_dependency), needs)


def _retired(conn: Connection, rows: Sequence[Recorded]) -> None:
    conn.execute(update(service).where(service.c.id.in_([r.event.service for r in rows])).values(active=False))


PROJECTIONS: Projections = {ServiceAdded: _written, ServiceRevised: _written, ServiceRetired: _retired}
