"""What can be done with contributing factors: find, revise, agree, withdraw, shown by facts of the record."""

from collections.abc import Sequence
from functools import partial

from quarterdeck.command.state import incident
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.learning.rules import FACTORS
from quarterdeck.learning.rules import factoring as rules
from quarterdeck.learning.state import evidence_at
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def find_factor(tx: Tx, *, number: int, code: str, text: str, evidence: Sequence[int] = ()) -> str:
    """Say what contributed, shown by facts at these positions of the record (any stream's); the factor's id."""
    incident(tx, number)
    shown = evidence_at(tx, evidence)
    events = rules.find(
        tx.load(FACTORS, number), _actor(tx), tx.now, number=number, code=code, text=text, evidence=shown
    )
    tx.append(FACTORS, number, events)
    return events[0].factor


@permitted(Permission.RESPOND)
def revise_factor(tx: Tx, *, number: int, factor: str, code: str, text: str, evidence: Sequence[int] = ()) -> None:
    """Say it otherwise; it has to be agreed on again."""
    shown = evidence_at(tx, evidence)
    rule = partial(rules.revise, by=_actor(tx), now=tx.now, factor=factor, code=code, text=text, evidence=shown)
    tx.decide(FACTORS, number, rule)


@permitted(Permission.REVIEW)
def agree_factor(tx: Tx, *, number: int, factor: str) -> None:
    """Those who looked back agree; refused without evidence."""
    tx.decide(FACTORS, number, partial(rules.agree, by=_actor(tx), now=tx.now, factor=factor))


@permitted(Permission.REVIEW)
def withdraw_factor(tx: Tx, *, number: int, factor: str, reason: str) -> None:
    tx.decide(FACTORS, number, partial(rules.withdraw, by=_actor(tx), now=tx.now, factor=factor, reason=reason))


def _actor(tx: Tx) -> str:
    return tx.by.person or tx.by.id
