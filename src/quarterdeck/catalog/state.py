"""Services as they stand inside a transaction."""

from dataclasses import dataclass

from quarterdeck.catalog.rules import SERVICE
from quarterdeck.record import Tx


@dataclass(frozen=True)
class Service:
    """`tier` 1 (most critical) to 4; `team` owns it; `escalation_path` None: the plan decides."""

    id: str
    name: str
    team: str
    tier: int
    depends_on: tuple[str, ...]
    escalation_path: str | None
    active: bool
    tolerance: int | None = None
    """Minutes of interruption that its owner tolerates; None: nobody has said."""


def service(tx: Tx, id: str) -> Service | None:
    """The service with this id, retired or not; None if there never was one."""
    found = tx.load(SERVICE, id)
    if found is None:
        return None
    entry = found.entry
    return Service(
        id,
        entry.name,
        entry.team,
        entry.tier,
        entry.depends_on,
        entry.escalation_path,
        found.active,
        entry.tolerance,
    )
