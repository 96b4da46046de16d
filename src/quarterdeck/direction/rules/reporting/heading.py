"""The one sentence above the page, and what the reader has to know before the rest. Pure."""

from collections.abc import Sequence

from quarterdeck.direction.events.reporting import Standing, TrendSaid
from quarterdeck.kernel.time import Instant

WEEKS = 13


def headline(standings: Sequence[Standing], trends: Sequence[TrendSaid], decisions: int) -> str:
    """What is at risk, is it better or worse, what has to be decided: three short sentences."""
    return " ".join((_risk(standings), _direction(trends), _decide(decisions)))


def _risk(standings: Sequence[Standing]) -> str:
    beyond = [one.name for one in standings if one.state == "beyond"]
    open_ = [one.name for one in standings if one.state == "open"]
    broken = [one.name for one in standings if one.state == "broken"]
    if beyond:
        return f"{_names(beyond)} {'is' if len(beyond) == 1 else 'are'} interrupted for longer than can be borne."
    if open_:
        return f"{_names(open_)} {'is' if len(open_) == 1 else 'are'} interrupted now."
    if broken:
        return f"Nothing is interrupted now; {_names(broken)} went beyond what can be borne."
    return "Nothing is at risk now."


def _direction(trends: Sequence[TrendSaid]) -> str:
    better = sum(one.verdict == "better" for one in trends)
    worse = sum(one.verdict == "worse" for one in trends)
    if better and worse:
        return f"Of {len(trends)} figures {better} got better and {worse} worse."
    if better or worse:
        word = "better" if better else "worse"
        return f"{better or worse} of {len(trends)} figures got {word}, the others did not change."
    if any(one.verdict == "no change" for one in trends):
        return "No figure has changed beyond chance."
    return "Whether it gets better cannot be told yet."


def _decide(count: int) -> str:
    if not count:
        return "No decision is needed."
    return "One decision is needed." if count == 1 else f"{count} decisions are needed."


def note(incidents: int, last: Instant | None, *, past: bool, as_of: Instant) -> str:
    """Of the past, or of a window in which nothing happened."""
    if past:
        return (
            f"This page looks back to {_day(as_of)}: incidents and trends are of that time."
            " Decisions, actions and debt are as they stand today."
        )
    if last is None:
        return "No incident is on record yet."
    if not incidents:
        return f"Nothing in the last {WEEKS} weeks; the last incident on record is of {_day(last)}."
    return ""


def _day(at: Instant) -> str:
    return f"{at.day} {at:%B %Y}"


def _names(names: Sequence[str]) -> str:
    if len(names) > 3:
        return f"{names[0]}, {names[1]} and {len(names) - 2} others"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
