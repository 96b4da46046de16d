"""What can be done with a roster: keep one that was built, let it become the schedules that page, give it up."""

from functools import partial
from typing import Any

from quarterdeck.direction.rules import ROSTER
from quarterdeck.direction.rules.rostering import life
from quarterdeck.direction.rules.rostering.document import NeedsText
from quarterdeck.direction.rules.rostering.making import Made
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person, person_by_login
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.oncall.actions import revise_schedule
from quarterdeck.oncall.rules.document import written
from quarterdeck.oncall.state import schedule
from quarterdeck.record import Tx


@permitted(Permission.SCHEDULE)
def keep_roster(tx: Tx, *, task: NeedsText, made: Made) -> int:
    """Write down a roster that was built for this task; returns its number. Everybody in it has to be here."""
    unknown = [one.login for one in task.people if not _here(tx, one.login)]
    if unknown:
        wrong = tuple(f"people: nobody has the login {login!r}, or they have left" for login in unknown)
        raise Invalid("The roster's task names people who are not here.", wrong)
    number = tx.next_number("roster")
    tx.append(ROSTER, number, life.keep(number, tx.by.id, tx.now, task=task, made=made))
    return number


@permitted(Permission.SCHEDULE)
def accept_roster(tx: Tx, *, number: int, gaps: bool = False) -> tuple[str, ...]:
    """Let it page: each place of each rotation becomes a schedule, new or on top of the one of that id; returns them.

    What a schedule said before goes on until the roster begins, and again after it ends.
    """
    found = tx.existing(ROSTER, number)
    schedules = tuple(id for _, _, id, _ in life.places(found.task))
    tx.append(ROSTER, number, life.accept(found, tx.by.id, tx.now, schedules=schedules, gaps=gaps))
    for rotation, place, id, title in life.places(found.task):
        if added := life.layers(found, rotation, place):
            revise_schedule(tx, id=id, document=_document(tx, found, id, title, added))
    return schedules


@permitted(Permission.SCHEDULE)
def give_up_roster(tx: Tx, *, number: int, reason: str) -> None:
    """Put it aside; it stays on record."""
    tx.decide(ROSTER, number, partial(life.give_up, by=tx.by.id, now=tx.now, reason=reason))


def _document(tx: Tx, roster: life.Built, id: str, title: str, added: list[dict[str, Any]]) -> dict[str, Any]:
    held, task = schedule(tx, id), roster.task
    if held is None:
        return {"title": title, "zone": task.zone, "layers": added}
    if held.zone != task.zone:
        raise Refused(
            "AnotherZone",
            f"The schedule {id} keeps the time of {held.zone}, the roster that of {task.zone}. "
            f"Build it for {held.zone}.",
        )
    # Rosters for the same time or later give way; what was in force before is kept.
    standing = [one for one in held.layers if not (one.name.startswith("Roster ") and one.starts >= task.starts)]
    logins = {who: found.login for one in standing for who in one.participants if (found := person(tx, who))}
    layers = [*written(standing, logins), *added]
    return {"title": held.title, "zone": held.zone, "round_the_clock": held.round_the_clock, "layers": layers}


def _here(tx: Tx, login: str) -> bool:
    found = person_by_login(tx, login)
    return found is not None and found.active
