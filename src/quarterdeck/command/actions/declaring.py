"""Declaring an incident: pin the plan, compute the severity, find the commander, lay out the tasks."""

from datetime import timedelta

from sqlalchemy import delete, insert, select

from quarterdeck.catalog.state import service as catalogued
from quarterdeck.command.actions.context import actor, commander_of, floor_of, known, may_command
from quarterdeck.command.events import IncidentDeclared
from quarterdeck.command.kept import declared_once
from quarterdeck.command.rules import INCIDENT, tasks_from, with_consequences
from quarterdeck.command.rules.words import happened, line, text
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import first_administrator
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.plan.rules import SEVERITIES, Plan, commander_post_for, severity_for, steps_for
from quarterdeck.plan.state import in_force
from quarterdeck.record import Tx

WITHOUT_PLAN = "SEV3"
"""The severity of an incident declared before any plan was published, unless one is given."""
_ANSWERS_KEPT = timedelta(hours=24)


@permitted(Permission.DECLARE)
def declare(
    tx: Tx,
    *,
    title: str,
    type: str | None = None,
    impact: str | None = None,
    urgency: str | None = None,
    service: str | None = None,
    severity: str | None = None,
    severity_reason: str | None = None,
    group: str | None = None,
    commander: str | None = None,
    summary: str = "",
    detected_at: Instant | None = None,
    impact_started: Instant | None = None,
    auto_resolve: bool = False,
    drill: bool = False,
) -> int:
    """Declare an incident and return its number. Only the title is needed; the plan's defaults stand for the rest.

    `severity` overrides the computed one and then needs a `severity_reason`. Raises `Invalid` with every fault found.
    """
    found = in_force(tx)
    plan = found.plan if found else None
    type = type or (plan.defaults.type if plan else None)
    _check(tx, plan, type, impact, urgency, service)
    computed = _computed(plan, type, impact, urgency)
    chosen, reason = _chosen(severity, severity_reason, computed, floor_of(plan, type))
    detected = happened("detected_at", detected_at, tx.now)
    person, by_default = _commander(tx, plan, type, commander)
    number = tx.next_number("incident")
    declared = IncidentDeclared(
        at=tx.now,
        number=number,
        title=line("title", title, 200),
        type=type,
        impact=impact,
        urgency=urgency,
        severity=chosen,
        computed_severity=computed,
        severity_reason=reason,
        service=service,
        plan_revision=found.revision if found else None,
        commander=person,
        commander_by_default=by_default,
        declared_by=actor(tx),
        group=group,
        auto_resolve=auto_resolve,
        detected_at=detected,
        impact_started=happened("impact_started", impact_started, detected) if impact_started else None,
        summary=text("summary", summary, 500),
        drill=drill,
    )
    steps = steps_for(plan, type, chosen) if plan else ()
    events = [declared, *tasks_from(steps, actor(tx), tx.now)]
    tx.append(INCIDENT, number, with_consequences(None, events, tx.now))
    return number


@permitted(Permission.DECLARE)
def answered(tx: Tx, *, key: str, fingerprint: str) -> int | None:
    """The number that this principal was given for this idempotency key within a day; None the first time.

    Raises `Refused` if the key was used for another request (another `fingerprint`).
    """
    if not 1 <= len(key) <= 200 or not key.isprintable():
        raise Invalid("The idempotency key is not right.", ("Idempotency-Key: 1 to 200 printable characters",))
    tx.lock()
    table = declared_once
    tx.connection.execute(delete(table).where(table.c.at < micros(tx.now - _ANSWERS_KEPT)))
    mine = select(table).where(table.c.principal == tx.by.id, table.c.key == key)
    row = tx.connection.execute(mine).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise Refused("IdempotencyKeyReused", "This key came with another request before. Use a new key for a new one.")
    return int(row.number)


@permitted(Permission.DECLARE)
def remember_answer(tx: Tx, *, key: str, fingerprint: str, number: int) -> None:
    """Keep the answer in the transaction that declares, so that both stand or neither does."""
    values = {"principal": tx.by.id, "key": key, "fingerprint": fingerprint, "number": number, "at": micros(tx.now)}
    tx.connection.execute(insert(declared_once), values)


def _check(
    tx: Tx, plan: Plan | None, type: str | None, impact: str | None, urgency: str | None, service: str | None
) -> None:
    errors = []
    for field, value, allowed in (
        ("type", type, list(plan.types) if plan else []),
        ("impact", impact, [grade.id for grade in plan.severity.impact] if plan else []),
        ("urgency", urgency, [grade.id for grade in plan.severity.urgency] if plan else []),
    ):
        if value is not None and value not in allowed:
            there_is = f"the plan in force has {', '.join(allowed)}" if plan else "no plan is in force"
            errors.append(f"{field}: {value!r} is unknown; {there_is}")
    if service is not None and catalogued(tx, service) is None:
        errors.append(f"service: {service!r} is not in the catalogue")
    if errors:
        raise Invalid("The incident cannot be declared like this.", tuple(errors))


def _computed(plan: Plan | None, type: str | None, impact: str | None, urgency: str | None) -> str:
    if plan is None:
        return WITHOUT_PLAN
    return severity_for(plan, type, impact or plan.defaults.impact, urgency or plan.defaults.urgency)


def _chosen(given: str | None, reason: str | None, computed: str, floor: str | None) -> tuple[str, str | None]:
    if given is None or given == computed:
        return computed, None
    if given not in SEVERITIES:
        raise Invalid("There is no such severity.", (f"severity: use one of {', '.join(SEVERITIES)}",))
    if floor is not None and given > floor:
        raise Refused("BelowFloor", f"The plan sets {floor} as the least for this type of incident.")
    if not (reason or "").strip():
        raise Invalid(f"The plan gives {computed}.", ("severity_reason: say why it should be otherwise",))
    return given, text("severity_reason", reason or "", 2_000)


def _commander(tx: Tx, plan: Plan | None, type: str | None, asked: str | None) -> tuple[str, bool]:
    """The person, and whether it is only by default: because of a post, not because anybody chose."""
    if asked is not None:
        return commander_of(tx, asked, "commander"), False
    if tx.by.person is not None and may_command(tx, tx.by.person):
        return tx.by.person, False
    return default_commander(tx, plan, type), True


def default_commander(tx: Tx, plan: Plan | None, type: str | None) -> str:
    """The holder of the type's post, or else the first administrator. Raises `Refused` if there is neither."""
    post = plan.posts.get(commander_post_for(plan, type) or "") if plan else None
    holder = known(tx, post.login) if post else None
    if holder is not None and holder.active:
        return holder.id
    administrator = first_administrator(tx)
    if administrator is None:
        raise Refused("NobodyToCommand", "Nobody holds the post that commands and there is no administrator.")
    return administrator
