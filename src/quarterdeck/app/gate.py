"""The gate before every route: who is this, may they, and does the request come from where it claims."""

from collections.abc import Iterable
from typing import Any

from litestar.connection import ASGIConnection, Request
from litestar.exceptions import NotAuthorizedException, NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from quarterdeck.governance.rules import check_origin, may
from quarterdeck.governance.views import principal_of_request
from quarterdeck.kernel.errors import Forbidden
from quarterdeck.kernel.principal import NOBODY, Principal
from quarterdeck.record import Record

COOKIE = "qd_session"
_LARGEST = 2**31 - 1
"""No number that we give out is larger, and no database takes every larger one."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class NoRule(RuntimeError):
    """A route that does not say who may use it: the house does not open."""


def insist_on_rules(routes: Iterable[Any]) -> None:
    """Deny by default: `opt={"may": Permission.X}` or `opt={"public": "why"}` on every handler."""
    for handler in routes:
        opt = getattr(handler, "opt", {})
        if ("may" in opt) == ("public" in opt):
            name = getattr(handler, "fn", handler)
            raise NoRule(f"{name}: say who may use it, with either `may` or `public` in opt")


def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Find out who asks, then hold the route's own rule against them."""
    if any(isinstance(value, int) and value > _LARGEST for value in connection.path_params.values()):
        raise NotFoundException
    who, by_cookie = _identify(connection)
    connection.state.who = who
    method = str(connection.scope.get("method", "GET"))
    headers = {name.lower(): value for name, value in connection.headers.items()}
    if method not in _SAFE and by_cookie and not check_origin(method, headers):
        raise PermissionDeniedException("This request did not come from the console itself; it was refused.")
    permission = handler.opt.get("may")
    if permission is None:
        return
    if who is NOBODY:
        raise NotAuthorizedException("Sign in, or send a valid key as `Authorization: Bearer …`.")
    if not may(who, permission):
        raise Forbidden(str(permission))


def who(request: Request[Any, Any, Any]) -> Principal:
    """The principal that the guard found, for handlers that ask for `who`."""
    found: Principal = request.state.who
    return found


def _identify(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[Principal, bool]:
    record: Record = connection.app.state.record
    scheme, _, bearer = connection.headers.get("authorization", "").partition(" ")
    secret = bearer.strip() if scheme.lower() == "bearer" else None
    token = connection.cookies.get(COOKIE)
    if not secret and not token:
        return NOBODY, False
    with record.read() as conn:
        found = principal_of_request(conn, session_token=token, bearer=secret, now=record.clock.now())
    return found or NOBODY, not secret
