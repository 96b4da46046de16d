"""People and teams: who is here, as what, and in which team."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from quarterdeck.governance import actions, views
from quarterdeck.governance.rules import PERSON_ROLES, Permission
from quarterdeck.governance.state import person_by_login
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx

_READ, _ADMINISTER = {"may": Permission.READ}, {"may": Permission.ADMINISTER}
_FORM = Body(media_type=RequestEncodingType.URL_ENCODED)


class NewPerson(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One role is enough to begin with; more are given on the person's page."""

    login: str
    name: str
    email: str
    role: str = ""
    zone: str = "UTC"
    password: str = ""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    email: str
    zone: str


class RoleChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One box for each role that a person may have; a browser leaves out what is not ticked."""

    administrator: str = ""
    manager: str = ""
    responder: str = ""
    viewer: str = ""


class NewPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    password: str


class NewTeam(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str


class NewMember(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    login: str


@get("/people", opt=_READ, sync_to_thread=True)
def people_page(record: NamedDependency[Record]) -> Template:
    with record.read() as conn:
        people, teams = views.people(conn), views.teams(conn)
    context = {
        "people": people,
        "teams": teams,
        "team_names": {team.id: team.name for team in teams},
        "roles": PERSON_ROLES,
    }
    return Template("governance/people.html", context=context)


@post("/people", opt=_ADMINISTER, sync_to_thread=True)
def add_person(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: Annotated[NewPerson, _FORM]
) -> Redirect:
    hashed = actions.prepare_password(data.password, data.login) if data.password else None
    record.perform(
        who,
        lambda tx: actions.add_person(
            tx,
            login=data.login,
            name=data.name,
            email=data.email,
            roles=[data.role] if data.role else [],
            zone=data.zone,
            password=hashed,
        ),
    )
    return Redirect(f"/people/{data.login}", status_code=303)


@get("/people/{login:str}", opt=_READ, sync_to_thread=True)
def person_page(record: NamedDependency[Record], login: FromPath[str]) -> Template:
    with record.read() as conn:
        one = views.person_by_login(conn, login)
        if one is None:
            raise NotFound(f"person with the login {login[:63]!r}")
        sessions = views.sessions(conn, one.id, record.clock.now())
        teams = views.team_names(conn)
    context = {"one": one, "sessions": sessions, "teams": teams, "roles": PERSON_ROLES}
    return Template("governance/person.html", context=context)


def _known(tx: Tx, login: str) -> str:
    found = person_by_login(tx, login)
    if found is None:
        raise NotFound(f"person with the login {login[:63]!r}")
    return found.id


@post("/people/{login:str}/profile", opt=_ADMINISTER, sync_to_thread=True)
def change_profile(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    login: FromPath[str],
    data: Annotated[Profile, _FORM],
) -> Redirect:
    record.perform(
        who,
        lambda tx: actions.revise_profile(
            tx, person=_known(tx, login), name=data.name, email=data.email, zone=data.zone
        ),
    )
    return Redirect(f"/people/{login}", status_code=303)


@post("/people/{login:str}/roles", opt=_ADMINISTER, sync_to_thread=True)
def change_roles(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    login: FromPath[str],
    data: Annotated[RoleChoice, _FORM],
) -> Redirect:
    """The ticked roles are granted, the others revoked."""
    wanted = {role for role in PERSON_ROLES if getattr(data, role)}

    def act(tx: Tx) -> None:
        person = _known(tx, login)
        for role in PERSON_ROLES:
            change = actions.grant_role if role in wanted else actions.revoke_role
            change(tx, person=person, role=role)

    record.perform(who, act)
    return Redirect(f"/people/{login}", status_code=303)


@post("/people/{login:str}/password", opt=_ADMINISTER, sync_to_thread=True)
def set_password(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    login: FromPath[str],
    data: Annotated[NewPassword, _FORM],
) -> Redirect:
    hashed = actions.prepare_password(data.password, login)
    record.perform(who, lambda tx: actions.set_password(tx, person=_known(tx, login), password=hashed))
    return Redirect(f"/people/{login}", status_code=303)


@post("/people/{login:str}/deactivation", opt=_ADMINISTER, sync_to_thread=True)
def deactivate(record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str]) -> Redirect:
    record.perform(who, lambda tx: actions.deactivate_person(tx, person=_known(tx, login)))
    return Redirect(f"/people/{login}", status_code=303)


@post("/people/{login:str}/reactivation", opt=_ADMINISTER, sync_to_thread=True)
def reactivate(record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str]) -> Redirect:
    record.perform(who, lambda tx: actions.reactivate_person(tx, person=_known(tx, login)))
    return Redirect(f"/people/{login}", status_code=303)


@post("/people/{login:str}/sessions/{session_id:str}/revocation", opt=_ADMINISTER, sync_to_thread=True)
def end_session(
    record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str], session_id: FromPath[str]
) -> Redirect:
    record.perform(who, lambda tx: actions.end_session(tx, session_id=session_id))
    return Redirect(f"/people/{login}", status_code=303)


@post("/teams", opt=_ADMINISTER, sync_to_thread=True)
def add_team(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: Annotated[NewTeam, _FORM]
) -> Redirect:
    record.perform(who, lambda tx: actions.add_team(tx, id=data.id, name=data.name))
    return Redirect("/people", status_code=303)


@post("/teams/{team:str}/members", opt=_ADMINISTER, sync_to_thread=True)
def add_member(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    team: FromPath[str],
    data: Annotated[NewMember, _FORM],
) -> Redirect:
    record.perform(who, lambda tx: actions.add_member(tx, team=team, person=_known(tx, data.login)))
    return Redirect("/people", status_code=303)


@post("/teams/{team:str}/members/{login:str}/removal", opt=_ADMINISTER, sync_to_thread=True)
def remove_member(
    record: NamedDependency[Record], who: NamedDependency[Principal], team: FromPath[str], login: FromPath[str]
) -> Redirect:
    record.perform(who, lambda tx: actions.remove_member(tx, team=team, person=_known(tx, login)))
    return Redirect("/people", status_code=303)


ROUTES = [
    people_page,
    add_person,
    person_page,
    change_profile,
    change_roles,
    set_password,
    deactivate,
    reactivate,
    end_session,
    add_team,
    add_member,
    remove_member,
]
