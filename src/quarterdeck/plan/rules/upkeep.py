"""A document kept current: its next review on a date, reviews opened by triggers, reminders, and what is overdue."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import get_args

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.plan import events as ev
from quarterdeck.plan.events import PlanPublished, Reason
from quarterdeck.plan.rules.framework import Document
from quarterdeck.plan.rules.governed import TRIGGERS
from quarterdeck.plan.rules.reasons import prose

REMINDERS = (30, 7)
"""Days before the date of a review."""
OVERDUE_EVERY = timedelta(days=30)
ON_DATE = "review-date"
"""The trigger of the review that its date opens."""


@dataclass(frozen=True)
class OpenReview:
    """`told`: how often it has been said to be overdue."""

    trigger: str
    why: str
    ref: str | None
    opened_at: Instant
    told: int = 0

    @property
    def next_overdue(self) -> Instant:
        return self.opened_at + (self.told + 1) * OVERDUE_EVERY


@dataclass(frozen=True)
class Kept:
    """`reminded`: the last reminder of the coming date, in days before it; None: none yet."""

    document: str
    title: str
    owner: str
    approver: str
    interval_days: int
    counted_from: Instant
    retired: bool = False
    reminded: int | None = None
    open: tuple[OpenReview, ...] = ()

    @property
    def due_on(self) -> Instant:
        return self.counted_from + timedelta(days=self.interval_days)

    def waiting(self, trigger: str) -> OpenReview | None:
        return next((review for review in self.open if review.trigger == trigger), None)


def evolve(state: Kept | None, event: Event) -> Kept:
    if isinstance(event, ev.DocumentKept):
        kept = Kept(event.document, event.title, event.owner, event.approver, event.interval_days, event.counted_from)
        if state is None or state.retired:
            return kept
        return replace(kept, open=state.open, reminded=state.reminded if kept.due_on == state.due_on else None)
    assert state
    match event:
        case ev.DocumentRetired():
            return replace(state, retired=True, open=())
        case ev.DocumentReviewReminded():
            return replace(state, reminded=event.days_left)
        case ev.DocumentReviewOpened():
            review = OpenReview(event.trigger, event.why, event.ref, event.at)
            return replace(state, open=(*state.open, review))
        case ev.DocumentReviewOverdue():
            told = event.days // OVERDUE_EVERY.days
            return replace(
                state,
                open=tuple(replace(one, told=told) if one.trigger == event.trigger else one for one in state.open),
            )
        case ev.DocumentReviewSettled():
            return replace(state, open=(), reminded=None, counted_from=event.at)
    raise AssertionError(event)


def keep(
    state: Kept | None, document: Document, now: Instant, *, revision: int, touched: bool, reasons: Iterable[Reason]
) -> list[Event]:
    """What a publication means for one document; nothing if all stays.

    Its next date counts from the publication that brought or changed it. A mere correction leaves the date.
    """
    fresh = state is None or state.retired
    renewed = fresh or (touched and any(reason.kind != "correction" for reason in reasons))
    kept = ev.DocumentKept(
        at=now,
        document=document.key,
        title=document.title,
        owner=document.owner,
        approver=document.approver,
        interval_days=document.review_interval_days,
        revision=revision,
        counted_from=now if state is None or renewed else state.counted_from,
    )
    return [] if state is not None and not fresh and evolve(state, kept) == state else [kept]


def retire(state: Kept, now: Instant, *, revision: int) -> list[Event]:
    return [] if state.retired else [ev.DocumentRetired(at=now, document=state.document, revision=revision)]


def open_review(state: Kept, now: Instant, *, trigger: str, why: str, ref: str | None) -> list[Event]:
    """Nothing while one is open for the same trigger."""
    if trigger not in TRIGGERS:
        raise Invalid("There is no such trigger.", (f"trigger: {trigger!r}; use one of {', '.join(TRIGGERS)}",))
    _kept(state)
    if state.waiting(trigger):
        return []
    return [
        ev.DocumentReviewOpened(
            at=now, document=state.document, trigger=trigger, why=prose("why", why), ref=ref and prose("ref", ref, 200)
        )
    ]


def settle_review(
    state: Kept,
    by: str,
    now: Instant,
    *,
    outcome: ev.Outcome,
    reason: str,
    published: PlanPublished | None,
) -> list[Event]:
    """`published`: the revision that came of it. Also before anything is due: a review held early counts."""
    _kept(state)
    if outcome not in get_args(ev.Outcome):
        raise Invalid("There is no such outcome.", (f"outcome: {outcome!r}; use `no-change` or `revision`",))
    if (outcome == "revision") != (published is not None):
        raise Invalid(
            "The outcome and the revision do not fit together.",
            ("revision: give its number with the outcome `revision`, and only then",),
        )
    if published and state.open and published.at < min(review.opened_at for review in state.open):
        raise Refused(
            "RevisionBeforeReview",
            f"Revision {published.revision} was published before this review was opened. If the document is right as "
            "it stands, settle the review with no change and say why.",
        )
    return [
        ev.DocumentReviewSettled(
            at=now,
            document=state.document,
            outcome=outcome,
            reason=prose("reason", reason),
            by=by,
            revision=published.revision if published else None,
        )
    ]


def due(state: Kept) -> Instant | None:
    """The next reminder, the date itself, or the next time that an open review is said to be overdue."""
    if state.retired:
        return None
    instants = [review.next_overdue for review in state.open]
    if not state.waiting(ON_DATE):
        instants.append(next((at for _, at in _reminders(state)), state.due_on))
    return min(instants)


def wake(state: Kept, now: Instant) -> list[Event]:
    """What has come due; after a long sleep only the latest of each, at its own instant."""
    if state.retired:
        return []
    events: list[Event] = []
    if not state.waiting(ON_DATE):
        events += _on_date(state, now)
    for review in state.open:
        if review.next_overdue <= now:
            times = (now - review.opened_at) // OVERDUE_EVERY
            events.append(
                ev.DocumentReviewOverdue(
                    at=review.opened_at + times * OVERDUE_EVERY,
                    document=state.document,
                    trigger=review.trigger,
                    why=review.why,
                    opened_at=review.opened_at,
                    days=times * OVERDUE_EVERY.days,
                    owner=state.owner,
                    approver=state.approver,
                )
            )
    return events


def _on_date(state: Kept, now: Instant) -> list[Event]:
    if now < state.due_on:
        reached = [(days, at) for days, at in _reminders(state) if at <= now]
        return [_reminded(state, *reached[-1])] if reached else []
    why = f"Reviewed every {state.interval_days} days; the last review or revision was on {state.counted_from:%Y-%m-%d}"
    opened = ev.DocumentReviewOpened(at=state.due_on, document=state.document, trigger=ON_DATE, why=why)
    return [_reminded(state, 0, state.due_on), opened]


def _reminders(state: Kept) -> list[tuple[int, Instant]]:
    """Those still to come; a reminder that would fall before the last review is none."""
    coming = [(days, state.due_on - timedelta(days=days)) for days in REMINDERS]
    return [
        (days, at)
        for days, at in coming
        if at > state.counted_from and (state.reminded is None or days < state.reminded)
    ]


def _reminded(state: Kept, days: int, at: Instant) -> ev.DocumentReviewReminded:
    return ev.DocumentReviewReminded(
        at=at, document=state.document, due=state.due_on, days_left=days, owner=state.owner, approver=state.approver
    )


def _kept(state: Kept) -> None:
    if state.retired:
        raise Refused("DocumentRetired", f"The plan has no document {state.document} any longer.")


DOCUMENT: Lifecycle[Kept] = Lifecycle("document", evolve, due, wake)
