"""Schedules and escalations as they stand inside a transaction, and whom a target stands for at an instant."""

from collections.abc import Callable, Iterable

from quarterdeck.governance.state import Person, members, person_by_login, team
from quarterdeck.governance.state import person as person_of
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.state import reachable
from quarterdeck.oncall import rules
from quarterdeck.oncall.events import Reached, Unreached
from quarterdeck.oncall.rules import ESCALATION, SCHEDULE, Escalation, Schedule
from quarterdeck.record import Tx


def schedule(tx: Tx, id: str) -> Schedule | None:
    """The schedule with this id; None if there never was one."""
    return tx.load(SCHEDULE, id)


def who_is_on_call(tx: Tx, schedule: str, at: Instant) -> str | None:
    """The id of the person on call; None for a gap and for an unknown schedule."""
    found = tx.load(SCHEDULE, schedule)
    return rules.who_is_on_call(found, at) if found else None


def escalation(tx: Tx, number: int) -> Escalation | None:
    """The escalation of an incident; None if nobody was ever to be paged for it."""
    return tx.load(ESCALATION, number)


def resolve(
    tx: Tx, login_of: Callable[[str], str | None], targets: Iterable[str], at: Instant
) -> tuple[list[Reached], list[Unreached]]:
    """Whom the targets stand for now, and which of them give nobody who can be paged, with the reason.

    `login_of`: who holds a post, by the plan that the targets were copied from.
    """
    people: list[Reached] = []
    unreached: list[Unreached] = []
    for target in targets:
        kind, _, name = target.partition(":")
        if kind == "team":
            found: Person | str = "EmptyTeam" if team(tx, name) else "UnknownTeam"
            for member in members(tx, name):
                _sort(tx, target, member, people, unreached)
                found = member
            if isinstance(found, str):
                unreached.append(Unreached(target=target, reason=found))
        else:
            _sort(tx, target, _one(tx, login_of, kind, name, at), people, unreached)
    return people, unreached


def _one(tx: Tx, login_of: Callable[[str], str | None], kind: str, name: str, at: Instant) -> Person | str:
    """The person, or the reason why there is none."""
    if kind == "schedule":
        planned = tx.load(SCHEDULE, name)
        if planned is None:
            return "NoSuchSchedule"
        on_call = rules.who_is_on_call(planned, at)
        return (person_of(tx, on_call) or "UnknownPerson") if on_call else "NobodyOnCall"
    login = name if kind == "person" else login_of(name)
    if login is None:
        return "UnknownPost"
    return person_by_login(tx, login) or "UnknownPerson"


def _sort(tx: Tx, target: str, found: Person | str, people: list[Reached], unreached: list[Unreached]) -> None:
    if isinstance(found, str):
        unreached.append(Unreached(target=target, reason=found))
    elif not found.active:
        unreached.append(Unreached(target=target, reason="PersonInactive", person=found.id))
    elif not reachable(tx, found.id):
        unreached.append(Unreached(target=target, reason="NoContactMethod", person=found.id))
    else:
        people.append(Reached(person=found.id, target=target))
