"""What every form of the room needs: its fields, its instants, and the way back to the exercise."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect

from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.record import Record, Tx

READ: dict[str, Any] = {"may": Permission.READ}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
COMMAND: dict[str, Any] = {"may": Permission.COMMAND}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
FormLists = Annotated[dict[str, list[str]], Body(media_type=RequestEncodingType.URL_ENCODED)]


def fields(form: dict[str, str], *allowed: str) -> dict[str, str]:
    """The posted fields, trimmed. Raises `Invalid` for a field that the form does not have."""
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


def instant(field: str, value: str) -> Instant | None:
    """What a `datetime-local` input sends, taken as UTC; nothing is None."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise Invalid("A time is not right.", (f"{field}: write it as 2026-03-02T09:00",)) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def changed(record: Record, who: Principal, number: int, act: Callable[[Tx], object], at: str = "") -> Redirect:
    record.perform(who, act)
    return Redirect(f"/exercises/{number}{at}", status_code=303)
