"""How the page's sentences are said: which words lead to the evidence, how days and arrows are named. Pure."""

import re

from quarterdeck.kernel.time import Instant

_FIGURE = re.compile(r"[A-Z]{1,4}-\d+|(?:[A-Z]{3} )?\d(?:[\d,.]*\d)?(?: M\b)?")
ARROWS = {"up": "↑", "down": "↓", "": "="}


def linked(text: str) -> tuple[str, str, str]:
    """Before, the words that lead to the evidence, after: what stands before a colon without a figure, the first
    figure, or all of it."""
    found = _FIGURE.search(text)
    head, colon, rest = text.partition(": ")
    if colon and len(head.split()) <= 4 and not _FIGURE.search(head):
        return "", head, colon + rest
    if found is None:
        return "", text, ""
    return text[: found.start()], found.group(), text[found.end() :]


def day(at: Instant) -> str:
    """`2 March 2026`."""
    return f"{at.day} {at:%B %Y}"


def by_when(due: Instant | None, as_of: Instant) -> str:
    """`by 12 March`, `at once` if that day is past, `at this meeting` if there is none."""
    if due is None:
        return "at this meeting"
    if due <= as_of:
        return "at once"
    return f"by {due.day} {due:%B}" if due.year == as_of.year else f"by {day(due)}"
