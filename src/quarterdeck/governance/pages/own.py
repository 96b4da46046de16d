"""One's own page: profile, password, open sessions."""

from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from quarterdeck.governance import actions, views
from quarterdeck.governance.pages.sign_in import (
    COOKIE,
    AnyRequest,
    address_of,
    agent_of,
    attempts_of,
    session_cookie,
    verify,
)
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx

_OPT = {"may": Permission.READ}


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    email: str
    zone: str


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    current: str
    password: str


@get("/me", opt=_OPT, sync_to_thread=True)
def own_page(request: AnyRequest, record: NamedDependency[Record], who: NamedDependency[Principal]) -> Template:
    person, now = _person(who), record.clock.now()
    with record.read() as conn:
        one = views.person_by_id(conn, person)
        sessions = views.sessions(conn, person, now)
        teams = views.team_names(conn)
        here = views.identify(conn, session_token=request.cookies.get(COOKIE), bearer=None, now=now)
    if one is None:
        raise NotFound("profile of yours")
    context = {"one": one, "teams": teams, "sessions": sessions, "here": here.session if here else None}
    return Template("governance/own.html", context=context)


@post("/me/profile", opt=_OPT, sync_to_thread=True)
def change_profile(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    data: Annotated[Profile, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    person = _person(who)
    record.perform(
        who, lambda tx: actions.revise_profile(tx, person=person, name=data.name, email=data.email, zone=data.zone)
    )
    return Redirect("/me", status_code=303)


@post("/me/password", opt=_OPT, sync_to_thread=True)
def change_password(
    request: AnyRequest,
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    settings: NamedDependency[Any],
    data: Annotated[PasswordChange, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Redirect:
    """Asks for the current password; ends every other session and gives this browser a new one."""
    person = _person(who)
    with record.read() as conn:
        one = views.person_by_id(conn, person)
    assert one is not None
    attempts, address = attempts_of(request.app.state), address_of(request)
    if not attempts.allowed(address, one.login):
        raise Refused("TooManyAttempts", "Too many attempts. Wait five minutes, then try again.")
    if verify(record, one.login, data.current) is None:
        raise Invalid("The password was not changed.", ("current: this is not your current password",))
    hashed = actions.prepare_password(data.password, one.login)
    attempts.forgive(address, one.login)

    def act(tx: Tx) -> str:
        actions.set_password(tx, person=person, password=hashed)
        return actions.open_session(tx, person=person, address=address, agent=agent_of(request))

    token = record.perform(who, act)
    return Redirect("/me", status_code=303, cookies=[session_cookie(request, settings, token)])


@post("/me/sessions/{session_id:str}/revocation", opt=_OPT, sync_to_thread=True)
def end_session(
    record: NamedDependency[Record], who: NamedDependency[Principal], session_id: FromPath[str]
) -> Redirect:
    record.perform(who, lambda tx: actions.end_session(tx, session_id=session_id))
    return Redirect("/me", status_code=303)


def _person(who: Principal) -> str:
    if who.person is None:
        raise NotFound("profile of a key; sign in as a person")
    return who.person


ROUTES = [own_page, change_profile, change_password, end_session]
