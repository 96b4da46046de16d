"""What command hangs on the plan's pages: when a document was last used, how it was followed, what `INC-12` means."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from quarterdeck.command import views
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.panel import DocumentColumn, DocumentPanel, Fact, Reference, Told
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant

DAYS = 365
"""How far back the practice of a procedure is looked at."""


def last_used(conn: Connection) -> Mapping[str, Fact]:
    return {
        key: Fact(use.at, f"INC-{use.number}", f"/incidents/{use.number}") for key, use in views.last_uses(conn).items()
    }


def practice_panel(conn: Connection, who: Principal, key: str, now: Instant) -> dict[str, Any] | None:
    """Only for a procedure that some incident followed."""
    kind, _, id = key.partition(":")
    if kind != "procedure":
        return None
    found = views.practice(conn, id, now - timedelta(days=DAYS))
    return {"found": found, "days": DAYS} if found.incidents else None


def incident_told(conn: Connection, number: int) -> Told | None:
    try:
        row = views.incident(conn, number)
    except NotFound:
        return None
    return Told(row.title, f"/incidents/{number}", f"{row.severity}, {row.declared_at:%Y-%m-%d}")


COLUMNS = (
    DocumentColumn(
        "used", "Last used", last_used, "no incident has followed it", kinds=("plan", "procedure"), order=20
    ),
)
PANELS = (DocumentPanel("practice", "How it was followed", "command/practice.html", practice_panel, order=20),)
REFERENCES = (Reference("INC", "incident", incident_told),)
