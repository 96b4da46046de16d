"""What readiness hangs on the page of a drill's incident: which exercise it is, and the way to stop it."""

from typing import Any

from sqlalchemy import Connection

from quarterdeck.command.views import incident
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.panel import Panel
from quarterdeck.kernel.principal import Principal
from quarterdeck.readiness import views


def exercise_panel(conn: Connection, who: Principal, number: int) -> dict[str, Any] | None:
    """None on the page of a real incident."""
    if not incident(conn, number).drill:
        return None
    return {"exercise": views.exercise_of_incident(conn, number), "may_end": may(who, Permission.COMMAND)}


PANELS = (Panel("exercise", "left", "This is a drill", "readiness/panel.html", exercise_panel, order=1),)
