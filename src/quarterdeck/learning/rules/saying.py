"""How a review says spans and instants, and the incident in two sentences. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.rules.clocks import Measure, Moment


def span(delta: timedelta) -> str:
    """`45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`."""
    seconds = int(abs(delta.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if hours < 1:
        return f"{minutes} min"
    if days < 1:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"


def clock(at: Instant) -> str:
    """`Mon 2 Mar 02:58 UTC`."""
    return f"{at:%a} {at.day} {at:%b %H:%M} UTC"


def lead(severity: str, service: str | None, moments: Mapping[str, Moment], measures: Mapping[str, Measure]) -> str:
    """What happened in figures, with what is not known left out: the gaps say that."""
    began, ended = moments["S"].occurred_at or moments["D"].occurred_at, moments["M"].occurred_at
    hit = measures["M - S"].occurred
    where = f"{severity}{f' on {service}' if service else ''}"
    if hit is not None and began is not None and ended is not None:
        first = f"{where}: users were hit for {span(hit)}, from {clock(began)} to {clock(ended)}."
    elif began is not None:
        first = f"{where}, {'from' if moments['S'].occurred_at else 'detected'} {clock(began)}."
    else:
        first = f"{where}."
    parts = [
        words.format(span(length)) for formula, words in _PARTS if (length := measures[formula].occurred) is not None
    ]
    return f"{first} {'; '.join(parts).capitalize()}." if parts else first


_PARTS = (
    ("D - S", "detected after {}"),
    ("A - P", "acknowledged {} after the first page"),
    ("M - D", "mitigated {} after detection"),
    ("F - D", "resolved {} after detection"),
)
