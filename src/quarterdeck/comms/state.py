"""Telling people, as it stands inside a transaction; and who a role is in an incident."""

from quarterdeck.command.rules import Incident
from quarterdeck.comms.events import CommunicationBegun, RoleCopied
from quarterdeck.comms.rules import COMMS, Comms
from quarterdeck.oncall.state import resolve
from quarterdeck.record import Tx


def communication(tx: Tx, number: int) -> Comms | None:
    """None: the plan tells nobody of this incident, so far."""
    return tx.load(COMMS, number)


def login_of(begun: CommunicationBegun, post: str) -> str | None:
    """Who held a post when the communication plan was copied."""
    found = begun.posts.get(post)
    return found.login if found else None


def reach(tx: Tx, begun: CommunicationBegun, targets: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The ids of the people whom the targets stand for now, and the targets that give nobody, each with its reason."""
    people, unreached = resolve(tx, lambda post: login_of(begun, post), targets, tx.now)
    ids = list(dict.fromkeys(one.person for one in people))
    return ids, [f"{one.target}: {one.reason}" for one in unreached]


def holder(incident: Incident, begun: CommunicationBegun, role: str) -> str | None:
    """Who has the role in this incident; what nobody else holds, the commander holds."""
    return incident.commander if role == begun.commander else incident.roles.get(role)


def holders(tx: Tx, incident: Incident, begun: CommunicationBegun, role: str) -> list[str]:
    """Who is told in the role's name: its holder, else who fills it by the plan, else its deputies; all reachable."""
    named = holder(incident, begun, role)
    if named is not None:
        return [named]
    copied = begun.roles.get(role, RoleCopied(title=role))
    for target in (copied.filled_by, *(f"post:{post}" for post in copied.deputies)):
        people, _ = reach(tx, begun, (target,)) if target else ([], [])
        if people:
            return people
    return []
