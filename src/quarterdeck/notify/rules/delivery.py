"""The life of a delivery: tried, held, fallen over to the next method, sent, withdrawn or given up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.events import (
    AttemptFailed,
    DeliveryAbandoned,
    DeliveryCombined,
    DeliveryHeld,
    DeliveryRequested,
    DeliverySucceeded,
    DeliveryWithdrawn,
    ReplyReceived,
)

PURPOSES = ("page", "update", "resolved", "elevation", "reminder", "verification", "test", "exercise", "contact-test")
ANSWERS = ("ack", "escalate", "decline")
TRY_AT = (timedelta(0), timedelta(seconds=15), timedelta(seconds=45))
"""When a method is tried, counted from its first try."""
FALL_OVER = timedelta(seconds=60)
"""No method keeps a message longer than this."""
ROUND_WAITS = tuple(timedelta(seconds=s) for s in (30, 60, 120, 300, 300))
"""After all methods failed a SEV1 or SEV2 page begins again after these; then it is given up."""
_ENDED = frozenset({"sent", "combined", "withdrawn", "abandoned"})


@dataclass(frozen=True)
class Delivery:
    """`state`: pending, held, sent, combined, withdrawn or abandoned. `tries` and `exhausted` are of this round."""

    id: str
    person: str
    about: str
    purpose: str
    urgency: int
    subject: str
    text: str
    url_path: str
    title: str
    methods: tuple[str, ...]
    requested_at: Instant
    attachment: str = ""
    drill: bool = False
    state: str = "pending"
    next_at: Instant | None = None
    round: int = 1
    attempts: int = 0
    tries: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    begun: Mapping[str, Instant] = field(default_factory=lambda: MappingProxyType({}))
    exhausted: frozenset[str] = frozenset()
    answer: str | None = None

    @property
    def ended(self) -> bool:
        return self.state in _ENDED

    @property
    def key(self) -> str:
        """The idempotency key: the same on each resend, new for each round."""
        return f"{self.id}-{self.round}"


def evolve(state: Delivery | None, event: Event) -> Delivery:
    match event:
        case DeliveryRequested():
            return Delivery(
                id=event.delivery,
                person=event.person,
                about=event.about,
                purpose=event.purpose,
                urgency=event.urgency,
                subject=event.subject,
                text=event.text,
                url_path=event.url_path,
                title=event.title,
                methods=event.methods,
                requested_at=event.at,
                attachment=event.attachment,
                drill=event.drill,
                next_at=event.at,
            )
        case DeliveryHeld() if state:
            return state if state.ended else replace(state, state="held", next_at=event.until)
        case AttemptFailed() if state:
            return _failed_once(state, event)
        case DeliverySucceeded() if state:
            return replace(state, state="sent", next_at=None, attempts=state.attempts + 1)
        case DeliveryCombined() if state:
            return replace(state, state="combined", next_at=None)
        case DeliveryWithdrawn() if state:
            return replace(state, state="withdrawn", next_at=None)
        case DeliveryAbandoned() if state:
            return replace(state, state="abandoned", next_at=None)
        case ReplyReceived() if state:
            return replace(state, answer=event.answer)
    raise ValueError(f"{type(event).__name__} cannot happen to {state}")


def _failed_once(state: Delivery, event: AttemptFailed) -> Delivery:
    state = replace(state, attempts=state.attempts + 1)
    if state.ended:
        return state
    if event.next_round:
        nothing: Mapping[str, int] = MappingProxyType({})
        fresh: Mapping[str, Instant] = MappingProxyType({})
        return replace(
            state,
            state="pending",
            next_at=event.next_at,
            round=state.round + 1,
            tries=nothing,
            begun=fresh,
            exhausted=frozenset(),
        )
    started = event.at - timedelta(milliseconds=event.elapsed_ms)
    return replace(
        state,
        state="pending",
        next_at=event.next_at,
        tries=MappingProxyType({**state.tries, event.method: state.tries.get(event.method, 0) + 1}),
        begun=MappingProxyType({event.method: started, **state.begun}),
        exhausted=state.exhausted | {event.method} if event.exhausted else state.exhausted,
    )


def due(state: Delivery) -> Instant | None:
    return None if state.ended else state.next_at


def urgency(state: Delivery) -> int:
    return state.urgency


DELIVERY: Lifecycle[Delivery] = Lifecycle("delivery", evolve, due, urgency=urgency, leased=True)


def candidates(delivery: Delivery) -> tuple[str, ...]:
    """The methods still to be tried in this round, in the person's order."""
    return tuple(method for method in delivery.methods if method not in delivery.exhausted)


def request(
    delivery: str,
    person: str,
    about: str,
    purpose: str,
    urgency: int,
    subject: str,
    text: str,
    url_path: str,
    title: str,
    methods: Sequence[str],
    active: bool,
    now: Instant,
    attachment: str = "",
    drill: bool = False,
) -> list[Event]:
    """Requested; and given up at once, on the record, where there is nobody or no way to tell."""
    check_request(about, purpose, urgency, subject, text, url_path)
    requested = DeliveryRequested(
        at=now,
        delivery=delivery,
        person=person,
        about=about,
        purpose=purpose,
        urgency=urgency,
        subject=subject,
        text=text,
        url_path=url_path,
        title=title,
        methods=tuple(methods),
        attachment=attachment,
        drill=drill,
    )
    reason = "PersonInactive" if not active else "NoVerifiedMethod" if not methods else None
    if reason is None:
        return [requested]
    return [requested, _abandoned(evolve(None, requested), reason, now)]


def check_request(about: str, purpose: str, urgency: int, subject: str, text: str, url_path: str) -> None:
    """Raise `Invalid`: these come from other rooms, but their texts come from outside."""
    errors = []
    if purpose not in PURPOSES:
        errors.append(f"purpose: use one of {', '.join(PURPOSES)}")
    if not 0 <= urgency <= 4:
        errors.append("urgency: 0 (SEV1) to 4 (SEV5)")
    if "/" not in about or len(about) > 200:
        errors.append("about: the stream it concerns, such as incident/214")
    if not text.strip() or len(text) > 4000 or len(subject) > 400:
        errors.append("text: 1 to 4000 characters; subject: at most 400")
    if url_path and (not url_path.startswith("/") or len(url_path) > 200):
        errors.append("url_path: begins with / and has at most 200 characters")
    if errors:
        raise Invalid("This cannot be delivered.", tuple(errors))


def hold(delivery: Delivery, method: str, until: Instant, now: Instant) -> list[Event]:
    return [] if delivery.ended else [DeliveryHeld(at=now, delivery=delivery.id, method=method, until=until)]


def succeeded(
    delivery: Delivery, method: str, channel: str, detail: str, elapsed: timedelta, carried: Sequence[str], now: Instant
) -> list[Event]:
    """Recorded even if it was withdrawn meanwhile: what went out went out. Said once only."""
    if delivery.state in {"sent", "combined", "abandoned"}:
        return []
    return [
        DeliverySucceeded(
            at=now,
            delivery=delivery.id,
            person=delivery.person,
            about=delivery.about,
            purpose=delivery.purpose,
            method=method,
            channel=channel,
            round=delivery.round,
            detail=detail[:300],
            elapsed_ms=_milliseconds(elapsed),
            carried=tuple(carried),
        )
    ]


def failed(
    delivery: Delivery, method: str, channel: str, error: str, permanent: bool, elapsed: timedelta, now: Instant
) -> list[Event]:
    """One attempt failed: try again, fall over to the next method, begin a new round, or give up."""
    if delivery.ended:
        return []
    begun = delivery.begun.get(method, now - elapsed)
    tries = delivery.tries.get(method, 0) + 1
    exhausted = permanent or tries >= len(TRY_AT) or now >= begun + FALL_OVER
    others = [other for other in candidates(delivery) if other != method]
    next_at: Instant | None = None
    next_round = False
    if not exhausted:
        next_at = max(now, begun + TRY_AT[tries])
    elif others:
        next_at = now
    elif delivery.purpose in ("page", "elevation") and delivery.urgency <= 1 and delivery.round <= len(ROUND_WAITS):
        next_at, next_round = now + ROUND_WAITS[delivery.round - 1], True
    attempt = AttemptFailed(
        at=now,
        delivery=delivery.id,
        method=method,
        channel=channel,
        round=delivery.round,
        error=error[:300],
        permanent=permanent,
        elapsed_ms=_milliseconds(elapsed),
        next_at=next_at,
        exhausted=exhausted,
        next_round=next_round,
    )
    return [attempt] if next_at else [attempt, _abandoned(delivery, "AllMethodsFailed", now)]


def combine(delivery: Delivery, into: str, method: str, now: Instant) -> list[Event]:
    """It went along in another delivery's message."""
    if delivery.ended:
        return []
    return [
        DeliveryCombined(
            at=now,
            delivery=delivery.id,
            person=delivery.person,
            about=delivery.about,
            purpose=delivery.purpose,
            into=into,
            method=method,
        )
    ]


def withdraw(delivery: Delivery, reason: str, now: Instant) -> list[Event]:
    return [] if delivery.ended else [DeliveryWithdrawn(at=now, delivery=delivery.id, reason=reason)]


def abandon(delivery: Delivery, reason: str, now: Instant) -> list[Event]:
    return [] if delivery.ended else [_abandoned(delivery, reason, now)]


def reply(delivery: Delivery, answer: str, now: Instant) -> list[Event]:
    if answer not in ANSWERS:
        raise Invalid("This is not an answer.", (f"answer: use one of {', '.join(ANSWERS)}",))
    return [ReplyReceived(at=now, delivery=delivery.id, about=delivery.about, person=delivery.person, answer=answer)]


def _abandoned(delivery: Delivery, reason: str, now: Instant) -> DeliveryAbandoned:
    return DeliveryAbandoned(
        at=now,
        delivery=delivery.id,
        person=delivery.person,
        about=delivery.about,
        purpose=delivery.purpose,
        reason=reason,
    )


def _milliseconds(elapsed: timedelta) -> int:
    return int(elapsed / timedelta(milliseconds=1))
