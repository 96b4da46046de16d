"""How the console says things: instants, spans and states in words. Templates get these as filters and globals.

`static/console.js` says the same spans in the browser as time passes; keep the two alike.
"""

from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial
from typing import Any

from quarterdeck.kernel.time import Instant, from_micros, micros

_FAR = timedelta(days=300)
At = Instant | int
"""Templates hand over an instant or the whole microseconds that the database holds."""


def instant(at: At) -> Instant:
    return from_micros(at) if isinstance(at, int) else at.astimezone(UTC)


def iso(at: At) -> str:
    """`2026-03-02T09:03:12Z`, for `<time datetime>`."""
    return instant(at).strftime("%Y-%m-%dT%H:%M:%SZ")


def full(at: At) -> str:
    """`Mon 2 Mar 2026 09:03:12 UTC`."""
    moment = instant(at)
    return f"{moment:%a} {moment.day} {moment:%b %Y %H:%M:%S} UTC"


def day(at: At, now: At) -> str:
    """`Mon 2 Mar`, and `Mon 29 Feb 2016` where the year does not go without saying."""
    moment = instant(at)
    year = f" {moment.year}" if abs(instant(now) - moment) > _FAR else ""
    return f"{moment:%a} {moment.day} {moment:%b}{year}"


def date(at: At) -> str:
    """`2 Mar 2026`."""
    moment = instant(at)
    return f"{moment.day} {moment:%b %Y}"


def clock(at: At, now: At, seconds: bool = False) -> str:
    """`09:03` or `09:03:12`, with its day in front when that is not today: `Sun 1 Mar 09:03`."""
    moment = instant(at)
    hour = f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
    return hour if moment.date() == instant(now).date() else f"{day(moment, now)} {hour}"


def hour(at: At) -> str:
    """`09:03`."""
    return f"{instant(at):%H:%M}"


def span(length: timedelta | float) -> str:
    """`40 s`, `12 min`, `3 h 5 min`, `2 d 4 h`, `10 y`; seconds or a timedelta, never negative."""
    seconds = int(abs(length.total_seconds() if isinstance(length, timedelta) else length))
    if seconds < 60:
        return f"{seconds} s"
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    if days < 14:
        return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"
    return f"{days} d" if days < 730 else f"{days // 365} y"


def ago(at: At, now: At) -> str:
    """`12 min ago`, `just now`; what lies ahead is said as `in 12 min`."""
    passed = (instant(now) - instant(at)).total_seconds()
    if abs(passed) < 5:
        return "just now"
    return f"{span(passed)} ago" if passed > 0 else f"in {span(passed)}"


def left(at: At, now: At) -> str:
    """`in 4 min`, or `overdue 6 min`."""
    remaining = (instant(at) - instant(now)).total_seconds()
    return f"in {span(remaining)}" if remaining > 0 else f"overdue {span(remaining)}"


def overdue(at: At, now: At) -> bool:
    return instant(at) <= instant(now)


def millis(at: At) -> int:
    """Milliseconds since 1970: what the browser counts in."""
    return micros(instant(at)) // 1000


def rank(severity: str | None) -> int:
    """`SEV2` is 2; 0 where the severity is not known."""
    digits = "".join(filter(str.isdigit, severity or ""))
    return min(int(digits), 5) if digits else 0


def plural(count: int, one: str, many: str | None = None) -> str:
    """`1 task`, `3 tasks`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


_STATES = {
    "triage": ("circle-question-mark", "now"),
    "active": ("circle-dot", "going"),
    "mitigated": ("shield-check", "going"),
    "resolved": ("circle-check", "good"),
    "reviewing": ("clipboard-check", ""),
    "closed": ("check-check", "over"),
    "declined": ("circle-x", "over"),
    "merged": ("git-merge", "over"),
    "cancelled": ("circle-x", "over"),
    "open": ("circle-dot", "going"),
    "acknowledged": ("user-check", "going"),
    "firing": ("zap", "going"),
    "pending": ("hourglass", ""),
    "running": ("bell-ring", "going"),
    "stopped": ("bell-off", "over"),
    "exhausted": ("octagon-alert", "now"),
    "planned": ("calendar", ""),
    "ended": ("flag", ""),
    "evaluated": ("clipboard-check", "good"),
    "overdue": ("alarm-clock", "now"),
    "due": ("clock", ""),
    "found": ("search", ""),
    "waived": ("circle-x", "over"),
    "proposed": ("circle-question-mark", "going"),
    "agreed": ("handshake", "going"),
    "doing": ("circle-dot", "going"),
    "verified": ("check-check", "good"),
    "identified": ("circle-question-mark", "going"),
    "validated": ("hourglass", "going"),
    "disposed": ("circle-dot", "going"),
    "rejection": ("circle-x", "over"),
    "done": ("check", "good"),
    "skipped": ("skip-forward", "over"),
    "late": ("clock", ""),
    "out-of-order": ("shuffle", ""),
    "not-applicable": ("minus", "over"),
    "succeeded": ("check", "good"),
    "delivered": ("check", "good"),
    "failed": ("triangle-alert", "now"),
    "abandoned": ("octagon-alert", "now"),
    "withdrawn": ("undo-2", "over"),
    "suppressed": ("bell-off", "over"),
    "draft": ("pencil", "going"),
    "in review": ("eye", "going"),
    "approved": ("circle-check", "good"),
    "published": ("check-check", "over"),
}


def state_look(name: str) -> tuple[str, str]:
    """The icon and the tone (`now`, `going`, `good`, `over` or none) of a state; unknown states are plain."""
    return _STATES.get(name, ("circle", ""))


def filters(now: Callable[[], Instant]) -> dict[str, Callable[..., Any]]:
    """What templates know beside Jinja's own. Those that compare with now take it from `now`."""

    def against(say: Callable[..., Any], at: At, other: At | None = None, **how: bool) -> Any:
        return say(at, now() if other is None else other, **how)

    return {
        "instant": instant,
        "iso": iso,
        "full": full,
        "date": date,
        "hour": hour,
        "span": span,
        "millis": millis,
        "rank": rank,
        "plural": plural,
        "day": partial(against, day),
        "clock": partial(against, clock),
        "ago": partial(against, ago),
        "left": partial(against, left),
        "overdue": partial(against, overdue),
    }
