"""Will it page tonight? What `quarterdeck doctor` looks at, each finding a sentence with its remedy."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from quarterdeck.app.reacting import parked_reactions
from quarterdeck.governance import views as governance
from quarterdeck.kernel.time import Instant
from quarterdeck.notify import views as notify
from quarterdeck.oncall import views as oncall
from quarterdeck.plan import views as plan
from quarterdeck.plan.rules import Plan
from quarterdeck.record import alarms
from quarterdeck.record.local import Desk

CANARY_WITHIN = timedelta(minutes=3)
LATE = timedelta(seconds=30)
AHEAD_DAYS = 14


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `text` says what is so, and if `ok` is false, what to do."""

    ok: bool
    text: str


def examine(desk: Desk) -> list[Finding]:
    """Every check, in the order in which a page would meet them."""
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        looked = (
            _plan(conn),
            _people(conn),
            _schedules(conn, now),
            _machinery(conn, now),
            _status_page(conn, desk, now),
        )
        return [finding for findings in looked for finding in findings]


def _plan(conn: Connection) -> Iterator[Finding]:
    found = plan.in_force(conn)
    if found is None:
        yield Finding(False, "No plan is in force. Publish one: quarterdeck plan publish DIR --reason …")
        return
    yield Finding(True, f"Plan revision {found.revision} is in force: {found.plan.name}.")
    known = {row.schedule for row in oncall.on_call_now(conn, found.published_at)}
    teams = {team.id: team for team in governance.teams(conn)}
    for kind, name in sorted(_targets(found.plan)):
        if kind == "schedule" and name not in known:
            yield Finding(
                False,
                f"The plan pages the schedule {name}, which does not exist. Set it: quarterdeck oncall schedule set",
            )
        if kind == "team" and (name not in teams or not teams[name].members):
            yield Finding(False, f"The plan pages the team {name}, which has no members.")


def _targets(found: Plan) -> set[tuple[str, str]]:
    texts = {str(target) for path in found.escalation.values() for level in path.levels for target in level.notify}
    return {(kind, name) for kind, _, name in (text.partition(":") for text in texts)}


def _people(conn: Connection) -> Iterator[Finding]:
    names = governance.person_names(conn)
    unreachable = set(notify.unreachable_people(conn))
    found = plan.in_force(conn)
    holders = {post.login for post in found.plan.posts.values()} if found else set()
    for person in governance.people(conn):
        if person.id in unreachable and person.active:
            needed = person.login in holders
            text = f"{names[person.id]} has no verified contact method: no page can reach them. quarterdeck method add"
            yield Finding(not needed, text if needed else f"{text} (not named in the plan)")
    if not unreachable:
        yield Finding(True, "Everybody has a verified contact method.")


def _schedules(conn: Connection, now: Instant) -> Iterator[Finding]:
    names = governance.person_names(conn)
    for row in oncall.on_call_now(conn, now):
        if row.person:
            yield Finding(True, f"{row.title}: {names.get(row.person, row.person)} is on call.")
        elif row.round_the_clock:
            yield Finding(False, f"{row.title}: nobody is on call now. quarterdeck oncall cover")
    for gap in oncall.gaps(conn, now, AHEAD_DAYS):
        text = f"{gap.title}: nobody would be paged {gap.start:%d %b %H:%M} to {gap.end:%d %b %H:%M} UTC."
        yield Finding(False, text + " quarterdeck oncall cover")


def _machinery(conn: Connection, now: Instant) -> Iterator[Finding]:
    seen = notify.canary(conn)
    arrived = seen.arrived_at if seen else None
    if arrived is None or now - arrived > CANARY_WITHIN:
        when = f"last at {arrived:%d %b %H:%M} UTC" if arrived else "never"
        yield Finding(False, f"No canary page has arrived within three minutes ({when}). Is the engine running?")
    else:
        yield Finding(True, f"A canary page went the whole way {int((now - arrived).total_seconds())} s ago.")
    late, since = alarms.waiting(conn, now)
    if since is not None and now - since > LATE:
        yield Finding(
            False, f"{late} alarms are overdue, the oldest since {since:%d %b %H:%M} UTC. Is the engine running?"
        )
    for reaction, position, error, attempts, _ in parked_reactions(conn):
        yield Finding(False, f"{reaction} failed {attempts} times on position {position}: {error.strip()}")


def _status_page(conn: Connection, desk: Desk, now: Instant) -> Iterator[Finding]:
    from quarterdeck.comms.channels.folder import age, publishing

    standing, where = plan.in_force(conn), publishing(desk.settings.status_page, desk.settings.home)
    page = standing.plan.communication.status_page if standing else None
    if where is None:
        if page:
            text = "The plan has a public status page, and it is written nowhere: name a folder under [status_page]."
            yield Finding(True, text)
        return
    there = where.folder if where.folder.exists() else next(one for one in where.folder.parents if one.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        yield Finding(False, f"The status page cannot be written to {where.folder}. Let this user write there.")
    elif page is None:
        yield Finding(
            False, "Settings name a folder for the status page, and the plan has none: communication.status_page"
        )
    elif (written := age(where.folder, now)) is None or written > timedelta(seconds=3 * where.every) + LATE:
        when = f"{int(written.total_seconds() // 60)} min ago" if written else "never"
        yield Finding(False, f"The status page in {where.folder} was last written {when}. Is the engine running?")
    else:
        yield Finding(True, f"The status page in {where.folder} was written {int(written.total_seconds())} s ago.")
