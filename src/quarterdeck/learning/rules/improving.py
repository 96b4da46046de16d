"""An improvement action's rules: agreed, done, verified by somebody who did not do it; reminded, and overdue. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

from quarterdeck.governance.rules.words import line_fault, refuse_faults
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events import improving as ev
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import effects

State = Literal["proposed", "agreed", "doing", "done", "verified", "cancelled"]
STATES: tuple[State, ...] = ("proposed", "agreed", "doing", "done", "verified", "cancelled")
TO_DO: tuple[State, ...] = ("proposed", "agreed", "doing")
ENDED: tuple[State, ...] = ("verified", "cancelled")
REMINDERS = (7, 1)
"""Days before it is due."""
OVERDUE = (0, 7, 14)
"""Days after which it is said to be overdue; then every 28."""
LONGEST = 10_000
MOST_DAYS, MOST_MONEY = 10_000.0, 1e12
MOST_NEEDS = 20


@dataclass(frozen=True)
class Plans:
    """What is to be done, by when, what it costs and what it should change."""

    title: str
    details: str
    due: Instant
    rule: str
    expects: Expectation | None = None
    person_days: float | None = None
    money: float | None = None
    currency: str | None = None
    needs: tuple[int, ...] = ()
    """Numbers of actions that have to be done first."""
    falls_by: tuple[float, float, float] | None = None
    """By what share the loss should fall: at least, most likely and at most."""


@dataclass(frozen=True)
class Action:
    """`doer`: who said that it is done. `told`: the last reminder, in days before (negative: after) the due instant."""

    number: int
    state: State
    author: str
    plans: Plans
    version: int = 1
    source: str | None = None
    lesson: int | None = None
    severity: str | None = None
    owner: str | None = None
    owner_left: bool = False
    doer: str | None = None
    told: int | None = None

    @property
    def name(self) -> str:
        return f"A-{self.number}"


def evolve(state: Action | None, event: Event) -> Action:
    if isinstance(event, ev.ActionProposed):
        return Action(
            number=event.number,
            state="proposed",
            author=event.by,
            plans=_plans(event),
            source=event.source,
            lesson=event.lesson,
            severity=event.severity,
            owner=event.owner,
        )
    assert state is not None, f"{type(event).__name__} before ActionProposed"
    match event:
        case ev.ActionRevised():
            told = state.told if event.due == state.plans.due else None
            return replace(state, plans=_plans(event), version=state.version + 1, told=told)
        case ev.ActionAssigned():
            return replace(state, owner=event.owner, owner_left=False)
        case ev.ActionOwnerLeft():
            return replace(state, owner_left=True)
        case ev.ActionAgreed():
            return replace(state, state="agreed")
        case ev.ActionBegun():
            return replace(state, state="doing")
        case ev.ActionDone():
            return replace(state, state="done", doer=event.by)
        case ev.ActionVerified():
            return replace(state, state="verified")
        case ev.ActionReturned():
            return replace(state, state="doing", doer=None)
        case ev.ActionCancelled():
            return replace(state, state="cancelled")
        case ev.ActionReminded():
            return replace(state, told=event.days_left)
        case ev.ActionOverdue():
            return replace(state, told=-event.days)
        case _:
            return state


def checked(plans: Plans) -> Plans:
    """Stripped. Raises `Invalid` with every fault."""
    title = " ".join(plans.title.split())
    currency = (plans.currency or "").strip().upper() or None
    faults = [
        line_fault("title", title),
        _text_fault("details", plans.details),
        _amount_fault("person_days", plans.person_days, MOST_DAYS),
        _amount_fault("money", plans.money, MOST_MONEY),
        "currency: three letters, as EUR" if currency and not (len(currency) == 3 and currency.isalpha()) else None,
        "currency: say which, as EUR" if plans.money is not None and not currency else None,
        effects.falls_fault(plans.falls_by, plans.expects),
        f"needs: at most {MOST_NEEDS} actions" if len(plans.needs) > MOST_NEEDS else None,
    ]
    refuse_faults("The action is not right.", faults)
    expects = effects.checked(plans.expects) if plans.expects else None
    needs = tuple(sorted(set(plans.needs)))
    return replace(plans, title=title, details=plans.details.strip(), currency=currency, expects=expects, needs=needs)


def circle(number: int, needs: Sequence[int], of: Callable[[int], Sequence[int]]) -> tuple[int, ...] | None:
    """The first circle in which this action would wait for itself, from it back to it. `of`: what another one needs."""
    seen, trail = set[int](), [(number, iter(needs))]
    while trail:
        following = next(trail[-1][1], None)
        if following is None:
            trail.pop()
        elif following == number:
            return (*(step for step, _ in trail), number)
        elif following not in seen:
            seen.add(following)
            trail.append((following, iter(of(following))))
    return None


def propose(
    number: int,
    by: str,
    now: Instant,
    *,
    plans: Plans,
    source: str | None = None,
    lesson: int | None = None,
    severity: str | None = None,
    owner: str | None = None,
) -> ev.ActionProposed:
    said = checked(plans)
    return ev.ActionProposed(
        at=now,
        number=number,
        by=by,
        title=said.title,
        details=said.details,
        source=source,
        lesson=lesson,
        severity=severity,
        owner=owner,
        due=said.due,
        rule=said.rule,
        expects=said.expects,
        person_days=said.person_days,
        money=said.money,
        currency=said.currency,
        needs=said.needs,
        falls_by=said.falls_by,
    )


def revise(state: Action, by: str, now: Instant, *, plans: Plans, seen: int | None) -> list[Event]:
    """Nothing if all stays. `seen`: the version that the writer began from; None: the last."""
    _open(state)
    said = checked(plans)
    if said == state.plans:
        return []
    if seen is not None and seen != state.version:
        raise Refused(
            "ActionMovedOn",
            f"You began from version {seen} of {state.name}, and version {state.version} has been saved since. Yours "
            "was not saved: keep it, read what stands there now, and save again.",
        )
    return [
        ev.ActionRevised(
            at=now,
            by=by,
            title=said.title,
            details=said.details,
            due=said.due,
            rule=said.rule,
            expects=said.expects,
            person_days=said.person_days,
            money=said.money,
            currency=said.currency,
            needs=said.needs,
            falls_by=said.falls_by,
        )
    ]


def assign(state: Action, by: str, now: Instant, *, owner: str) -> list[Event]:
    _open(state)
    if state.owner == owner and not state.owner_left:
        return []
    return [ev.ActionAssigned(at=now, by=by, owner=owner, was=state.owner)]


def owner_left(state: Action, now: Instant, *, owner: str) -> list[Event]:
    """Nothing if it is over, or looked after by somebody else by now."""
    if state.state in ENDED or state.owner != owner or state.owner_left:
        return []
    return [ev.ActionOwnerLeft(at=now, owner=owner)]


def agree(state: Action, by: str, now: Instant) -> list[Event]:
    _open(state)
    if state.owner is None or state.owner_left:
        raise Refused("NobodyLooksAfterIt", f"{state.name} has no owner. Name one, then agree on it.")
    return [ev.ActionAgreed(at=now, by=by)] if state.state == "proposed" else []


def begin(state: Action, by: str, now: Instant) -> list[Event]:
    _open(state)
    if state.state == "proposed":
        raise Refused("NotAgreed", f"{state.name} is proposed only. Somebody entitled has to agree on it first.")
    return [ev.ActionBegun(at=now, by=by)] if state.state == "agreed" else []


def finish(state: Action, by: str, now: Instant, *, shown: str) -> list[Event]:
    _open(state)
    if state.state == "proposed":
        raise Refused("NotAgreed", f"{state.name} is proposed only. Somebody entitled has to agree on it first.")
    if state.state == "done":
        return []
    return [ev.ActionDone(at=now, by=by, shown=_said("shown", shown, "where can it be seen that it is done?"))]


def verify(state: Action, by: str, now: Instant, *, found: str) -> list[Event]:
    """By somebody who neither did it nor looks after it."""
    _done(state)
    if by in (state.doer, state.owner):
        raise Refused(
            "VerifiedByDoer",
            f"{'You did' if by == state.doer else 'You look after'} {state.name}: ask somebody else to verify it.",
        )
    return [ev.ActionVerified(at=now, by=by, found=_said("found", found, "what did you see?"))]


def send_back(state: Action, by: str, now: Instant, *, reason: str) -> list[Event]:
    _done(state)
    return [ev.ActionReturned(at=now, by=by, reason=_said("reason", reason, "what is missing?"))]


def cancel(state: Action, by: str, now: Instant, *, reason: str) -> list[Event]:
    _open(state)
    return [ev.ActionCancelled(at=now, by=by, reason=_said("reason", reason, "why is it given up?"))]


def due(state: Action) -> Instant | None:
    """The next reminder, or the next time that it is said to be overdue."""
    if state.state not in TO_DO:
        return None
    return state.plans.due - timedelta(days=_next(state))


def wake(state: Action, now: Instant) -> list[Event]:
    """What has come; after a long sleep only the latest, at its own instant."""
    event: Event | None = None
    while (when := due(state)) is not None and when <= now:
        days = _next(state)
        if days > 0:
            event = ev.ActionReminded(at=when, due=state.plans.due, days_left=days)
        else:
            event = ev.ActionOverdue(at=when, due=state.plans.due, days=-days)
        state = evolve(state, event)
    return [event] if event else []


def _next(state: Action) -> int:
    """In days before the due instant; negative: after it."""
    steps = (*REMINDERS, *(-days for days in OVERDUE))
    if state.told is None:
        return steps[0]
    return next((days for days in steps if days < state.told), state.told - 28)


def _plans(event: ev.ActionProposed | ev.ActionRevised) -> Plans:
    return Plans(
        event.title,
        event.details,
        event.due,
        event.rule,
        event.expects,
        event.person_days,
        event.money,
        event.currency,
        event.needs,
        event.falls_by,
    )


def _amount_fault(name: str, value: float | None, most: float) -> str | None:
    if value is not None and not 0 <= value <= most:  # NaN is neither
        return f"{name}: 0 to {most:,.0f}"
    return None


def _text_fault(name: str, value: str) -> str | None:
    if len(value) > LONGEST or "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        return f"{name}: at most {LONGEST:,} characters, without NUL"
    return None


def _said(name: str, value: str, question: str) -> str:
    fault = f"{name}: {question}" if not value.strip() else _text_fault(name, value)
    if fault:
        raise Invalid("A text is missing or cannot be stored.", (fault,))
    return value.strip()


def _done(state: Action) -> None:
    _open(state)
    if state.state != "done":
        raise Refused("NotDone", f"{state.name} is {state.state}: there is nothing to verify yet.")


def _open(state: Action) -> None:
    if state.state in ENDED:
        raise Refused("ActionOver", f"{state.name} is {state.state}.")


IMPROVEMENT: Lifecycle[Action] = Lifecycle("improvement", evolve, due, wake)
