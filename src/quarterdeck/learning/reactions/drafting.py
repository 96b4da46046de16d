"""What an action's issue should say, as the record stands now."""

from sqlalchemy import Connection

from quarterdeck.kernel.errors import NotFound
from quarterdeck.learning import views
from quarterdeck.learning.rules import Ticket, Tracker
from quarterdeck.learning.rules.issue import Draft, Fact
from quarterdeck.learning.views import ActionRow

PHASES = {"done": "done", "verified": "over", "cancelled": "over"}
THEIRS = "tracker/"


def drafted(conn: Connection, ticket: Ticket, tracker: Tracker, base_url: str) -> Draft:
    """`base_url`: where the console stands, for the links."""
    row = views.improvement(conn, ticket.action)
    phase = PHASES.get(row.state, "todo")
    return Draft(
        title=row.title,
        details=row.details,
        facts=_facts(conn, row, base_url),
        mark=ticket.mark,
        due=f"{row.due:%Y-%m-%d}",
        phase=phase,
        labels=tracker.place.labels,
        note=_note(conn, row),
        undone=row.state == "cancelled",
    )


def _facts(conn: Connection, row: ActionRow, base_url: str) -> tuple[Fact, ...]:
    found = [Fact("Kept in Quarterdeck as", row.name, f"{base_url}/actions/{row.number}")]
    if row.incident is not None:
        name = f"INC-{row.incident}" + (f": {row.incident_title}" if row.incident_title else "")
        found.append(Fact("Because of", name, f"{base_url}/incidents/{row.incident}"))
    elif row.source:
        found.append(Fact("Because of", row.source))
    if row.lesson is not None:
        try:
            words = f": {views.lesson(conn, row.lesson).lesson.headline}"
        except NotFound:
            words = ""
        found.append(Fact("Answers the lesson", f"L-{row.lesson}{words}", f"{base_url}/lessons/{row.lesson}"))
    if row.expected:
        found.append(Fact("Should change", row.expected))
    found.append(Fact("Due", f"{row.due:%d %B %Y}"))
    found.append(Fact("Looked after by", row.owner_name or "nobody yet"))
    if row.cost:
        found.append(Fact("Costs", row.cost))
    return tuple(found)


def _note(conn: Connection, row: ActionRow) -> str:
    """What has become of it, in words; nothing where the tracker's own people did it."""
    match row.state:
        case "done":
            return "" if (row.doer or "").startswith(THEIRS) else f"Done, says {row.doer_name}: {row.shown}"
        case "verified":
            return f"Verified by {row.verifier_name}: {row.found}"
        case "cancelled":
            return f"Given up: {row.reason}"
    steps = views.improvement_steps(conn, row.number)
    last = next((step for step in reversed(steps) if step.what == "not done yet"), None)
    if last is None or last.by is None or last.by.startswith(THEIRS):
        return ""
    return f"Not done yet, says {last.by_name}: {last.text}"
