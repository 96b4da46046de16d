"""Working on an incident: severity and type, impact and times, tasks and notes."""

from quarterdeck.catalog.state import service as catalogued
from quarterdeck.command import rules
from quarterdeck.command.actions.context import actor, decide, floor_of, pinned_plan, review_owed, who
from quarterdeck.command.rules import INCIDENT, OPEN, Incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.ids import new_id
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.actions import propose_revision
from quarterdeck.plan.events import Reason
from quarterdeck.plan.rules import SEVERITIES, procedure_for, severity_for, steps_for
from quarterdeck.record import Tx


@permitted(Permission.COMMAND)
def change_severity(
    tx: Tx,
    *,
    number: int,
    reason: str,
    severity: str | None = None,
    impact: str | None = None,
    urgency: str | None = None,
) -> None:
    """Set the severity by hand, or let the pinned plan compute it from a new `impact` or `urgency`.

    A `severity` given overrides the computed value, which is kept.
    """
    if severity is None and impact is None and urgency is None:
        raise Invalid("Nothing to change.", ("severity: give it, or impact or urgency",))
    if severity is not None and severity not in SEVERITIES:
        raise Invalid("There is no such severity.", (f"severity: use one of {', '.join(SEVERITIES)}",))

    def rule(s: Incident) -> list[Event]:
        plan = pinned_plan(tx, s)
        new_impact, new_urgency = impact or s.impact, urgency or s.urgency
        computed = s.computed_severity
        if plan is None and (impact or urgency):
            raise Invalid("No plan was in force at declaration.", ("severity: give it, there is no matrix",))
        if plan is not None:
            defaults = plan.defaults
            computed = severity_for(plan, s.type, new_impact or defaults.impact, new_urgency or defaults.urgency)
        chosen = severity or computed
        return rules.change_severity(
            s,
            chosen,
            actor(tx),
            tx.now,
            computed=computed,
            floor=floor_of(plan, s.type),
            reason=reason,
            impact=new_impact,
            urgency=new_urgency,
            steps=steps_for(plan, s.type, chosen) if plan else (),
            review_owed=review_owed(plan, s, chosen),
        )

    decide(tx, number, rule)


@permitted(Permission.COMMAND)
def worsen(tx: Tx, *, number: int, impact: str, urgency: str) -> None:
    """The alerts got worse: raise the severity if the pinned plan says so. Alerts alone never lower it."""
    incident = tx.existing(INCIDENT, number)
    plan = pinned_plan(tx, incident)
    if plan is None or incident.state not in OPEN or urgency not in plan.severity.matrix.get(impact, {}):
        return
    if severity_for(plan, incident.type, impact, urgency) < incident.severity:
        change_severity(tx, number=number, impact=impact, urgency=urgency, reason="alert worsened")


@permitted(Permission.COMMAND)
def classify(tx: Tx, *, number: int, type: str | None = None, service: str | None = None) -> None:
    """Set or correct the type or the service; None leaves it. A type whose floor is more severe raises the severity."""
    if service is not None and catalogued(tx, service) is None:
        raise Invalid("There is no such service.", (f"service: {service!r} is not in the catalogue",))
    incident = tx.existing(INCIDENT, number)
    plan = pinned_plan(tx, incident)
    if type is not None and (plan is None or type not in plan.types):
        names = ", ".join(plan.types) if plan else "none"
        raise Invalid("The pinned plan has no such type.", (f"type: {type!r}; use one of {names}",))
    new_type = type or incident.type
    steps = steps_for(plan, new_type, incident.severity) if plan else ()
    decide(tx, number, lambda s: rules.classify(s, new_type, service or s.service, actor(tx), tx.now, steps=steps))
    floor = floor_of(plan, new_type)
    if floor is not None and floor < incident.severity:
        change_severity(tx, number=number, severity=floor, reason="the least for this type of incident")


@permitted(Permission.RESPOND)
def state_impact(tx: Tx, *, number: int, statement: str, customers: int | None = None) -> None:
    """Who cannot do what, in one sentence with numbers; and how many customers, if somebody counted them."""
    decide(tx, number, lambda s: rules.state_impact(s, statement, actor(tx), tx.now, customers))


@permitted(Permission.COMMAND)
def correct_times(
    tx: Tx, *, number: int, reason: str, impact_started: Instant | None = None, detected_at: Instant | None = None
) -> None:
    def rule(s: Incident) -> list[Event]:
        return rules.correct_times(
            s, actor(tx), tx.now, impact_started=impact_started, detected_at=detected_at, reason=reason
        )

    decide(tx, number, rule)


@permitted(Permission.RESPOND)
def add_task(
    tx: Tx,
    *,
    number: int,
    title: str,
    assignee: str | None = None,
    due: Instant | None = None,
    details: str = "",
) -> str:
    """Add a task that no procedure foresaw; returns its id."""
    task = new_id(tx.now)
    person = None if assignee is None else who(tx, assignee, "assignee")

    def rule(s: Incident) -> list[Event]:
        return rules.add_task(s, task, title, actor(tx), tx.now, assignee=person, due_at=due, details=details)

    decide(tx, number, rule)
    return task


@permitted(Permission.RESPOND)
def assign_task(tx: Tx, *, number: int, task: str, person: str) -> None:
    id = who(tx, person)
    decide(tx, number, lambda s: rules.assign_task(s, task, id, actor(tx), tx.now))


@permitted(Permission.RESPOND)
def complete_task(
    tx: Tx,
    *,
    number: int,
    task: str,
    evidence: str | None = None,
    answer: str | None = None,
    at: Instant | None = None,
) -> None:
    """Refused without evidence where the step wants some, and without an answer where it decides something."""

    def rule(s: Incident) -> list[Event]:
        return rules.complete_task(s, task, actor(tx), tx.now, evidence=evidence, answer=answer, at=at)

    decide(tx, number, rule)


@permitted(Permission.RESPOND)
def skip_task(tx: Tx, *, number: int, task: str, reason: str) -> None:
    decide(tx, number, lambda s: rules.skip_task(s, task, actor(tx), tx.now, reason=reason))


@permitted(Permission.COMMAND)
def explain_deviation(tx: Tx, *, number: int, step: str, why: str, verdict: str) -> None:
    """Say why a step of the plan was not followed. What was better than the plan opens a draft of the change."""
    incident = tx.existing(INCIDENT, number)
    events = rules.explain_deviation(incident, step, actor(tx), tx.now, why=why, verdict=verdict)
    if verdict == "better-than-the-plan":
        draft = _proposed(tx, incident, step, why)
        events = rules.explain_deviation(incident, step, actor(tx), tx.now, why=why, verdict=verdict, draft=draft)
    tx.append(INCIDENT, number, events)


def _proposed(tx: Tx, incident: Incident, step: str, why: str) -> int:
    plan = pinned_plan(tx, incident)
    procedure = procedure_for(plan, incident.type) if plan else None
    clause = f"procedures.{procedure}.steps.{step}"
    reason = Reason(kind="review", ref=f"INC-{incident.number}", text=why, clauses=(clause,))
    title = f"{incident.tasks[step].title}: better than the plan in INC-{incident.number}"
    with tx.acting(ENGINE, tx.now):  # whoever commands may propose, without being one who writes plans
        return propose_revision(tx, title=title[:200], reasons=(reason,), note=why)


@permitted(Permission.RESPOND)
def note(tx: Tx, *, number: int, text: str, at: Instant | None = None) -> None:
    """Markdown, at most 10,000 characters."""
    decide(tx, number, lambda s: rules.note(s, actor(tx), tx.now, text_=text, at=at))
