"""Ids: short, sortable by time, unguessable; the only module that may ask for randomness."""

import secrets
from collections.abc import Callable

from quarterdeck.kernel.time import Instant, micros

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread aloud

NewId = Callable[[], str]


def _base32(value: int, length: int) -> str:
    digits = []
    for _ in range(length):
        value, digit = divmod(value, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def new_id(now: Instant) -> str:
    """A 20-character id: 9 of milliseconds, 11 of randomness (55 bits)."""
    return _base32(micros(now) // 1000, 9) + _base32(secrets.randbits(55), 11)


def secret(prefix: str) -> str:
    """A bearer secret with 256 bits of randomness and a prefix that scanners and people recognise."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"
