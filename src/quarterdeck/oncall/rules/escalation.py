"""An escalation: a copied path, climbed step by step until somebody acknowledges, and at its end a senior manager.

A step is due (`LevelDue`), then reached (`LevelReached`) once somebody with access to schedules has said whom its
targets stand for; between the two lies at most one transaction of the engine. `step` only ever grows. A severity that
is not urgent has no turn outside support hours: its next step waits for them (`PagingPostponed`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Literal

from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.events import (
    AcknowledgedAgain,
    DeadlineMended,
    EscalationAcknowledged,
    EscalationExhausted,
    EscalationStarted,
    EscalationStopped,
    Final,
    LevelDue,
    LevelReached,
    PageDeclined,
    PageFailed,
    PageRequested,
    PagingPostponed,
    Reached,
    Rung,
    SeverityFollowed,
    SupportHours,
    TurnReason,
    Unreached,
)
from quarterdeck.oncall.rules.hours import opens_at

FINAL_ROUNDS = 12
"""How often the senior manager is paged before the escalation says that it is exhausted."""
OVERDUE = timedelta(minutes=2)
"""A step that could not be worked out for so long is passed over: a fault in one level must not silence the rest."""

Status = Literal["climbing", "waiting", "acknowledged", "exhausted", "stopped"]


@dataclass(frozen=True)
class Acknowledgement:
    """Who has it, and since when."""

    by: str
    at: Instant
    how: str


@dataclass(frozen=True)
class Page:
    """One page to one person, and what became of it as far as the escalation cares."""

    delivery: str
    person: str
    target: str
    step: int
    at: Instant
    declined: bool = False
    failed: bool = False


@dataclass(frozen=True)
class Place:
    """Where a step stands on the path: `level` 1, 2, 3 …, or 0 for the final post; `round` counts from 1."""

    level: int
    round: int
    targets: tuple[str, ...]
    acknowledge_within: timedelta


@dataclass(frozen=True)
class Escalation:
    """An escalation as it stands."""

    number: int
    severity: str
    path: str
    levels: tuple[Rung, ...]
    repeat: int
    final: Final
    posts: dict[str, str] = field(default_factory=dict)
    status: Status = "climbing"
    run: int = 1
    """How often it was started: a raised severity or a reopened incident starts it afresh."""
    base: int = 0
    """The step at which this run began."""
    step: int = -1
    """The last step reached."""
    due_last: int = -1
    """The last step that had its turn, reached or not."""
    pending: LevelDue | None = None
    until: Instant | None = None
    """When the time to acknowledge is over; while a step is due, when it is passed over; when support hours begin."""
    hours: SupportHours | None = None
    postponed: bool = False
    """The next step waits for support hours, until `until`."""
    pages: tuple[Page, ...] = ()
    """Of this run and those before, since the incident last had none."""
    acknowledged: Acknowledgement | None = None
    also_acknowledged: frozenset[str] = frozenset()
    stopped_because: str | None = None

    @property
    def asking(self) -> bool:
        """True while somebody ought still to answer."""
        return self.status in ("climbing", "waiting", "exhausted")

    def waits_until(self, now: Instant) -> Instant | None:
        """When its pages may go out; None if they may now."""
        if self.hours is None or self.severity not in self.hours.waits:
            return None
        return opens_at(self.hours, now)

    @property
    def paged(self) -> tuple[str, ...]:
        """Everybody who was paged, once, in order."""
        return tuple(dict.fromkeys(page.person for page in self.pages))

    @property
    def in_turn(self) -> tuple[Page, ...]:
        """The pages of the last step reached."""
        return tuple(page for page in self.pages if page.step == self.step)

    def place(self, step: int) -> Place:
        """Where a step of this run stands. The levels repeat, then comes the final post, as often as it takes."""
        index = step - self.base
        levels = len(self.levels)
        climbs = levels * (self.repeat + 1)
        if index < climbs:
            rung = self.levels[index % levels]
            return Place(
                index % levels + 1, index // levels + 1, rung.notify, timedelta(minutes=rung.acknowledge_within)
            )
        within = timedelta(minutes=self.levels[-1].acknowledge_within)
        return Place(0, index - climbs + 1, (f"post:{self.final.post}",), within)

    def login_of(self, post: str) -> str | None:
        """Who holds a post, as the plan said when the path was copied."""
        return self.final.login if post == self.final.post else self.posts.get(post)


# -- folding -----------------------------------------------------------------------------------


def evolve(state: Escalation | None, event: Event) -> Escalation:
    if isinstance(event, EscalationStarted):
        return _started(state, event)
    assert state is not None, "an escalation begins by being started"
    match event:
        case LevelDue():
            helping = state.status == "acknowledged" and event.reason == "started"
            status: Status = "acknowledged" if helping else "climbing"
            until = event.at + OVERDUE
            return replace(state, pending=event, due_last=event.step, until=until, status=status, postponed=False)
        case PagingPostponed():
            held = state.status == "acknowledged" and event.reason == "started"
            waiting: Status = "acknowledged" if held else "waiting"
            return replace(state, pending=None, until=event.until, status=waiting, postponed=True)
        case LevelReached():
            within = state.place(event.step).acknowledge_within
            ends = event.at + within if state.status == "climbing" else None
            return replace(state, pending=None, step=event.step, until=ends)
        case PageRequested():
            page = Page(event.delivery, event.person, event.target, event.step, event.at)
            return replace(state, pages=(*state.pages, page))
        case PageDeclined():
            return _marked(state, event.by, event.step, declined=True)
        case PageFailed():
            return _marked(state, event.person, event.step, failed=True)
        case EscalationAcknowledged():
            by = Acknowledgement(event.by, event.at, event.how)
            return replace(state, status="acknowledged", acknowledged=by, pending=None, until=None, postponed=False)
        case AcknowledgedAgain():
            first = state.acknowledged or Acknowledgement(event.by, event.at, event.how)
            return replace(state, acknowledged=first, also_acknowledged=state.also_acknowledged | {event.by})
        case SeverityFollowed():
            return replace(state, severity=event.severity)
        case DeadlineMended():
            return replace(state, until=event.until)
        case EscalationStopped():
            return replace(
                state, status="stopped", stopped_because=event.reason, pending=None, until=None, postponed=False
            )
        case EscalationExhausted():
            return replace(state, status="exhausted", pending=None, until=None, postponed=False)
    return state


def _started(state: Escalation | None, event: EscalationStarted) -> Escalation:
    carried = state is not None and state.status != "stopped"
    base = state.due_last + 1 if state else 0
    return Escalation(
        number=event.number,
        severity=event.severity,
        path=event.path,
        levels=event.levels,
        repeat=event.repeat,
        final=event.final,
        posts=event.posts,
        status="acknowledged" if event.acknowledged else "climbing",
        run=state.run + 1 if state else 1,
        base=base,
        step=state.step if state else -1,
        due_last=base - 1,
        hours=event.hours,
        pages=state.pages if state and carried else (),
        acknowledged=state.acknowledged if state and event.acknowledged else None,
        also_acknowledged=state.also_acknowledged if state and event.acknowledged else frozenset(),
    )


def _marked(state: Escalation, person: str, step: int, **marks: Any) -> Escalation:
    pages = tuple(
        replace(page, **marks) if page.person == person and page.step == step else page for page in state.pages
    )
    return replace(state, pages=pages)


# -- time --------------------------------------------------------------------------------------


def due(state: Escalation) -> Instant | None:
    return state.until


def wake(state: Escalation, now: Instant) -> list[Event]:
    if state.pending:
        if state.status == "acknowledged":
            return [LevelReached(at=now, step=state.pending.step, level=state.pending.level, round=state.pending.round)]
        return climb(state, "overdue", now)
    if state.postponed:
        return climb(state, "started" if state.status == "acknowledged" else "support hours", now)
    return climb(state, "unacknowledged", now)


def climb(
    state: Escalation, reason: TurnReason, now: Instant, by: str | None = None, *, asked: bool = False
) -> list[Event]:
    """The next step is due; after so many rounds of the final post the escalation is exhausted instead.

    A severity that can wait does so outside support hours, unless a person `asked` for the page.
    """
    step = state.due_last + 1
    place = state.place(step)
    if place.level == 0 and place.round > FINAL_ROUNDS and by is None:
        return [EscalationExhausted(at=now, rounds=place.round - 1)]
    until = None if asked else state.waits_until(now)
    if until:
        return [PagingPostponed(at=now, until=until, reason=reason)]
    return [LevelDue(at=now, step=step, level=place.level, round=place.round, reason=reason, by=by)]


def mend_deadline(state: Escalation, now: Instant) -> list[Event]:
    """After the clock was set back: nobody gets longer to acknowledge than the path grants."""
    if state.postponed:
        until = state.waits_until(now) or now
    else:
        until = now + (OVERDUE if state.pending else state.place(state.step).acknowledge_within)
    if state.until is not None and state.until > until:
        return [DeadlineMended(at=now, until=until)]
    return []


# -- decisions ---------------------------------------------------------------------------------


def start(state: Escalation | None, started: EscalationStarted) -> list[Event]:
    """Begin, or begin afresh; the first level is due at once, or when support hours begin."""
    fresh = evolve(state, started)
    return [started, *climb(fresh, "started", started.at, asked=started.reason == "asked for")]


def reach(state: Escalation, *, people: Sequence[Reached], unreached: Sequence[Unreached], now: Instant) -> list[Event]:
    """Record whom the due step's targets stand for. A step that reaches nobody is followed by the next one at once,
    except the final post: that is tried again after its time to acknowledge."""
    pending = state.pending
    if pending is None:
        return []
    once: dict[str, Reached] = {}
    for one in people:
        once.setdefault(one.person, one)
    reached = LevelReached(
        at=now,
        step=pending.step,
        level=pending.level,
        round=pending.round,
        people=tuple(once.values()),
        unreached=tuple(unreached),
    )
    if once or pending.level == 0 or state.status == "acknowledged":
        return [reached]
    return [reached, *climb(evolve(state, reached), "nobody reached", now)]


def acknowledge(state: Escalation, *, by: str, how: str, now: Instant) -> list[Event]:
    """The first acknowledgement stops the pages; a second is recorded once and stops nothing. Never a refusal."""
    if state.asking:
        level = state.place(max(state.step, state.base)).level
        return [EscalationAcknowledged(at=now, by=by, how=how, level=level)]
    known = {state.acknowledged.by, *state.also_acknowledged} if state.acknowledged else set()
    if state.status == "acknowledged" and by not in known:
        return [AcknowledgedAgain(at=now, by=by, how=how)]
    return []


def escalate(state: Escalation, *, by: str, now: Instant) -> list[Event]:
    """Page the next level now. Even when somebody has it already: they may need help."""
    if state.status == "stopped":
        raise Refused("EscalationStopped", f"Nothing to escalate: the incident was {state.stopped_because}.")
    return climb(state, "escalated", now, by, asked=True)


def escalate_from_page(state: Escalation, *, delivery: str, now: Instant) -> list[Event]:
    """The same from the link in a page, which may be old: it counts only while the page's level has its turn."""
    page = _page(state, delivery)
    if page is None or page.step != state.step or state.pending or state.status == "stopped":
        return []
    return climb(state, "escalated", now, page.person, asked=True)


def decline(state: Escalation, *, delivery: str, now: Instant) -> list[Event]:
    """`I can't`: recorded, and the next level is due at once while the page's level has its turn.

    Somebody who had acknowledged gives the incident back by it. Another's acknowledgement stands.
    """
    page = _page(state, delivery)
    if page is None or page.declined or state.status == "stopped":
        return []
    declined = PageDeclined(at=now, by=page.person, step=page.step)
    gives_back = state.acknowledged is not None and state.acknowledged.by == page.person
    in_turn = page.step == state.step and state.status == "climbing"
    if state.pending is None and (in_turn or (state.status == "acknowledged" and gives_back)):
        return [declined, *climb(state, "declined", now, page.person)]
    return [declined]


def _page(state: Escalation, delivery: str) -> Page | None:
    return next((page for page in state.pages if page.delivery == delivery), None)


def page_failed(state: Escalation, *, delivery: str, now: Instant) -> list[Event]:
    """A page could not be delivered at all. When that holds for everybody of the step, the next is due at once."""
    page = next((page for page in state.pages if page.delivery == delivery and not page.failed), None)
    if page is None:
        return []
    failed = PageFailed(at=now, person=page.person, delivery=delivery, step=page.step)
    after = evolve(state, failed)
    hopeless = all(one.failed or one.declined for one in after.in_turn)
    final = state.step >= 0 and state.place(state.step).level == 0
    if state.status == "climbing" and state.pending is None and page.step == state.step and hopeless and not final:
        return [failed, *climb(after, "undeliverable", now)]
    return [failed]


def follow_severity(state: Escalation, *, severity: str, now: Instant) -> list[Event]:
    """Later pages name the new severity; the path stays. What waited for support hours goes out if it waits no more."""
    if state.status == "stopped" or severity == state.severity:
        return []
    followed = SeverityFollowed(at=now, severity=severity)
    after = evolve(state, followed)
    if not after.postponed or after.waits_until(now):
        return [followed]
    return [followed, *climb(after, "started" if after.status == "acknowledged" else "severity raised", now)]


def stop(state: Escalation, *, reason: str, now: Instant) -> list[Event]:
    """No more pages."""
    return [] if state.status == "stopped" else [EscalationStopped(at=now, reason=reason)]


def _urgency(state: Escalation) -> int:
    digits = state.severity.removeprefix("SEV")
    return int(digits) - 1 if digits.isdecimal() else 4


ESCALATION: Lifecycle[Escalation] = Lifecycle("escalation", evolve, due, wake, _urgency)
