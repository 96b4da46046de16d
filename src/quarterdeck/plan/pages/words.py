"""How the plan's pages name who did something, and what they read from a form."""

from datetime import UTC, datetime
from typing import Annotated

from litestar.enums import RequestEncodingType
from litestar.params import Body

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant, reachable

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


def actor(by: str, names: dict[str, str]) -> str:
    """A person's name; what acted without a person is said plainly."""
    if by == "engine":
        return "Quarterdeck itself"
    if by.startswith("local"):
        return "the operator at the host"
    return names.get(by.removeprefix("person/"), by)


def fields(form: dict[str, str], *allowed: str) -> dict[str, str]:
    """The posted fields, stripped. Raises `Invalid` for a field that the form does not have."""
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:80]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


def whole(field: str, value: str) -> int | None:
    """A number that was typed, or None. Raises `Invalid`."""
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise Invalid("A number is not right.", (f"{field}: write a whole number",))
    return int(value)


def day(field: str, value: str) -> Instant:
    """What a `date` input sends, as the beginning of that day in UTC. Raises `Invalid`."""
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid("A date is not right.", (f"{field}: write it as 2026-03-02",)) from None
    return reachable(field, found.replace(tzinfo=UTC) if found.tzinfo is None else found)
