"""Ids: short, sortable by time, unguessable; the only module that may ask for randomness."""

import secrets
from collections.abc import Callable

from quarterdeck.kernel.time import Instant, micros

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread aloud

NewId = Callable[[], str]


_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_SHIFTS = range(90, -10, -10)


def new_id(now: Instant) -> str:
    """A 20-character id: 9 of milliseconds, 11 of randomness (55 bits)."""
    value = micros(now) // 1000 << 55 | secrets.randbits(55)
    return "".join([_PAIRS[value >> shift & 1023] for shift in _SHIFTS])


def secret(prefix: str) -> str:
    """A bearer secret with 256 bits of randomness and a prefix that scanners and people recognise."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"
