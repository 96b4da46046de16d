"""What logins, slugs, addresses and names have to look like; each check gives the fault as a sentence, or None."""

import re
import unicodedata
from collections.abc import Iterable

from quarterdeck.kernel.errors import Invalid

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_EMAIL = re.compile(r"[^\s@<>\"(),:;\\\[\]]{1,64}@[^\s@<>\"(),:;\\\[\]]{1,189}")
_REORDERING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def login_fault(login: str) -> str | None:
    if _LOGIN.fullmatch(login):
        return None
    return "login: use 1 to 63 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit"


def slug_fault(field: str, value: str) -> str | None:
    if _SLUG.fullmatch(value):
        return None
    return f"{field}: use 1 to 63 of a-z, 0-9 and '-', beginning with a letter or digit"


def email_fault(email: str) -> str | None:
    if len(email) <= 254 and email.isprintable() and _EMAIL.fullmatch(email):
        return None
    return "email: give one address such as alice@example.com"


def line_fault(field: str, value: str, longest: int = 200) -> str | None:
    """A one-line text for people to read: not blank, not too long, without control or reordering characters."""
    if not value.strip():
        return f"{field}: must not be empty"
    if len(value) > longest:
        return f"{field}: at most {longest} characters"
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in _REORDERING for c in value):
        return f"{field}: one line, without control characters"
    return None


def refuse_faults(detail: str, faults: Iterable[str | None]) -> None:
    """Raise one `Invalid` with every fault there is."""
    errors = tuple(fault for fault in faults if fault)
    if errors:
        raise Invalid(detail, errors)
