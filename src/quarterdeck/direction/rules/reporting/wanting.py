"""Which decisions the record itself asks for: each with what, by when, what waiting costs, and our advice. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.direction.events.reporting import Wanted
from quarterdeck.kernel.time import Instant

SHOWN = 3
MOST_WORDS = 25
DRAFT_DAYS = 14
"""A draft that waits longer for its approver is a decision put off."""
DEBT_DAYS = 60
"""What is overdue for longer will not be done without a decision."""
DEBT_GROWTH = 1.5
DEBT_LEAST = 5


@dataclass(frozen=True)
class Raised:
    """A decision wanted of senior management in an elevation or in an update of an incident that is still open."""

    number: int
    question: str
    by_when: str
    since: Instant
    impact: str


@dataclass(frozen=True)
class Missed:
    """An objective of the plan whose whole interval lies on the wrong side. `under_way`: actions to move it."""

    id: str
    title: str
    said: str
    under_way: int


@dataclass(frozen=True)
class Unfunded:
    """An improvement that was proposed and not agreed to. `avoided`: what it would spare, in words, if known;
    `hurts`: what the service behind it does to those who live by it.
    """

    number: int
    title: str
    cost: str
    expected: str
    due: Instant
    since: Instant
    avoided: str = ""
    hurts: str = ""


@dataclass(frozen=True)
class Bought:
    """What so many person-days should buy, the best first; `a_month`, `a_year`: the loss avoided, in words."""

    days: float
    titles: tuple[str, ...]
    a_month: str
    a_year: str


@dataclass(frozen=True)
class Uncovered:
    """Spans in which nobody would be paged on a schedule. `hours` in all; `first`: when the next begins."""

    schedule: str
    title: str
    spans: int
    hours: float
    first: Instant


@dataclass(frozen=True)
class Waiting:
    """A draft of the plan before its approver."""

    number: int
    title: str
    since: Instant


@dataclass(frozen=True)
class Owing:
    """What is overdue in all; `before`: four weeks ago, if that is known; `long`: overdue for more than 60 days."""

    count: int
    before: int | None
    long: int
    unowned: int


def of_incident(one: Raised) -> Wanted:
    due = f" Wanted by {one.by_when}." if one.by_when else ""
    return Wanted(
        key=f"incident/{one.number}",
        question=cut(one.question),
        due=one.since,
        waiting=cut(f"{_sentence(one.impact)}{due}"),
        advice="Decide now: the incident waits for it.",
        href=f"/incidents/{one.number}",
    )


def of_objective(one: Missed, now: Instant) -> Wanted:
    advice = (
        f"Keep to it: {_counted(one.under_way, 'improvement')} under way should move it."
        if one.under_way
        else "Fund an improvement that moves it, or set a target that can be kept. None is under way."
    )
    return Wanted(
        key=f"objective/{one.id}",
        question=cut(f"“{one.title}” is missed: do more for it, or accept less?"),
        due=quarter_after(now),
        waiting=cut(one.said, 40),
        advice=advice,
        href=f"/objectives#objective-{one.id}",
    )


def of_action(one: Unfunded, now: Instant) -> Wanted:
    cost = f" ({one.cost})" if one.cost else ""
    title = one.title.rstrip(".")
    weeks = max(0, (now - one.since).days // 7)
    expected = f"It is meant to move: {one.expected}." if one.expected else "What it would prevent stays as it is."
    waiting = one.avoided or one.hurts or expected
    return Wanted(
        key=f"action/{one.number}",
        question=f"{cut(f'Fund “{title}”')}{cost}?",
        due=one.due if one.due > now else None,
        waiting=f"{waiting} Proposed {_counted(weeks, 'week')} ago." if weeks else waiting,
        advice="Fund it, or say that we live with the risk.",
        href=f"/actions/{one.number}",
    )


def of_portfolio(one: Bought) -> Wanted:
    rest = len(one.titles) - 1
    more = f" {rest} more would follow." if rest else ""
    return Wanted(
        key="portfolio",
        question=f"Give the next {one.days:.10g} person-days to the improvements that spare most?",
        waiting=f"About {one.a_month} of loss in each month that they come later, {one.a_year}.",
        advice=f"Yes. Begin with “{cut(one.titles[0], 12)}”: it spares most for each day.{more}",
        href="/portfolio",
    )


def of_gap(one: Uncovered) -> Wanted:
    spans = "one span" if one.spans == 1 else f"{one.spans} spans"
    return Wanted(
        key=f"schedule/{one.schedule}",
        question=cut(f"Who answers when “{one.title}” has nobody on call?"),
        due=one.first,
        waiting=f"In {spans}, {one.hours:,.0f} hours in the next 4 weeks, an alarm would reach nobody.",
        advice="Name somebody, or say in the plan that those hours are not covered.",
        href="/on-call",
    )


def of_draft(one: Waiting, now: Instant) -> Wanted:
    days = (now - one.since).days
    return Wanted(
        key=f"draft/{one.number}",
        question=cut(f"Approve the change of the plan “{one.title}”?"),
        due=one.since + timedelta(days=DRAFT_DAYS),
        waiting=f"It has waited {_counted(days, 'day')}. Until then we work by the old plan.",
        advice="Approve it, or say what is missing.",
        href=f"/plan/drafts/{one.number}",
    )


def of_debt(one: Owing) -> Wanted | None:
    """Only if it is over its limits: things overdue for long, or much more than four weeks ago."""
    grown = one.before is not None and one.count >= max(DEBT_LEAST, DEBT_GROWTH * one.before) and one.count > one.before
    if not one.long and not grown:
        return None
    what = (
        f"{_counted(one.long, 'thing')} overdue for more than {DEBT_DAYS} days: do, drop or hand over?"
        if one.long
        else f"{one.count} things are overdue, {one.before} were four weeks ago: what gives way?"
    )
    nobody = f" {one.unowned} of {one.count} have no owner." if one.unowned else ""
    return Wanted(
        key="debt",
        question=what,
        waiting=f"What we learnt is not put to use.{nobody}",
        advice="Give each an owner and a day, or drop it with a reason.",
        href="/debt",
    )


def in_order(groups: Iterable[Sequence[Wanted]]) -> list[Wanted]:
    """Groups by weight: what an incident waits for, what people asked for, then what the record asks for."""
    found: dict[str, Wanted] = {}
    for group in groups:
        for one in group:
            found.setdefault(one.key, one)
    return list(found.values())


def quarter_after(now: Instant) -> Instant:
    """The first day of the next quarter."""
    month = (now.month - 1) // 3 * 3 + 4
    return now.replace(
        year=now.year + month // 13, month=(month - 1) % 12 + 1, day=1, hour=0, minute=0, second=0, microsecond=0
    )


def cut(text: str, words: int = MOST_WORDS) -> str:
    found = [word if len(word) <= 40 else f"{word[:39]}…" for word in text.split()]
    return " ".join(found) if len(found) <= words else " ".join(found[:words]).rstrip(".,;:") + "…"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
