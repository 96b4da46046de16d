"""Read tables of who stands as what: people, teams, their members, keys, and sign-ins."""

from collections.abc import Callable, Sequence

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    insert,
    update,
)

from quarterdeck.governance.events import (
    KeyIssued,
    KeyRevoked,
    MemberAdded,
    MemberRemoved,
    PersonAdded,
    PersonDeactivated,
    PersonReactivated,
    RoleGranted,
    RoleRevoked,
    SignedIn,
    TeamAdded,
    TeamRenamed,
)
from quarterdeck.kernel.time import micros
from quarterdeck.record import Projections, Recorded
from quarterdeck.record.tables import read

person = Table(
    "person",
    read,
    Column("id", String(40), primary_key=True),
    Column("active", Boolean, nullable=False),
    Column("added_at", BigInteger, nullable=False),
    Column("signed_in_at", BigInteger),
)

person_role = Table(
    "person_role",
    read,
    Column("person", String(40), primary_key=True),
    Column("role", String(40), primary_key=True),
)

team = Table("team", read, Column("id", String(63), primary_key=True), Column("name", Text, nullable=False))

team_member = Table(
    "team_member",
    read,
    Column("team", String(63), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("since", Integer().with_variant(BigInteger, "postgresql"), nullable=False),
    Index("team_member_person", "person"),
)
"""`since` is the position at which the member joined: the order of the team's members."""

access_key = Table(
    "access_key",
    read,
    Column("id", String(40), primary_key=True),
    Column("label", Text, nullable=False),
    Column("roles", JSON, nullable=False),
    Column("scopes", JSON(none_as_null=True)),
    Column("issued_by", Text, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
)

Rows = Sequence[Recorded]


def _person_added(conn: Connection, rows: Rows) -> None:
    conn.execute(
        insert(person), [{"id": r.event.person, "active": True, "added_at": micros(r.occurred_at)} for r in rows]
    )
    granted = [{"person": r.event.person, "role": role} for r in rows for role in sorted(set(r.event.roles))]
    if granted:
        conn.execute(insert(person_role), granted)


def _role_granted(conn: Connection, rows: Rows) -> None:
    conn.execute(insert(person_role), [{"person": r.event.person, "role": r.event.role} for r in rows])


def _role_revoked(conn: Connection, rows: Rows) -> None:
    for r in rows:
        gone = (person_role.c.person == r.event.person) & (person_role.c.role == r.event.role)
        conn.execute(delete(person_role).where(gone))


def _active(value: bool) -> Callable[[Connection, Rows], None]:
    def project(conn: Connection, rows: Rows) -> None:
        ids = [r.event.person for r in rows]
        conn.execute(update(person).where(person.c.id.in_(ids)).values(active=value))

    return project


def _signed_in(conn: Connection, rows: Rows) -> None:
    for r in rows:
        conn.execute(update(person).where(person.c.id == r.event.person).values(signed_in_at=micros(r.occurred_at)))


def _team_added(conn: Connection, rows: Rows) -> None:
    conn.execute(insert(team), [{"id": r.event.team, "name": r.event.name} for r in rows])


def _team_renamed(conn: Connection, rows: Rows) -> None:
    for r in rows:
        conn.execute(update(team).where(team.c.id == r.event.team).values(name=r.event.name))


def _member_added(conn: Connection, rows: Rows) -> None:
    conn.execute(
        insert(team_member), [{"team": r.event.team, "person": r.event.person, "since": r.position} for r in rows]
    )


def _member_removed(conn: Connection, rows: Rows) -> None:
    for r in rows:
        gone = (team_member.c.team == r.event.team) & (team_member.c.person == r.event.person)
        conn.execute(delete(team_member).where(gone))


def _key_issued(conn: Connection, rows: Rows) -> None:
    conn.execute(
        insert(access_key),
        [
            {
                "id": r.event.key,
                "label": r.event.label,
                "roles": list(r.event.roles),
                "scopes": None if r.event.scopes is None else list(r.event.scopes),
                "issued_by": r.actor,
                "issued_at": micros(r.occurred_at),
            }
            for r in rows
        ],
    )


def _key_revoked(conn: Connection, rows: Rows) -> None:
    for r in rows:
        conn.execute(update(access_key).where(access_key.c.id == r.event.key).values(revoked_at=micros(r.occurred_at)))


PROJECTIONS: Projections = {
    PersonAdded: _person_added,
    RoleGranted: _role_granted,
    RoleRevoked: _role_revoked,
    PersonDeactivated: _active(False),
    PersonReactivated: _active(True),
    SignedIn: _signed_in,
    TeamAdded: _team_added,
    TeamRenamed: _team_renamed,
    MemberAdded: _member_added,
    MemberRemoved: _member_removed,
    KeyIssued: _key_issued,
    KeyRevoked: _key_revoked,
}
