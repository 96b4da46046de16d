"""What the public sees: which parts are in trouble, what was said of it, when the next word comes. Pure; facts → board.

The facts hold nothing but what was said to the public, in its words, and how far the incident is. What nobody has told
the public does not show: a part of which nothing was said is one of which nothing is reported, not one that works.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, uuid5  # noqa: TID251  # derived from what was said and when, not drawn

from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.rules import local
from quarterdeck.plan.rules import StatusPage

DAYS = 90
PATIENCE = 10
"""So many times the pace of writing: from then on nobody can say from the page what the state is."""
SOONEST_STALE = timedelta(minutes=10)
OURS = "Our services"
"""What an incident is headed with whose service stands behind no part."""
Phase = Literal["trouble", "watched", "over"]


@dataclass(frozen=True)
class Word:
    """One text as the public got it. `kind`: `update`, `last` or `review` (Markdown)."""

    at: Instant
    kind: str
    text: str
    next_update: Instant | None = None


@dataclass(frozen=True)
class Told:
    """An incident that the public was told of; `words` oldest first, `number` is not shown. `over_at`: it is over."""

    number: int
    service: str | None
    mitigated: bool
    over_at: Instant | None
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Facts:
    """Everything that a page is made of. `since`: from when on the plan has had the page."""

    page: StatusPage
    zone: str
    since: Instant
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Notice:
    """One incident as the public knows it. `latest` leads; `said` is everything, newest first; `reviews` came after.

    Nothing said, and a review: the public was not told while it lasted, and is told what was learned.
    """

    id: str
    heading: str
    phase: Phase
    began: Instant
    over_at: Instant | None
    latest: Word
    said: tuple[Word, ...]
    reviews: tuple[Word, ...]
    late: bool
    """The next word was promised and has not come."""

    @property
    def next_update(self) -> Instant | None:
        return self.latest.next_update if self.phase != "over" else None

    @property
    def changed(self) -> Instant:
        return max([self.latest.at, *(one.at for one in self.reviews), *([self.over_at] if self.over_at else [])])


@dataclass(frozen=True)
class PartState:
    """`days`: of the last 90 the oldest first; None: nobody kept the page yet."""

    id: str
    title: str
    phase: Phase
    days: tuple[bool | None, ...]

    @property
    def troubled(self) -> int:
        return sum(day is True for day in self.days)

    @property
    def watched_days(self) -> int:
        return sum(day is not None for day in self.days)


@dataclass(frozen=True)
class Board:
    """The page. `stale_after`: if it is later than that and this is still what is read, the state is unknown."""

    title: str
    address: str | None
    zone: str
    sentence: str
    phase: Phase
    parts: tuple[PartState, ...]
    open: tuple[Notice, ...]
    past: tuple[Notice, ...]
    checked_at: Instant
    stale_after: Instant
    every: int
    """Seconds."""

    @property
    def changed(self) -> Instant | None:
        return max((one.changed for one in (*self.open, *self.past)), default=None)


def board(facts: Facts, now: Instant, every: int) -> Board:
    """The page as it is to be read now, written anew every so many seconds."""
    behind = {service: part.id for part in facts.page.parts for service in part.services}
    titles = {part.id: part.title for part in facts.page.parts}
    notices = [(behind.get(told.service or ""), _notice(told, titles, behind, now)) for told in facts.told]
    first = now - timedelta(days=DAYS)
    opened = [(part, one) for part, one in notices if one.phase != "over"]
    past = [one for _, one in notices if one.phase == "over" and one.changed >= first]
    return Board(
        title=facts.page.title,
        address=facts.page.address,
        zone=facts.zone,
        sentence=_sentence([part for part in titles if any(part == at for at, _ in opened)], titles, opened),
        phase=_worst(one.phase for _, one in opened),
        parts=tuple(
            PartState(
                id=id,
                title=title,
                phase=_worst(one.phase for part, one in opened if part == id),
                days=_days(facts, [one for part, one in notices if part == id], now),
            )
            for id, title in titles.items()
        ),
        open=tuple(sorted((one for _, one in opened), key=lambda one: one.began, reverse=True)),
        past=tuple(sorted(past, key=lambda one: one.began, reverse=True)),
        checked_at=now,
        stale_after=now + max(SOONEST_STALE, timedelta(seconds=PATIENCE * every)),
        every=every,
    )


def _notice(told: Told, titles: dict[str, str], behind: dict[str, str], now: Instant) -> Notice:
    said = [one for one in told.words if one.kind != "review"]
    latest = (said or told.words)[-1]
    phase: Phase = "over" if told.over_at or not said else "watched" if told.mitigated else "trouble"
    promised = latest.next_update
    return Notice(
        id=str(uuid5(NAMESPACE_URL, f"quarterdeck:{told.number}:{told.words[0].at.isoformat()}")),
        heading=titles.get(behind.get(told.service or "", ""), OURS),
        phase=phase,
        began=told.words[0].at,
        over_at=told.over_at if said else None,
        latest=latest,
        said=tuple(reversed(said)),
        reviews=tuple(one for one in told.words if one.kind == "review"),
        late=phase != "over" and promised is not None and promised < now,
    )


def _worst(phases: Iterable[Phase]) -> Phase:
    found = set(phases)
    return "trouble" if "trouble" in found else "watched" if "watched" in found else "over"


def _sentence(parts: Sequence[str], titles: dict[str, str], opened: Sequence[tuple[str | None, Notice]]) -> str:
    if not opened:
        return "No trouble is reported."
    worst = _worst(one.phase for _, one in opened)
    where = _and([titles[part] for part in parts]) or OURS.lower()
    if worst == "watched":
        return f"There was trouble with {where}. A remedy is in place, and we are watching it."
    return f"There is trouble with {where}. We are working on it."


def _and(names: Sequence[str]) -> str:
    names = [f"“{name}”" for name in names]
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} other parts"
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _days(facts: Facts, notices: Sequence[Notice], now: Instant) -> tuple[bool | None, ...]:
    today, since = local(facts.zone, now).date(), local(facts.zone, facts.since).date()
    spans = [
        (local(facts.zone, one.began).date(), local(facts.zone, max(one.over_at or now, one.began)).date())
        for one in notices
        if one.said
    ]
    days = (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    return tuple(None if day < since else _hit(day, spans) for day in days)


def _hit(day: date, spans: Sequence[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in spans)
