"""What a password has to be, how long a session stands, and where a request that carries a cookie may come from."""

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlsplit

from quarterdeck.kernel.time import Instant

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 256


def password_fault(password: str, login: str = "") -> str | None:
    """Length counts, composition does not; a password that is the login or one character repeated is no password."""
    if len(password) < SHORTEST_PASSWORD:
        return f"password: at least {SHORTEST_PASSWORD} characters"
    if len(password) > LONGEST_PASSWORD:
        return f"password: at most {LONGEST_PASSWORD} characters"
    if any(unicodedata.category(c) == "Cs" for c in password):
        return "password: contains half a character; type it again"
    if len(set(password)) < 4 or (login and password.casefold().replace(login, "") == ""):
        return "password: too easy to guess; use several words"
    return None


SESSION_LASTS = timedelta(days=7)
SESSION_IDLES = timedelta(hours=24)
USE_NOTED_EVERY = timedelta(minutes=1)


def session_stands(opened: Instant, last_used: Instant, now: Instant) -> bool:
    """False once the session is a week old or has not been used for a day."""
    return now < opened + SESSION_LASTS and now < last_used + SESSION_IDLES


def use_is_stale(last_used: Instant | None, now: Instant) -> bool:
    """True when the stored instant of last use is old enough to be worth a write."""
    return last_used is None or now >= last_used + USE_NOTED_EVERY


SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def check_origin(method: str, headers: Mapping[str, str]) -> bool:
    """True if a request that carries a cookie may go on. `headers` has lower-case names.

    Unsafe methods must come from our own pages: the browser's `Sec-Fetch-Site` says `same-origin` (or `none`:
    typed by the user); a browser without that header must send an `Origin` whose host is `Host`. All else is refused.
    """
    if method.upper() in SAFE_METHODS:
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin, host = headers.get("origin", ""), headers.get("host", "")
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(host) and parts.netloc.lower() == host.lower()


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: `wanted` if it is a path on this site and nothing else, otherwise `/`."""
    path = wanted or "/"
    harmless = path.startswith("/") and not path.startswith(("//", "/\\")) and len(path) <= 2000
    return path if harmless and path.isprintable() and "\\" not in path else "/"
