"""Questions about people, teams, keys and sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from quarterdeck.governance import kept
from quarterdeck.governance.projections import access_key, person, person_role, team, team_member
from quarterdeck.governance.rules import session_stands
from quarterdeck.kernel.time import Instant, from_micros


@dataclass(frozen=True)
class PersonRow:
    """A person as screens show one; `teams` are team ids, `signed_in_at` None if never."""

    id: str
    login: str
    name: str
    email: str
    zone: str
    active: bool
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    may_sign_in: bool
    signed_in_at: Instant | None


@dataclass(frozen=True)
class Member:
    id: str
    login: str
    name: str
    active: bool


@dataclass(frozen=True)
class TeamRow:
    id: str
    name: str
    members: tuple[Member, ...]


@dataclass(frozen=True)
class KeyRow:
    """A key without its secret; `used_at` is right to within a minute, `issued_by` an actor such as `person/…`."""

    id: str
    label: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...] | None
    issued_by: str
    issued_at: Instant
    used_at: Instant | None
    revoked_at: Instant | None


@dataclass(frozen=True)
class SessionRow:
    id: str
    person: str
    opened_at: Instant
    used_at: Instant
    address: str
    agent: str


@dataclass(frozen=True)
class Credential:
    """What a password is compared with; `argon2` None: the person has no password or may not sign in."""

    person: str
    argon2: str | None


def person_names(conn: Connection) -> dict[str, str]:
    """Display names by person id, inactive people included."""
    return {row.person: row.name for row in conn.execute(select(kept.profile.c.person, kept.profile.c.name))}


def people(conn: Connection) -> list[PersonRow]:
    """Everybody, by name; inactive people last."""
    return _people(conn)


def person_by_id(conn: Connection, id: str) -> PersonRow | None:
    return next(iter(_people(conn, kept.profile.c.person == id)), None)


def person_by_login(conn: Connection, login: str) -> PersonRow | None:
    return next(iter(_people(conn, kept.profile.c.login == login)), None)


def _people(conn: Connection, condition: Any = None) -> list[PersonRow]:
    query = (
        select(kept.profile, person.c.active, person.c.signed_in_at, kept.password.c.set_at)
        .join(person, person.c.id == kept.profile.c.person)
        .outerjoin(kept.password, kept.password.c.person == kept.profile.c.person)
    )
    if condition is not None:
        query = query.where(condition)
    rows = conn.execute(query).all()
    ids = [row.person for row in rows] if condition is not None else None
    roles = _grouped(conn, person_role.c.person, person_role.c.role, ids)
    teams = _grouped(conn, team_member.c.person, team_member.c.team, ids)
    found = [
        PersonRow(
            id=row.person,
            login=row.login,
            name=row.name,
            email=row.email,
            zone=row.zone,
            active=row.active,
            roles=tuple(roles.get(row.person, ())),
            teams=tuple(teams.get(row.person, ())),
            may_sign_in=row.active and row.set_at is not None,
            signed_in_at=instant(row.signed_in_at),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (not one.active, one.name.casefold(), one.login))


def _grouped(conn: Connection, key: Any, value: Any, ids: Sequence[str] | None) -> dict[str, list[str]]:
    query = select(key, value).order_by(value)
    grouped: dict[str, list[str]] = {}
    for owner, item in conn.execute(query if ids is None else query.where(key.in_(ids))):
        grouped.setdefault(owner, []).append(item)
    return grouped


def teams(conn: Connection) -> list[TeamRow]:
    """Every team with its members in the order they joined, by name."""
    members: dict[str, list[Member]] = {}
    query = (
        select(team_member.c.team, kept.profile, person.c.active)
        .join(kept.profile, kept.profile.c.person == team_member.c.person)
        .join(person, person.c.id == team_member.c.person)
        .order_by(team_member.c.since)
    )
    for row in conn.execute(query):
        members.setdefault(row.team, []).append(Member(row.person, row.login, row.name, row.active))
    rows = conn.execute(select(team)).all()
    found = [TeamRow(row.id, row.name, tuple(members.get(row.id, ()))) for row in rows]
    return sorted(found, key=lambda one: one.name.casefold())


def team_names(conn: Connection) -> dict[str, str]:
    """Display names by team id."""
    return {row.id: row.name for row in conn.execute(select(team))}


def keys(conn: Connection) -> list[KeyRow]:
    """Every key ever issued, newest first."""
    query = (
        select(access_key, kept.key_secret.c.used_at)
        .outerjoin(kept.key_secret, kept.key_secret.c.key == access_key.c.id)
        .order_by(access_key.c.issued_at.desc(), access_key.c.id.desc())
    )
    return [
        KeyRow(
            id=row.id,
            label=row.label,
            roles=tuple(row.roles),
            scopes=None if row.scopes is None else tuple(row.scopes),
            issued_by=row.issued_by,
            issued_at=from_micros(row.issued_at),
            used_at=instant(row.used_at),
            revoked_at=instant(row.revoked_at),
        )
        for row in conn.execute(query)
    ]


def sessions(conn: Connection, person: str, now: Instant) -> list[SessionRow]:
    """The person's open sessions, last used first."""
    table = kept.session
    query = select(table).where(table.c.person == person).order_by(table.c.used_at.desc(), table.c.id)
    return [
        SessionRow(row.id, row.person, from_micros(row.opened_at), from_micros(row.used_at), row.address, row.agent)
        for row in conn.execute(query)
        if session_stands(from_micros(row.opened_at), from_micros(row.used_at), now)
    ]


def credential(conn: Connection, login: str) -> Credential | None:
    """What to compare a password with; None for an unknown login."""
    query = (
        select(kept.profile.c.person, kept.password.c.argon2, person.c.active)
        .join(person, person.c.id == kept.profile.c.person)
        .outerjoin(kept.password, kept.password.c.person == kept.profile.c.person)
        .where(kept.profile.c.login == login)
    )
    row = conn.execute(query).first()
    return None if row is None else Credential(row.person, row.argon2 if row.active else None)


def instant(value: int | None) -> Instant | None:
    return None if value is None else from_micros(value)
