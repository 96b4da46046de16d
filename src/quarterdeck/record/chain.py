"""The hash chain of a stream and the Merkle root of a seal: pure arithmetic over bytes."""

import json
from collections.abc import Sequence
from hashlib import sha256

GENESIS = bytes(32)


def digest_of(data: str) -> bytes:
    """The digest of a row's text; a redacted row carries the digest of what stood there."""
    if data.startswith('{"redacted"'):
        return bytes.fromhex(json.loads(data)["redacted"])
    return sha256(data.encode()).digest()


def link(
    previous: bytes,
    stream: str,
    version: int,
    type_: str,
    occurred_at: int,
    recorded_at: int,
    actor: str,
    cause: int | None,
    digest: bytes,
) -> bytes:
    """The hash of a row: over the previous row of its stream, every column, and the digest of its text."""
    head = f"{stream}\x1f{version}\x1f{type_}\x1f{occurred_at}\x1f{recorded_at}\x1f{actor}\x1f{cause}\x1f"
    return sha256(previous + head.encode() + digest).digest()


def merkle(leaves: Sequence[bytes]) -> bytes:
    """Root of a binary Merkle tree (RFC 6962 prefixes: 0 for a leaf, 1 for a node; an odd node moves up)."""
    if not leaves:
        return GENESIS
    level = [sha256(b"\x00" + leaf).digest() for leaf in leaves]
    while len(level) > 1:
        paired = [sha256(b"\x01" + level[i] + level[i + 1]).digest() for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(level) - len(level) % 2 :]
    return level[0]


def seal_root(previous: bytes, leaves: Sequence[bytes]) -> bytes:
    """A seal covers the rows since the seal before it, and that seal."""
    return sha256(previous + merkle(leaves)).digest()
