"""Escalations: who is paged now, who next, and what stops it. What pages and what stops is one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from quarterdeck.command.actions import acknowledge as acknowledge_incident
from quarterdeck.command.rules import OPEN, Incident
from quarterdeck.command.state import incident as incident_of
from quarterdeck.governance.rules import Permission, permitted, unguarded
from quarterdeck.governance.state import person as person_of
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.notify.actions import request, withdraw
from quarterdeck.notify.events import ReplyReceived
from quarterdeck.notify.state import delivery
from quarterdeck.oncall.actions.copying import copied_path, path_of
from quarterdeck.oncall.actions.planning import known
from quarterdeck.oncall.events import LevelReached, PageRequested, Reached, StartReason
from quarterdeck.oncall.rules import ESCALATION, Escalation, messages
from quarterdeck.oncall.rules import escalation as life
from quarterdeck.oncall.state import resolve
from quarterdeck.plan.rules import rank
from quarterdeck.record import Tx
from quarterdeck.record.tables import alarm


@dataclass(frozen=True)
class Answer:
    """What became of an acknowledgement or of the answer to a page: who has the incident now, and since when.

    `outcome`: acknowledged (you have it), held (somebody else has it), escalated, declined, noted (your level had
    passed already), over (the incident needs nobody any more).
    """

    number: int
    outcome: str
    holder: str | None = None
    since: Instant | None = None


# -- starting ----------------------------------------------------------------------------------


@permitted(Permission.RESPOND)
def start_escalation(
    tx: Tx, *, number: int, path: str | None = None, reason: StartReason = "declared"
) -> Escalation | None:
    """Page the first level of the path that the incident's pinned plan gives, or of `path`, and climb from there.

    None, and nothing happens, where the plan pages nobody at this severity. An escalation that is under way is
    left alone. Raises `Refused` for an incident that is over, `NotFound` for a path that the plan does not have.
    """
    held = tx.load(ESCALATION, number)
    if held and held.status != "stopped":
        return held
    return _start(tx, _open_incident(tx, number), path, reason)


@permitted(Permission.RESPOND)
def restart(tx: Tx, *, number: int, reason: StartReason) -> Escalation | None:
    """Begin the path afresh, whoever had acknowledged before: the incident was reopened."""
    return _start(tx, _open_incident(tx, number), None, reason)


def _open_incident(tx: Tx, number: int) -> Incident:
    incident = incident_of(tx, number)
    if incident.state not in OPEN:
        raise Refused("IncidentOver", f"INC-{number} is {incident.state}; nobody has to be paged for it.")
    if incident.imported:
        raise Refused("Imported", f"INC-{number} was brought in from a history. Declare an incident to page somebody.")
    return incident


def _start(
    tx: Tx, incident: Incident, path: str | None, reason: StartReason, *, acknowledged: bool = False
) -> Escalation | None:
    copied = copied_path(tx, incident, path, reason, acknowledged)
    if copied is None:
        return None
    held = tx.load(ESCALATION, incident.number)
    if held and held.status != "stopped":
        withdraw(tx, about=_about(incident.number), reason="the escalation began afresh")
    tx.append(ESCALATION, incident.number, life.start(held, copied))
    return _climb(tx, incident.number)


# -- climbing ----------------------------------------------------------------------------------


@permitted(Permission.RESPOND)
def reach_due_level(tx: Tx, *, number: int, step: int) -> None:
    """Page those whom the due step's targets stand for now. Does nothing if that step is no longer due."""
    state = tx.load(ESCALATION, number)
    if state and state.pending and state.pending.step == step:
        _climb(tx, number)


def _climb(tx: Tx, number: int) -> Escalation:
    """Reach the step that is due and, while nobody is reached, the next one: each recorded with its reasons."""
    state = tx.existing(ESCALATION, number)
    while state.pending:
        place = state.place(state.pending.step)
        people, unreached = resolve(tx, state.login_of, place.targets, tx.now)
        if state.status == "acknowledged" and state.acknowledged:
            people = [one for one in people if one.person != state.acknowledged.by]
        reached, *rest = life.reach(state, people=people, unreached=unreached, now=tx.now)
        assert isinstance(reached, LevelReached)
        pages = [_page(tx, state, reached, one) for one in reached.people]
        state = tx.append(ESCALATION, number, [reached, *pages, *rest])
    return state


def _page(tx: Tx, state: Escalation, reached: LevelReached, whom: Reached) -> PageRequested:
    incident = incident_of(tx, state.number)
    person = person_of(tx, whom.person)
    what = messages.lead(incident.statement or incident.title)
    text = messages.page_text(
        number=state.number,
        severity=state.severity,
        service=incident.service,
        what=what,
        since=incident.impact_started or incident.detected_at,
        zone=person.zone if person else "UTC",
        role=messages.role_of(whom.target, reached.level, state.final.title),
        acknowledge_within=state.place(reached.step).acknowledge_within,
        drill=incident.drill,
    )
    id = request(
        tx,
        person=whom.person,
        about=_about(state.number),
        purpose="page",
        urgency=_rank(state.severity),
        subject=messages.subject(
            number=state.number, severity=state.severity, service=incident.service, what=what, drill=incident.drill
        ),
        text=text,
        title=what,
        drill=incident.drill,
    )
    return PageRequested(at=tx.now, step=reached.step, person=whom.person, target=whom.target, delivery=id)


@permitted(Permission.RESPOND)
def escalate_now(tx: Tx, *, number: int) -> Escalation:
    """Page the next level at once; starts the path if the incident never had one. `Refused` if there is none."""
    state = tx.load(ESCALATION, number)
    if state is None or state.status == "stopped":
        started = start_escalation(tx, number=number, reason="asked for")
        if started is None:
            raise Refused("NoPath", "The plan in force for this incident has no escalation path at its severity.")
        return started
    by = _actor(tx)
    tx.append(ESCALATION, number, life.escalate(state, by=by, now=tx.now))
    return _climb(tx, number)


# -- answers -----------------------------------------------------------------------------------


@permitted(Permission.RESPOND)
def acknowledge(tx: Tx, *, number: int, person: str | None = None, how: str = "console") -> Answer:
    """Somebody has it: pages stop, the incident is acknowledged and the escalation rests, in this transaction.

    `person` (id or login) when acting for somebody else. Never refused because another was faster: says who has it.
    """
    by = known(tx, person).id if person else _actor(tx)
    return _acknowledge(tx, number, by, how)


def _acknowledge(tx: Tx, number: int, by: str, how: str) -> Answer:
    incident = incident_of(tx, number)
    state = tx.load(ESCALATION, number)
    if incident.state not in OPEN:
        return Answer(number, "over")
    if state:
        state = _append(tx, state, life.acknowledge(state, by=by, how=how, now=tx.now))
    withdraw(tx, about=_about(number), reason="acknowledged")
    acknowledge_incident(tx, number=number, by=by)
    if state is None or state.acknowledged is None:
        return Answer(number, "acknowledged", by, tx.now)
    holder = state.acknowledged
    return Answer(number, "acknowledged" if holder.by == by else "held", holder.by, holder.at)


@permitted(Permission.RESPOND)
def rest(tx: Tx, *, number: int, by: str) -> None:
    """The incident was acknowledged by another way than the escalation; the pages stop."""
    state = tx.existing(ESCALATION, number)
    _append(tx, state, life.acknowledge(state, by=by, how="incident", now=tx.now))
    withdraw(tx, about=_about(number), reason="acknowledged")


@permitted(Permission.RESPOND)
def answer(tx: Tx, *, reply: ReplyReceived, how: str = "link") -> Answer:
    """Do what the answer to a page says. The same reply a second time changes nothing."""
    number = int(reply.about.partition("/")[2])
    if incident_of(tx, number).state not in OPEN:
        return Answer(number, "over")
    if reply.answer == "ack":
        return _acknowledge(tx, number, reply.person, how)
    state = tx.existing(ESCALATION, number)
    rule = life.decline if reply.answer == "decline" else life.escalate_from_page
    events = rule(state, delivery=reply.delivery, now=tx.now)
    if events:
        state = tx.append(ESCALATION, number, events)
    if state.pending:
        _climb(tx, number)
        return Answer(number, "declined" if reply.answer == "decline" else "escalated")
    holder = state.acknowledged if state.status == "acknowledged" else None
    return Answer(number, "noted", holder.by if holder else None, holder.at if holder else None)


# -- what happens to the incident ---------------------------------------------------------------


@permitted(Permission.RESPOND)
def follow_severity(tx: Tx, *, number: int, was: str) -> None:
    """The severity changed. Raised, with another path: that path begins, or helps whoever has it already.

    Lowered to a severity that pages nobody: the pages stop. Otherwise later pages name the new severity.
    """
    incident = incident_of(tx, number)
    if incident.state not in OPEN or incident.imported:
        return
    state = tx.load(ESCALATION, number)
    found = path_of(tx, incident, None)
    raised = _rank(incident.severity) < _rank(was)
    if state is None or state.status == "stopped":
        if raised and found:
            _start(tx, incident, None, "severity raised", acknowledged=incident.acknowledged_at is not None)
    elif found is None and state.asking:
        _append(tx, state, life.stop(state, reason="its severity pages nobody", now=tx.now))
        withdraw(tx, about=_about(number), reason="the severity was lowered")
    elif raised and found and found[0] != state.path:
        _start(tx, incident, None, "severity raised", acknowledged=state.status == "acknowledged")
    else:
        followed = life.follow_severity(state, severity=incident.severity, now=tx.now)
        if _append(tx, state, followed).pending:
            _climb(tx, number)


@permitted(Permission.RESPOND)
def stop_escalation(tx: Tx, *, number: int, reason: str, by: str | None = None) -> None:
    """The incident is over: pages are withdrawn, and those who got one are told, once, that nothing is left to do."""
    state = tx.load(ESCALATION, number)
    if state is None or state.status == "stopped":
        return
    told = [person for person in state.paged if _was_sent(tx, state, person)]
    _append(tx, state, life.stop(state, reason=reason, now=tx.now))
    withdraw(tx, about=_about(number), reason=f"the incident was {reason}")
    incident = incident_of(tx, number)
    who = person_of(tx, by) if by else None
    what = messages.lead(incident.title)
    text = messages.ended_text(
        number=number,
        ended=reason,
        service=incident.service,
        what=what,
        after=tx.now - incident.declared_at,
        by=who.name if who else None,
        drill=incident.drill,
    )
    mark = "DRILL " if incident.drill else ""
    for person in told:
        request(
            tx,
            person=person,
            about=_about(number),
            purpose="resolved",
            urgency=_rank(state.severity),
            subject=f"{mark}{reason.capitalize()}: INC-{number} {what}"[:150],
            text=text,
            title=what,
            url_path=f"/incidents/{number}",
            drill=incident.drill,
        )


def _was_sent(tx: Tx, state: Escalation, person: str) -> bool:
    """True if a page may have come through: one that was withdrawn untried needs no all-clear."""
    sent = (delivery(tx, page.delivery) for page in state.pages if page.person == person)
    return any(one is not None and (one.attempts > 0 or one.state in ("sent", "combined")) for one in sent)


@permitted(Permission.RESPOND)
def page_failed(tx: Tx, *, number: int, delivery: str) -> None:
    """A page could not be delivered by any method; if that leaves nobody on this level, the next has its turn."""
    state = tx.load(ESCALATION, number)
    if state and _append(tx, state, life.page_failed(state, delivery=delivery, now=tx.now)).pending:
        _climb(tx, number)


@unguarded("the engine's: nobody gets longer to acknowledge than the path grants, because the clock was set back")
def mend_deadlines(tx: Tx) -> int:
    """Call after the wall clock was set back. Returns how many escalations would have waited too long."""
    tx.lock()
    late = select(alarm.c.stream).where(alarm.c.stream.like("escalation/%"), alarm.c.due > micros(tx.now))
    keys = [stream.partition("/")[2] for stream in tx.connection.execute(late).scalars()]
    mended = [
        (ESCALATION, key, life.mend_deadline(state, tx.now)) for key, state in tx.load_many(ESCALATION, keys).items()
    ]
    tx.append_many(mended)
    return sum(1 for _, _, events in mended if events)


# -- small things ------------------------------------------------------------------------------


def _append(tx: Tx, state: Escalation, events: Sequence[Event]) -> Escalation:
    return tx.append(ESCALATION, state.number, events) if events else state


def _about(number: int) -> str:
    return f"incident/{number}"


def _actor(tx: Tx) -> str:
    return tx.by.person or tx.by.id


def _rank(severity: str) -> int:
    try:
        return rank(severity)
    except ValueError:
        return 4
