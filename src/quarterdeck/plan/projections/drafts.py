"""Read tables of drafts: as they stand, and what happened to each."""

from collections.abc import Sequence

from sqlalchemy import JSON, BigInteger, Column, Connection, Index, Integer, String, Table, Text, insert, select, update

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import micros
from quarterdeck.plan import events as ev
from quarterdeck.plan.projections.outline import as_json, reasons_from
from quarterdeck.plan.rules.drafting import Draft, evolve
from quarterdeck.plan.rules.revision import content_hash
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

draft = Table(
    "plan_draft",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("title", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("based_on", Integer),
    Column("version", Integer, nullable=False),
    Column("files", JSON, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("authors", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("changed_by", Text, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("approved_by", Text),
    Column("revision", Integer),
    Column("source", String(12), nullable=False),
    Column("left", JSON, nullable=False),
    Column("left_aside", JSON, nullable=False),
    Index("plan_draft_state", "state", "number"),
)

draft_step = Table(
    "plan_draft_step",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
    Column("what", String(12), nullable=False),
    Column("version", Integer, nullable=False),
    Column("comment", Text, nullable=False),
)
"""opened, revised, submitted, returned, approved, left, withdrawn, published."""

draft_text = Table(
    "plan_draft_text",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("written", JSON, nullable=False),
    Column("removed", JSON, nullable=False),
)
"""What each version wrote and removed, so that somebody who began from an earlier one loses nothing."""

_WHAT: dict[type[Event], str] = {
    ev.DraftOpened: "opened",
    ev.DraftRevised: "revised",
    ev.DraftSubmitted: "submitted",
    ev.DraftReturned: "returned",
    ev.DraftApproved: "approved",
    ev.DraftFindingsLeft: "left",
    ev.DraftWithdrawn: "withdrawn",
    ev.DraftPublished: "published",
}


def _moved(conn: Connection, rows: Sequence[Recorded]) -> None:
    for row in rows:
        before = _stored(conn, int(row.key))
        after = evolve(before, row.event)
        values = {
            "state": after.state,
            "based_on": after.based_on,
            "version": after.version,
            "files": dict(after.files),
            "content_hash": content_hash(after.files),
            "authors": list(after.authors),
            "reasons": as_json(after.reasons),
            "approved_by": after.approved_by,
            "revision": after.revision,
            "changed_by": after.last_by,
            "left": dict(after.left),
        }
        if before is None:
            opened = {"title": after.title, "note": row.event.note, "opened_by": row.event.by, "source": after.source}
            opened["left_aside"] = list(row.event.left_aside)
            at = {"opened_at": micros(row.event.at), "changed_at": micros(row.event.at)}
            conn.execute(insert(draft), {"number": after.number, **values, **opened, **at})
        else:
            if isinstance(row.event, ev.DraftRevised):
                values["changed_at"] = micros(row.event.at)
            conn.execute(update(draft).where(draft.c.number == after.number).values(**values))
        if isinstance(row.event, ev.DraftOpened | ev.DraftRevised):
            written = row.event.files if isinstance(row.event, ev.DraftOpened) else row.event.written
            removed = [] if isinstance(row.event, ev.DraftOpened) else list(row.event.removed)
            kept = {"number": after.number, "version": after.version, "written": dict(written), "removed": removed}
            conn.execute(insert(draft_text), kept)
        conn.execute(
            insert(draft_step),
            {
                "number": after.number,
                "place": row.version,
                "at": micros(row.event.at),
                "by": row.event.by,
                "what": _WHAT[type(row.event)],
                "version": after.version,
                "comment": _comment(row.event),
            },
        )


def _comment(event: Event) -> str:
    said = str(getattr(event, "comment", "") or getattr(event, "reason", ""))
    if isinstance(event, ev.DraftFindingsLeft):
        many = f"{len(event.findings)} finding{'s' if len(event.findings) != 1 else ''}"
        return f"{many}: {said}" if said else many
    return said


def _stored(conn: Connection, number: int) -> Draft | None:
    row = conn.execute(select(draft).where(draft.c.number == number)).first()
    if row is None:
        return None
    return Draft(
        number=row.number,
        title=row.title,
        state=row.state,
        based_on=row.based_on,
        version=row.version,
        files=row.files,
        authors=tuple(row.authors),
        reasons=reasons_from(row.reasons),
        last_by=row.changed_by,
        approved_by=row.approved_by,
        revision=row.revision,
        source=row.source,
        left=row.left,
    )


PROJECTIONS: Projections = dict.fromkeys(_WHAT, _moved)
