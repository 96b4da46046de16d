"""What stands of signals and groups inside a transaction: hot rows in bulk, and folded groups for higher rooms."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, select

from quarterdeck.intake.kept import dedupe, grouping
from quarterdeck.intake.rules import GROUP, Group, Seen, Standing
from quarterdeck.kernel.time import micros
from quarterdeck.record import Tx
from quarterdeck.record.bulk import insert_many, update_many

_CHUNK = 1000


def group(tx: Tx, id: str) -> Group | None:
    """The group with this id; None if there never was one."""
    return tx.load(GROUP, id)


def seen(tx: Tx, keys: Iterable[str]) -> dict[str, Seen]:
    """The kept rows of these signals, by key."""
    found = {}
    wanted = list(keys)
    for start in range(0, len(wanted), _CHUNK):
        for row in tx.connection.execute(_SEEN, {"keys": wanted[start : start + _CHUNK]}):
            found[row[0]] = Seen(*row)
    return found


def standing(tx: Tx, ids: Iterable[str]) -> dict[str, Standing]:
    """The kept rows of these groups, by id; the state of quiet ones as the record has it."""
    return _standing(tx, _BY_ID, ids)


def standing_under(tx: Tx, group_keys: Iterable[str]) -> dict[str, Standing]:
    """The groups under these keys whose window is still open, by id."""
    return _standing(tx, _BY_KEY, group_keys, now=micros(tx.now))


def _standing(tx: Tx, query: Select[Any], wanted: Iterable[str], **values: int) -> dict[str, Standing]:
    found = {}
    names = list(wanted)
    for start in range(0, len(names), _CHUNK):
        for row in tx.connection.execute(query, {"wanted": names[start : start + _CHUNK], **values}):
            found[row[0]] = Standing(*row)
    quiet = [row.id for row in found.values() if row.state == "quiet"]
    for id, folded in (tx.load_many(GROUP, quiet) if quiet else {}).items():
        found[id].state = folded.state
    return found


def keep_seen(tx: Tx, rows: Sequence[Seen]) -> None:
    """Write the touched rows back. The writer lock is held: nobody has counted meanwhile."""
    new = [_seen_values(row) for row in rows if row.new]
    old = [_seen_values(row) for row in rows if not row.new]
    if new:
        insert_many(tx.connection, dedupe.name, dedupe.c.keys(), new)
    if old:
        update_many(tx.connection, dedupe, old)


def keep_standing(tx: Tx, rows: Sequence[Standing]) -> None:
    new = [_standing_values(row) for row in rows if row.new]
    old = [_standing_values(row) for row in rows if not row.new]
    if new:
        insert_many(tx.connection, grouping.name, grouping.c.keys(), new)
    if old:
        update_many(tx.connection, grouping, old)


def _seen_values(row: Seen) -> tuple[Any, ...]:
    return (
        row.key,
        row.source,
        row.state,
        row.severity,
        row.group,
        row.position,
        row.count,
        row.first_seen,
        row.last_seen,
    )


def _standing_values(row: Standing) -> tuple[Any, ...]:
    return (
        row.id,
        row.group_key,
        row.state,
        row.severity,
        row.impact,
        row.urgency,
        row.auto_resolve,
        row.window,
        row.signals,
        row.raises,
        row.firing,
        row.active_at,
        row.acknowledged,
        row.quiet,
    )


_d, _g = dedupe.c, grouping.c
_SEEN = select(dedupe).where(_d.key.in_(bindparam("keys", expanding=True)))
_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
_BY_ID = select(grouping).where(_g.id.in_(_WANTED))
_BY_KEY = select(grouping).where(
    _g.group_key.in_(_WANTED),
    _g.state.not_in(("closed", "hushed")),
    _g.active_at + _g.window * 60_000_000 >= bindparam("now"),
)


def held(tx: Tx) -> list[str]:
    """The ids of the groups that wait for a plan, the oldest first."""
    return list(tx.connection.execute(select(_g.id).where(_g.state == "held").order_by(_g.active_at)).scalars())
