"""Questions about services: what there is, who owns it, what it stands on and what stands on it."""

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.catalog.projections import service as service_table
from quarterdeck.catalog.projections import service_dependency


@dataclass(frozen=True)
class ServiceRow:
    """`depends_on` and `needed_by` hold service ids; `needed_by` names services in use only."""

    id: str
    name: str
    team: str
    tier: int
    depends_on: tuple[str, ...]
    needed_by: tuple[str, ...]
    escalation_path: str | None
    active: bool
    tolerance: int | None = None
    """Minutes of interruption that its owner tolerates; None: nobody has said."""
    loss: HourlyLoss | None = None


def services(conn: Connection, *, retired: bool = False) -> list[ServiceRow]:
    """Services in use, most critical first, then by name; with `retired`, the others after them."""
    rows = conn.execute(select(service_table)).all()
    active = {row.id for row in rows if row.active}
    down: dict[str, list[str]] = {}
    up: dict[str, list[str]] = {}
    query = select(service_dependency).order_by(service_dependency.c.service, service_dependency.c.place)
    for edge in conn.execute(query):
        down.setdefault(edge.service, []).append(edge.needs)
        if edge.service in active:
            up.setdefault(edge.needs, []).append(edge.service)
    found = [
        ServiceRow(
            id=row.id,
            name=row.name,
            team=row.team,
            tier=row.tier,
            depends_on=tuple(down.get(row.id, ())),
            needed_by=tuple(up.get(row.id, ())),
            escalation_path=row.escalation_path,
            active=row.active,
            tolerance=row.tolerance,
            loss=_loss(row.loss),
        )
        for row in rows
        if row.active or retired
    ]
    return sorted(found, key=lambda one: (not one.active, one.tier, one.name.casefold(), one.id))


def service(conn: Connection, id: str) -> ServiceRow | None:
    """One service, retired or not."""
    row = conn.execute(select(service_table).where(service_table.c.id == id)).first()
    if row is None:
        return None
    edge = service_dependency.c
    down = conn.execute(select(edge.needs).where(edge.service == id).order_by(edge.place)).scalars()
    above = (
        select(edge.service)
        .join(service_table, service_table.c.id == edge.service)
        .where(edge.needs == id, service_table.c.active)
        .order_by(edge.service)
    )
    return ServiceRow(
        id=row.id,
        name=row.name,
        team=row.team,
        tier=row.tier,
        depends_on=tuple(down),
        needed_by=tuple(conn.execute(above).scalars()),
        escalation_path=row.escalation_path,
        active=row.active,
        tolerance=row.tolerance,
        loss=_loss(row.loss),
    )


def service_names(conn: Connection) -> dict[str, str]:
    """Display names by service id, retired services included."""
    return {row.id: row.name for row in conn.execute(select(service_table.c.id, service_table.c.name))}


def owners(conn: Connection) -> dict[str, str]:
    """The team that owns each service, by service id, retired services included."""
    query = select(service_table.c.id, service_table.c.team).order_by(service_table.c.id)
    return {row.id: row.team for row in conn.execute(query)}


def _loss(kept: Any) -> HourlyLoss | None:
    return None if kept is None else msgspec.convert(kept, HourlyLoss)
