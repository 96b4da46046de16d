"""Is it getting better, in words beside the arrow: only what an interval allows, otherwise "cannot tell yet". Pure."""

from dataclasses import dataclass
from math import isfinite

from quarterdeck.direction.events.reporting import TrendSaid
from quarterdeck.direction.rules.measures import Count, Duration, Figure, Trend
from quarterdeck.paper.charts.scales import duration

CANNOT = "cannot tell yet"
WEEKS = 13
LEAST_WEEKS = 4
"""With a shorter record nothing is compared."""


@dataclass(frozen=True)
class Asked:
    """A figure that senior management is told. `up`, `down`: what it is called when it goes there, and in a sentence.

    `unless`: another figure that says the same and is preferred where there is one.
    """

    id: str
    title: str
    up: tuple[str, str]
    down: tuple[str, str]
    severities: tuple[str, ...] = ()
    unless: str = ""


QUESTIONS = (
    Asked("incidents", "Incidents", ("more", "There are more incidents."), ("fewer", "There are fewer incidents.")),
    Asked(
        "incidents",
        "Severe incidents",
        ("more", "More incidents are severe."),
        ("fewer", "Fewer incidents are severe."),
        severities=("SEV1", "SEV2"),
    ),
    Asked(
        "time-to-mitigate",
        "Until customers are served again",
        ("longer", "Customers wait longer until they are served again."),
        ("shorter", "Customers are served again sooner."),
    ),
    Asked(
        "time-to-resolve",
        "Until an incident is resolved",
        ("longer", "Incidents take longer to resolve."),
        ("shorter", "Incidents are resolved sooner."),
        unless="time-to-mitigate",
    ),
)


def compared(reach_days: float, window_days: float = WEEKS * 7) -> tuple[float, float] | None:
    """How many days are held against how many before: the window twice, or two halves of a shorter record."""
    if reach_days >= 2 * window_days:
        return window_days, window_days
    half = int(min(reach_days, 2 * window_days) / 7 // 2) * 7
    return (float(half), float(half)) if half * 2 >= LEAST_WEEKS * 7 else None


def periods(days: tuple[float, float] | None) -> str:
    if days is None:
        return f"The record is shorter than {LEAST_WEEKS} weeks: too short to compare."
    weeks = round(days[0] / 7)
    return f"The last {weeks} weeks against the {weeks} before."


def said(asked: Asked, trend: Trend, before: Figure, after: Figure, href: str = "") -> TrendSaid:
    """One line: the arrow's word, and both figures with what they rest on."""
    went, plain = {"up": asked.up, "down": asked.down}.get(trend.direction, ("", ""))
    text = _figures(before, after)
    match trend.verdict:
        case "better" | "worse":
            verdict, word = str(trend.verdict), f"{went}, {trend.verdict}"
        case "no difference to be seen":
            verdict, word = "no change", "no change beyond chance"
        case "too few to say":
            verdict, word = CANNOT, f"{CANNOT}, too few"
        case _:
            verdict, word, text = CANNOT, CANNOT, "Nothing to compare with."
    return TrendSaid(
        title=asked.title, verdict=verdict, word=word, plain=plain, text=text, href=href, direction=trend.direction
    )


def _figures(before: Figure, after: Figure) -> str:
    match after.measure:
        case Count():
            return f"{after.n:,}, before {before.n:,}."
        case Duration():
            return f"Half within {_median(after)}, before {_median(before)} (n {after.n:,} and {before.n:,})."
    return f"{after.some:,} of {after.n:,}, before {before.some:,} of {before.n:,}."


def _median(figure: Figure) -> str:
    value = figure.median.value if figure.median else None
    if value is None:
        return "no time known"
    return duration(value) if isfinite(value) else "no time yet"
