"""The draft of a notice: what the law wants said, filled from what the record knows; the rest is to be written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from quarterdeck.catalog.views import service_names
from quarterdeck.command.views import IncidentRow, incident, tasks, timeline
from quarterdeck.comms.views import updates
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations.views.clocks import ClockRow, DutyRow, duty_row
from quarterdeck.paper.document import Block, Document, Heading, Note, Paragraph, Words
from quarterdeck.paper.markdown import blocks

OPEN = "To be written."
_ENDS = {"command.IncidentMitigated": ("Mitigated", "how"), "command.IncidentResolved": ("Resolved", "reason")}


@dataclass(frozen=True)
class Item:
    """One thing that the notice has to say. `text` empty: the record does not know it."""

    cite: str
    wants: str
    text: str


@dataclass(frozen=True)
class Draft:
    """A notice as far as the record can write it. `missing`: how many items are to be written."""

    row: DutyRow
    clock: ClockRow
    items: tuple[Item, ...]

    @property
    def missing(self) -> int:
        return sum(not item.text for item in self.items)

    @property
    def text(self) -> str:
        """Plain, to be completed and kept."""
        parts = [f"{item.wants}{f' ({item.cite})' if item.cite else ''}\n{item.text or OPEN}" for item in self.items]
        return "\n\n".join(parts)


def draft(conn: Connection, number: int, regime: str, clock: str, now: Instant) -> Draft:
    """Raises `NotFound`, also where by the options of the scope there is no such clock."""
    row = duty_row(conn, number, regime, now)
    found = next((one for one in row.clocks if one.clock == clock), None)
    if found is None:
        raise NotFound(f"clock {clock[:60]!r} of {regime[:60]!r} on INC-{number}")
    facts = dict(_facts(conn, incident(conn, number), found.zone))
    contents = row.duty.regime.clocks[clock].contents
    items = tuple(Item(one.cite, one.text, facts.get(one.fills or "", "")) for one in contents)
    return Draft(row, found, items)


def _facts(conn: Connection, row: IncidentRow, zone: str) -> Iterator[tuple[str, str]]:
    yield "title", row.title
    yield "severity", row.severity
    yield "service", service_names(conn).get(row.service or "", row.service or "")
    yield "commander", row.commander_name
    for name, at in (
        ("started", row.impact_started),
        ("detected", row.detected_at),
        ("declared", row.declared_at),
        ("resolved", row.resolved_at),
    ):
        yield name, said(at, zone) if at else ""
    latest = next(iter(updates(conn, row.number, limit=1)), None)
    fields = latest.fields if latest else {}
    yield "impact", row.statement or fields.get("impact", "")
    yield "customers", fields.get("scope", "")
    yield "updates", "\n".join(f"- {name.replace('_', ' ').capitalize()}: {text}" for name, text in fields.items())
    yield "actions", "\n".join(f"- {words}" for words in _done(conn, row.number, fields))


def _done(conn: Connection, number: int, fields: Mapping[str, str]) -> Iterator[str]:
    """What ended the harm, what is being done, and the steps that left something to show."""
    for entry in reversed(timeline(conn, number, key_only=True)):
        if (told := _ENDS.get(entry.type)) and entry.data.get(told[1]):
            yield f"{told[0]}: {entry.data[told[1]]}"
    yield from (fields[name] for name in ("doing", "workaround") if fields.get(name))
    shown = [task for task in tasks(conn, number) if task.state == "done" and task.outcome]
    yield from (f"{task.title}: {task.outcome}" for task in shown[:20])


def said(at: Instant, zone: str) -> str:
    """`Monday 9 March 2026, 16:00 (Europe/Lisbon)`."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M} ({zone})"


def document(found: Draft) -> Document:
    """For paper: each item under its article."""
    row, clock = found.row, found.clock
    return Document(
        title=clock.title,
        subtitle=f"INC-{row.number}: {row.incident}",
        facts=tuple(_about(found)),
        blocks=tuple(_blocks(found)),
        foot=f"INC-{row.number}, {row.title}, {clock.title}",
    )


def _about(found: Draft) -> Iterator[tuple[str, Words]]:
    clock, standing = found.clock, found.clock.standing
    yield "To", clock.to
    yield "Under", f"{found.row.title}, {clock.cite}" if clock.cite else found.row.title
    if standing.due is not None:
        yield "Due" if standing.sure else "If it has to be notified, due", said(standing.due, clock.zone)
    if standing.handed_in is not None:
        yield "Handed in", said(standing.handed_in, clock.zone)
    for anchor in found.row.anchors:
        if anchor.instant is not None:
            yield anchor.title, f"{said(anchor.instant, clock.zone)}; {anchor.source}"


def _blocks(found: Draft) -> Iterator[Block]:
    sent = found.clock.notices
    if sent and sent[-1].text:
        yield Heading("As handed in")
        yield from (Paragraph(part) for part in sent[-1].text.split("\n") if part.strip())
        return
    if found.items:
        yield Heading("What it has to say")
    for item in found.items:
        yield Heading(item.wants, 2)
        if item.cite:
            yield Paragraph(item.cite, tone="soft")
        if item.text:
            yield from blocks(item.text, level=3)
        else:
            yield Note((Paragraph(OPEN),), "act")
    if not found.items:
        yield Note((Paragraph("The regime does not list what the notice has to say."),))
