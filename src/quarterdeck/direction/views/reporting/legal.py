"""Legal clocks on the executive page: what is overdue, what comes next, and what nobody has declared."""

from collections.abc import Iterator

from sqlalchemy import Connection

from quarterdeck.direction.events.reporting import Line
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations import views
from quarterdeck.obligations.sources import shipped


def legal_clocks(conn: Connection, now: Instant) -> tuple[Line, ...]:
    """The worst first; nothing where no notice is owed and every regime was declared."""
    return tuple(_lines(conn, now))


def _lines(conn: Connection, now: Instant) -> Iterator[Line]:
    rows = views.live_duties(conn, now)
    clocks = [one for one in views.now_list(rows) if one.standing.sure]
    overdue = [one for one in clocks if one.state == "overdue"]
    running = [one for one in clocks if one.state == "running"]
    if overdue:
        first = overdue[0]
        text = f"{_notices(len(overdue))} overdue: INC-{first.number}, {first.title}, since {_day(first.due)}."
        yield Line(text=text, href="/obligations", act=True)
    if running:
        due = [one for one in running if one.due is not None]
        then = f"; the next by {_day(due[0].due)}: INC-{due[0].number}, {due[0].title}." if due else ", at once."
        yield Line(text=f"{_notices(len(running))} owed{then}", href="/obligations")
    open_ = sum(row.open_question for row in rows)
    if open_:
        asked = "1 question waits" if open_ == 1 else f"{open_} questions wait"
        yield Line(text=f"{asked} for an answer: has the incident to be notified?", href="/obligations")
    gaps = sum(row.gap for row in views.regimes(conn, shipped(), now.date()))
    if gaps:
        what = (
            "1 law or contract that we know of applies"
            if gaps == 1
            else f"{gaps} laws or contracts that we know of apply"
        )
        yield Line(text=f"Nobody has said whether {what} to us.", href="/obligations/scope")


def _notices(count: int) -> str:
    return "1 notice is" if count == 1 else f"{count} notices are"


def _day(at: Instant | None) -> str:
    return f"{at.day} {at:%B, %H:%M} UTC" if at else "now"
