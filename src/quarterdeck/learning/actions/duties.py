"""What can be done with the duties: revise them, whole."""

from collections.abc import Sequence

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.learning.actions.people import actor
from quarterdeck.learning.events.duties import Duty
from quarterdeck.learning.rules import DUTIES
from quarterdeck.learning.rules import duties as rules
from quarterdeck.learning.rules.duties import KEY
from quarterdeck.learning.state import duties_in_force
from quarterdeck.record import Tx


@permitted(Permission.PLAN)
def revise_duties(tx: Tx, *, duties: Sequence[Duty], reason: str) -> None:
    """Put these in the place of all that there are. Raises `Invalid` with every fault."""
    if events := rules.revise(duties_in_force(tx), actor(tx), tx.now, duties=duties, reason=reason):
        tx.append(DUTIES, KEY, events)


@permitted(Permission.PLAN)
def put_duty(tx: Tx, *, duty: Duty, reason: str) -> None:
    """Add one, or put it in the place of the one with its id: also to switch one on or off."""
    revise_duties(tx, duties=rules.put(duties_in_force(tx), duty), reason=reason)


@permitted(Permission.PLAN)
def remove_duty(tx: Tx, *, id: str, reason: str) -> None:
    """Do without one."""
    revise_duties(tx, duties=[one for one in duties_in_force(tx).duties if one.id != id], reason=reason)
