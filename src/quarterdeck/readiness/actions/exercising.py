"""From a scenario to an exercise under way, and to its end: planned for a team, started, stopped at once."""

from collections.abc import Sequence

from quarterdeck.catalog.state import service
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import team as team_of
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.notify.actions import request
from quarterdeck.plan.rules import InForce
from quarterdeck.plan.state import in_force
from quarterdeck.readiness.actions.happening import clear_away
from quarterdeck.readiness.events import ExercisePlanned
from quarterdeck.readiness.rules import EXERCISE, Exercise, Scenario
from quarterdeck.readiness.rules import exercise as rules
from quarterdeck.readiness.rules.fitting import check_against, missing
from quarterdeck.readiness.rules.scenario_text import NAME
from quarterdeck.readiness.state import exercise, somebody
from quarterdeck.record import Tx

MOST_PARTICIPANTS = 200


@permitted(Permission.REVIEW)
def plan_exercise(
    tx: Tx,
    *,
    scenario: str,
    name: str = NAME,
    team: str | None = None,
    facilitator: str | None = None,
    evaluator: str | None = None,
    participants: Sequence[str] = (),
    scheduled_at: Instant | None = None,
    announced: bool = True,
) -> int:
    """Plan an exercise of a scenario (its text); returns its number. People are given by id or login.

    `facilitator` None: whoever acts. `evaluator` None: the facilitator. Raises `Invalid` with every fault of the text,
    and with everything that it names and the plan in force lacks.
    """
    plan = _plan(tx)
    checked = check_against(scenario, plan.plan, None, name).sound()
    _check_service(tx, checked, name)
    leader = _leader(tx, facilitator)
    judge = somebody(tx, evaluator, "evaluator").id if evaluator else leader
    if len(participants) > MOST_PARTICIPANTS:
        raise Invalid("That is a crowd.", (f"participants: at most {MOST_PARTICIPANTS}",))
    people = tuple(dict.fromkeys(somebody(tx, one, "participants").id for one in participants))
    rules.check_evaluator(judge, people)
    if team is not None and team_of(tx, team) is None:
        raise Invalid("There is no such team.", (f"team: {team[:63]!r}",))
    if scheduled_at is not None and reachable("scheduled_at", scheduled_at) <= tx.now:
        raise Invalid("The exercise lies in the past.", ("scheduled_at: choose an instant that is still to come",))
    number = tx.next_number("exercise")
    planned = ExercisePlanned(
        at=tx.now,
        number=number,
        title=checked.title,
        kind=checked.kind,
        type=checked.type,
        scenario=checked.model_dump(mode="json"),
        text=scenario,
        plan_revision=plan.revision,
        team=team,
        facilitator=leader,
        evaluator=judge,
        participants=people,
        scheduled_at=scheduled_at,
        announced=announced,
        by=tx.by.person or tx.by.id,
    )
    tx.append(EXERCISE, number, [planned])
    if announced and scheduled_at is not None:
        _announce(tx, planned)
    return number


def _plan(tx: Tx) -> InForce:
    found = in_force(tx)
    if found is None:
        raise Refused("NoPlan", "No plan is in force: there is nothing to exercise yet. Publish one first.")
    return found


def _check_service(tx: Tx, scenario: Scenario, name: str) -> None:
    found = service(tx, scenario.service) if scenario.service else None
    if scenario.service and (found is None or not found.active):
        raise Invalid("The scenario has 1 fault.", (f"{name}: service: {scenario.service!r} is not in the catalogue",))


def _leader(tx: Tx, name: str | None) -> str:
    if name is None and tx.by.person is None:
        raise Invalid("Who leads the exercise?", ("facilitator: give a login",))
    return somebody(tx, name or tx.by.person or "", "facilitator").id


def _announce(tx: Tx, planned: ExercisePlanned) -> None:
    assert planned.scheduled_at is not None
    when = f"{planned.scheduled_at:%A %d %B %Y, %H:%M UTC}"
    for one in planned.participants:
        request(
            tx,
            person=one,
            about=f"exercise/{planned.number}",
            purpose="reminder",
            urgency=3,
            subject=f"Exercise EX-{planned.number} on {when}"[:150],
            text=f"You take part in the exercise EX-{planned.number} on {when}. Everything about it will say DRILL.",
            url_path=f"/exercises/{planned.number}",
        )


@permitted(Permission.REVIEW)
def start_exercise(tx: Tx, *, number: int) -> Exercise:
    """Start its clock, on the revision in force now. Refused if that no longer has what the scenario names."""
    plan, state = _plan(tx), exercise(tx, number)
    lacks = [f"{problem}; {remedy}" for _, problem, remedy in missing(state.scenario, plan.plan)]
    if lacks:
        raise Refused(
            "ScenarioNoLongerFits",
            f"Revision {plan.revision} is in force and {lacks[0]}. Cancel {state.name} and plan it anew.",
        )
    by = tx.by.person or tx.by.id
    return tx.decide(EXERCISE, number, lambda s: rules.start(s, by, tx.now, revision=plan.revision))


@permitted(Permission.COMMAND)
def end_exercise(tx: Tx, *, number: int, reason: str = "it is over", real: bool = False) -> None:
    """Stop its clock, end its incidents, withdraw its pages and clear its signals, in this transaction.

    `real`: a real incident has come. Whoever commands may do this, not only those who lead exercises.
    """
    by = tx.by.person or tx.by.id
    tx.decide(EXERCISE, number, lambda s: rules.end(s, by, tx.now, reason=reason, real=real))
    clear_away(tx, number=number)


@permitted(Permission.REVIEW)
def cancel_exercise(tx: Tx, *, number: int, reason: str) -> None:
    """It will not take place."""
    by = tx.by.person or tx.by.id
    tx.decide(EXERCISE, number, lambda s: rules.cancel(s, by, tx.now, reason=reason))


@permitted(Permission.REVIEW)
def appoint_evaluator(tx: Tx, *, number: int, evaluator: str) -> None:
    """Somebody else judges; never somebody who takes part."""
    person, by = somebody(tx, evaluator, "evaluator").id, tx.by.person or tx.by.id
    tx.decide(EXERCISE, number, lambda s: rules.appoint(s, person, by, tx.now))
