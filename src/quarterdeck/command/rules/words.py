"""What texts and instants from outside have to look like, said the same way for every decision."""

import re
from datetime import timedelta

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, reachable

_SLACK = timedelta(seconds=5)
"""Clocks of callers run ahead a little."""
_ACTING = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What moves a terminal or turns the direction of the text after it: pages and messages go to both."""


def text(field: str, value: str, longest: int, *, needed: bool = False) -> str:
    """The text without space around it. Raises `Invalid` if it is too long, holds NUL, or is needed and empty."""
    value = _ACTING.sub("\ufffd", value.strip())
    if needed and not value:
        raise Invalid("A text is missing.", (f"{field}: say something",))
    if len(value) > longest:
        raise Invalid("A text is too long.", (f"{field}: {len(value)} characters; at most {longest}",))
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise Invalid("A text cannot be stored.", (f"{field}: remove the NUL or the half characters",))
    return value


def line(field: str, value: str, longest: int) -> str:
    """One line: line breaks and control characters become spaces."""
    return text(field, " ".join("".join(c if c.isprintable() else " " for c in value).split()), longest, needed=True)


def happened(field: str, at: Instant | None, now: Instant, not_before: Instant | None = None) -> Instant:
    """When something occurred: `now` unless told otherwise; never in the future, never before `not_before`."""
    if at is None:
        return now
    if at.tzinfo is None:
        raise Invalid("A time is not right.", (f"{field}: give the offset from UTC, as in 2026-03-02T09:00:00Z",))
    at = reachable(field, at)
    if at > now + _SLACK:
        raise Invalid("A time is not right.", (f"{field}: lies in the future",))
    if not_before is not None and at < not_before:
        raise Invalid("A time is not right.", (f"{field}: lies before {not_before.isoformat(timespec='seconds')}",))
    return min(at, now)
