"""The one sentence above the page, and what the reader has to know before the rest. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from quarterdeck.direction.events.reporting import Standing, TrendSaid
from quarterdeck.kernel.time import Instant

WEEKS = 13


def headline(
    standings: Sequence[Standing],
    trends: Sequence[TrendSaid],
    decisions: int,
    *,
    catalogue: bool = True,
    past: bool = False,
) -> str:
    """What is at risk, is it better or worse, what has to be decided: three short sentences."""
    return " ".join((_risk(standings, catalogue, past), _direction(trends), _decide(decisions)))


def _risk(standings: Sequence[Standing], catalogue: bool, past: bool) -> str:
    if not catalogue:
        return "What is at risk cannot be told: no capability is in the catalogue."
    beyond = [one.name for one in standings if one.state == "beyond"]
    open_ = [one.name for one in standings if one.state == "open"]
    broken = [one.name for one in standings if one.state == "broken"]
    if beyond:
        return f"{_names(beyond)} {'is' if len(beyond) == 1 else 'are'} interrupted for longer than can be borne."
    if open_:
        return f"{_names(open_)} {'is' if len(open_) == 1 else 'are'} interrupted now."
    if past:
        return f"{_names(broken) if broken else 'Nothing'} went beyond what can be borne."
    if broken:
        return f"Nothing is interrupted now; {_names(broken)} went beyond what can be borne."
    return "Nothing is at risk now."


def _direction(trends: Sequence[TrendSaid]) -> str:
    """The two changes that come first; what got worse is never left out for what got better."""
    worse = [one.plain for one in trends if one.verdict == "worse"]
    better = [one.plain for one in trends if one.verdict == "better"]
    if worse or better:
        return " ".join((worse + better)[:2])
    if any(one.verdict == "no change" for one in trends):
        return "Nothing got better or worse beyond chance."
    return "Whether it gets better cannot be told yet."


_COUNTS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def _decide(count: int) -> str:
    said = _COUNTS[count] if count < len(_COUNTS) else f"{count}"
    return f"{said} decision is needed." if count < 2 else f"{said} decisions are needed."


@dataclass(frozen=True)
class Reach:
    """What is on record up to the page's day, drills apart: how many, from when to when.

    `enough`: the last instant up to which 13 weeks hold half as many as the fullest.
    """

    incidents: int = 0
    first: Instant | None = None
    last: Instant | None = None
    enough: Instant | None = None


def note(incidents: int, reach: Reach, *, past: bool, as_of: Instant) -> str:
    """Of the past, or of a window in which nothing happened."""
    if past:
        return (
            f"This page looks back to {_day(as_of)}: incidents and trends are of that time."
            " Decisions, actions and debt are as they stand today."
        )
    if reach.first is None or reach.last is None:
        return "No incident is on record yet."
    if not incidents:
        span = f"{reach.incidents:,} on record are from {_day(reach.first)} on"
        return f"Nothing in the last {WEEKS} weeks; the last incident on record is of {_day(reach.last)}. The {span}."
    return ""


def _day(at: Instant) -> str:
    return f"{at.day} {at:%B %Y}"


def _names(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} others"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
