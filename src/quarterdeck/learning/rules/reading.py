"""What is taken from a tracker's answer: texts and numbers of the right kind, cut to size. Pure."""

from dataclasses import dataclass
from typing import Any

from quarterdeck.learning.rules.issue import Issue

LONGEST = 200_000


@dataclass(frozen=True)
class Listed:
    """Issues that have changed, and from where to read on."""

    issues: tuple[Issue, ...]
    since: str
    etag: str


def text(value: Any, longest: int = LONGEST) -> str:
    """The text, without what no store takes; empty for anything else."""
    if not isinstance(value, str):
        return ""
    return value[:longest].replace("\x00", "").encode("utf-8", "replace").decode()


def number(value: Any) -> int | None:
    return value if type(value) is int and 0 < value < 2**53 else None


def day(value: Any) -> str:
    """`2026-03-31` out of a day or an instant."""
    found = text(value, 10)
    return found if len(found) == 10 and found[4] == found[7] == "-" else ""


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
