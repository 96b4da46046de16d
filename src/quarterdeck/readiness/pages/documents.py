"""What readiness knows of the plan's documents: when each was last exercised, and what the reference `EX-3` means."""

from typing import Any

from sqlalchemy import Connection

from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.panel import DocumentColumn, DocumentPanel, Fact, Reference, Told
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.readiness import views


def exercised(conn: Connection) -> dict[str, Fact]:
    """By document: its last exercise that was evaluated."""
    return {
        key: Fact(one.at, f"{one.name}, revision {one.revision}", f"/exercises/{one.number}")
        for key, one in views.last_exercises(conn).items()
    }


def exercise_panel(conn: Connection, who: Principal, key: str, now: Instant) -> dict[str, Any] | None:
    """Whether what was exercised still counts, on the page of a procedure or of the plan."""
    found = views.exercised_documents(conn, now).get(key)
    return {"found": found} if found else None


def exercise_told(conn: Connection, number: int) -> Told | None:
    try:
        row = views.sheet(conn, number).row
    except NotFound:
        return None
    return Told(row.title, f"/exercises/{number}", f"{row.kind}, {row.state}")


COLUMNS = (DocumentColumn("exercised", "Exercised", exercised, "never", ("plan", "procedure"), order=30),)
PANELS = (DocumentPanel("exercised", "Exercised", "readiness/document.html", exercise_panel, order=30),)
REFERENCES = (Reference("EX", "exercise", exercise_told),)
