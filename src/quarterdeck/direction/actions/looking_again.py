"""Ask for documents to be looked at again: what the plan's triggers say after an incident, a service, a leaving."""

from collections.abc import Iterable, Sequence
from functools import partial

from quarterdeck.catalog.state import service
from quarterdeck.command.rules.conformance import Facts, judged
from quarterdeck.command.state import incident
from quarterdeck.direction import rules
from quarterdeck.direction.events import ProcedurePractised, StepQuestioned, StepUsed
from quarterdeck.direction.rules import PRACTICE, triggers
from quarterdeck.direction.rules.triggers import Wanted
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person
from quarterdeck.plan.actions import open_document_review
from quarterdeck.plan.rules import procedure_for
from quarterdeck.plan.state import in_force, revision
from quarterdeck.readiness.state import exercise
from quarterdeck.record import Tx


@permitted(Permission.PLAN)
def look_again_after_incident(tx: Tx, *, number: int, significant: bool) -> int:
    """Open what the plan in force asks for after this incident; returns how many. Drills ask for nothing, nor does what
    was brought in from elsewhere."""
    found, plan = incident(tx, number), in_force(tx)
    if plan is None or found.drill or found.imported:
        return 0
    ask = partial(triggers.after_incident, number=number, severity=found.severity, type=found.type)
    return _open(tx, ask(plan.plan, significant=significant))


@permitted(Permission.PLAN)
def look_again_after_service(tx: Tx, *, id: str) -> int:
    """Open a review of the plan if it has no cover for a service in use."""
    found, plan = service(tx, id), in_force(tx)
    if plan is None or found is None or not found.active:
        return 0
    return _open(tx, triggers.after_service(plan.plan, service=id, name=found.name, path=found.escalation_path))


@permitted(Permission.PLAN)
def look_again_after_leaving(tx: Tx, *, id: str) -> int:
    """Open a review of what names a post whose holder has left."""
    found, plan = person(tx, id), in_force(tx)
    if plan is None or found is None or found.active:
        return 0
    return _open(tx, triggers.after_leaving(plan.plan, login=found.login))


@permitted(Permission.PLAN)
def look_again_after_exercise(tx: Tx, *, number: int, procedure: str | None, failed: Sequence[str]) -> int:
    """Open reviews of what an exercise tried and found wanting; returns how many."""
    plan, scenario = in_force(tx), exercise(tx, number).scenario
    if plan is None or not failed:
        return 0
    of_plan = any(one.objective in failed and one.what in _OF_PLAN for one in scenario.expected)
    titles = tuple(one.title for one in scenario.objectives if one.id in failed)
    return _open(
        tx, triggers.after_exercise(plan.plan, number=number, procedure=procedure, failed=titles, of_plan=of_plan)
    )


_OF_PLAN = ("acknowledged", "update", "elevation", "severity")
"""What is expected and rests on the plan itself: paths, audiences, elevation rules, the matrix."""


@permitted(Permission.PLAN)
def note_practice(tx: Tx, *, number: int) -> int:
    """Count how a closed incident followed its procedure, and ask about steps that too many did not follow."""
    found = incident(tx, number)
    if found.plan_revision is None or found.drill:
        return 0
    procedure = procedure_for(revision(tx, found.plan_revision).plan, found.type)
    used = [
        StepUsed(
            step=task.step,
            title=task.title,
            state=judged(
                Facts(
                    task.mandatory,
                    task.state,
                    task.due,
                    task.overdue,
                    task.settled_at,
                    task.out_of_order,
                    found.state,
                )
            ),
        )
        for task in found.tasks.values()
        if task.step is not None
    ]
    if procedure is None or not used:
        return 0
    practised = ProcedurePractised(
        at=tx.now,
        procedure=procedure,
        number=number,
        revision=found.plan_revision,
        steps=tuple(one for one in used if one.state != "not-applicable"),
        mandatory=tuple(task.step for task in found.tasks.values() if task.step and task.mandatory),
        by_others=tuple(task.step for task in found.tasks.values() if task.step and not task.entitled),
    )
    events = rules.practise(tx.load(PRACTICE, procedure), practised)
    if not events:
        return 0
    state, plan = tx.append(PRACTICE, procedure, events), in_force(tx)
    asked = [event for event in events if isinstance(event, StepQuestioned)]
    if plan is None:
        return 0
    return sum(
        _open(
            tx,
            triggers.after_practice(
                plan.plan, procedure=procedure, title=state.titles[one.step], numbers=one.numbers, of=one.of
            ),
        )
        for one in asked
    )


def _open(tx: Tx, wanted: Iterable[Wanted]) -> int:
    """One that is open already for the same trigger stays the only one."""
    return sum(
        open_document_review(tx, document=one.document, trigger=one.trigger, why=one.why, ref=one.ref) for one in wanted
    )
