"""What a webhook has to show before it is believed, and what it says. Pure."""

import json
from dataclasses import dataclass
from hashlib import sha256
from hmac import compare_digest, new
from typing import Any

from quarterdeck.kernel.errors import Invalid


class Forged(Exception):
    """It is not signed with the secret that we gave out."""


@dataclass(frozen=True)
class Knock:
    """The issue that it speaks of, by which it is asked for; empty: of none that concerns us."""

    id: str


def matches(signature: str, body: bytes, secret: str) -> None:
    """`sha256=` and the HMAC of the body. Raises `Forged`."""
    wanted = "sha256=" + new(secret.encode(), body, sha256).hexdigest()
    if not secret or not compare_digest(wanted.encode(), signature.strip().encode("utf-8", "replace")):
        raise Forged


def same(given: str, secret: str) -> None:
    """Raises `Forged` unless the secret itself was given."""
    if not secret or not compare_digest(secret.encode(), given.strip().encode("utf-8", "replace")):
        raise Forged


def parsed(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        raise Invalid("The body is no JSON.", ("Let the webhook send application/json.",)) from None
    if not isinstance(data, dict):
        raise Invalid("The body is no JSON object.")
    return data
