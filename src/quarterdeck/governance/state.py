"""People and teams as they stand inside a transaction: what actions and reactions of any room may ask."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from quarterdeck.governance.kept import profile
from quarterdeck.governance.rules import PERSON, ROLES, TEAM, Permission, Standing
from quarterdeck.record import Tx


@dataclass(frozen=True)
class Person:
    """`zone` is an IANA time zone; an inactive person is kept for the record but may not act or be paged."""

    id: str
    login: str
    name: str
    email: str
    zone: str
    active: bool
    roles: frozenset[str]


@dataclass(frozen=True)
class Team:
    """`members` are person ids in the order they joined, inactive ones included."""

    id: str
    name: str
    members: tuple[str, ...]


def person(tx: Tx, id: str) -> Person | None:
    """The person with this id, active or not; None if there never was one."""
    return _one(tx, tx.connection.execute(select(profile).where(profile.c.person == id)).first())


def person_by_login(tx: Tx, login: str) -> Person | None:
    """The person who signs in as `login`, active or not."""
    return _one(tx, tx.connection.execute(select(profile).where(profile.c.login == login)).first())


def team(tx: Tx, id: str) -> Team | None:
    found = tx.load(TEAM, id)
    return None if found is None else Team(id, found.name, found.members)


def members(tx: Tx, team: str) -> list[Person]:
    """The active members of a team in the order they joined; empty for an unknown team."""
    found = tx.load(TEAM, team)
    if found is None or not found.members:
        return []
    standings = tx.load_many(PERSON, found.members)
    rows = tx.connection.execute(select(profile).where(profile.c.person.in_(found.members)))
    people = {row.person: _joined(row, standings[row.person]) for row in rows if row.person in standings}
    return [people[id] for id in found.members if id in people and people[id].active]


def others_administer(tx: Tx, person: str) -> bool:
    """True if an active administrator other than `person` is left. Locks: the answer holds until commit."""
    tx.lock()
    ids = tx.connection.execute(select(profile.c.person).where(profile.c.person != person)).scalars().all()
    return any(found.active and "administrator" in found.roles for found in tx.load_many(PERSON, ids).values())


def people_who_may(tx: Tx, permission: Permission) -> list[Person]:
    """Everybody active whose roles carry the permission, by login."""
    rows = tx.connection.execute(select(profile).order_by(profile.c.login)).all()
    standings = tx.load_many(PERSON, [row.person for row in rows])
    people = [_joined(row, standings[row.person]) for row in rows if row.person in standings]
    return [one for one in people if one.active and any(permission in ROLES[role] for role in one.roles)]


def first_administrator(tx: Tx) -> str | None:
    """The id of the active administrator who was added first; None if there is none."""
    ids = tx.connection.execute(select(profile.c.person).order_by(profile.c.person)).scalars().all()
    standings = tx.load_many(PERSON, ids)
    found = (id for id in ids if id in standings and standings[id].active and "administrator" in standings[id].roles)
    return next(found, None)


def _one(tx: Tx, row: Any) -> Person | None:
    standing = None if row is None else tx.load(PERSON, row.person)
    return None if standing is None else _joined(row, standing)


def _joined(row: Any, standing: Standing) -> Person:
    return Person(row.person, row.login, row.name, row.email, row.zone, standing.active, standing.roles)
