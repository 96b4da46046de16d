"""A review as its events have made it: the state every decision is taken on, and its one deadline. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import reviewing as ev
from quarterdeck.learning.events import writing
from quarterdeck.learning.events.factoring import Evidence

State = Literal["draft", "in review", "approved", "published", "waived", "cancelled"]
STATES: tuple[State, ...] = ("draft", "in review", "approved", "published", "waived", "cancelled")
WRITTEN: tuple[State, ...] = ("draft", "in review")
"""Work goes on: the text is not approved, or no longer."""


@dataclass(frozen=True)
class Written:
    """One text as it was saved with a version."""

    version: int
    text: str


@dataclass(frozen=True)
class Observation:
    id: str
    prompt: str
    text: str
    evidence: tuple[Evidence, ...] = ()
    withdrawn: bool = False
    lesson: int | None = None


@dataclass(frozen=True)
class TellingOf:
    """How an entry of the timeline is told: `writing.EntryTold`, without by whom."""

    told: bool
    title: str | None
    occurred_at: Instant | None
    reason: str


@dataclass(frozen=True)
class Review:
    """The review of one incident; a reopened incident cancels it and may open it again, with what had been written."""

    number: int
    state: State
    due: Instant
    rule: str
    severity: str
    commander: str
    commander_may_lead: bool = False
    overdue: bool = False
    settled: bool = False
    """The incident need not wait for it any more: it was approved once, or waived."""
    facilitator: str | None = None
    participants: tuple[str, ...] | None = None
    meets_at: Instant | None = None
    version: int = 0
    """Counts whatever is written: texts, observations, how entries are told."""
    texts: Mapping[str, tuple[Written, ...]] = field(default_factory=dict)
    """Every version of each text, the latest last: two who write at once are compared with what both began from."""
    authors: tuple[str, ...] = ()
    observations: Mapping[str, Observation] = field(default_factory=dict)
    entries: Mapping[int, TellingOf] = field(default_factory=dict)
    comments: Mapping[int, bool] = field(default_factory=dict)
    """Comment → settled."""
    approved: int | None = None
    """The version that was approved last, and `published` the one that was published last."""
    published: int | None = None

    @property
    def owed(self) -> bool:
        return self.state in WRITTEN and not self.settled

    def text(self, prompt: str) -> str:
        found = self.texts.get(prompt)
        return found[-1].text if found else ""


def evolve(state: Review | None, event: Event) -> Review:
    """Fold one event; an event of a later version that is not known here changes nothing."""
    if isinstance(event, ev.ReviewOpened):
        return _opened(state, event)
    assert state is not None, f"{type(event).__name__} before ReviewOpened"
    step = _STEPS.get(type(event))
    return step(state, event) if step else state


def _opened(before: Review | None, e: ev.ReviewOpened) -> Review:
    fresh = Review(e.number, "draft", e.due, e.rule, e.severity, e.commander, e.commander_may_lead)
    if before is None:
        return fresh
    return replace(
        fresh,
        facilitator=before.facilitator if before.facilitator != e.commander or e.commander_may_lead else None,
        participants=before.participants,
        version=before.version,
        texts=before.texts,
        authors=before.authors,
        observations=before.observations,
        entries=before.entries,
        comments=before.comments,
        approved=before.approved,
        published=before.published,
    )


def _changed(s: Review, by: str, **changes: Any) -> Review:
    """Something was written: a new version, and an approval of the one before falls."""
    state = "in review" if s.state in ("approved", "published") else s.state
    authors = tuple(dict.fromkeys((*s.authors, by)))
    return replace(s, state=state, version=s.version + 1, authors=authors, **changes)


def _written(s: Review, texts: Mapping[str, str]) -> Mapping[str, tuple[Written, ...]]:
    saved = {prompt: (*s.texts.get(prompt, ()), Written(s.version + 1, text)) for prompt, text in texts.items()}
    return {**s.texts, **saved}


def _held(s: Review, e: ev.ReviewHeld) -> Review:
    texts = _written(s, {"summary": e.summary})
    return replace(
        s,
        state="approved",
        settled=True,
        facilitator=e.facilitator,
        version=s.version + 1,
        approved=s.version + 1,
        texts=texts,
        authors=tuple(dict.fromkeys((*s.authors, e.by))),
    )


def _observed(s: Review, e: writing.ObservationMade | writing.ObservationRevised) -> Review:
    before = s.observations.get(e.observation)
    made = Observation(e.observation, e.prompt, e.text, e.evidence, lesson=before.lesson if before else None)
    return _changed(s, e.by, observations={**s.observations, e.observation: made})


def _observation(s: Review, id: str, **changes: Any) -> dict[str, Observation]:
    return {**s.observations, id: replace(s.observations[id], **changes)}


def _entry(s: Review, e: writing.EntryTold) -> Review:
    told = TellingOf(e.told, e.title, e.occurred_at, e.reason)
    return _changed(s, e.by, entries={**s.entries, e.position: told})


_STEPS: dict[type[Event], Any] = {
    ev.ReviewOverdue: lambda s, e: replace(s, overdue=True),
    ev.FacilitatorAssigned: lambda s, e: replace(s, facilitator=e.person),
    ev.ParticipantsNamed: lambda s, e: replace(s, participants=e.people),
    ev.ReviewScheduled: lambda s, e: replace(s, meets_at=e.meets_at),
    ev.ReviewSubmitted: lambda s, e: replace(s, state="in review"),
    ev.ReviewReturned: lambda s, e: replace(s, state="draft"),
    ev.ReviewApproved: lambda s, e: replace(s, state="approved", settled=True, approved=e.version),
    ev.ReviewPublished: lambda s, e: replace(s, state="published", published=e.version),
    ev.ReviewHeld: _held,
    ev.ReviewWaived: lambda s, e: replace(s, state="waived", settled=True),
    ev.ReviewCancelled: lambda s, e: replace(s, state="cancelled"),
    writing.ReviewWritten: lambda s, e: _changed(s, e.by, texts=_written(s, e.texts)),
    writing.ObservationMade: _observed,
    writing.ObservationRevised: _observed,
    writing.ObservationWithdrawn: lambda s, e: _changed(
        s, e.by, observations=_observation(s, e.observation, withdrawn=True)
    ),
    writing.ObservationGrew: lambda s, e: replace(s, observations=_observation(s, e.observation, lesson=e.lesson)),
    writing.EntryTold: _entry,
    writing.ReviewCommented: lambda s, e: replace(s, comments={**s.comments, e.comment: False}),
    writing.CommentSettled: lambda s, e: replace(s, comments={**s.comments, e.comment: True}),
}


def due(state: Review) -> Instant | None:
    return state.due if state.owed and not state.overdue else None


def wake(state: Review, now: Instant) -> list[Event]:
    """Overdue once, at the due instant, however late somebody looks."""
    when = due(state)
    return [ev.ReviewOverdue(at=when)] if when is not None and when <= now else []


REVIEW = Lifecycle("review", evolve, due, wake)
