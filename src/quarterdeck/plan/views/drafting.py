"""Which drafts are there, what does one say and change, who wrote it, and who may approve it?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.governance.rules import ROLES, Permission
from quarterdeck.governance.views import people
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, from_micros
from quarterdeck.plan.events import Reason, Source
from quarterdeck.plan.projections.drafts import draft as table
from quarterdeck.plan.projections.drafts import draft_step
from quarterdeck.plan.projections.drafts import draft_text as version_table
from quarterdeck.plan.projections.outline import reasons_from
from quarterdeck.plan.projections.revisions import publication
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.approval import Approver, may_approve, nobody_may
from quarterdeck.plan.rules.checking import Checked
from quarterdeck.plan.rules.differences import Difference, differences
from quarterdeck.plan.rules.drafting import DRAFT_STATES, DraftState
from quarterdeck.plan.rules.faults import Fault
from quarterdeck.plan.rules.people_named import strangers
from quarterdeck.plan.rules.standing import Standing
from quarterdeck.plan.views.checked import checked_text
from quarterdeck.plan.views.publications import in_force, revision

OPEN = ("draft", "in review", "approved")


@dataclass(frozen=True)
class DraftRow:
    """A draft in a list. People are principals' ids; `moved_on`: another revision than `based_on` is in force."""

    number: int
    title: str
    state: DraftState
    based_on: int | None
    version: int
    authors: tuple[str, ...]
    opened_by: str
    opened_at: Instant
    changed_by: str
    changed_at: Instant
    approved_by: str | None
    revision: int | None
    moved_on: bool


@dataclass(frozen=True)
class DraftStep:
    """What happened: opened, revised, submitted, returned, approved, withdrawn, published."""

    at: Instant
    by: str
    what: str
    version: int
    comment: str


@dataclass(frozen=True)
class DraftPage:
    """A draft whole. `changes`: what it changes in the revision it is based on, `meanwhile`: what has changed since."""

    draft: DraftRow
    note: str
    reasons: tuple[Reason, ...]
    files: dict[str, str]
    content_hash: str
    differs: bool
    """From the revision that it is based on, were it in a comment only."""
    faults: tuple[str, ...]
    """What stands in the way of submitting it, each with its place."""
    changes: tuple[Difference, ...]
    meanwhile: tuple[Difference, ...]
    approvers: tuple[str, ...]
    """Who may approve it, as principals' ids."""
    keepers: dict[str, str]
    """Everybody active who may change the plan: principal's id → name."""
    nobody_may: str | None
    """Why nobody may, and what to do then."""
    steps: tuple[DraftStep, ...]
    source: str
    """`import` or `example` if the first text came from there."""
    left: dict[str, str]
    """Findings that were left as they are, on purpose: key → by whom."""
    left_aside: tuple[str, ...]
    """What the import could make nothing of."""


@dataclass(frozen=True)
class DraftText:
    """A draft's text, read and checked. `faults`: also of people who are named and cannot act."""

    number: int
    title: str
    state: DraftState
    version: int
    based_on: int | None
    files: dict[str, str]
    checked: Checked
    faults: tuple[Fault, ...]
    source: Source
    left: dict[str, str]


def drafts(conn: Connection, *, state: str | None = None, limit: int = 50, before: int | None = None) -> list[DraftRow]:
    """The latest first; `state` None: those that are not published or withdrawn, `all`: every one."""
    if state not in (None, "all", *DRAFT_STATES):
        raise Invalid("The filter is not right.", (f"state: {state!r}; use one of all, {', '.join(DRAFT_STATES)}",))
    query = select(table).order_by(table.c.number.desc()).limit(limit)
    if state != "all":
        query = query.where(table.c.state.in_(OPEN if state is None else (state,)))
    if before is not None:
        query = query.where(table.c.number < before)
    last = _last(conn)
    return [_row(row, last) for row in conn.execute(query)]


def draft(conn: Connection, number: int) -> DraftPage:
    """One draft, with what it changes in words. Raises `NotFound`."""
    found = conn.execute(select(table).where(table.c.number == number)).first()
    if found is None:
        raise NotFound(f"draft {number}")
    row, checked = _row(found, _last(conn)), checked_text(found.content_hash, found.files)
    before = revision(conn, found.based_on) if found.based_on else None
    base = before.plan if before else None
    now = in_force(conn)
    approver, able = _approver(conn, now.plan if now else checked.plan), _able(conn)
    may = may_approve(approver, row.authors, able)
    steps = select(draft_step).where(draft_step.c.number == number).order_by(draft_step.c.place)
    return DraftPage(
        draft=row,
        note=found.note,
        reasons=reasons_from(found.reasons),
        files=dict(found.files),
        content_hash=found.content_hash,
        differs=before is None or before.content_hash != found.content_hash,
        faults=tuple(map(str, (*checked.faults, *strangers_in(conn, checked)))),
        changes=differences(base, checked.plan) if checked.plan else (),
        meanwhile=differences(base, now.plan) if row.moved_on and now else (),
        approvers=may,
        keepers=able,
        nobody_may=None if may else nobody_may(number, able),
        steps=tuple(
            DraftStep(from_micros(one.at), one.by, one.what, one.version, one.comment) for one in conn.execute(steps)
        ),
        source=found.source,
        left=dict(found.left),
        left_aside=tuple(found.left_aside),
    )


def draft_text(conn: Connection, number: int) -> DraftText:
    """The text of a draft with what was read from it. Raises `NotFound`."""
    found = conn.execute(select(table).where(table.c.number == number)).first()
    if found is None:
        raise NotFound(f"draft {number}")
    checked = checked_text(found.content_hash, found.files)
    return DraftText(
        number=number,
        title=found.title,
        state=found.state,
        version=found.version,
        based_on=found.based_on,
        files=dict(found.files),
        checked=checked,
        faults=(*checked.faults, *strangers_in(conn, checked)),
        source=found.source,
        left=dict(found.left),
    )


def draft_files(conn: Connection, number: int, version: int) -> dict[str, str]:
    """The files of a draft as they were in one of its versions. Raises `NotFound`."""
    columns = version_table.c
    query = select(version_table).where(columns.number == number, columns.version <= version).order_by(columns.version)
    rows = conn.execute(query).all()
    if not rows or rows[-1].version != version:
        raise NotFound(f"version {version} of draft {number}")
    files: dict[str, str] = {}
    for row in rows:
        files = {name: text for name, text in files.items() if name not in row.removed} | row.written
    return files


def strangers_in(conn: Connection, checked: Checked) -> tuple[Fault, ...]:
    active = {one.login: one.active for one in people(conn)}

    def problem(login: str) -> str | None:
        return None if active.get(login) else "is deactivated" if login in active else "does not exist"

    return strangers(checked, problem)


def standing(page: DraftPage) -> Standing:
    """As far as it decides what may be done with the draft."""
    row, able = page.draft, page.keepers
    return Standing(
        state=row.state,
        faults=len(page.faults),
        differs=page.differs,
        moved_on=row.moved_on,
        authors=row.authors,
        approvers={id: able[id] for id in page.approvers},
        keepers=able,
        nobody_may=page.nobody_may,
    )


def waiting(conn: Connection, rows: Sequence[DraftRow]) -> dict[int, Standing]:
    """Drafts in a list: as far as it says whom they wait for."""
    now, able = in_force(conn), _able(conn)
    approver = _approver(conn, now.plan if now else None)
    return {
        row.number: Standing(
            state=row.state,
            faults=0,
            differs=True,
            moved_on=row.moved_on,
            authors=row.authors,
            approvers={id: able[id] for id in may_approve(approver, row.authors, able)},
            keepers=able,
        )
        for row in rows
    }


def draft_plan(conn: Connection, number: int) -> Plan:
    """The plan that a draft would publish. Raises `NotFound`, and `Invalid` with every fault if there is one."""
    found = conn.execute(select(table.c.files, table.c.content_hash).where(table.c.number == number)).first()
    if found is None:
        raise NotFound(f"draft {number}")
    checked = checked_text(found.content_hash, found.files)
    if checked.plan is None:
        raise Invalid(f"Draft {number} has faults: mend them first.", tuple(map(str, checked.faults[:500])))
    return checked.plan


def _row(row: Any, last: int | None) -> DraftRow:
    return DraftRow(
        number=row.number,
        title=row.title,
        state=row.state,
        based_on=row.based_on,
        version=row.version,
        authors=tuple(row.authors),
        opened_by=row.opened_by,
        opened_at=from_micros(row.opened_at),
        changed_by=row.changed_by,
        changed_at=from_micros(row.changed_at),
        approved_by=row.approved_by,
        revision=row.revision,
        moved_on=row.state in OPEN and row.based_on != last,
    )


def _last(conn: Connection) -> int | None:
    return conn.execute(select(func.max(publication.c.revision))).scalar()


def _approver(conn: Connection, plan: Any) -> Approver:
    if plan is None:
        return Approver("", None)
    post = plan.posts[plan.approver]
    holder = next((one for one in people(conn) if one.login == post.login and one.active), None)
    return Approver(post.title, f"person/{holder.id}" if holder else None)


def _able(conn: Connection) -> dict[str, str]:
    return {
        f"person/{one.id}": one.name
        for one in sorted(people(conn), key=lambda one: one.login)
        if one.active and any(Permission.PLAN in ROLES[role] for role in one.roles)
    }
