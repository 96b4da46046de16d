"""The decisions that carry an incident through its life, from triage to its end, and the reasons to refuse them."""

from quarterdeck.command import events as ev
from quarterdeck.command.rules.state import OPEN, Incident, State
from quarterdeck.command.rules.tasks import missing_mandatory
from quarterdeck.command.rules.words import happened, text
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

_ALREADY: dict[State, str] = {
    "active": "AlreadyActive",
    "mitigated": "AlreadyMitigated",
    "resolved": "AlreadyResolved",
    "reviewing": "AlreadyResolved",
    "closed": "AlreadyClosed",
    "declined": "AlreadyDeclined",
    "merged": "AlreadyMerged",
    "cancelled": "AlreadyCancelled",
}


def allow(incident: Incident, doing: str, *states: State) -> None:
    """Refuse unless the incident is in one of `states`."""
    if incident.state in states:
        return
    if incident.state == "merged":
        raise Refused(
            "AlreadyMerged", f"INC-{incident.number} was merged into INC-{incident.merged_into}; {doing} there."
        )
    reason = "NotResolved" if incident.state in OPEN and states[0] not in OPEN else None
    raise Refused(
        reason or _ALREADY.get(incident.state, "NotInTriage"),
        f"INC-{incident.number} is {incident.state}; to {doing} it has to be {' or '.join(states)}.",
    )


def activate(incident: Incident, by: str, now: Instant) -> list[Event]:
    allow(incident, "accept it", "triage")
    return [ev.IncidentActivated(at=now, by=by)]


def acknowledge(incident: Incident, by: str, now: Instant, *, commands: bool) -> list[Event]:
    """The first acknowledgement counts and ends triage. `commands`: a person who may command acknowledged, and takes
    over while the holder of the plan's post, who was never asked, still commands. Late ones change nothing."""
    if incident.state not in OPEN or incident.acknowledged_at is not None:
        return []
    events: list[Event] = [ev.IncidentAcknowledged(at=now, by=by)]
    if incident.state == "triage":
        if commands and incident.commander_by_default and by != incident.commander:
            events.append(
                ev.CommandTransferred(at=now, to=by, was=incident.commander, by=by, reason="acknowledged first")
            )
        events.append(ev.IncidentActivated(at=now, by=by))
    return events


def mitigate(incident: Incident, by: str, now: Instant, *, at: Instant | None = None, how: str = "") -> list[Event]:
    allow(incident, "mitigate it", "triage", "active")
    when = happened("at", at, now, not_before=incident.detected_at)
    return [*_out_of_triage(incident, by, when), ev.IncidentMitigated(at=when, by=by, how=text("how", how, 2_000))]


def resolve(
    incident: Incident, by: str, now: Instant, *, reason: str, review_owed: bool, at: Instant | None = None
) -> list[Event]:
    allow(incident, "resolve it", *OPEN)
    when = happened("at", at, now, not_before=incident.mitigated_at or incident.detected_at)
    return [
        *_out_of_triage(incident, by, when),
        ev.IncidentResolved(
            at=when,
            by=by,
            reason=text("reason", reason, 2_000, needed=True),
            severity=incident.severity,
            plan_revision=incident.plan_revision,
            commander=incident.commander,
            review_owed=review_owed,
        ),
    ]


def _out_of_triage(incident: Incident, by: str, when: Instant) -> list[Event]:
    return [ev.IncidentActivated(at=when, by=by)] if incident.state == "triage" else []


def groups_cleared(
    incident: Incident, group: str, by: str, now: Instant, *, at: Instant, review_owed: bool
) -> list[Event]:
    """All alerts of a group are resolved. When that was the last group and the route said so, so is the incident."""
    if incident.state not in OPEN or incident.groups.get(group) is not False:
        return []
    when = min(max(at, incident.mitigated_at or incident.detected_at), now)
    events: list[Event] = [ev.AlertsCleared(at=when, group=group)]
    if incident.auto_resolve and all(cleared for key, cleared in incident.groups.items() if key != group):
        events += resolve(incident, by, now, reason="all alerts cleared", review_owed=review_owed, at=when)
    return events


def group_stirred(incident: Incident, group: str, *, at: Instant) -> list[Event]:
    if incident.state not in OPEN or incident.groups.get(group) is not True:
        return []
    return [ev.AlertsReturned(at=at, group=group)]


def reopen(incident: Incident, by: str, now: Instant, *, reason: str) -> list[Event]:
    if incident.source is not None:
        raise Refused(
            "BroughtIn", f"INC-{incident.number} ended elsewhere ({incident.source}); declare a new incident."
        )
    if incident.state in ("declined", "merged", "cancelled"):
        raise Refused("NotResolved", f"INC-{incident.number} was {incident.state}; declare a new incident instead.")
    if incident.state in ("triage", "active"):
        raise Refused("NotResolved", f"INC-{incident.number} is {incident.state}: it is open already.")
    return [ev.IncidentReopened(at=now, by=by, reason=text("reason", reason, 2_000, needed=True))]


def begin_review(incident: Incident, by: str, now: Instant) -> list[Event]:
    allow(incident, "review it", "resolved")
    return [ev.ReviewBegun(at=now, by=by)]


def settle_review(incident: Incident, by: str, now: Instant, *, outcome: str) -> list[Event]:
    """The review was held or waived. Nothing to do if none is owed any more."""
    if incident.state not in ("resolved", "reviewing") or incident.review != "owed":
        return []
    return [ev.ReviewSettled(at=now, by=by, outcome=outcome)]


def close(incident: Incident, by: str, now: Instant) -> list[Event]:
    allow(incident, "close it", "resolved", "reviewing")
    if missing := missing_mandatory(incident):
        titles = "; ".join(task.title for task in missing)
        detail = f"Do these mandatory tasks first, skip them with a reason, or explain the deviation: {titles}."
        raise Refused("MandatoryTasksOpen", detail)
    if incident.review == "owed":
        raise Refused("ReviewOwed", "The plan asks for a review: hold it, or have a manager waive it with a reason.")
    return [ev.IncidentClosed(at=now, by=by)]


def decline(incident: Incident, by: str, now: Instant, *, reason: str) -> list[Event]:
    allow(incident, "decline it", "triage")
    return [ev.IncidentDeclined(at=now, by=by, reason=text("reason", reason, 2_000, needed=True))]


def cancel(incident: Incident, by: str, now: Instant, *, reason: str) -> list[Event]:
    allow(incident, "cancel it", *OPEN)
    return [ev.IncidentCancelled(at=now, by=by, reason=text("reason", reason, 2_000, needed=True))]


def merge(incident: Incident, target: Incident, by: str, now: Instant) -> list[Event]:
    """What is recorded on the incident that gives way; `absorb` is for the target."""
    allow(incident, "merge it", *OPEN)
    if target.number == incident.number:
        raise Refused("SameIncident", f"INC-{incident.number} cannot be merged into itself.")
    if target.drill != incident.drill:
        raise Refused(
            "DrillAndReal", "A drill and a real incident are kept apart: neither can be merged into the other."
        )
    if target.state not in OPEN:
        raise Refused("TargetNotOpen", f"INC-{target.number} is {target.state}; merge into an open incident.")
    return [ev.IncidentMerged(at=now, into=target.number, by=by)]


def absorb(target: Incident, incident: Incident, by: str, now: Instant) -> list[Event]:
    waiting = tuple(group for group, cleared in incident.groups.items() if not cleared)
    return [ev.IncidentAbsorbed(at=now, number=incident.number, title=incident.title, groups=waiting, by=by)]


def note(incident: Incident, by: str, now: Instant, *, text_: str, at: Instant | None = None) -> list[Event]:
    """At any time, ended incidents included: what is learnt late is still true. `at` is when it happened."""
    return [ev.NoteAdded(at=happened("at", at, now), text=text("text", text_, 10_000, needed=True), by=by)]
