"""Objects and events of an OCEL log → the rows of one object. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from quarterdeck.kernel.errors import Invalid

_LIKELY = re.compile(r"incident|ticket|outage|case", re.IGNORECASE)


def incident_type(types: Mapping[str, int], asked: str) -> str:
    """The type of the objects that are incidents: asked for, the only one, or the only one that is named so."""
    shown = ", ".join(f"{name[:60]!r} ({count:,})" for name, count in sorted(types.items())[:40]) or "none"
    if asked:
        if asked not in types:
            raise Invalid("The log has no such objects.", (f"object_type: {asked!r}; the log has {shown}",))
        return asked
    likely = [name for name in types if _LIKELY.search(name)] if len(types) > 1 else list(types)
    if len(likely) != 1:
        raise Invalid("Which objects are the incidents?", (f"object_type: say it in the mapping; the log has {shown}",))
    return likely[0]


def event_row(object_: Mapping[str, Any], event: Mapping[str, Any]) -> dict[str, str]:
    """One event as a row: `activity`, `time`, its attributes, `object:id`, `object:NAME` as it stood then, and
    `rel:QUALIFIER` for what else it touches."""
    time = str(event.get("time", ""))
    row = {"activity": str(event.get("type", "")), "time": time, "object:id": str(object_["id"])}
    for name, value, since in _attributes(object_):
        if since <= time or f"object:{name}" not in row:
            row[f"object:{name}"] = value
    row |= {name: value for name, value, _ in _attributes(event)}
    for link in event.get("relationships") or ():
        if isinstance(link, dict) and link.get("objectId") != object_["id"]:
            row[f"rel:{str(link.get('qualifier', ''))[:100]}"] = str(link.get("objectId", ""))
    return row


def _attributes(one: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(name, value, since when), those without a time first, then in the order of their times."""
    found = [
        (str(each.get("name", ""))[:100], _word(each.get("value")), str(each.get("time") or ""))
        for each in (one.get("attributes") or ())[:500]
        if isinstance(each, dict)
    ]
    return sorted(found, key=lambda each: each[2])


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else str(value)
