"""An update that is overdue: who is told so, one after another, until it is sent."""

from quarterdeck.command.rules import OPEN
from quarterdeck.command.state import incident as incident_of
from quarterdeck.comms import rules
from quarterdeck.comms.actions.beginning import about
from quarterdeck.comms.events import ReminderSent
from quarterdeck.comms.rules import COMMS, Comms
from quarterdeck.comms.state import communication, holders, reach
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.notify.actions import request
from quarterdeck.notify.state import reachable
from quarterdeck.plan.rules import rank
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def chase(tx: Tx, *, number: int, audiences: tuple[str, ...], step: int) -> None:
    """Tell whose turn it is: the role that tells the audience, the commander, then the plan's owner again and again.

    A turn that reaches nobody falls to the next. Nothing if the update came meanwhile.
    """
    state, incident = communication(tx, number), incident_of(tx, number)
    if state is None or state.status != "running" or incident.state not in OPEN:
        return
    late = tuple(name for name in audiences if name in state.clocks and state.clocks[name].steps == step + 1)
    if not late:
        return
    rungs = _rungs(tx, state, late[0])[min(step, 2) :]
    rung, people = next(((name, found) for name, found in rungs if found), (rungs[-1][0], []))
    tx.append(
        COMMS,
        number,
        [ReminderSent(at=tx.now, audiences=late, step=step, rung=rung, people=tuple(people))],
    )
    due = min(state.clocks[name].due for name in late)
    titles = ", ".join(state.begun.audiences[name].title for name in late)
    drill = "DRILL " if state.begun.drill else ""
    at = rules.clock(state.begun.zone, due, tx.now)
    text = f"{drill}{state.severity} INC-{number}: the update for {titles} was due at {at}. Write it now."
    for one in people:
        request(
            tx,
            person=one,
            about=about(number),
            purpose="reminder",
            urgency=rank(state.severity),
            subject=f"{drill}Update overdue: INC-{number} {incident.title}"[:300],
            text=text,
            url_path=f"/incidents/{number}/updates/new",
            drill=state.begun.drill,
        )


def _rungs(tx: Tx, state: Comms, audience: str) -> list[tuple[str, list[str]]]:
    """In their order, as (what they are, people). An update that waits for an agreement is its approver's to move."""
    incident, begun = incident_of(tx, state.number), state.begun
    copied = begun.audiences[audience]
    first = copied.approver if audience in state.waiting and copied.approver else copied.by
    owner, _ = reach(tx, begun, (f"post:{begun.owner}",))
    rungs = [(first, holders(tx, incident, begun, first)), ("commander", [incident.commander]), ("owner", owner)]
    return [(name, [one for one in people if reachable(tx, one)]) for name, people in rungs]
