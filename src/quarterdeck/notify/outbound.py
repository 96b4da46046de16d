"""The one way out: every address a name stands for is checked, the connection goes to that very address, no redirects.

Webhooks go through `post`, other rooms' calls through `exchange`. ntfy and Slack go through apprise, which brings its
own HTTP client (requests over urllib3); `guarded` makes that client's connections pass the same check at the moment
they are made, so a name that changes its mind between check and use gains nothing. What is left there: the size of an
answer is not bounded (its time is), and a proxy named in the environment is honoured, so that the check then sees the
proxy and not what lies behind it.
"""

import asyncio
import logging
import re
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

import httpx2
import urllib3.util.connection

from quarterdeck.notify.rules import Delivered, Failed, NotifySettings, Outcome

LARGEST_ANSWER = 64 * 1024
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429})
_NAT64 = ip_network("64:ff9b::/96")
_TRANSLATED = (ip_network("2002::/16"), ip_network("2001::/32"), ip_network("64:ff9b:1::/48"))

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Awaitable[Sequence[str]]]


class NotAllowed(OSError):
    """The name leads to where channels may not go. The message does not say what stands there."""


def permitted_address(found: str, allow: Sequence[str]) -> bool:
    """True for an address on the public internet, or inside one of the networks in `allow`."""
    address: Address = ip_address(found.partition("%")[0])
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address in _NAT64:
            address = IPv4Address(int(address) & 0xFFFFFFFF)
    if _inside(address, allow):
        return True
    if isinstance(address, IPv6Address) and any(address in network for network in _TRANSLATED):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _inside(address: Address, allow: Sequence[str]) -> bool:
    return any(address.version == network.version and address in network for network in map(ip_network, allow))


def checked(host: str, found: Sequence[str], allow: Sequence[str]) -> str:
    """The address to connect to. One bad address among several is enough to refuse: which one is used is chance."""
    if not found:
        raise OSError(f"{host} has no address")
    if not all(permitted_address(address, allow) for address in found):
        raise NotAllowed(f"{host} leads into a network that channels may not reach; see outbound_allow in the settings")
    return found[0]


async def resolve(host: str, port: int) -> Sequence[str]:
    """All addresses of a name, in the system's order of preference."""
    rows = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]) for row in rows]


async def post(
    url: str,
    *,
    content: bytes,
    headers: Mapping[str, str],
    settings: NotifySettings,
    resolver: Resolver = resolve,
) -> Outcome:
    """POST to a person's address. Plain http only into `outbound_allow`; answers beyond 64 KB are not read."""
    try:
        async with asyncio.timeout(settings.attempt_seconds):
            return await _post(url, content, headers, settings, resolver)
    except TimeoutError:
        return Failed(f"no answer within {settings.attempt_seconds:g} s", unsure=True)
    except NotAllowed as refusal:
        return Failed(str(refusal), permanent=True)
    except (OSError, UnicodeError, httpx2.ConnectError) as error:
        return Failed(f"{type(error).__name__}: {error}"[:300])
    except httpx2.HTTPError as error:
        return Failed(f"{type(error).__name__}: {error}"[:300], unsure=True)
    except (ValueError, httpx2.InvalidURL):
        return Failed("not a web address", permanent=True)


async def _post(
    url: str, content: bytes, headers: Mapping[str, str], settings: NotifySettings, resolver: Resolver
) -> Outcome:
    try:
        answer = await exchange("POST", url, settings, content, headers, resolver=resolver)
    except Unfit as unfit:
        return Failed(str(unfit), permanent=True)
    return judged(answer.status, answer.body[:200].decode("utf-8", "replace"))


class Unfit(ValueError):
    """This is no address that may be asked."""


@dataclass(frozen=True)
class Answer:
    """What came back; names of headers in lower case. `cut`: there was more than was read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cut: bool


async def exchange(
    method: str,
    url: str,
    settings: NotifySettings,
    content: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    *,
    largest: int = LARGEST_ANSWER,
    resolver: Resolver = resolve,
) -> Answer:
    """One request to the address that was checked; redirects are answers like any other. Raises `Unfit`, `NotAllowed`,
    and what a network may raise (`OSError`, `httpx2.HTTPError`). The caller sets the time limit."""
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in {"https", "http"} or not host or parts.username or parts.password:
        raise Unfit("not a web address without user name")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = checked(host, await resolver(host, port), settings.outbound_allow)
    if parts.scheme == "http" and not _inside(ip_address(address.partition("%")[0]), settings.outbound_allow):
        raise Unfit("http:// is only for networks in outbound_allow; use https://")
    pinned = httpx2.URL(url).copy_with(host=address)
    named = {**(headers or {}), "Host": parts.netloc, "User-Agent": "Quarterdeck"}
    async with httpx2.AsyncClient(
        verify=_tls(), trust_env=False, follow_redirects=False, timeout=settings.attempt_seconds
    ) as client:
        request = client.build_request(
            method, pinned, content=content, headers=named, extensions={"sni_hostname": host}
        )
        answer = await client.send(request, stream=True)
        try:
            body, cut = await _beginning(answer, largest)
        finally:
            await answer.aclose()
    return Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, body, cut)


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


async def _beginning(answer: httpx2.Response, largest: int) -> tuple[bytes, bool]:
    read = bytearray()
    async for chunk in answer.aiter_raw():
        read += chunk
        if len(read) >= largest:
            return bytes(read[:largest]), True
    return bytes(read), False


def judged(status: int, said: str = "") -> Outcome:
    """2xx is delivered; 408, 425, 429 and 5xx are worth another try; a redirect or another 4xx is not."""
    if 200 <= status < 300:
        return Delivered(f"HTTP {status}")
    detail = f"HTTP {status}" + (f": {' '.join(said.split())[:120]}" if said.strip() else "")
    return Failed(detail, permanent=300 <= status < 500 and status not in _WORTH_ANOTHER_TRY)


# -- threads, and the client that apprise brings --------------------------------------------------

_threads = ThreadPoolExecutor(max_workers=64, thread_name_prefix="channel")
"""Of their own: sends that hang may not use up the threads that record outcomes."""
_allow: ContextVar[tuple[str, ...] | None] = ContextVar("allow", default=None)
_said: threading.local = threading.local()
_connect = urllib3.util.connection.create_connection


async def in_thread(send: Callable[[], Outcome], settings: NotifySettings) -> Outcome:
    """Run a blocking send with the attempt's time limit; a thread that overruns is left to its socket's timeout."""
    future = asyncio.get_running_loop().run_in_executor(_threads, send)
    try:
        return await asyncio.wait_for(asyncio.shield(future), settings.attempt_seconds)
    except TimeoutError:
        future.add_done_callback(lambda late: late.exception())
        return Failed(f"no answer within {settings.attempt_seconds:g} s", unsure=True)


def _guarded_connect(address: tuple[str, int], *args: Any, **named: Any) -> socket.socket:
    allow = _allow.get()
    if allow is not None:
        host, port = address
        rows = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        address = (checked(host, [str(row[4][0]) for row in rows], allow), port)
    return _connect(address, *args, **named)


urllib3.util.connection.create_connection = _guarded_connect


@contextmanager
def guarded(settings: NotifySettings) -> Iterator[None]:
    """Within it, in this thread, urllib3 connects only to permitted addresses."""
    token = _allow.set(settings.outbound_allow)
    try:
        yield
    finally:
        _allow.reset(token)


class _Listener(logging.Handler):
    """apprise tells a status only in its log; this hears what it says in the thread that sends."""

    def emit(self, record: logging.LogRecord) -> None:
        lines = getattr(_said, "lines", None)
        if lines is not None:
            lines.append(record.getMessage())


_listener = _Listener(logging.DEBUG)
_STATUS = re.compile(r"\berror=(\d{3})")


def by_apprise(plugin: Any, title: str, body: str, settings: NotifySettings) -> Outcome:
    """Send by an apprise plugin object, blocking, guarded; its own threads and retries are not used."""
    logger = logging.getLogger("apprise")
    if _listener not in logger.handlers:
        logger.addHandler(_listener)
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
    _said.lines = []
    try:
        with guarded(settings):
            sent = plugin.notify(body=body, title=title)
        lines: list[str] = _said.lines
    except NotAllowed as refusal:
        return Failed(str(refusal), permanent=True)
    finally:
        _said.lines = None
    if sent:
        return Delivered("accepted")
    refused = next((line for line in lines if "may not reach" in line), None)
    if refused:
        return Failed(refused[-300:], permanent=True)
    status = next((int(found[1]) for line in lines if (found := _STATUS.search(line))), None)
    if status is not None:
        return judged(status)
    return Failed((lines[-1] if lines else "not accepted")[:300], unsure=True)
