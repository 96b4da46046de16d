"""Alarms: at most one due instant per stream, recomputed on every append, claimed by the engine."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from quarterdeck.kernel.lifecycle import Lifecycle, never
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.record.recorded import Claim, LeaseLost
from quarterdeck.record.stores import Store
from quarterdeck.record.tables import alarm

MOST_URGENT, LEAST_URGENT = 0, 5
LONGEST_LEASE = timedelta(minutes=5)


def set_alarms(store: Store, conn: Connection, states: Sequence[tuple[Lifecycle[Any], str, Any]]) -> None:
    """Upsert or remove the alarm of each (lifecycle, key, state) according to its `due`."""
    wanted, unwanted = [], []
    for life, key, state in states:
        if life.due is never:
            continue
        due = life.due(state)
        stream = life.stream(key)
        if due is None:
            unwanted.append(stream)
        else:
            urgency = min(max(life.urgency(state), MOST_URGENT), LEAST_URGENT)
            wanted.append((stream, micros(due), int(life.leased), urgency))
    if wanted:
        store.upsert_alarms(conn, wanted)
    if unwanted:
        store.remove_alarms(conn, unwanted)


def due_streams(store: Store, conn: Connection, now: Instant, limit: int) -> list[Claim]:
    """Ordinary alarms that are due, most urgent first; the caller wakes them in this very transaction."""
    return [_claim(row) for row in store.claim_due(conn, micros(now), leased=False, limit=limit)]


def lease(store: Store, conn: Connection, now: Instant, until: Instant, limit: int) -> list[Claim]:
    """Take leases on due alarms of leased lifecycles; each claim carries the new fence.

    A lease *is* the alarm moved to the lease's end: if its holder dies, it simply comes due again.
    """
    rows = store.claim_due(conn, micros(now), leased=True, limit=limit)
    if rows:
        conn.execute(_LEASE, [{"taken": row[0], "until": micros(until)} for row in rows])
    return [Claim(row[0], from_micros(row[1]), row[2], row[3] + 1) for row in rows]


def check_fence(conn: Connection, claim: Claim) -> None:
    """Refuse the outcome of a claim that somebody else has taken over since. A withdrawn alarm refuses nothing."""
    fence = conn.execute(select(alarm.c.fence).where(alarm.c.stream == claim.stream)).scalar()
    if fence is not None and fence != claim.fence:
        raise LeaseLost(f"The lease on {claim.stream} passed to another engine (fence {fence}, ours {claim.fence}).")


def put_off(conn: Connection, stream: str, until: Instant) -> None:
    """Delay an alarm that cannot be served now; the next append to the stream sets it anew."""
    conn.execute(update(alarm).where(alarm.c.stream == stream).values(due=micros(until)))


def next_due(conn: Connection) -> Instant | None:
    """The earliest ordinary alarm: where a virtual clock should stop next."""
    return _soonest(conn, leased=False)


def next_leased(conn: Connection) -> Instant | None:
    """The earliest alarm of a leased lifecycle, the end of a running lease included."""
    return _soonest(conn, leased=True)


def _soonest(conn: Connection, *, leased: bool) -> Instant | None:
    found = [
        conn.execute(_SOONEST, {"leased": int(leased), "urgency": urgency}).scalar()
        for urgency in range(MOST_URGENT, LEAST_URGENT + 1)
    ]
    instants = [value for value in found if value is not None]
    return from_micros(min(instants)) if instants else None


def bogus_leases(conn: Connection, now: Instant) -> int:
    """How many leases reach further ahead than any lease may: the clock has been set back since they were taken."""
    return conn.execute(select(func.count()).where(alarm.c.lease_until > micros(now + LONGEST_LEASE))).scalar() or 0


def void_bogus_leases(conn: Connection, now: Instant) -> None:
    """Make every such lease come due now."""
    bogus = alarm.c.lease_until > micros(now + LONGEST_LEASE)
    conn.execute(update(alarm).where(bogus).values(due=micros(now), lease_until=None))


def void_leases(conn: Connection, now: Instant) -> None:
    """End every lease: only for an engine that knows it is alone."""
    conn.execute(update(alarm).where(alarm.c.lease_until.is_not(None)).values(due=micros(now), lease_until=None))


def waiting(conn: Connection, now: Instant) -> tuple[int, Instant | None]:
    """How many alarms are overdue, and since when the oldest is: the engine's queue age."""
    row = conn.execute(select(func.count(), func.min(alarm.c.due)).where(alarm.c.due <= micros(now))).one()
    return int(row[0]), None if row[1] is None else from_micros(row[1])


def _claim(row: Any) -> Claim:
    return Claim(row[0], from_micros(row[1]), row[2], row[3])


_LEASE = (
    update(alarm)
    .where(alarm.c.stream == bindparam("taken"))
    .values(due=bindparam("until"), lease_until=bindparam("until"), fence=alarm.c.fence + 1)
)
_SOONEST = (
    select(alarm.c.due)
    .where(alarm.c.leased == bindparam("leased"), alarm.c.urgency == bindparam("urgency"))
    .order_by(alarm.c.due)
    .limit(1)
)
