"""What the engine runs for this room: the performers of deliveries and of the canary. The room reacts to no events."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from quarterdeck.kernel.ids import secret
from quarterdeck.notify.channels import demo, email, loopback, ntfy, slack, webhook
from quarterdeck.notify.reactions.attaching import Attach
from quarterdeck.notify.reactions.canary import CANARY, fly, keep_canary
from quarterdeck.notify.reactions.delivering import Send, perform
from quarterdeck.notify.rules import DELIVERY, NotifySettings
from quarterdeck.record import Claim, Record

Performer = Callable[[Record, Claim], Coroutine[Any, Any, None]]


def performers(
    settings: NotifySettings, documents: Mapping[str, Attach] = MappingProxyType({})
) -> dict[str, Performer]:
    """By lifecycle, for the engine: `delivery`, and the canary that proves the path.

    `documents`: what can go along by mail, by the kind of stream; the rooms above bring them (`DOCUMENTS`).
    """
    if not settings.secret_key:
        settings = replace(settings, secret_key=secret("links"))

    async def deliver(record: Record, claim: Claim) -> None:
        await perform(record, claim, settings, channels(record), documents)

    async def canary(record: Record, claim: Claim) -> None:
        await fly(record, claim, settings, loopback.Loopback(record).send)

    return {DELIVERY.name: deliver, CANARY: canary}


def channels(record: Record) -> Mapping[str, Send]:
    """Every way out, by the kind of contact method that uses it."""
    return {
        "email": email.send,
        "webhook": webhook.send,
        "ntfy": ntfy.send,
        "slack": slack.send,
        "demo": demo.Demo(record).send,
    }


def chores(record: Record, settings: NotifySettings) -> Sequence[Callable[[], Any]]:
    """What the engine calls about once a second."""
    return (lambda: keep_canary(record),)


PERFORMERS = performers(NotifySettings())
"""With default settings, for a house that has no home (tests); `run.py` calls `performers` with the home's own."""
