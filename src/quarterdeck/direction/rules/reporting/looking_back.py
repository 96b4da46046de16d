"""Since last time: what became of the decisions that were asked for, and what has happened. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterdeck.direction.events.reporting import ExecutivePage, Line, Wanted
from quarterdeck.direction.rules.reporting.wanting import cut

SHOWN = 6


@dataclass(frozen=True)
class Settled:
    """A decision that was asked for by hand, as it stands: open, taken or withdrawn; `followed`: what came of it."""

    number: int
    state: str
    said: str
    followed: str = ""


@dataclass(frozen=True)
class Happened:
    """Counts since then."""

    incidents: int
    severe: int
    revisions: int
    lessons: int
    """Closed by a change of the plan or a verified action."""
    verified: int
    """Improvements verified by somebody who had not made them."""


def since(
    last: ExecutivePage | None, wanted: Sequence[Wanted], settled: Mapping[int, Settled], happened: Happened
) -> tuple[Line, ...]:
    """First the decisions of the last page, then what stood at risk in it, then what happened."""
    lines: list[Line] = []
    if last is not None:
        lines += [_decision(one, {each.key for each in wanted}, settled) for one in last.decisions]
    lines += _facts(happened)
    return tuple(lines[:SHOWN])


def _decision(one: Wanted, still: set[str], settled: Mapping[int, Settled]) -> Line:
    question = cut(one.question, 14)
    by_hand = settled.get(one.number) if one.number is not None else None
    if by_hand is not None and by_hand.state == "taken":
        followed = f" {by_hand.followed}" if by_hand.followed else ""
        return Line(text=f"Decided: {by_hand.said}{followed}", href=f"/executive/decisions/{by_hand.number}")
    if by_hand is not None and by_hand.state == "withdrawn":
        return Line(text=f"Withdrawn: {question} {by_hand.said}", href=f"/executive/decisions/{by_hand.number}")
    if one.key in still:
        return Line(text=f"Still to be decided: {question}", href=one.href, act=True)
    return Line(text=f"No longer needed: {question}", href=one.href)


def _facts(found: Happened) -> list[Line]:
    said = f"{_counted(found.incidents, 'incident')}, {found.severe or 'none'} of them severe (SEV1 or SEV2)."
    lines = [Line(text=said if found.incidents else "No incident.", href="/incidents?state=all")]
    if found.revisions:
        times = "once" if found.revisions == 1 else f"{found.revisions} times"
        lines.append(Line(text=f"The plan was revised {times}.", href="/plan/revisions"))
    if found.lessons:
        was = "lesson has" if found.lessons == 1 else "lessons have"
        lines.append(Line(text=f"{found.lessons} {was} led to a change.", href="/lessons?state=closed"))
    if found.verified:
        was = "improvement was" if found.verified == 1 else "improvements were"
        lines.append(Line(text=f"{found.verified} {was} verified.", href="/actions?state=verified"))
    return lines


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
