"""The service review: how a service, or all that a team owns, fared in the last weeks, and what is under way for it."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

from quarterdeck.catalog.views import ServiceRow, service_names, services
from quarterdeck.catalog.views import service as service_row
from quarterdeck.command.views import incidents_numbered
from quarterdeck.direction.rules.measures import Asked, drawing, named
from quarterdeck.direction.rules.reporting.wording import day, referred
from quarterdeck.direction.views.exposing import exposure
from quarterdeck.direction.views.measuring import Question
from quarterdeck.direction.views.measuring.overview import BETTER, DONE
from quarterdeck.direction.views.reporting import parts
from quarterdeck.direction.views.reporting.capabilities import capabilities
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.learning.rules import taxonomy
from quarterdeck.learning.views import ActionRow, improvements, lessons
from quarterdeck.paper.charts.scales import duration
from quarterdeck.paper.document import Block, Document, Paragraph, Words, bullets

WEEKS = 13
MOST = 500


def service_review(conn: Connection, id: str, now: Instant) -> Document:
    """Of one service. Raises `NotFound`."""
    found = service_row(conn, id[:100])
    if found is None:
        raise NotFound(f"service {id[:60]}")
    names, teams = service_names(conn), team_names(conn)
    facts: list[tuple[str, Words]] = [
        ("Owner", teams.get(found.team, found.team)),
        ("Tier", f"{found.tier}"),
        ("Can bear", duration(found.tolerance * 60.0) if found.tolerance is not None else "nobody has said"),
        ("Stands on", ", ".join(names[one] for one in found.depends_on) or "nothing else"),
        ("Needed by", ", ".join(names[one] for one in found.needed_by) or "nothing else"),
    ]
    return _review(conn, f"Service review: {found.name}", facts, [found], "service", found.id, now)


def team_review(conn: Connection, id: str, now: Instant) -> Document:
    """Of all services that a team owns. Raises `NotFound`."""
    teams = team_names(conn)
    if id not in teams:
        raise NotFound(f"team {id[:60]}")
    mine = [one for one in services(conn) if one.team == id]
    facts: list[tuple[str, Words]] = [("Services", ", ".join(one.name for one in mine) or "none")]
    return _review(conn, f"Service review: {teams[id]}", facts, mine, "team", id, now)


def _review(
    conn: Connection,
    title: str,
    facts: list[tuple[str, Words]],
    mine: list[ServiceRow],
    by: str,
    value: str,
    now: Instant,
) -> Document:
    since = now - timedelta(weeks=WEEKS)
    asked = parts.only(Asked(micros(since), micros(now) + 1), by, value)
    return Document(
        title=title,
        subtitle=f"{day(since)} to {day(now)}",
        facts=tuple(facts),
        blocks=tuple(_blocks(conn, mine, asked, by, value, now)),
        foot=f"Made on {now:%Y-%m-%d %H:%M} UTC.",
    )


def _blocks(
    conn: Connection, mine: list[ServiceRow], asked: Asked, by: str, value: str, now: Instant
) -> Iterator[Block]:
    ids = {one.id for one in mine}
    every = Asked(asked.since, asked.until)
    bearing = [one for one in capabilities(conn, every, now, past=False) if one.id in ids]
    yield from parts.section("Against what it can bear", parts.capability_table(bearing, every))
    yield from parts.section(
        "Is it getting better?",
        parts.measures(conn, (*BETTER, *DONE), asked, now, f"the {WEEKS} weeks before"),
        parts.weekly(conn, asked, now),
    )
    yield from parts.section("What customers felt longest", parts.worst(conn, asked, now))
    yield from parts.section("Why", _causes(conn, asked, now))
    yield from parts.section(
        "What it costs", parts.losses(exposure(conn, now, "type", filters={by: value}), {by: value})
    )
    yield from parts.section("What is under way", _under_way(conn, ids, now))


def _causes(conn: Connection, asked: Asked, now: Instant) -> Iterator[Block]:
    drawn = drawing.by_slice(
        Question(conn, named("incidents"), asked, now).sliced("cause").rows, taxonomy.codes(), "cause"
    )
    yield (
        drawn.figure("Factors that were agreed on in reviews; an incident may have several.", 0.8)
        if drawn
        else Paragraph("No factor was agreed on in this period.")
    )


def _under_way(conn: Connection, ids: set[str], now: Instant) -> Iterator[Block]:
    """Improvements and lessons that come from incidents of these services."""
    actions = improvements(conn, "open", limit=MOST)[0]
    learnt = [one for one in lessons(conn, limit=MOST)[0] if one.open]
    numbers = {one.incident for one in actions} | {one.incident for one in learnt}
    rows = incidents_numbered(conn, [number for number in numbers if number is not None])
    ours = {row.number for row in rows if row.service in ids}
    lines = [_action(one, now) for one in actions if one.incident in ours]
    lines += [f"{one.name}: {one.headline}" for one in learnt if one.incident in ours]
    yield bullets(*map(referred, lines)) if lines else Paragraph("Nothing.")


def _action(one: ActionRow, now: Instant) -> str:
    late = ", overdue" if one.to_do and one.due < now else ""
    return f"{one.name} (due {day(one.due)}{late}, {one.owner_name or 'without an owner'}): {one.title}"
