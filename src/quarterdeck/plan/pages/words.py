"""What the plan's forms say in words: days."""

from datetime import UTC, datetime

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, reachable


def day(field: str, value: str) -> Instant:
    """What a `date` input sends, as the beginning of that day in UTC. Raises `Invalid`."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid("A date is not right.", (f"{field}: write it as 2026-03-02",)) from None
    return reachable(field, found.replace(tzinfo=UTC) if found.tzinfo is None else found)
