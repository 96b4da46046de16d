"""Schedules are written down whole; cover is arranged on top of them."""

import re
from collections.abc import Mapping
from typing import Any

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import Person, person_by_login
from quarterdeck.governance.state import person as person_of
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.ids import new_id
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall import rules
from quarterdeck.oncall.events import ScheduleRevised
from quarterdeck.oncall.rules import SCHEDULE
from quarterdeck.record import Tx

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_LONGEST_REASON = 500


@permitted(Permission.SCHEDULE)
def revise_schedule(tx: Tx, *, id: str, document: Mapping[str, Any] | str) -> None:
    """Write a schedule down whole, new or revised; YAML text or plain data. The same document again changes nothing.

    Raises `Invalid` with every fault at once, people who are not here included. Cover stays on top.
    """
    if not _ID.fullmatch(id):
        raise Invalid(
            "This is no id for a schedule.",
            ("id: use 1 to 63 of a-z, 0-9, '_' and '-', beginning with a letter or digit",),
        )
    data = rules.document.read_text(document) if isinstance(document, str) else dict(document)
    checked = rules.document.check(data)
    found = {login: person_by_login(tx, login) for login in checked.logins}
    people = {login: person.id for login, person in found.items() if person and person.active}
    layers = rules.document.layers_of(checked, people)
    revised = ScheduleRevised(
        at=tx.now,
        schedule=id,
        title=checked.title,
        zone=checked.zone,
        layers=layers,
        round_the_clock=checked.round_the_clock,
        document=checked.model_dump(mode="json", exclude_unset=True),
        by=tx.by.person or tx.by.id,
    )
    held = tx.load(SCHEDULE, id)
    if held and (held.title, held.zone, held.layers, held.round_the_clock) == (
        revised.title,
        revised.zone,
        revised.layers,
        revised.round_the_clock,
    ):
        return
    tx.append(SCHEDULE, id, [revised])


@permitted(Permission.SCHEDULE)
def arrange_cover(tx: Tx, *, schedule: str, person: str, start: Instant, end: Instant, reason: str = "") -> str:
    """`person` (id or login) is on call from `start` until `end`, whatever the layers say; returns the cover's id."""
    whom = known(tx, person)
    if len(reason) > _LONGEST_REASON or not reason.replace("\n", " ").isprintable():
        raise Invalid("The reason cannot be kept.", ("reason: at most 500 printable characters",))
    cover = new_id(tx.now)
    by = tx.by.person or tx.by.id
    tx.decide(
        SCHEDULE,
        schedule,
        lambda state: rules.arrange_cover(
            state, cover=cover, person=whom.id, start=start, end=end, reason=reason.strip(), by=by, now=tx.now
        ),
    )
    return cover


@permitted(Permission.SCHEDULE)
def cancel_cover(tx: Tx, *, schedule: str, cover: str) -> None:
    """Take a cover away again, or what is left of it."""
    by = tx.by.person or tx.by.id
    tx.decide(SCHEDULE, schedule, lambda state: rules.cancel_cover(state, cover=cover, by=by, now=tx.now))


def known(tx: Tx, name: str) -> Person:
    """The active person with this id or login. Raises `Invalid`."""
    found = person_of(tx, name) or person_by_login(tx, name)
    if found is None or not found.active:
        raise Invalid("There is nobody of that name.", (f"person: {name!r} is no active person's login or id",))
    return found
