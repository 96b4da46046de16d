"""How long people worked on an incident: from one thing that somebody did to the next, where these lie close together.

Each stretch of work begins a quarter of an hour before the first thing that shows of it. What people of other systems
did is not counted: such a history tells when a ticket changed, not when somebody sat at it.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import islice

import msgspec
from sqlalchemy import BigInteger, Column, Connection, Integer, String, Table, bindparam, insert, select, update

from quarterdeck.command import events as ev
from quarterdeck.comms import events as comms
from quarterdeck.direction.projections.growing import Growing
from quarterdeck.direction.projections.incidents import measured
from quarterdeck.direction.projections.stating import Begun, Own, Says, at
from quarterdeck.record.bulk import insert_many
from quarterdeck.record.refold import Told
from quarterdeck.record.tables import read

LEAD, GAP = 15 * 60_000_000, 60 * 60_000_000
"""Before the first act of a stretch; and how far two acts of one stretch may lie apart. Microseconds."""
NOBODY = ("engine", "local")
_AT_ONCE, _WRITTEN = 400, 20_000
_PEOPLE = 24
"""Bits of a person's number in memory."""

measured_hand = Table(
    "measured_hand",
    read,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("person", String(80), primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("worked", BigInteger, nullable=False),
)
"""One person's part in an incident: the last thing they did, and how long they worked so far."""

_more = (
    update(measured)
    .where(measured.c.number == bindparam("b_number"))
    .values(worked=measured.c.worked + bindparam("b_more"), moved=bindparam("b_moved"))
)
_again = (
    update(measured_hand)
    .where(measured_hand.c.number == bindparam("b_number"), measured_hand.c.person == bindparam("b_person"))
    .values(last=bindparam("b_last"), worked=bindparam("b_worked"))
)


def _acted(conn: Connection, rows: Sequence[Told]) -> None:
    acts = [(row.number, by, at(row), row.position) for row in rows if (by := _person(row)) is not None]
    known = _known(conn, sorted({number for number, *_ in acts}))
    there = set(known)
    more, moved = Counter[int](), dict[int, int]()
    for number, person, when, position in acts:
        last, worked = known.get((number, person), (None, 0))
        gained = _gained(last, when)
        known[number, person] = (when if last is None else max(last, when), worked + gained)
        more[number] += gained
        moved[number] = position
    if not acts:
        return
    touched = {(number, person) for number, person, *_ in acts}
    fresh = [
        {"number": number, "person": person, "last": last, "worked": worked}
        for (number, person), (last, worked) in known.items()
        if (number, person) in touched - there
    ]
    changed = [
        {"b_number": number, "b_person": person, "b_last": last, "b_worked": worked}
        for (number, person), (last, worked) in known.items()
        if (number, person) in touched & there
    ]
    if fresh:
        conn.execute(insert(measured_hand), fresh)
    if changed:
        conn.execute(_again, changed)
    conn.execute(_more, [{"b_number": n, "b_more": more[n], "b_moved": moved[n]} for n in moved])


def _gained(last: int | None, when: int) -> int:
    return LEAD if last is None or when - last > GAP else max(0, when - last)


class _Said(msgspec.Struct):
    """All that is asked of an event here: to read no more of it is three times as quick."""

    by: str


_SAID = msgspec.json.Decoder(_Said)


def _person(row: Told) -> str | None:
    said = row.known if row.known is not None else _SAID.decode(row.data)
    by: str = said.declared_by if isinstance(said, ev.IncidentDeclared) else said.by
    return None if not by or "/" in by or by in NOBODY else by


def _known(conn: Connection, numbers: Sequence[int]) -> dict[tuple[int, str], tuple[int | None, int]]:
    found: dict[tuple[int, str], tuple[int | None, int]] = {}
    for start in range(0, len(numbers), _AT_ONCE):
        query = select(measured_hand).where(measured_hand.c.number.in_(numbers[start : start + _AT_ONCE]))
        found |= {(row.number, row.person): (row.last, row.worked) for row in conn.execute(query)}
    return found


Parts = tuple[Sequence[int], Sequence[str], Sequence[int], Sequence[int]]
"""Incident and person in one number, the people by theirs; of each such pair the last instant and the time."""


def _begin(growing: Callable[[Table], Growing]) -> Begun:
    """The same in memory: a number for each person, and of each part in an incident the last instant and the time."""
    incidents = growing(measured)
    worked_in, moved = incidents.columns["worked"], incidents.columns["moved"]
    people: dict[str, int] = {}
    places: dict[int, int] = {}
    last, worked = array("q"), array("q")

    def act(row: Told) -> None:
        by = _person(row)
        if by is None:
            return
        number, when = row.number, row.at
        key = (number << _PEOPLE) + people.setdefault(by, len(people))
        place = places.get(key)
        if place is None:
            place = places[key] = len(last)
            gained = LEAD
            last.append(when)
            worked.append(LEAD)
        else:
            before = last[place]
            gained = _gained(before, when)
            if when > before:
                last[place] = when
            worked[place] += gained
        slot = incidents.slots.get(number)
        if slot is not None:
            worked_in[slot] += gained
            moved[slot] = row.position

    return Begun(act, lambda: (array("q", places), list(people), last, worked))


def _write(conn: Connection, parts: Sequence[Parts]) -> None:
    for keys, names, last, worked in parts:
        rows = (
            (key >> _PEOPLE, names[key & ((1 << _PEOPLE) - 1)], when, time)
            for key, when, time in zip(keys, last, worked, strict=True)
        )
        while part := list(islice(rows, _WRITTEN)):
            insert_many(conn, measured_hand.name, ("number", "person", "last", "worked"), part)


_WORK = Own(measured_hand, _acted, _begin, _write)
SAYS: Says = {
    event: [_WORK]
    for event in (
        ev.IncidentDeclared,
        ev.IncidentAcknowledged,
        ev.SeverityChanged,
        ev.ImpactStated,
        ev.CommandTransferred,
        ev.RoleAssigned,
        ev.TaskAssigned,
        ev.TaskDone,
        ev.TaskSkipped,
        ev.NoteAdded,
        ev.IncidentMitigated,
        ev.IncidentResolved,
        ev.IncidentReopened,
        comms.UpdateSent,
        comms.DecisionTaken,
    )
}
