"""The small values a plan is made of: ids, texts, durations in minutes, targets, days and hours."""

import re
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Severity = Literal["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]
SEVERITIES: tuple[Severity, ...] = ("SEV1", "SEV2", "SEV3", "SEV4", "SEV5")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: tuple[Day, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

SLUG = r"^[a-z][a-z0-9_-]{0,62}$"
TARGET = r"^(schedule|person|team|post):[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$"
SERVICE_ID = r"^[a-z0-9][a-z0-9._-]{0,62}$"
SERVICE = r"^([a-z0-9][a-z0-9._-]{0,62}|\{[A-Za-z_][A-Za-z0-9_.:/-]{0,127}\})$"
DURATION = re.compile(r"^(\d{1,5}) ?(min|h|d)$", re.ASCII)
LONGEST = 366 * 24 * 60

_MINUTES = {"min": 1, "h": 60, "d": 24 * 60}
_HOURS = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$", re.ASCII)


def _duration(value: Any) -> Any:
    found = DURATION.match(value) if isinstance(value, str) else None
    if found:
        return int(found[1]) * _MINUTES[found[2]]
    if isinstance(value, str):
        raise ValueError("is no duration; write whole minutes, or `15 min`, `2 h`, `3 d`")
    return value


def _hours(value: str) -> str:
    found = _HOURS.match(value)
    if not found or (found[1], found[2]) == (found[3], found[4]):
        raise ValueError("is no span of hours; write `22:00-06:00` (two different times; it may pass midnight)")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError("is no time zone of the IANA database; write one such as `Europe/Berlin` or `UTC`") from error
    return value


Slug = Annotated[str, Field(pattern=SLUG)]
"""An id chosen by people: lower case letters, digits, `-` and `_`, at most 63."""
Title = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Markdown = Annotated[str, Field(min_length=1, max_length=20_000)]
Label = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.:/-]{0,127}$")]
"""The name of a signal's label."""
Target = Annotated[str, Field(pattern=TARGET)]
"""Whom to page: `schedule:primary`, `person:alice`, `team:payments` or `post:incident-manager`."""
Hours = Annotated[str, AfterValidator(_hours)]
Zone = Annotated[str, AfterValidator(_zone), Field(max_length=64)]
Minutes = Annotated[
    int,
    BeforeValidator(_duration),
    Field(ge=1, le=LONGEST),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": LONGEST},
                {"type": "string", "pattern": r"^\d{1,5} ?(min|h|d)$"},
            ],
            "description": "Whole minutes, or `15 min`, `2 h`, `3 d`.",
        }
    ),
]
"""A duration in whole minutes; written as a number of minutes or as `15 min`, `2 h`, `3 d`."""
Offset = Annotated[
    int,
    BeforeValidator(_duration),
    Field(ge=0, le=LONGEST),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 0, "maximum": LONGEST},
                {"type": "string", "pattern": r"^\d{1,5} ?(min|h|d)$"},
            ],
            "description": "Whole minutes from the beginning, 0 included, or `0 min`, `15 min`, `2 h`.",
        }
    ),
]
"""How long after the beginning, in whole minutes; written as a duration is, and may be 0."""


class Frozen(BaseModel):
    """Base of every part of a plan: immutable, no unknown keys, no coercion of types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)
