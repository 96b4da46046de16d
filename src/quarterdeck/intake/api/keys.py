"""Whose intake key is this: looked up once and remembered for seconds, so that a storm does not ask the store."""

import asyncio
from hashlib import blake2b

from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import principal_of_key
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import monotonic
from quarterdeck.record import Record

_KNOWN_FOR = 5.0
"""Seconds after which a revoked key is refused at the latest."""
_UNKNOWN_FOR = 1.0
_MOST = 4096
_LONGEST = 200
_LOOKUPS = 2
"""Look-ups at once: guessing at keys must not use up the store's readers."""


class Keys:
    """Secrets are kept as digests only."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._found: dict[bytes, tuple[Principal | None, float]] = {}
        self._asking: dict[bytes, asyncio.Task[Principal | None]] = {}
        self._turn = asyncio.Semaphore(_LOOKUPS)

    def remembered(self, secret: str) -> Principal | None:
        """The principal, if it was looked up lately."""
        principal, until = self._found.get(_digest(secret), (None, 0.0))
        return principal if until > monotonic() else None

    async def principal(self, secret: str) -> Principal | None:
        """The principal who may send signals with this key, or None. Raises what the store raises when it is down."""
        if not secret or len(secret) > _LONGEST:
            return None
        digest = _digest(secret)
        principal, until = self._found.get(digest, (None, 0.0))
        if until > monotonic():
            return principal
        task = self._asking.get(digest)
        if task is None:
            task = asyncio.create_task(self._ask(digest, secret))
            self._asking[digest] = task
            task.add_done_callback(lambda _: self._asking.pop(digest, None))
        return await asyncio.shield(task)

    async def _ask(self, digest: bytes, secret: str) -> Principal | None:
        async with self._turn:
            found = await asyncio.to_thread(self._look_up, secret)
        if len(self._found) >= _MOST:
            self._found.clear()
        self._found[digest] = (found, monotonic() + (_KNOWN_FOR if found else _UNKNOWN_FOR))
        return found

    def _look_up(self, secret: str) -> Principal | None:
        with self._record.read() as conn:
            principal = principal_of_key(conn, secret)
        return principal if principal is not None and may(principal, Permission.INTAKE) else None


def _digest(secret: str) -> bytes:
    return blake2b(secret.encode("utf-8", "replace"), digest_size=16).digest()
