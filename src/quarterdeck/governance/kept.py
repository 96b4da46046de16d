"""What is kept beside the record: names and addresses of people, and digests of passwords, sessions and keys."""

import threading
from functools import cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import BigInteger, Column, Index, String, Table, Text

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.ids import secret
from quarterdeck.record.tables import kept

profile = Table(
    "profile",
    kept,
    Column("person", String(40), primary_key=True),
    Column("login", String(63), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("zone", String(64), nullable=False),
)

password = Table(
    "password",
    kept,
    Column("person", String(40), primary_key=True),
    Column("argon2", Text, nullable=False),
    Column("set_at", BigInteger, nullable=False),
)

session = Table(
    "session",
    kept,
    Column("digest", String(64), primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("person", String(40), nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Index("session_person", "person"),
)

key_secret = Table(
    "key_secret",
    kept,
    Column("digest", String(64), primary_key=True),
    Column("key", String(40), nullable=False, unique=True),
    Column("used_at", BigInteger),
)

_HASHER = PasswordHasher()
_AT_ONCE = threading.BoundedSemaphore(2)  # each hash takes 64 MiB and a core
_PATIENCE_S = 5.0


class HashedPassword(str):
    """An argon2id hash of a password that has passed the rules, made before the transaction that stores it."""


def digest(token: str) -> str:
    """How sessions and keys are stored: they carry so much randomness that a fast hash is enough."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def hash_password(clear: str) -> HashedPassword:
    """Takes about 0.1 s and 64 MiB; `Refused("Busy")` if too many are being hashed already."""
    with _Turn():
        return HashedPassword(_HASHER.hash(clear))


def password_matches(hashed: str | None, clear: str) -> bool:
    """Takes the same time whether or not there is a hash to compare with."""
    with _Turn():
        try:
            _HASHER.verify(hashed or _decoy(), clear)
        except (Argon2Error, InvalidHashError, UnicodeEncodeError):
            return False
    return hashed is not None


@cache
def _decoy() -> str:
    return _HASHER.hash(secret("decoy"))


class _Turn:
    def __enter__(self) -> None:
        if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
            raise Refused("Busy", "Too many people are signing in at this moment. Try again in a few seconds.")

    def __exit__(self, *_: object) -> None:
        _AT_ONCE.release()
