"""Updates: written once, rendered for each audience, sent to whom the plan names, agreed to where it asks for that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterdeck.catalog.state import service
from quarterdeck.command.rules import Incident
from quarterdeck.command.state import incident as incident_of
from quarterdeck.comms import events as ev
from quarterdeck.comms import rules
from quarterdeck.comms.actions.beginning import about, since_of
from quarterdeck.comms.rules import COMMS, Comms, cadence, noticing
from quarterdeck.comms.state import communication, holder, reach
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.actions import request, withdraw
from quarterdeck.plan.rules import rank
from quarterdeck.record import Tx


@dataclass(frozen=True)
class Sent:
    """What became of an update: its number, and the audiences that wait for somebody's agreement."""

    update: int
    waiting: tuple[str, ...]


@permitted(Permission.RESPOND)
def send_update(
    tx: Tx,
    *,
    number: int,
    fields: Mapping[str, str],
    next_update: Instant | None = None,
    audiences: Sequence[str] | None = None,
    by_pace: bool = False,
    unchanged: bool = False,
) -> Sent:
    """Tell the audiences (None: all that the severity concerns) what is known, each in its own words.

    `next_update` is compulsory while the incident is open; `by_pace` lets the plan's pace set it. Raises `Invalid` for
    unknown fields and audiences, texts too long, and a next update that is missing, past or too late.
    """
    known = rules.checked(fields)
    state, incident = running(tx, number), incident_of(tx, number)
    wanted = cadence.wanted(state, tx.now, next_update=next_update, audiences=audiences, by_pace=by_pace)
    values = values_of(tx, state, incident, known, wanted.next_update)
    texts = {
        name: _rendered(tx, state, incident, name, values, unchanged=unchanged, last=wanted.last)
        for name in wanted.audiences
    }
    if too_long := [f"{name}: {len(text.text):,} characters" for name, text in texts.items() if _too_long(text)]:
        raise Invalid(f"A text is longer than {rules.LONGEST_TEXT:,} characters.", tuple(too_long))
    sent = ev.UpdateSent(
        at=tx.now,
        update=state.updates + 1,
        fields=known,
        next_update=wanted.next_update,
        texts=texts,
        unchanged=unchanged,
        last=wanted.last,
        by=tx.by.person or tx.by.id,
        public=tuple(name for name in texts if name in state.begun.public),
    )
    tx.append(COMMS, number, [sent])
    withdraw(tx, about=about(number), purposes=("reminder",), reason="an update was sent")
    for text in texts.values():
        if text.waits_for is None:
            _deliver(tx, state, text, text.people)
    return Sent(sent.update, tuple(name for name, text in texts.items() if text.waits_for))


@permitted(Permission.RESPOND)
def send_unchanged(tx: Tx, *, number: int, next_update: Instant | None = None) -> Sent:
    """`No change`: the latest update again, with a new time, to everybody whom the severity concerns."""
    latest = running(tx, number).latest
    if latest is None:
        raise Refused("NothingSaidYet", "There is no update yet that could stand. Write the first one.")
    return send_update(
        tx,
        number=number,
        fields=latest.fields,
        next_update=next_update,
        by_pace=next_update is None,
        unchanged=True,
    )


@permitted(Permission.RESPOND)
def approve_update(tx: Tx, *, number: int, update: int, audience: str) -> None:
    """Agree to what this audience is to read; it goes out now. For the holder of the plan's role, or the commander."""
    state, incident = running(tx, number), incident_of(tx, number)
    text = cadence.check_waiting(state, update=update, audience=audience)
    if not may_agree(tx, state, incident, text.waits_for or ""):
        role = state.begun.roles.get(text.waits_for or "")
        title = role.title if role else text.waits_for
        raise Refused("NotYoursToApprove", f"{title}, or the commander, agrees to this text before it goes out.")
    people, unreached = reach(tx, state.begun, state.begun.audiences[audience].to)
    by = tx.by.person or tx.by.id
    events = cadence.approve(state, tx.now, update=update, audience=audience, by=by, people=people, unreached=unreached)
    tx.append(COMMS, number, events)
    _deliver(tx, state, text, tuple(people))


@permitted(Permission.REVIEW)
def publish_notice(tx: Tx, *, number: int, audience: str, text: str) -> bool:
    """A word after the incident on the public status page. False: what this audience is told is not public."""
    state = communication(tx, number)
    if state is None or not (events := noticing.publish(state, tx.now, audience, text, tx.by.person or tx.by.id)):
        return False
    tx.append(COMMS, number, events)
    return True


def may_agree(tx: Tx, state: Comms, incident: Incident, role: str) -> bool:
    """True for the holder of the role and for the commander, who holds what nobody else does."""
    return tx.by.person is not None and tx.by.person in {incident.commander, holder(incident, state.begun, role)}


def running(tx: Tx, number: int) -> Comms:
    """The communication of an incident that has one. Raises `NotFound`, `Refused`."""
    incident = incident_of(tx, number)
    state = communication(tx, number)
    if state is None:
        raise Refused("NobodyToTell", f"The plan tells nobody about INC-{number} at {incident.severity}.")
    return state


def values_of(
    tx: Tx, state: Comms, incident: Incident, fields: Mapping[str, str], next_update: Instant | None
) -> dict[str, str]:
    """What templates may name, as it stands now."""
    owner, hurt = person(tx, incident.commander), service(tx, incident.service) if incident.service else None
    return rules.values(
        state.begun,
        fields,
        severity=incident.severity,
        title=incident.title,
        service=hurt.name if hurt else incident.service or "",
        owner=owner.name if owner else incident.commander,
        since=since_of(incident),
        next_update=next_update,
        now=tx.now,
    )


def _rendered(
    tx: Tx, state: Comms, incident: Incident, name: str, values: Mapping[str, str], *, unchanged: bool, last: bool
) -> ev.Rendered:
    audience = state.begun.audiences[name]
    waits = audience.approver if audience.approver and not may_agree(tx, state, incident, audience.approver) else None
    people, unreached = ([], []) if waits else reach(tx, state.begun, audience.to)
    text = (rules.last_words if last else rules.rendered)(audience.says, values)
    return ev.Rendered(
        subject=rules.subject(audience.subject, values, drill=state.begun.drill),
        text=rules.marked(text, drill=state.begun.drill, unchanged=unchanged, last=last),
        people=tuple(people),
        unreached=tuple(unreached),
        outside=audience.outside,
        waits_for=waits,
    )


def _too_long(text: ev.Rendered) -> bool:
    return len(text.text) > rules.LONGEST_TEXT


def _deliver(tx: Tx, state: Comms, text: ev.Rendered, people: Sequence[str]) -> None:
    for one in people:
        request(
            tx,
            person=one,
            about=about(state.number),
            purpose="update",
            urgency=rank(state.severity),
            subject=text.subject,
            text=text.text,
            url_path=f"/incidents/{state.number}/brief",
            drill=state.begun.drill,
        )
