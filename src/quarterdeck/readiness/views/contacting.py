"""Contact tests: who answered by which channel, what share of those asked, and who has not been tested for too long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from quarterdeck.command.rules import Share
from quarterdeck.command.rules.conformance import share
from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.notify.views import verified_channels
from quarterdeck.oncall.views import coming_shifts, on_call_now, paths, stands
from quarterdeck.plan.views import in_force
from quarterdeck.readiness.projections.contacting import contact_test, contact_test_message, contact_test_person
from quarterdeck.readiness.rules.contacting import picked

GROUPS: dict[str, str] = {
    "on-call": "whoever is on call now",
    "posts": "whoever holds a post of the plan",
    "paths": "whoever a path of the plan would page now",
    "everybody": "everybody who may be paged",
}
AHEAD_DAYS = 30
"""Whoever has a shift within so many days may be paged."""


@dataclass(frozen=True)
class MessageRow:
    """One message. `channel` None: as a page would go. `outcome`: answered, lost, or silent so far."""

    channel: str | None
    outcome: str
    answered_at: Instant | None
    lost: str | None


@dataclass(frozen=True)
class PersonRow:
    """`outcome`: waiting (not asked yet), asked, answered, late, silent, or unreachable (nobody could be asked)."""

    person: str
    name: str
    outcome: str
    ask_at: Instant
    asked_at: Instant | None
    answered_at: Instant | None
    took: timedelta | None
    reason: str | None
    messages: tuple[MessageRow, ...]


@dataclass(frozen=True)
class TestRow:
    """A test whole. `answered`: in time, of those asked or found unreachable; who waits is not counted yet."""

    number: int
    selection: str
    seed: int | None
    within: int
    each_channel: bool
    waking_hours: bool
    by: str
    by_name: str
    started_at: Instant
    ended_at: Instant | None
    people: tuple[PersonRow, ...]
    answered: Share

    @property
    def name(self) -> str:
        return f"CT-{self.number}"


@dataclass(frozen=True)
class Tested:
    """Somebody who may be paged, why, and when they last answered in time. `overdue`: not within the interval."""

    person: str
    name: str
    because: str
    last: Instant | None
    overdue: bool
    channels: tuple[str, ...]


def contact_tests(conn: Connection, cursor: int | None = None, limit: int = 20) -> tuple[list[TestRow], int | None]:
    """The latest first; and the cursor of what follows."""
    query = select(contact_test).order_by(contact_test.c.number.desc())
    if cursor is not None:
        query = query.where(contact_test.c.number < cursor)
    limit = max(1, min(limit, 100))
    rows = conn.execute(query.limit(limit + 1)).all()
    return [_test(conn, row) for row in rows[:limit]], rows[limit - 1].number if len(rows) > limit else None


def contact_test_of(conn: Connection, number: int) -> TestRow:
    """One test. Raises `NotFound`."""
    this = select(contact_test).where(contact_test.c.number == number)
    row = conn.execute(this).first() if 0 < number < 2**31 else None
    if row is None:
        raise NotFound(f"contact test {number}")
    return _test(conn, row)


def _test(conn: Connection, row: Any) -> TestRow:
    names = person_names(conn)
    messages: dict[str, list[MessageRow]] = {}
    mine = select(contact_test_message).where(contact_test_message.c.test == row.number)
    for one in conn.execute(mine.order_by(contact_test_message.c.delivery)):
        outcome = "answered" if one.answered_at else "lost" if one.lost else "silent"
        answered = from_micros(one.answered_at) if one.answered_at else None
        messages.setdefault(one.person, []).append(MessageRow(one.channel, outcome, answered, one.lost))
    within = timedelta(minutes=row.within)
    people_ = select(contact_test_person).where(contact_test_person.c.test == row.number)
    found = [_person(one, within, names, tuple(messages.get(one.person, ()))) for one in conn.execute(people_)]
    counted = ["done" if one.outcome == "answered" else "skipped" for one in found if one.outcome not in _PENDING]
    return TestRow(
        number=row.number,
        selection=row.selection,
        seed=row.seed,
        within=row.within,
        each_channel=row.each_channel,
        waking_hours=row.waking_hours,
        by=row.by,
        by_name=names.get(row.by, row.by),
        started_at=from_micros(row.started_at),
        ended_at=from_micros(row.ended_at) if row.ended_at else None,
        people=tuple(sorted(found, key=lambda one: (_ORDER.index(one.outcome), one.name.casefold()))),
        answered=share(counted),  # type: ignore[arg-type]  # two of the states that it counts
    )


_PENDING = ("waiting", "asked")
_ORDER = ("unreachable", "silent", "late", "asked", "waiting", "answered")


def _person(row: Any, within: timedelta, names: dict[str, str], messages: tuple[MessageRow, ...]) -> PersonRow:
    asked = from_micros(row.asked_at) if row.asked_at else None
    answered = from_micros(row.answered_at) if row.answered_at else None
    took = answered - asked if answered and asked else None
    if row.reason:
        outcome = "unreachable"
    elif took is not None:
        outcome = "late" if took > within else "answered"
    else:
        outcome = "silent" if row.missed else "asked" if asked else "waiting"
    name = names.get(row.person, row.person)
    return PersonRow(row.person, name, outcome, from_micros(row.ask_at), asked, answered, took, row.reason, messages)


# -- whom to ask -----------------------------------------------------------------------------------


def selected(
    conn: Connection, groups: Sequence[str], sample: int | None, seed: int, now: Instant
) -> tuple[tuple[str, ...], str]:
    """The ids of those in these groups or targets, drawn by the seed, and the selection in words. Raises `Invalid`."""
    found: set[str] = set()
    words = []
    for group in dict.fromkeys(groups):
        if group in GROUPS:
            found |= _group(conn, group, now)
            words.append(GROUPS[group])
        else:
            found |= _target(conn, group, now)
            words.append(group)
    if not words:
        raise Invalid("Whom shall the test ask?", (f"who: name some of {', '.join(GROUPS)}, or a target",))
    if not found:
        raise Invalid("Nobody is there to be asked.", (f"who: {', '.join(groups)[:200]} stands for nobody now",))
    chosen = picked(found, sample, seed)
    drawn = f", {len(chosen)} of {len(found)} drawn by the seed {seed}" if len(chosen) < len(found) else ""
    return chosen, f"{'; '.join(words)}{drawn}"


def _group(conn: Connection, group: str, now: Instant) -> set[str]:
    if group == "on-call":
        return {row.person for row in on_call_now(conn, now) if row.person}
    if group == "posts":
        return set(_holders(conn))
    if group == "paths":
        return _on_paths(conn, now)
    return set(may_be_paged(conn, now))


def _target(conn: Connection, target: str, now: Instant) -> set[str]:
    found = in_force(conn)
    posts = {name: post.login for name, post in found.plan.posts.items()} if found else {}
    if ":" not in target:
        target = f"person:{target}"
    (stand,) = stands(conn, [target], posts, now)
    if stand.fault in ("UnknownPerson", "UnknownPost", "UnknownTeam", "NoSuchSchedule"):
        raise Invalid("Whom shall the test ask?", (f"who: {target[:100]!r} stands for nobody",))
    return {id for id, _ in (*stand.people, *stand.missing)}


def _holders(conn: Connection) -> dict[str, str]:
    """Person id → the post's title, of those who hold a post of the plan in force."""
    found = in_force(conn)
    if found is None:
        return {}
    ids = {one.login: one.id for one in people(conn) if one.active}
    return {ids[post.login]: post.title for post in found.plan.posts.values() if post.login in ids}


def _on_paths(conn: Connection, now: Instant) -> set[str]:
    levels = [level for path in paths(conn, now) for level in (*path.levels, path.final)]
    return {id for level in levels for stand in level.stands for id, _ in (*stand.people, *stand.missing)}


def may_be_paged(conn: Connection, now: Instant) -> dict[str, str]:
    """Person id → why: on a path now, a shift within 30 days, or a post of the plan."""
    active = {one.id for one in people(conn) if one.active}
    found = {id: f"holds the post {title}" for id, title in _holders(conn).items()}
    found |= {row.person: f"is on call in {row.title}" for row in coming_shifts(conn, None, now, AHEAD_DAYS)}
    found |= dict.fromkeys(_on_paths(conn, now) - set(found), "stands on a path of the plan")
    return {id: why for id, why in found.items() if id in active}


def tested(conn: Connection, now: Instant) -> list[Tested]:
    """Everybody who may be paged, those overdue first: when they last answered a test in time."""
    found = in_force(conn)
    interval = timedelta(days=found.plan.trying.contact_test_every_days if found else 90)
    last = _last_answers(conn)
    names, channels = person_names(conn), verified_channels(conn)
    rows = [
        Tested(
            id,
            names.get(id, id),
            why,
            last.get(id),
            id not in last or now - last[id] > interval,
            channels.get(id, ()),
        )
        for id, why in may_be_paged(conn, now).items()
    ]
    return sorted(rows, key=lambda one: (not one.overdue, one.last is not None, one.last or now, one.name.casefold()))


def _last_answers(conn: Connection) -> dict[str, Instant]:
    of = contact_test_person.c
    in_time = of.answered_at - of.asked_at <= contact_test.c.within * 60_000_000
    query = (
        select(of.person, func.max(of.answered_at))
        .join(contact_test, contact_test.c.number == of.test)
        .where(of.answered_at.is_not(None), in_time)
        .group_by(of.person)
    )
    return {person: from_micros(at) for person, at in conn.execute(query)}


def answered_since(conn: Connection, since: Instant) -> Share:
    """Of those asked since then and no longer waited for, how many answered in time; one per person and test."""
    of = contact_test_person.c
    query = (
        select(of.answered_at, of.asked_at, of.reason, of.missed, contact_test.c.within)
        .join(contact_test, contact_test.c.number == of.test)
        .where(of.asked_at >= micros(since))
    )
    return share(list(_states(conn.execute(query))))


def _states(rows: Iterable[Any]) -> Iterable[Any]:
    for row in rows:
        if row.answered_at is not None and row.answered_at - row.asked_at <= row.within * 60_000_000:
            yield "done"
        elif row.answered_at is not None or row.missed or row.reason:
            yield "skipped"
