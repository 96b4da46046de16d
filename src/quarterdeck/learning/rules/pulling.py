"""What follows here from what was done over there. Pure."""

from dataclasses import dataclass
from typing import Literal

from quarterdeck.learning.events.tracking import Seen
from quarterdeck.learning.rules.improving import ENDED, Action
from quarterdeck.learning.rules.tracker import Tracker


@dataclass(frozen=True)
class Step:
    """`said`: what is recorded with it, or told to its owner."""

    what: Literal["", "finish", "return", "tell"]
    said: str = ""


NOTHING = Step("")


def follows(action: Action, tracker: Tracker, before: Seen, seen: Seen) -> Step:
    """Closed: it is done, and somebody here verifies it. Closed undone: a person decides. Reopened: not done yet."""
    if (before.open, before.reason) == (seen.open, seen.reason):
        return NOTHING
    where = f"{seen.key} in {tracker.place.title}"
    return _reopened(action, where, seen) if seen.open else _closed(action, where, seen)


def _closed(action: Action, where: str, seen: Seen) -> Step:
    if action.state in ENDED or action.state == "done":
        return NOTHING
    if seen.reason == "not-planned":
        return Step(
            "tell", f"{where} was closed without being done ({seen.status}). Cancel the action, or reopen that."
        )
    if action.state == "proposed":
        return Step("tell", f"{where} was closed, but the action is not agreed on yet. Agree on it, or cancel it.")
    by = f" by {seen.by}" if seen.by else ""
    return Step("finish", f"{where} was closed{by} ({seen.status}): {seen.url}")


def _reopened(action: Action, where: str, seen: Seen) -> Step:
    if action.state == "done":
        return Step("return", f"{where} was reopened ({seen.status}): {seen.url}")
    if action.state in ENDED:
        return Step("tell", f"{where} was reopened, but the action is {action.state}. Propose another if it has to be.")
    return NOTHING
