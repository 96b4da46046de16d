"""What the demo's company owes by law: one regime in scope, one incident notified to its end, one still running."""

from collections.abc import Mapping
from datetime import timedelta

from quarterdeck.command.state import incident
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations import actions
from quarterdeck.obligations.sources import shipped
from quarterdeck.record import Tx

_REGIME = "nis2-23"
_OPTION = {"trust-services": False}


def owed(tx: Tx, people: Mapping[str, Principal], now: Instant, *, settled: int, running: int) -> None:
    """`settled`: an incident whose final report is in; `running`: a later one, where it is to come."""
    with tx.acting(people["alice"], now - timedelta(weeks=11)):
        actions.declare_scope(
            tx,
            regime=shipped()[_REGIME],
            applies=True,
            reason="We are an important entity: an online marketplace with more than 50 people.",
            options=_OPTION,
        )
    _notified(tx, people, settled, final=now - timedelta(days=2))
    _notified(tx, people, running, final=None)


def _notified(tx: Tx, people: Mapping[str, Principal], number: int, *, final: Instant | None) -> None:
    alice, carol, known = people["alice"], people["carol"], incident(tx, number).detected_at
    with tx.acting(alice, known + timedelta(hours=2)):
        actions.assess(
            tx,
            number=number,
            regime=shipped()[_REGIME],
            notifiable=True,
            reason="Customers in two Member States could not pay or sign in.",
            anchors={"aware": (known, "The alert, as the incident's record has it.")},
        )
    sent = [("early-warning", known + timedelta(hours=6)), ("notification", known + timedelta(hours=49))]
    for clock, at in [*sent, *([("final", final)] if final else [])]:
        with tx.acting(carol, at):
            reference = f"CSIRT-{number}-{clock[:2].upper()}"
            actions.hand_in(tx, number=number, regime=_REGIME, clock=clock, instant=at, reference=reference)
