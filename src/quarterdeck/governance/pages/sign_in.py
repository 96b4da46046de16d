"""Signing in and out: the same answer, in the same time, for an unknown login and a wrong password."""

import threading
from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import structlog
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.exceptions import PermissionDeniedException
from litestar.params import Body, FromQuery
from litestar.response import Redirect, Template

from quarterdeck.governance import actions, views
from quarterdeck.governance.kept import password_matches
from quarterdeck.governance.rules import LONGEST_PASSWORD, SESSION_LASTS, check_origin, local_path
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record, Tx

log = structlog.get_logger("quarterdeck.governance")

COOKIE = "qd_session"
WRONG = "The login or the password is not right."
AnyRequest = Request[Any, Any, Any]


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    login: str = ""
    password: str = ""
    next: str = "/"


@dataclass(frozen=True)
class _Limit:
    """How often something may be tried: by one address, by one address for one login, for one login by anybody."""

    item: RateLimitItem
    name: str


_ADDRESS, _PAIR, _LOGIN = (
    _Limit(parse("50 per 5 minutes"), "address"),
    _Limit(parse("10 per 5 minutes"), "pair"),
    _Limit(parse("100 per hour"), "login"),
)


class Attempts:
    """Counts attempts in this process; a successful one forgives those that the same person failed before."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allowed(self, address: str, login: str) -> bool:
        """Count one attempt. Addresses come first, so that one address cannot fill the memory with logins."""
        checks = ((_ADDRESS, (address,)), (_PAIR, (address, login)), (_LOGIN, (login,)))
        return all(self._limiter.hit(limit.item, limit.name, *keys) for limit, keys in checks)

    def forgive(self, address: str, login: str) -> None:
        for limit, keys in ((_PAIR, (address, login)), (_LOGIN, (login,))):
            self._limiter.clear(limit.item, limit.name, *keys)


_MAKING = threading.Lock()


def attempts_of(state: State) -> Attempts:
    """The application's one counter of attempts."""
    with _MAKING:
        if "sign_in_attempts" not in state:
            state["sign_in_attempts"] = Attempts()
        found: Attempts = state["sign_in_attempts"]
        return found


def verify(record: Record, login: str, password: str) -> views.Credential | None:
    """The credential if the password is right. The hash is compared outside of any transaction."""
    if not password or len(password) > LONGEST_PASSWORD:
        return None
    with record.read() as conn:
        found = views.credential(conn, login)
    right = password_matches(found.argon2 if found else None, password)
    return found if right else None


def session_cookie(request: AnyRequest, settings: Any, token: str) -> Cookie:
    """Unreadable to scripts, not sent by other sites' forms, and only over https where there is https."""
    secure = settings.cookie_secure or request.url.scheme == "https"
    lasts = int(SESSION_LASTS.total_seconds())
    return Cookie(key=COOKIE, value=token, httponly=True, samesite="lax", secure=secure, path="/", max_age=lasts)


def address_of(request: AnyRequest) -> str:
    return request.client.host if request.client else "unknown"


def agent_of(request: AnyRequest) -> str:
    return request.headers.get("user-agent", "")


@get("/sign-in", opt={"public": "nobody is signed in yet"}, sync_to_thread=True)
def sign_in_page(next: FromQuery[str] = "/") -> Template:
    return _page(next=local_path(next))


@post("/sign-in", opt={"public": "nobody is signed in yet"}, sync_to_thread=True)
def sign_in(
    request: AnyRequest,
    record: NamedDependency[Record],
    settings: NamedDependency[Any],
    data: Annotated[SignIn, Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    """303 with the session's cookie; 401 whatever was wrong; 429 after too many attempts."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    if ("origin" in headers or "sec-fetch-site" in headers) and not check_origin("POST", headers):
        raise PermissionDeniedException("This request did not come from the console itself; it was refused.")
    login, address, onward = data.login.strip().lower()[:64], address_of(request), local_path(data.next)
    attempts = attempts_of(request.app.state)
    if not attempts.allowed(address, login):
        log.warning("sign-in held back", address=address)
        return _page(login, onward, "Too many attempts. Wait five minutes, then try again.", 429)
    try:
        found = verify(record, login, data.password)
        token = None if found is None else _open(request, record, found)
    except Refused as refused:
        return _page(login, onward, refused.detail, 503 if refused.reason == "Busy" else 401)
    if token is None:
        log.warning("sign-in refused", address=address)
        return _page(login, onward, WRONG, 401)
    attempts.forgive(address, login)
    return Redirect(onward, status_code=303, cookies=[session_cookie(request, settings, token)])


def _open(request: AnyRequest, record: Record, found: views.Credential) -> str:
    before = request.cookies.get(COOKIE)

    def act(tx: Tx) -> str:
        if before:
            actions.close_session(tx, token=before)
        return actions.open_session(
            tx, person=found.person, verified=found.argon2, address=address_of(request), agent=agent_of(request)
        )

    return record.perform(Principal(f"person/{found.person}"), act)


@post("/sign-out", opt={"public": "ends only the session whose token is sent"}, sync_to_thread=True)
def sign_out(request: AnyRequest, record: NamedDependency[Record], who: NamedDependency[Principal]) -> Redirect:
    token = request.cookies.get(COOKIE)
    if token:
        record.perform(who, lambda tx: actions.close_session(tx, token=token))
    gone = Cookie(key=COOKIE, value="", httponly=True, samesite="lax", path="/", max_age=0)
    return Redirect("/sign-in", status_code=303, cookies=[gone])


def _page(login: str = "", next: str = "/", fault: str | None = None, status: int = 200) -> Template:
    headers = {"Retry-After": "300"} if status == 429 else {}
    return Template(
        "governance/sign_in.html",
        context={"login": login, "next": next, "fault": fault},
        status_code=status,
        headers=headers,
    )


ROUTES = [sign_in_page, sign_in, sign_out]
