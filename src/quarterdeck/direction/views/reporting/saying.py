"""What an open incident means for those who use the service, and what is to be decided about it, as people said it."""

from sqlalchemy import Connection

from quarterdeck.command.views import IncidentRow, incident
from quarterdeck.comms.views import elevations, updates
from quarterdeck.direction.rules.reporting.wanting import cut

_WORDS = 20


def impact(conn: Connection, number: int) -> str:
    """By the latest update, else as the incident itself says. The capability is named beside it, so names stay."""
    latest = next(iter(updates(conn, number, limit=1)), None)
    said = latest.fields.get("impact") if latest else ""
    if not said:
        row = incident(conn, number)
        said = row.statement or row.title
    text = cut(said, _WORDS)
    return text if text[-1:] in ".!?…" else f"{text}."


def decision(conn: Connection, row: IncidentRow) -> tuple[str, str]:
    """What is asked, and by when in the words of whoever asks; empty: nothing is."""
    latest = next(iter(updates(conn, row.number, limit=1)), None)
    if latest and latest.fields.get("decision"):
        return latest.fields["decision"], latest.fields.get("decide_by", "")
    asked = (one.decision for one in elevations(conn, row.number) if one.decision and not one.decided)
    return next(asked, ""), ""
