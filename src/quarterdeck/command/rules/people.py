"""Who does what: exactly one commander at any instant, and at most one person in each other role."""

from collections.abc import Collection

from quarterdeck.command import events as ev
from quarterdeck.command.rules.state import ENDED, Incident
from quarterdeck.command.rules.words import text
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant


def _allow(incident: Incident) -> None:
    if incident.state in ENDED:
        raise Refused("IncidentEnded", f"INC-{incident.number} is {incident.state}: its roles no longer change.")


def transfer_command(incident: Incident, to: str, by: str, now: Instant, *, reason: str = "") -> list[Event]:
    """Command passes in one event, so there is never an instant without a commander or with two."""
    _allow(incident)
    if to == incident.commander and not incident.commander_by_default:
        raise Refused("AlreadyCommands", f"That person commands INC-{incident.number} already.")
    return [ev.CommandTransferred(at=now, to=to, was=incident.commander, by=by, reason=text("reason", reason, 2_000))]


def assign_role(
    incident: Incident, role: str, person: str, by: str, now: Instant, *, commander: str, roles: Collection[str]
) -> list[Event]:
    """`commander` is the plan's name for the commanding role, `roles` all that the pinned revision knows."""
    if role == commander:
        return transfer_command(incident, person, by, now)
    _allow(incident)
    if role not in roles:
        raise Invalid(
            "The pinned plan has no such role.", (f"role: {role!r}; use one of {', '.join(sorted(roles)) or 'none'}",)
        )
    was = incident.roles.get(role)
    if was == person:
        raise Refused("AlreadyAssigned", f"That person is {role} already.")
    released: list[Event] = [ev.RoleReleased(at=now, role=role, person=was, by=by)] if was else []
    return [*released, ev.RoleAssigned(at=now, role=role, person=person, by=by)]


def release_role(incident: Incident, role: str, by: str, now: Instant, *, commander: str) -> list[Event]:
    _allow(incident)
    if role == commander:
        raise Refused("CommanderNeeded", "Command is never laid down, only handed over: assign it to somebody else.")
    person = incident.roles.get(role)
    if person is None:
        raise Refused("RoleVacant", f"Nobody is {role} of INC-{incident.number}.")
    return [ev.RoleReleased(at=now, role=role, person=person, by=by)]
