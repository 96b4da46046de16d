"""What forms of this room send, read: fields that there are, instants as `datetime-local` writes them."""

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.time import Instant, reachable

Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]


class Typed(dict[str, str]):
    """What was typed into a form; a field that was not sent is empty."""

    def __missing__(self, name: str) -> str:
        return ""


def only(form: dict[str, str], *allowed: str, prefixes: Collection[str] = ()) -> dict[str, str]:
    """The fields, stripped. Raises `Invalid` for one that the form does not have."""
    unknown = sorted(name for name in form if name not in allowed and not name.startswith(tuple(prefixes)))
    if unknown:
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    return {**dict.fromkeys(allowed, ""), **{name: value.strip() for name, value in form.items()}}


def instant(name: str, text: str) -> Instant | None:
    """Taken as UTC unless it names its offset; None for an empty field."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("A time is not right.", (f"{name}: write it as 2026-03-02T09:00, in UTC",)) from None
    return reachable(name, found.replace(tzinfo=UTC) if found.tzinfo is None else found)


def said(error: Invalid | Refused | None) -> dict[str, Any]:
    """What a page says of a refusal, above the form as it was typed."""
    return {"detail": error.detail if error else None, "faults": error.errors if isinstance(error, Invalid) else ()}


def status(error: Invalid | Refused | None) -> int:
    return 200 if error is None else 400 if isinstance(error, Invalid) else 409
