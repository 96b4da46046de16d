"""How the page's sentences are said: which words lead to the evidence, how days and arrows are named. Pure."""

import re

from quarterdeck.kernel.time import Instant
from quarterdeck.paper.document import Span

_UNITS = "M|k|%|h|min|s|hours?|days?|weeks?|incidents?|interruptions?|things?|lessons?|improvements?|pages?"
_FIGURE = re.compile(rf"[A-Z]{{1,4}}-\d+|(?:[A-Z]{{3}} )?\d(?:[\d,.]*\d)?(?: of \d[\d,]*)?(?: (?:{_UNITS})(?!\w))?")
_REFERENCE = re.compile(r"\b(INC|EX|[ALD])-([1-9]\d{0,8})\b")
_PLACES = {"INC": "/incidents", "A": "/actions", "L": "/lessons", "EX": "/exercises", "D": "/executive/decisions"}
ARROWS = {"up": "↑", "down": "↓", "": "="}


def linked(text: str, href: str = "") -> tuple[Span, ...]:
    """The sentence in pieces. The evidence is behind what stands before a colon without a figure, the first figure with
    its unit, or all of it; what has a number of its own (`INC-7`) leads to itself."""
    if not href:
        return referred(text)
    found = _FIGURE.search(text)
    head, colon, rest = text.partition(": ")
    if colon and len(head.split()) <= 4 and not _FIGURE.search(head):
        return (Span(head, href=href), *referred(colon + rest))
    if found is None:
        return (Span(text, href=href),)
    spans = (*referred(text[: found.start()]), Span(found.group(), href=href), *referred(text[found.end() :]))
    return tuple(span for span in spans if span.text)


def referred(text: str) -> tuple[Span, ...]:
    """`INC-7`, `A-3`, `L-2`, `EX-1` and `D-4` each lead to where they stand."""
    spans, at = list[Span](), 0
    for found in _REFERENCE.finditer(text):
        if before := text[at : found.start()]:
            spans.append(Span(before))
        spans.append(Span(found[0], href=f"{_PLACES[found[1]]}/{found[2]}"))
        at = found.end()
    return (*spans, Span(text[at:])) if text[at:] or not spans else tuple(spans)


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
