"""When the executive page goes out by itself, and to whom: one mail for each person and period, never two. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import get_args

from quarterdeck.direction.events import reporting as ev
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant

KEY = "main"
HOUR = 7
"""UTC, on Mondays: every one, the first of a month, or the first of a quarter."""
MOST = 50
_TO = re.compile(r"(post|role|team|person):[\w.@-]{1,64}|[^\s@:]{1,100}@[^\s@:]{1,150}")


@dataclass(frozen=True)
class Mailing:
    """`next_at` None: stopped. `waiting`: the period whose page has not gone out yet; `sent`: the last that has."""

    every: ev.Every
    to: tuple[str, ...]
    next_at: Instant | None
    waiting: str | None = None
    sent: str | None = None


@dataclass(frozen=True)
class Reader:
    """Somebody active who may read. `id`: the person's."""

    id: str
    login: str
    email: str
    roles: frozenset[str]


def evolve(state: Mailing | None, event: Event) -> Mailing:
    if isinstance(event, ev.BoardMailScheduled):
        fresh = Mailing(event.every, event.to, next_start(event.every, event.at))
        return replace(fresh, waiting=state.waiting, sent=state.sent) if state else fresh
    assert state is not None
    match event:
        case ev.BoardMailStopped():
            return replace(state, next_at=None, waiting=None)
        case ev.BoardMailDue():
            return replace(state, waiting=event.period, next_at=next_start(state.every, event.at))
        case ev.BoardMailSent():
            return replace(state, waiting=None, sent=event.period)
    raise ValueError(f"{type(event).__name__} cannot happen to {state}")


def due(state: Mailing) -> Instant | None:
    return state.next_at


def wake(state: Mailing, now: Instant) -> list[Event]:
    """After a long sleep one page, not one for each period that was missed."""
    if state.next_at is None or state.next_at > now:
        return []
    return [ev.BoardMailDue(at=now, period=period_of(state.every, now))]


def schedule(now: Instant, *, every: str, to: Sequence[str], by: str) -> list[Event]:
    known = get_args(ev.Every)
    faults = [] if every in known else [f"every: {every[:40]!r}; use one of {', '.join(known)}"]
    wanted = tuple(dict.fromkeys(one.strip() for one in to if one.strip()))
    if not 1 <= len(wanted) <= MOST:
        faults.append(f"to: 1 to {MOST} recipients")
    faults += [
        f"to: {one[:60]!r}; write post:ID, role:NAME, team:ID, person:LOGIN or a mail address"
        for one in wanted[:MOST]
        if not _TO.fullmatch(one)
    ]
    if faults:
        raise Invalid("The page cannot be sent like this.", tuple(faults))
    return [ev.BoardMailScheduled(at=now, every=every, to=wanted, by=by)]  # type: ignore[arg-type]  # checked above


def stop(state: Mailing | None, now: Instant, *, by: str) -> list[Event]:
    if state is None or state.next_at is None:
        raise Refused("NotScheduled", "The page is not sent by itself. There is nothing to stop.")
    return [ev.BoardMailStopped(at=now, by=by)]


def wants(state: Mailing, period: str) -> bool:
    """Whether the page of this period has still to go out."""
    return state.waiting == period and state.sent != period


def sent(
    state: Mailing, now: Instant, *, period: str, issue: int, people: Sequence[str], unreached: Sequence[str]
) -> list[Event]:
    if not wants(state, period):
        return []
    return [ev.BoardMailSent(at=now, period=period, issue=issue, people=tuple(people), unreached=tuple(unreached))]


def recipients(
    to: Sequence[str], readers: Sequence[Reader], posts: Mapping[str, str], teams: Mapping[str, frozenset[str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people meant, each once however often; and which recipients gave nobody, with why.

    A mail address is that of somebody who may read here: the page is for no one else. `posts`: id → login.
    """
    people: dict[str, None] = {}
    unreached = []
    for one in to:
        kind, _, name = one.partition(":")
        match kind:
            case "post":
                found = [each for each in readers if each.login == posts.get(name)]
            case "role":
                found = [each for each in readers if name in each.roles]
            case "team":
                found = [each for each in readers if each.id in teams.get(name, ())]
            case "person":
                found = [each for each in readers if each.login == name]
            case _:
                found = [each for each in readers if each.email.casefold() == one.casefold()]
        people |= dict.fromkeys(each.id for each in found)
        if not found:
            unreached.append(f"{one}: nobody here who may read")
    return tuple(people), tuple(unreached)


def next_start(every: ev.Every, at: Instant) -> Instant:
    """The first beginning of a period after an instant."""
    monday = (at - timedelta(days=at.weekday())).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while monday <= at or not _begins(every, monday):
        monday += timedelta(days=7)
    return monday


def _begins(every: ev.Every, monday: Instant) -> bool:
    if every == "weekly":
        return True
    return monday.day <= 7 and (every == "monthly" or monday.month in (1, 4, 7, 10))


def period_of(every: ev.Every, at: Instant) -> str:
    """`2026-W10`, `2026-03` or `2026-Q1`."""
    match every:
        case "weekly":
            year, week, _ = at.isocalendar()
            return f"{year}-W{week:02d}"
        case "monthly":
            return f"{at:%Y-%m}"
        case "quarterly":
            return f"{at.year}-Q{(at.month + 2) // 3}"


BOARD_MAIL: Lifecycle[Mailing] = Lifecycle("board-mail", evolve, due, wake)
