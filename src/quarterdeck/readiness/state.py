"""Exercises as they stand inside a transaction, and who is meant by the names that a scenario gives."""

from sqlalchemy import select

from quarterdeck.governance.state import Person, person, person_by_login
from quarterdeck.kernel.errors import Invalid
from quarterdeck.oncall.state import resolve
from quarterdeck.plan.rules import Plan
from quarterdeck.plan.state import revision
from quarterdeck.readiness.rules import DRILL, EXERCISE, Exercise
from quarterdeck.record import Tx
from quarterdeck.record.tables import alarm


def exercise(tx: Tx, number: int) -> Exercise:
    """The exercise with this number. Raises `NotFound`."""
    return tx.existing(EXERCISE, number)


def exercise_of(tx: Tx, incident: int) -> int | None:
    """The number of the exercise that an incident belongs to; None for a real one."""
    found = tx.load(DRILL, incident)
    return found.exercise if found else None


def running(tx: Tx) -> list[Exercise]:
    """The exercises whose clock runs: they alone have an alarm."""
    streams = tx.connection.execute(select(alarm.c.stream).where(alarm.c.stream.like("exercise/%"))).scalars()
    found = tx.load_many(EXERCISE, [stream.partition("/")[2] for stream in streams])
    return [one for one in found.values() if one.state == "running"]


def tested_plan(tx: Tx, state: Exercise) -> Plan:
    """The revision that the exercise tries."""
    return revision(tx, state.plan_revision).plan


def somebody(tx: Tx, name: str, field: str) -> Person:
    """An active person by id or login. Raises `Invalid`."""
    found = person(tx, name) or person_by_login(tx, name)
    if found is None or not found.active:
        raise Invalid("There is nobody of that name.", (f"{field}: {name[:100]!r} is no active person's login or id",))
    return found


def meant(tx: Tx, plan: Plan, target: str) -> tuple[list[str], list[str]]:
    """The ids of those whom a target stands for now, and why others of them cannot be told."""
    logins = {name: post.login for name, post in plan.posts.items()}
    people, unreached = resolve(tx, logins.get, (target,), tx.now)
    return [one.person for one in people], [f"{one.target}: {one.reason}" for one in unreached]
