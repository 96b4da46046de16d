"""What can be done with an improvement action, from the proposal to the verification by somebody else."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.command.state import incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.actions.people import actor, somebody
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import IMPROVEMENT, LESSON, duties, effects, lessoning
from quarterdeck.learning.rules import improving as rules
from quarterdeck.learning.rules.improving import Plans
from quarterdeck.learning.rules.lessoning import incident_of
from quarterdeck.learning.state import calendar, duties_in_force
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def propose_action(
    tx: Tx,
    *,
    title: str,
    details: str = "",
    source: str | None = None,
    lesson: int | None = None,
    owner: str | None = None,
    due: Instant | None = None,
    expects: Expectation | None = None,
    person_days: float | None = None,
    money: float | None = None,
    currency: str | None = None,
    needs: Sequence[int] = (),
    falls_by: effects.Falls | None = None,
) -> int:
    """Propose that something be done; returns the action's number. Of a lesson it has the source, and may close it.

    `due`: None is what the duties say for the severity of the incident behind it. `owner`: a login or id. `expects`:
    None is what the lesson expects.
    """
    known = tx.existing(LESSON, lesson) if lesson is not None else None
    source = known.source if known else source
    severity, type, service = _behind(tx, source)
    words = known.words if known else None
    if expects is None and words is not None:
        expects = effects.expected_of(words.clause, words.factors, type, service)
    when, rule = (due, "as agreed") if due is not None else due_by_duty(tx, severity)
    plans = Plans(title, details, when, rule, expects, person_days, money, currency, tuple(needs), falls_by)
    _check_needs(tx, None, needs)
    name = somebody(tx, owner) if owner else None
    rules.checked(plans)
    number = tx.next_number("improvement")
    proposed = rules.propose(
        number, actor(tx), tx.now, plans=plans, source=source, lesson=lesson, severity=severity, owner=name
    )
    tx.append(IMPROVEMENT, number, [proposed])
    return number


@permitted(Permission.RESPOND)
def revise_action(
    tx: Tx,
    *,
    number: int,
    title: str,
    details: str = "",
    due: Instant | None = None,
    expects: Expectation | None = None,
    person_days: float | None = None,
    money: float | None = None,
    currency: str | None = None,
    needs: Sequence[int] | None = None,
    falls_by: effects.Falls | None = None,
    seen: int | None = None,
) -> int:
    """Say, plan or cost it otherwise; returns the version. `due`: None leaves it; another day is entitled people's.

    `needs`: None leaves them.
    """
    action = tx.existing(IMPROVEMENT, number)
    moved = due is not None and due != action.plans.due
    if moved:
        _demand_entitled(tx)
    when, rule = (due, f"moved by {actor(tx)}") if moved and due else (action.plans.due, action.plans.rule)
    first = action.plans.needs if needs is None else tuple(needs)
    _check_needs(tx, number, first)
    plans = Plans(title, details, when, rule, expects, person_days, money, currency, first, falls_by)
    return tx.decide(
        IMPROVEMENT, number, partial(rules.revise, by=actor(tx), now=tx.now, plans=plans, seen=seen)
    ).version


@permitted(Permission.REVIEW)
def assign_action(tx: Tx, *, number: int, owner: str) -> None:
    """Name who looks after it, by login or id."""
    name = somebody(tx, owner)
    tx.decide(IMPROVEMENT, number, partial(rules.assign, by=actor(tx), now=tx.now, owner=name))


@permitted(Permission.REVIEW)
def agree_action(tx: Tx, *, number: int) -> None:
    """It will be done. The lesson it answers waits for it, unless that waits for something else already."""
    action = tx.existing(IMPROVEMENT, number)
    events = rules.agree(action, actor(tx), tx.now)
    tx.append(IMPROVEMENT, number, events)
    lesson = tx.load(LESSON, action.lesson) if action.lesson is not None and events else None
    if lesson is None or lesson.state in ("closed", "disposed"):
        return
    dispose = partial(lessoning.dispose, way="improvement", ref=action.name, expects=action.plans.expects)
    tx.append(LESSON, lesson.number, dispose(lesson, actor(tx), tx.now))


@permitted(Permission.RESPOND)
def begin_action(tx: Tx, *, number: int) -> None:
    """Somebody is at it."""
    tx.decide(IMPROVEMENT, number, partial(rules.begin, by=actor(tx), now=tx.now))


@permitted(Permission.RESPOND)
def finish_action(tx: Tx, *, number: int, shown: str) -> None:
    """It is done, and `shown` says where that can be seen. Somebody else verifies it."""
    tx.decide(IMPROVEMENT, number, partial(rules.finish, by=actor(tx), now=tx.now, shown=shown))


@permitted(Permission.REVIEW)
def verify_action(tx: Tx, *, number: int, found: str) -> None:
    """It is done indeed. Never by who did it or looks after it. Closes the lesson that waits for it."""
    if tx.by.person is None:
        raise Refused("VerifierIsNoPerson", "An action is verified by a person, not by a key or a program.")
    action = tx.decide(IMPROVEMENT, number, partial(rules.verify, by=actor(tx), now=tx.now, found=found))
    lesson = tx.load(LESSON, action.lesson) if action.lesson is not None else None
    if lesson is None or lesson.ref != action.name or lesson.state != "disposed":
        return
    expects = action.plans.expects or lesson.expects
    events = lessoning.close(lesson, actor(tx), tx.now, closing="improvement", ref=action.name, expects=expects)
    tx.append(LESSON, lesson.number, events)


@permitted(Permission.REVIEW)
def return_action(tx: Tx, *, number: int, reason: str) -> None:
    """It was looked at and is not done yet."""
    tx.decide(IMPROVEMENT, number, partial(rules.send_back, by=actor(tx), now=tx.now, reason=reason))


@permitted(Permission.REVIEW)
def cancel_action(tx: Tx, *, number: int, reason: str) -> None:
    """Give it up, for a reason that is kept. The lesson that waits for it waits for a decision again."""
    action = tx.decide(IMPROVEMENT, number, partial(rules.cancel, by=actor(tx), now=tx.now, reason=reason))
    lesson = tx.load(LESSON, action.lesson) if action.lesson is not None else None
    if lesson is not None:
        why = f"{action.name} was cancelled: {reason.strip()}"
        tx.append(LESSON, lesson.number, lessoning.give_back(lesson, actor(tx), tx.now, ref=action.name, reason=why))


@permitted(Permission.REVIEW)
def note_owner_left(tx: Tx, *, number: int, owner: str) -> None:
    """Whoever looks after it has left."""
    tx.decide(IMPROVEMENT, number, partial(rules.owner_left, now=tx.now, owner=owner))


def due_by_duty(tx: Tx, severity: str | None) -> tuple[Instant, str]:
    """When an action that is proposed now is due, and why then."""
    duty = duties_in_force(tx).for_("improvement", severity) or duties.LAST_RESORT
    return duties.due(duty, tx.now, calendar(tx)), duties.sentence(duty)


def _behind(tx: Tx, source: str | None) -> tuple[str | None, str | None, str | None]:
    """Severity, type and service of the incident that it comes from."""
    if source is None:
        return None, None, None
    lessoning.check_source(source)
    number = incident_of(source)
    if number is None:
        return None, None, None
    try:
        found = incident(tx, number)
    except NotFound:
        raise Invalid("Where does the action come from?", (f"source: there is no INC-{number}",)) from None
    return found.severity, found.type, found.service


def _check_needs(tx: Tx, number: int | None, needs: Sequence[int]) -> None:
    """What comes first has to exist, and may not wait for this one in turn."""
    found = {need: tx.load(IMPROVEMENT, need) if 0 < need < 2**31 else None for need in needs[: rules.MOST_NEEDS]}
    errors = [f"needs: there is no A-{need}" for need, action in found.items() if action is None]

    def of(other: int) -> Sequence[int]:
        known = tx.load(IMPROVEMENT, other)
        return known.plans.needs if known else ()

    circle = rules.circle(number, needs, of) if number is not None and not errors else None
    if circle is not None:
        errors.append(f"needs: actions would wait for themselves: {' → '.join(f'A-{one}' for one in circle)}")
    if errors:
        raise Invalid("What has to be done first?", tuple(errors))


@permitted(Permission.REVIEW)
def _demand_entitled(tx: Tx) -> None:
    """Whoever may agree on an action may move its day."""
