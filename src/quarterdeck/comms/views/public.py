"""What the public may read, gathered: the plan in force, the texts that went out to its audience, and no more."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, and_, func, select

from quarterdeck.command.rules import OPEN
from quarterdeck.command.views import IncidentRow, incidents_numbered, open_incidents
from quarterdeck.comms.projections import public_word
from quarterdeck.comms.rules import status_page as rules
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.plan.rules import InForce
from quarterdeck.plan.views import in_force, revision

MOST = 500
"""Incidents of ninety days; those that were told of last are shown."""
_CHAIN = 20
"""An incident that was merged is as open as the one that took it in; so many steps are followed."""


def status_board(conn: Connection, now: Instant, every: int) -> rules.Board | None:
    """The page as it is now; None where the plan in force has none."""
    found = facts(conn, now)
    return None if found is None else rules.board(found, now, every)


def facts(conn: Connection, now: Instant) -> rules.Facts | None:
    """None: nothing is public."""
    standing = in_force(conn)
    page = standing.plan.communication.status_page if standing else None
    if standing is None or page is None:
        return None
    oldest = now - timedelta(days=rules.DAYS)
    told = _told(conn, page.audience, oldest)
    return rules.Facts(
        page=page,
        zone=standing.plan.calendar.zone,
        since=_kept_since(conn, standing, told, oldest),
        told=told,
    )


def _kept_since(conn: Connection, standing: InForce, told: Sequence[rules.Told], oldest: Instant) -> Instant:
    """From when on every revision has had a page for the same audience, looked at no further back than needed.

    If that is all of them, a history written down afterwards counts from its first word.
    """
    page, since = standing.plan.communication.status_page, standing.published_at
    number = standing.revision - 1
    while number > 0 and since > oldest:
        before = revision(conn, number)
        theirs = before.plan.communication.status_page
        if page is None or theirs is None or theirs.audience != page.audience:
            return since
        since, number = before.published_at, number - 1
    return min([since, *(word.at for one in told for word in one.words)])


def _told(conn: Connection, audience: str, since: Instant) -> tuple[rules.Told, ...]:
    mine = public_word.c.audience == audience
    recent = select(public_word.c.number).where(mine).group_by(public_word.c.number)
    recent = recent.having(func.max(public_word.c.at) >= micros(since)).order_by(func.max(public_word.c.at).desc())
    numbers = set(conn.execute(recent.limit(MOST)).scalars())
    spoken = and_(mine, public_word.c.number.in_([row.number for row in open_incidents(conn)]))
    numbers |= set(conn.execute(select(public_word.c.number).where(spoken)).scalars())
    words: dict[int, list[rules.Word]] = {}
    query = select(public_word).where(and_(mine, public_word.c.number.in_(numbers))).order_by(public_word.c.position)
    for row in conn.execute(query):
        promised = None if row.next_update is None else from_micros(row.next_update)
        words.setdefault(row.number, []).append(rules.Word(from_micros(row.at), row.kind, row.text, promised))
    return tuple(
        rules.Told(
            number=row.number,
            service=row.service,
            mitigated=(at := _end_of(conn, row)).state == "mitigated",
            over_at=None if at.state in OPEN else at.resolved_at or at.closed_at or words[row.number][-1].at,
            words=tuple(words[row.number]),
        )
        for row in incidents_numbered(conn, words)
        if not row.drill
    )


def _end_of(conn: Connection, row: IncidentRow) -> IncidentRow:
    """The incident in which this one goes on."""
    for _ in range(_CHAIN):
        if row.merged_into is None:
            break
        row = incidents_numbered(conn, [row.merged_into])[0]
    return row
