"""What can be done with contributing factors: find, revise, agree, withdraw, shown by facts of the record."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.command.state import incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning.events.factoring import Evidence
from quarterdeck.learning.rules import FACTORS
from quarterdeck.learning.rules import factoring as rules
from quarterdeck.learning.state import streams_at
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def find_factor(tx: Tx, *, number: int, code: str, text: str, evidence: Sequence[int] = ()) -> str:
    """Say what contributed, shown by facts at these positions of the record (any stream's); the factor's id."""
    incident(tx, number)
    shown = _evidence(tx, evidence)
    events = rules.find(
        tx.load(FACTORS, number), _actor(tx), tx.now, number=number, code=code, text=text, evidence=shown
    )
    tx.append(FACTORS, number, events)
    return events[0].factor


@permitted(Permission.RESPOND)
def revise_factor(tx: Tx, *, number: int, factor: str, code: str, text: str, evidence: Sequence[int] = ()) -> None:
    """Say it otherwise; it has to be agreed on again."""
    shown = _evidence(tx, evidence)
    rule = partial(rules.revise, by=_actor(tx), now=tx.now, factor=factor, code=code, text=text, evidence=shown)
    tx.decide(FACTORS, number, rule)


@permitted(Permission.REVIEW)
def agree_factor(tx: Tx, *, number: int, factor: str) -> None:
    """Those who looked back agree; refused without evidence."""
    tx.decide(FACTORS, number, partial(rules.agree, by=_actor(tx), now=tx.now, factor=factor))


@permitted(Permission.REVIEW)
def withdraw_factor(tx: Tx, *, number: int, factor: str, reason: str) -> None:
    tx.decide(FACTORS, number, partial(rules.withdraw, by=_actor(tx), now=tx.now, factor=factor, reason=reason))


def _evidence(tx: Tx, positions: Sequence[int]) -> tuple[Evidence, ...]:
    if len(positions) > rules.MOST_EVIDENCE:
        raise Invalid("That is too much evidence for one factor.", (f"evidence: at most {rules.MOST_EVIDENCE} links",))
    found = streams_at(tx, positions)
    if missing := [position for position in positions if position not in found]:
        raise Invalid(
            "That is not on the record.",
            tuple(f"evidence: there is nothing at position {position}" for position in missing),
        )
    return tuple(Evidence(position=position, stream=found[position]) for position in positions)


def _actor(tx: Tx) -> str:
    return tx.by.person or tx.by.id
