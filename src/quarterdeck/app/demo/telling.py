"""What the demo's customers were told: an update, a last word, and once what was learned."""

from collections.abc import Sequence

from quarterdeck.comms import actions as comms
from quarterdeck.comms.state import communication
from quarterdeck.record import Tx

SIGN_IN = "Sign-in fails after release"
SAID = {
    "Card payments declined by the provider": (
        "About a third of card payments fail.",
        "PayPal and invoice work.",
        "All payments work.",
    ),
    SIGN_IN: (
        "Some customers cannot sign in.",
        "Whoever is signed in can go on.",
        "Everybody can sign in.",
    ),
    "Checkout returns errors in one region": (
        "Some orders fail in one region.",
        "A second try mostly works.",
        "Orders work everywhere.",
    ),
}
"""By the incident's title: what does not work, what does, and how it ended."""
LEARNED = """\
A release changed a default that sign-in relied on, and our tests did not look at it.

- The default is now **set in one place** and tested before each release.
- We can take a release back in four minutes instead of twenty.
"""


def begin(tx: Tx, number: int, title: str) -> bool:
    """The first update to customers; whether they are told at all, by the plan."""
    if title not in SAID:
        return False
    comms.begin(tx, number=number)
    state = communication(tx, number)
    if state is None or "customers" not in state.concerned:
        return False
    impact, workaround, _ = SAID[title]
    fields = {"impact": impact, "workaround": workaround}
    comms.send_update(tx, number=number, fields=fields, audiences=["customers"], by_pace=True)
    return True


def end(tx: Tx, number: int, title: str, *, told: bool) -> None:
    """The clocks stop, if they ran, and whoever was told hears a last time."""
    comms.stop(tx, number=number, reason="resolved")
    if told:
        comms.send_update(tx, number=number, fields={"impact": SAID[title][2]}, audiences=["customers"])


def learned(tx: Tx, numbers: Sequence[int]) -> None:
    """What came of the latest of them that customers were told of."""
    any(comms.publish_notice(tx, number=one, audience="customers", text=LEARNED) for one in reversed(numbers))
