"""Values of a JSON document from outside, read with doubt: a text, an instant, a list, or a sentence why not. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from quarterdeck.kernel.time import Instant
from quarterdeck.migration.rules.instants import reader

_INSTANT = reader("Y-M-D")
MOST_ENTRIES = 20_000


def text(document: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text or a number with something in it; empty if none is."""
    for name in names:
        value = document.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
    return ""


def instant(document: Mapping[str, Any], *names: str) -> Instant | None:
    """The first of these fields that says something, as an instant. `ValueError` with the field if it is none."""
    for name in names:
        value = text(document, name)
        if value:
            try:
                return _INSTANT(value)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from None
    return None


def needed(document: Mapping[str, Any], *names: str) -> Instant:
    """Like `instant`; `ValueError` if none says anything."""
    found = instant(document, *names)
    if found is None:
        raise ValueError(f"it has no {names[0]}")
    return found


def inside(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The object in this field; an empty one if it is none."""
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def each(document: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    """The objects in this list; what is none is passed over. `ValueError` if there are absurdly many."""
    value = document.get(name)
    if not isinstance(value, list):
        return
    if len(value) > MOST_ENTRIES:
        raise ValueError(f"{name}: {len(value):,} entries; at most {MOST_ENTRIES:,}")
    yield from (one for one in value if isinstance(one, dict))


def words(document: Mapping[str, Any], name: str) -> list[str]:
    """The texts in this list, or the names of the objects in it."""
    value = document.get(name)
    if not isinstance(value, list):
        return []
    found = (text(one, "name", "title", "summary", "id") if isinstance(one, dict) else one for one in value[:200])
    return [one for one in found if isinstance(one, str) and one]
