"""A contact test: whom to ask when, who answered in time, and when it is over. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.readiness.events import contacting as ev

WAKING = (time(8), time(20))
"""Of the person's own day; a test that respects them waits for the next morning."""
MOST_PEOPLE = 500
LONGEST_WITHIN = 7 * 24 * 60


@dataclass(frozen=True)
class Standing:
    """How it stands with one person. `answered_at`: of the first answer, to any message."""

    ask_at: Instant
    due: bool = False
    asked_at: Instant | None = None
    messages: tuple[ev.Sent, ...] = ()
    answered: Mapping[str, Instant] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    missed: bool = False
    reason: str | None = None

    @property
    def outstanding(self) -> bool:
        """An answer may still come in time."""
        return not self.missed and self.reason is None and not self.answered


@dataclass(frozen=True)
class ContactTest:
    number: int
    within: timedelta
    each_channel: bool
    people: Mapping[str, Standing]
    ended: bool = False

    @property
    def name(self) -> str:
        return f"CT-{self.number}"


def evolve(state: ContactTest | None, event: Event) -> ContactTest:
    if isinstance(event, ev.ContactTestStarted):
        people = {one.person: Standing(one.at) for one in event.people}
        return ContactTest(event.number, timedelta(minutes=event.within), event.each_channel, people)
    assert state is not None, f"{type(event).__name__} before ContactTestStarted"
    match event:
        case ev.AskDue():
            return _with(state, event.person, due=True)
        case ev.PersonAsked():
            return _with(state, event.person, asked_at=event.at, messages=event.messages, reason=event.reason)
        case ev.TestAnswered():
            answered = {event.delivery: event.at, **state.people[event.person].answered}
            return _with(state, event.person, answered=answered)
        case ev.MessageLost():
            return _with(state, event.person, lost=state.people[event.person].lost | {event.delivery})
        case ev.AnswerMissed():
            return _with(state, event.person, missed=True)
        case ev.ContactTestEnded():
            return replace(state, ended=True)
        case _:
            return state


def _with(state: ContactTest, person: str, **changes: object) -> ContactTest:
    standing = replace(state.people[person], **changes)  # type: ignore[arg-type]  # named by the fold above
    return replace(state, people={**state.people, person: standing})


# -- deciding --------------------------------------------------------------------------------------


def picked(people: Iterable[str], sample: int | None, seed: int) -> tuple[str, ...]:
    """All of them, or so many: the same for the same seed and people, in whatever order they come."""
    everybody = sorted(set(people))
    if sample is None or sample >= len(everybody):
        return tuple(everybody)
    drawn = sorted(everybody, key=lambda one: blake2b(f"{seed}:{one}".encode(), digest_size=16).digest())
    return tuple(sorted(drawn[:sample]))


def ask_at(zone: str, now: Instant) -> Instant:
    """Now, if the person is awake by their own clock; else when their waking hours begin."""
    here = now.astimezone(ZoneInfo(zone))
    opens, closes = WAKING
    if opens <= here.time() < closes:
        return now
    day = here.date() if here.time() < opens else here.date() + timedelta(days=1)
    return datetime.combine(day, opens, ZoneInfo(zone)).astimezone(now.tzinfo)


def start(
    number: int,
    people: Sequence[tuple[str, str]],
    by: str,
    now: Instant,
    *,
    selection: str,
    seed: int | None,
    within: int,
    each_channel: bool,
    waking_hours: bool,
) -> list[Event]:
    """`people`: ids with their zones."""
    errors = []
    if not 1 <= len(people) <= MOST_PEOPLE:
        errors.append(f"people: between 1 and {MOST_PEOPLE}; {len(people)} were picked")
    if not 1 <= within <= LONGEST_WITHIN:
        errors.append(f"within: between 1 and {LONGEST_WITHIN} minutes")
    if errors:
        raise Invalid("The contact test cannot begin.", tuple(errors))
    asked = tuple(
        ev.Asked(person=id, at=ask_at(zone, now) if waking_hours else now) for id, zone in dict(people).items()
    )
    return [
        ev.ContactTestStarted(
            at=now,
            number=number,
            people=asked,
            selection=selection[:500],
            seed=seed,
            within=within,
            each_channel=each_channel,
            waking_hours=waking_hours,
            by=by,
        )
    ]


def answer(state: ContactTest, delivery: str, at: Instant) -> list[Event]:
    """An answer to a message of this test; the same one again changes nothing."""
    for person, one in state.people.items():
        if any(sent.delivery == delivery for sent in one.messages):
            if delivery in one.answered:
                return []
            assert one.asked_at is not None
            late = at > one.asked_at + state.within
            return _and_its_end(state, [ev.TestAnswered(at=at, person=person, delivery=delivery, late=late)])
    return []


def lose(state: ContactTest, delivery: str, reason: str, now: Instant) -> list[Event]:
    for person, one in state.people.items():
        if any(sent.delivery == delivery for sent in one.messages) and delivery not in one.lost:
            return [ev.MessageLost(at=now, person=person, delivery=delivery, reason=reason)]
    return []


def asked(
    state: ContactTest, person: str, messages: tuple[ev.Sent, ...], reason: str | None, now: Instant
) -> list[Event]:
    return _and_its_end(state, [ev.PersonAsked(at=now, person=person, messages=messages, reason=reason)])


def due(state: ContactTest) -> Instant | None:
    if state.ended:
        return None
    coming = [one.ask_at for one in state.people.values() if not one.due]
    coming += [one.asked_at + state.within for one in state.people.values() if one.asked_at and one.outstanding]
    return min(coming, default=None)


def wake(state: ContactTest, now: Instant) -> list[Event]:
    """Those whose turn it is, and those whose time is over; and the end, once nothing is outstanding."""
    events: list[Event] = [
        ev.AskDue(at=one.ask_at, person=person)
        for person, one in state.people.items()
        if not one.due and one.ask_at <= now
    ]
    for person, one in state.people.items():
        if one.asked_at and one.outstanding and one.asked_at + state.within <= now:
            events.append(ev.AnswerMissed(at=one.asked_at + state.within, person=person))
    return _and_its_end(state, events)


def _and_its_end(state: ContactTest, events: list[Event]) -> list[Event]:
    """The events, and the end of the test if they leave nothing outstanding."""
    after = state
    for event in events:
        after = evolve(after, event)
    waiting = any(not one.due or one.outstanding for one in after.people.values())
    if after.ended or waiting or not events:
        return events
    answered = sum(bool(one.answered) and not one.missed for one in after.people.values())
    return [*events, ev.ContactTestEnded(at=events[-1].at, answered=answered, of=len(after.people))]


CONTACT_TEST: Lifecycle[ContactTest] = Lifecycle("contact-test", evolve, due, wake)
