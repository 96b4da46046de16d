"""Bringing in incidents that ended elsewhere: real ones, marked with where they come from; nobody is paged for them."""

from collections.abc import Sequence

from quarterdeck.catalog.state import service as catalogued
from quarterdeck.command.actions.context import actor, known
from quarterdeck.command.rules import INCIDENT
from quarterdeck.command.rules.past import Past, past
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record import Tx


@permitted(Permission.ADMINISTER)
def bring_in(tx: Tx, *, pasts: Sequence[Past]) -> list[int]:
    """Record past incidents and return their numbers, in the order given. Raises `Invalid`, and then records none."""
    errors = [error for facts in pasts for error in _unknown(tx, facts)]
    if errors:
        raise Invalid("These past incidents name what is not there.", tuple(errors[:100]))
    numbers = [tx.next_number("incident") for _ in pasts]
    by = actor(tx)
    appends = [(INCIDENT, n, past(facts, n, by, tx.now)) for n, facts in zip(numbers, pasts, strict=True)]
    tx.append_many(appends, fresh=True)
    return numbers


def _unknown(tx: Tx, facts: Past) -> list[str]:
    errors = []
    if facts.service is not None and catalogued(tx, facts.service) is None:
        errors.append(f"{facts.source}: service: {facts.service!r} is not in the catalogue")
    if facts.commander and known(tx, facts.commander) is None:
        errors.append(f"{facts.source}: commander: there is nobody {facts.commander!r}")
    return errors
