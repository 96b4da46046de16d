"""Who has been told what, when is the next update due, what was elevated; and an incident in one paragraph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from quarterdeck.catalog.views import service_names
from quarterdeck.command.views import IncidentRow, titles
from quarterdeck.command.views import incident as incident_row
from quarterdeck.comms import rules
from quarterdeck.comms.events import CommunicationBegun
from quarterdeck.comms.projections import clock as clock_table
from quarterdeck.comms.projections import communication as table
from quarterdeck.comms.projections import elevation as elevation_table
from quarterdeck.comms.projections import status_update
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.time import Instant, from_micros

MOST = 500


@dataclass(frozen=True)
class AudienceRow:
    """An audience that the severity concerns. `told_at` None: not told yet. `every`: minutes between updates."""

    audience: str
    title: str
    by: str
    approver: str | None
    outside: str | None
    every: int
    due: Instant | None
    told_at: Instant | None
    public: bool = False
    """What it is told stands on the status page."""


@dataclass(frozen=True)
class CommunicationRow:
    """How telling people about one incident stands. `due`: the next deadline of any audience."""

    number: int
    status: str
    severity: str
    drill: bool
    plan_revision: int
    zone: str
    audiences: tuple[AudienceRow, ...]
    posts: dict[str, str]
    """Post → title."""
    due: Instant | None

    @property
    def wants_last(self) -> bool:
        return self.status == "last update wanted"


@dataclass(frozen=True)
class TextRow:
    """What one audience read. `waits_for`: the title of the role that has not agreed yet."""

    audience: str
    title: str
    subject: str
    text: str
    people: tuple[str, ...]
    unreached: tuple[str, ...]
    outside: str | None
    waits_for: str | None
    approver: str | None
    """The role's id while the text waits for it."""
    approved_by: str | None
    public: bool = False
    """It stands on the status page, or will once it has gone out."""


@dataclass(frozen=True)
class UpdateRow:
    """One update as sent. `changed`: the fields that say something else than the update before."""

    number: int
    update: int
    at: Instant
    by: str
    by_name: str
    fields: dict[str, str]
    texts: tuple[TextRow, ...]
    next_update: Instant | None
    unchanged: bool
    last: bool
    changed: tuple[str, ...]


@dataclass(frozen=True)
class ToldRow:
    """One post's turn."""

    at: Instant
    post: str
    title: str
    person: str | None
    name: str | None
    unreached: str | None


@dataclass(frozen=True)
class ElevationRow:
    """One elevation. `state`: climbing, acknowledged, exhausted or stopped; `until`: the next post's turn."""

    number: int
    elevation: str
    title: str
    text: str
    decision: str | None
    at: Instant
    by_name: str
    state: str
    until: Instant | None
    told: tuple[ToldRow, ...]
    acknowledged_by: str | None
    acknowledged_at: Instant | None
    decided: str | None
    decided_by: str | None


@dataclass(frozen=True)
class OverdueRow:
    """An incident whose update is overdue, or whose last one is wanted (`due` None)."""

    number: int
    title: str
    severity: str
    drill: bool
    due: Instant | None
    audiences: tuple[str, ...]


def communication(conn: Connection, number: int) -> CommunicationRow | None:
    """None: the plan tells nobody about this incident, so far."""
    row = conn.execute(select(table).where(table.c.number == number)).first()
    if row is None:
        return None
    clocks = {one.audience: one for one in conn.execute(select(clock_table).where(clock_table.c.number == number))}
    audiences = tuple(
        AudienceRow(
            audience=name,
            title=copied["title"],
            by=_role(row.roles, copied["by"]),
            approver=_role(row.roles, copied["approver"]) if copied["approver"] else None,
            outside=copied["outside"],
            every=copied["cadence"][row.severity]["every"],
            due=from_micros(clocks[name].due) if name in clocks else None,
            told_at=_instant(clocks[name].told_at) if name in clocks else None,
            public=name in row.begun.get("public", ()),
        )
        for name, copied in row.audiences.items()
        if row.severity in copied["cadence"]
    )
    return CommunicationRow(
        number=number,
        status=row.status,
        severity=row.severity,
        drill=bool(row.drill),
        plan_revision=row.plan_revision,
        zone=row.zone,
        audiences=audiences,
        posts={name: post["title"] for name, post in row.posts.items()},
        due=min((one.due for one in audiences if one.due), default=None),
    )


def begun(conn: Connection, number: int) -> CommunicationBegun | None:
    """What was copied from the plan, whole: for previews of what an update would say."""
    plain = conn.execute(select(table.c.begun).where(table.c.number == number)).scalar()
    return None if plain is None else msgspec.convert(plain, CommunicationBegun)


def updates(conn: Connection, number: int, *, limit: int = 50, before: int | None = None) -> list[UpdateRow]:
    """The latest first; `before`: only those with a smaller number."""
    query = select(status_update).where(status_update.c.number == number)
    if before is not None:
        query = query.where(status_update.c.update < before)
    rows = conn.execute(query.order_by(status_update.c.update.desc()).limit(min(limit, MOST) + 1)).all()
    if not rows:
        return []
    names = person_names(conn)
    copied = conn.execute(select(table.c.audiences, table.c.roles).where(table.c.number == number)).one()
    earlier = [*rows[1:], None]
    return [
        _update(row, before.fields if before else None, names, copied.audiences, copied.roles)
        for row, before in list(zip(rows, earlier, strict=True))[: min(limit, MOST)]
    ]


def _update(
    row: Any,
    before: Mapping[str, str] | None,
    names: Mapping[str, str],
    audiences: Mapping[str, Any],
    roles: Mapping[str, Any],
) -> UpdateRow:
    changed = tuple(name for name in rules.ASKED if before is not None and row.fields.get(name) != before.get(name))
    texts = tuple(
        TextRow(
            audience=name,
            title=audiences[name]["title"] if name in audiences else name,
            subject=text["subject"],
            text=text["text"],
            people=tuple(names.get(id, id) for id in text["people"]),
            unreached=tuple(text["unreached"]),
            outside=text["outside"],
            waits_for=_role(roles, text["waits_for"]) if text["waits_for"] else None,
            approver=text["waits_for"],
            approved_by=names.get(text.get("approved_by"), text.get("approved_by")),
            public=name in row.public,
        )
        for name, text in row.texts.items()
    )
    return UpdateRow(
        number=row.number,
        update=row.update,
        at=from_micros(row.at),
        by=row.by,
        by_name=_actor(names, row.by),
        fields=dict(row.fields),
        texts=texts,
        next_update=_instant(row.next_update),
        unchanged=bool(row.unchanged),
        last=bool(row.last),
        changed=changed,
    )


@dataclass(frozen=True)
class Preview:
    """What one audience would read. `approver`: the title of the role that agrees first."""

    audience: str
    title: str
    subject: str
    text: str
    outside: str | None
    approver: str | None
    to: tuple[str, ...]
    public: bool = False


def previews(
    conn: Connection, number: int, fields: Mapping[str, str], next_update: Instant | None, now: Instant
) -> list[Preview]:
    """What an update with these fields would say to each audience, whatever was typed: nothing is refused here."""
    copied, row = begun(conn, number), incident_row(conn, number)
    stands = communication(conn, number)
    if copied is None or stands is None:
        return []
    values = rules.values(
        copied,
        {name: value.strip() for name, value in fields.items() if name in rules.ASKED and value.strip()},
        severity=row.severity,
        title=row.title,
        service=service_names(conn).get(row.service or "", row.service or ""),
        owner=row.commander_name,
        since=row.impact_started or row.detected_at,
        next_update=next_update,
        now=now,
    )
    render = rules.last_words if stands.wants_last else rules.rendered
    return [
        Preview(
            audience=one.audience,
            title=one.title,
            subject=rules.subject(copied.audiences[one.audience].subject, values, drill=stands.drill),
            text=rules.marked(
                render(copied.audiences[one.audience].says, values), drill=stands.drill, last=stands.wants_last
            ),
            outside=one.outside,
            approver=one.approver,
            to=copied.audiences[one.audience].to,
            public=one.public,
        )
        for one in stands.audiences
    ]


def elevations(conn: Connection, number: int) -> list[ElevationRow]:
    """What was brought before higher management, the latest first."""
    query = select(elevation_table).where(elevation_table.c.number == number)
    rows = conn.execute(query.order_by(elevation_table.c.at.desc(), elevation_table.c.elevation)).all()
    if not rows:
        return []
    names = person_names(conn)
    posts = conn.execute(select(table.c.posts).where(table.c.number == number)).scalar() or {}
    return [_elevation(row, names, posts) for row in rows]


def _elevation(row: Any, names: Mapping[str, str], posts: Mapping[str, Any]) -> ElevationRow:
    told = tuple(
        ToldRow(
            at=from_micros(one["at"]),
            post=one["post"],
            title=posts[one["post"]]["title"] if one["post"] in posts else one["post"],
            person=one["person"],
            name=names.get(one["person"], one["person"]),
            unreached=one["unreached"],
        )
        for one in row.told
    )
    return ElevationRow(
        number=row.number,
        elevation=row.elevation,
        title=row.title,
        text=row.text,
        decision=row.decision,
        at=from_micros(row.at),
        by_name=_actor(names, row.by),
        state=row.state,
        until=_instant(row.until),
        told=told,
        acknowledged_by=_actor(names, row.acknowledged_by) if row.acknowledged_by else None,
        acknowledged_at=_instant(row.acknowledged_at),
        decided=row.decided["decision"] if row.decided else None,
        decided_by=_actor(names, row.decided["by"]) if row.decided else None,
    )


def overdue(conn: Connection, now: Instant) -> list[OverdueRow]:
    """Incidents somebody ought to say something about: late updates by their deadline, then last ones wanted."""
    late: dict[int, list[Any]] = {}
    for row in conn.execute(select(clock_table).order_by(clock_table.c.due).limit(MOST)):
        if from_micros(row.due) <= now:
            late.setdefault(row.number, []).append(row)
    wanted = select(table).where(table.c.number.in_(list(late)) | (table.c.status == "last update wanted"))
    rows = {row.number: row for row in conn.execute(wanted.limit(MOST))}
    named = titles(conn, list(rows))
    return [
        OverdueRow(
            number=number,
            title=named.get(number, ""),
            severity=rows[number].severity,
            drill=bool(rows[number].drill),
            due=from_micros(late[number][0].due) if number in late else None,
            audiences=tuple(rows[number].audiences[one.audience]["title"] for one in late.get(number, ())),
        )
        for number in [*late, *(other for other in rows if other not in late)]
    ]


def brief(conn: Connection, number: int) -> tuple[IncidentRow, rules.Brief, UpdateRow | None]:
    """The incident in at most 60 words, by its latest update, with the one decision wanted; and that update."""
    row = incident_row(conn, number)
    latest = next(iter(updates(conn, number, limit=1)), None)
    names = service_names(conn)
    fields = dict(latest.fields) if latest else {}
    asked = (one.decision for one in elevations(conn, number) if one.decision and not one.decided)
    if (decision := fields.get("decision") or next(asked, None)) is not None:
        fields["decision"] = decision
    paragraph = rules.brief(
        fields,
        statement=row.statement or row.title,
        components=[*names, *names.values()],
    )
    return row, paragraph, latest


def _role(roles: Mapping[str, Any], name: str) -> str:
    return roles[name]["title"] if name in roles else name


def _actor(names: Mapping[str, str], id: str) -> str:
    others = {"engine": "the plan", "local": "the operator"}
    return names.get(id, others.get(id, "a key" if id.startswith("key/") else id))


def _instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
