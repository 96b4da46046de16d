"""People, teams, keys, sessions and the audit view for programs."""

from typing import Annotated, Any, TypeVar

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, Parameter

from quarterdeck.governance import actions, views
from quarterdeck.governance.rules import Permission, demand, may
from quarterdeck.governance.state import person_by_login
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.ids import new_id
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx

Limit = Annotated[int, Parameter(ge=1, le=200)]
Cursor = Annotated[str | None, Parameter(max_length=200)]
_READ, _ADMINISTER = {"may": Permission.READ}, {"may": Permission.ADMINISTER}
R = TypeVar("R")


class NewPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`password` may be left out: then the person can be paged but cannot sign in."""

    login: str
    name: str
    email: str
    roles: list[str] = []
    zone: str = "UTC"
    password: str | None = None


class ProfileChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str | None = None
    email: str | None = None
    zone: str | None = None


class Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    role: str


class NewTeam(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str


class NewMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    login: str


class NewKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`scopes` narrows the key to these permissions of its roles."""

    label: str
    roles: list[str]
    scopes: list[str] | None = None


def known(tx: Tx, login: str) -> str:
    """The id of the person with this login; `NotFound` if there is none."""
    found = person_by_login(tx, login)
    if found is None:
        raise NotFound(f"person with the login {login[:63]!r}")
    return found.id


def page_of(rows: list[R], cursor: str | None, limit: int, key: str) -> dict[str, Any]:
    """A page of rows that are few enough to be read whole; the cursor is the last row's key."""
    start = 0
    if cursor is not None:
        start = next((place + 1 for place, row in enumerate(rows) if getattr(row, key) == cursor), -1)
        if start < 0:
            raise Invalid("This cursor was not given out by this list.", ("cursor: begin again without one",))
    items = rows[start : start + limit]
    return {"items": items, "next": getattr(items[-1], key) if len(rows) > start + limit else None}


@get("/api/me", opt=_READ, sync_to_thread=True)
def me(who: NamedDependency[Principal]) -> dict[str, Any]:
    """Who you are here, and what you may do."""
    permissions = [permission.value for permission in Permission if may(who, permission)]
    return {"id": who.id, "roles": sorted(who.roles), "permissions": permissions}


@get("/api/people", opt=_READ, sync_to_thread=True)
def list_people(record: NamedDependency[Record], limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """Everybody, by name; inactive people last."""
    with record.read() as conn:
        return page_of(views.people(conn), cursor, limit, "login")


@post("/api/people", opt=_ADMINISTER, sync_to_thread=True)
def add_person(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewPerson]
) -> dict[str, str]:
    """Add a person. 409 `LoginTaken` if the login belongs to anybody."""
    demand(who, Permission.ADMINISTER)
    hashed = None if data.password is None else actions.prepare_password(data.password, data.login)

    def act(tx: Tx) -> str:
        return actions.add_person(
            tx,
            login=data.login,
            name=data.name,
            email=data.email,
            roles=data.roles,
            zone=data.zone,
            password=hashed,
        )

    return {"id": record.perform(who, act), "login": data.login}


@get("/api/people/{login:str}", opt=_READ, sync_to_thread=True)
def one_person(record: NamedDependency[Record], login: FromPath[str]) -> views.PersonRow:
    """One person, by login."""
    with record.read() as conn:
        found = views.person_by_login(conn, login)
    if found is None:
        raise NotFound(f"person with the login {login[:63]!r}")
    return found


@patch("/api/people/{login:str}", opt=_READ, sync_to_thread=True)
def change_profile(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    login: FromPath[str],
    data: JSONBody[ProfileChange],
) -> views.PersonRow:
    """Change what is given: your own profile, or anybody's if you administer."""
    record.perform(
        who,
        lambda tx: actions.revise_profile(
            tx, person=known(tx, login), name=data.name, email=data.email, zone=data.zone
        ),
    )
    with record.read() as conn:
        found = views.person_by_login(conn, login)
    assert found is not None
    return found


@post("/api/people/{login:str}/roles", opt=_ADMINISTER, status_code=204, sync_to_thread=True)
def grant_role(
    record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str], data: JSONBody[Role]
) -> None:
    """Give a person a role. Nothing happens if they hold it."""
    record.perform(who, lambda tx: actions.grant_role(tx, person=known(tx, login), role=data.role))


@delete("/api/people/{login:str}/roles/{role:str}", opt=_ADMINISTER, sync_to_thread=True)
def revoke_role(
    record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str], role: FromPath[str]
) -> None:
    """409 `LastAdministrator` if nobody would be left to let people in."""
    record.perform(who, lambda tx: actions.revoke_role(tx, person=known(tx, login), role=role))


@post("/api/people/{login:str}/deactivation", opt=_ADMINISTER, status_code=204, sync_to_thread=True)
def deactivate_person(record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str]) -> None:
    """The person may no longer act, sign in or be paged; their sessions end."""
    record.perform(who, lambda tx: actions.deactivate_person(tx, person=known(tx, login)))


@post("/api/people/{login:str}/reactivation", opt=_ADMINISTER, status_code=204, sync_to_thread=True)
def reactivate_person(record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str]) -> None:
    """The person may act and be paged again; they have to sign in anew."""
    record.perform(who, lambda tx: actions.reactivate_person(tx, person=known(tx, login)))


@get("/api/teams", opt=_READ, sync_to_thread=True)
def list_teams(record: NamedDependency[Record], limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """Teams with their members, by name."""
    with record.read() as conn:
        return page_of(views.teams(conn), cursor, limit, "id")


@post("/api/teams", opt=_ADMINISTER, sync_to_thread=True)
def add_team(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewTeam]
) -> dict[str, str]:
    """Add a team. 409 if the id is taken."""
    record.perform(who, lambda tx: actions.add_team(tx, id=data.id, name=data.name))
    return {"id": data.id}


@post("/api/teams/{team:str}/members", opt=_ADMINISTER, status_code=204, sync_to_thread=True)
def add_member(
    record: NamedDependency[Record], who: NamedDependency[Principal], team: FromPath[str], data: JSONBody[NewMember]
) -> None:
    """Add a person to a team."""
    record.perform(who, lambda tx: actions.add_member(tx, team=team, person=known(tx, data.login)))


@delete("/api/teams/{team:str}/members/{login:str}", opt=_ADMINISTER, sync_to_thread=True)
def remove_member(
    record: NamedDependency[Record], who: NamedDependency[Principal], team: FromPath[str], login: FromPath[str]
) -> None:
    """Take a person out of a team."""
    record.perform(who, lambda tx: actions.remove_member(tx, team=team, person=known(tx, login)))


@get("/api/keys", opt=_ADMINISTER, sync_to_thread=True)
def list_keys(record: NamedDependency[Record], limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """Every key ever issued, newest first, without secrets."""
    with record.read() as conn:
        return page_of(views.keys(conn), cursor, limit, "id")


@post("/api/keys", opt=_ADMINISTER, sync_to_thread=True)
def issue_key(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: JSONBody[NewKey]
) -> dict[str, str]:
    """Issue a key. `secret` is shown this once; only its digest is stored."""
    id = new_id(record.clock.now())
    secret = record.perform(
        who, lambda tx: actions.issue_key(tx, label=data.label, roles=data.roles, scopes=data.scopes, id=id)
    )
    return {"id": id, "secret": secret}


@post("/api/keys/{key:str}/revocation", opt=_ADMINISTER, status_code=204, sync_to_thread=True)
def revoke_key(record: NamedDependency[Record], who: NamedDependency[Principal], key: FromPath[str]) -> None:
    """The key stops working at once."""
    record.perform(who, lambda tx: actions.revoke_key(tx, key=key))


@get("/api/sessions", opt=_READ, sync_to_thread=True)
def list_sessions(
    record: NamedDependency[Record], who: NamedDependency[Principal], login: FromQuery[str | None] = None
) -> dict[str, Any]:
    """Your own open sessions, or with `login` those of anybody if you administer."""
    with record.read() as conn:
        person = who.person
        if login is not None:
            found = views.person_by_login(conn, login)
            if found is None or found.id != who.person:
                demand(who, Permission.ADMINISTER)
            person = None if found is None else found.id
        return {"items": views.sessions(conn, person, record.clock.now()) if person else [], "next": None}


@delete("/api/sessions/{session_id:str}", opt=_READ, sync_to_thread=True)
def end_session(record: NamedDependency[Record], who: NamedDependency[Principal], session_id: FromPath[str]) -> None:
    """End one of your own sessions, or anybody's if you administer."""
    record.perform(who, lambda tx: actions.end_session(tx, session_id=session_id))


@get("/api/audit", opt={"may": Permission.AUDIT}, sync_to_thread=True)
def list_audit(
    record: NamedDependency[Record],
    actor: Cursor = None,
    stream: Cursor = None,
    type: Cursor = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Who changed what, newest first. `actor` exact; `stream` or its kind; `type` or its room."""
    with record.read() as conn:
        rows = views.audit(conn, actor=actor, stream=stream, type=type, before=position_of(cursor), limit=limit + 1)
    return {"items": rows[:limit], "next": str(rows[limit - 1].position) if len(rows) > limit else None}


def position_of(cursor: str | None) -> int | None:
    """A cursor of the audit list as a position; `Invalid` if it cannot be one."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):
        raise Invalid("This cursor was not given out by this list.", ("cursor: begin again without one",))
    return int(cursor)


ROUTES = [
    me,
    list_people,
    add_person,
    one_person,
    change_profile,
    grant_role,
    revoke_role,
    deactivate_person,
    reactivate_person,
    list_teams,
    add_team,
    add_member,
    remove_member,
    list_keys,
    issue_key,
    revoke_key,
    list_sessions,
    end_session,
    list_audit,
]
