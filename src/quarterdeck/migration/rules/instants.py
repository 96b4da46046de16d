"""Instants as other systems write them: D/M/Y and M/D/Y, ISO 8601, Excel's serial days, seconds since 1970. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant

Dates = Literal["D/M/Y", "M/D/Y", "Y-M-D", "excel", "epoch", "epoch-ms"]
ReadInstant = Callable[[str], Instant]
FORMS: tuple[Dates, ...] = ("D/M/Y", "M/D/Y", "Y-M-D", "excel", "epoch", "epoch-ms")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN = re.compile(
    r"(\d{1,4})[/.\- ](\d{1,2}|[A-Za-z]{3,9})[/.\- ](\d{1,4})"
    r"(?:[T,\s]+(\d{1,2})[:.h](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp])?\.?(?:[Mm]\.?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d{1,12})?", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,17}(?:\.\d{1,9})?", re.ASCII)
_EXCEL_BEGINS = datetime(1899, 12, 30, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = datetime(1970, 1, 2, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
_REMEMBERED = 65_536


def zone(name: str) -> ZoneInfo:
    """The zone of this IANA name. Raises `Invalid`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("There is no such time zone.", (f"zone: {name!r}; use a name such as Europe/Lisbon",)) from None


def reader(form: Dates, zone_name: str = "UTC") -> ReadInstant:
    """Text → instant; `ValueError` in words if it is none. Times without a zone are taken to be local to `zone_name`.

    Of an hour that the clock shows twice the first is meant. The year first is always read as Y-M-D.
    """
    local = zone(zone_name)

    @lru_cache(maxsize=_REMEMBERED)
    def read(text: str) -> Instant:
        at = _read(text.strip(), form, local)
        if not _FIRST <= at < _LAST:
            raise ValueError(f"{text.strip()!r} lies outside 1970 to 9000")
        return at

    return read


def _read(text: str, form: Dates, local: ZoneInfo) -> Instant:
    if form in ("epoch", "epoch-ms") and _NUMBER.fullmatch(text):
        return _since_epoch(float(text) / (1000 if form == "epoch-ms" else 1), text)
    if _SERIAL.fullmatch(text):
        seconds = round(float(text.replace(",", ".")) * 86_400)
        return _placed(_EXCEL_BEGINS + timedelta(seconds=seconds), local)
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:60]!r} is no date")
    year, month, day = _parts(found, form, text)
    try:
        hour = _hour(int(found[4] or 0), found[8])
        micro = int((found[7] or "0").ljust(6, "0")[:6])
        at = datetime(year, month, day, hour, int(found[5] or 0), int(found[6] or 0), micro, tzinfo=UTC)
    except ValueError:
        raise ValueError(f"{text[:60]!r} is no date in {form}") from None
    return _offset(at, found[9]) if found[9] else _placed(at, local)


def _parts(found: re.Match[str], form: Dates, text: str) -> tuple[int, int, int]:
    first, second, third = found[1], found[2], found[3]
    if len(first) == 4:
        return int(first), _month(second, text), int(third)
    if second.isalpha():
        return _year(third), _month(second, text), int(first)
    if form == "M/D/Y":
        return _year(third), int(first), int(second)
    if form == "D/M/Y":
        return _year(third), int(second), int(first)
    raise ValueError(f"{text[:60]!r} is not in {form}")


def _month(text: str, whole: str) -> int:
    if text.isdigit():
        return int(text)
    if text[:3].lower() not in _MONTHS:
        raise ValueError(f"{whole[:60]!r} names no month")
    return _MONTHS.index(text[:3].lower()) + 1


def _year(text: str) -> int:
    """Excel writes years in two digits; those from 70 on belong to the last century."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 70 else 2000)


def _hour(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError
    return hour % 12 + (12 if half in "Pp" else 0)


def _offset(at: datetime, offset: str) -> Instant:
    if offset in ("Z", "UTC", "GMT"):
        return at
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return at - timedelta(minutes=minutes if offset[0] == "+" else -minutes)


def _placed(at: datetime, local: ZoneInfo) -> Instant:
    return at.replace(tzinfo=local).astimezone(UTC)


def _since_epoch(seconds: float, text: str) -> Instant:
    try:
        return _EPOCH + timedelta(microseconds=round(seconds * 1_000_000))
    except OverflowError:
        raise ValueError(f"{text!r} lies outside 1970 to 9000") from None


def guessed(values: Iterable[str]) -> Dates:
    """How dates are written, as far as the values tell. Raises `Invalid` where D/M and M/D both fit, or neither."""
    day_first = month_first = other = 0
    example = ""
    for text in values:
        found = _WRITTEN.fullmatch(text.strip())
        if found is None or len(found[1]) == 4 or found[2].isalpha():
            other += 1
            continue
        example = example or text.strip()
        day_first += int(found[1]) > 12
        month_first += int(found[2]) > 12
    if day_first and month_first:
        detail = "Some dates put the day first, others the month."
        raise Invalid(detail, ("dates: mend the file, or say D/M/Y or M/D/Y and see what is rejected",))
    if day_first or month_first:
        return "D/M/Y" if day_first else "M/D/Y"
    if example:
        detail = f"Is {example!r} day or month first? The file does not tell."
        raise Invalid(detail, ("dates: say D/M/Y or M/D/Y in the mapping, or with --dates",))
    return "Y-M-D"
