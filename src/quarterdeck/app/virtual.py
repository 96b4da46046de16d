"""A house on trial: every room wired to a store of its own under a clock that moves when told to. Nothing leaves it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from quarterdeck.app import engine, wiring
from quarterdeck.app.reacting import Reactor
from quarterdeck.kernel.ids import secret
from quarterdeck.kernel.time import Instant, ManualClock
from quarterdeck.notify.reactions.delivering import perform
from quarterdeck.notify.rules import Delivered, Message, NotifySettings, Outcome
from quarterdeck.record import Claim, LeaseLost, Record, alarms, open_store, schema
from quarterdeck.record.local import Sent

Send = Callable[[Message, str, NotifySettings], Awaitable[Outcome]]


class _EveryKind(dict[str, Send]):
    """Whatever way a person is reached by, the message stays here."""

    def __init__(self, send: Send) -> None:
        super().__init__()
        self._send = send

    def __missing__(self, kind: str) -> Send:
        return self._send


class Virtual:
    """`sent`: every message with the instant at which it would have gone out."""

    def __init__(self, record: Record, clock: ManualClock) -> None:
        self.record, self.clock = record, clock
        self.sent: list[Sent] = []
        self._reactor = Reactor(record, wiring.house().reactions)
        self._settings = NotifySettings(secret_key=secret("qv"), base_url="http://virtual.invalid")
        self._channels = _EveryKind(self._take)

    async def _take(self, message: Message, address: str, settings: NotifySettings) -> Outcome:
        self.sent.append(Sent(self.clock.now(), address, message.purpose, message.about, message.text))
        return Delivered("on trial")

    def settle(self) -> None:
        """The engine's work, until nothing is due now."""
        while engine.step(self._reactor) or self._deliver():
            pass

    def next_due(self) -> Instant | None:
        """When something happens by itself again."""
        with self.record.read() as conn:
            due = [at for at in (alarms.next_due(conn), alarms.next_leased(conn)) if at is not None]
        return min(due, default=None)

    def forward(self, to: Instant) -> None:
        """Move the clock, stopping wherever an alarm or a delivery is due."""
        self.settle()
        while (due := self.next_due()) is not None and due <= to:
            self.clock.set(max(due, self.clock.now()))
            self.settle()
        self.clock.set(max(to, self.clock.now()))
        self.settle()

    def _deliver(self) -> int:
        claims = engine.lease(self.record, 50)
        for claim in claims:
            if claim.stream.startswith("delivery/"):
                asyncio.run(self._send(claim))
        return len(claims)

    async def _send(self, claim: Claim) -> None:
        try:
            await perform(self.record, claim, self._settings, self._channels)
        except LeaseLost:
            return


@contextmanager
def virtual_house(start: Instant) -> Iterator[Virtual]:
    """Empty, at this instant; gone afterwards."""
    with TemporaryDirectory(prefix="quarterdeck-") as folder:
        clock = ManualClock(start)
        record = wiring.house().record(open_store(f"sqlite:///{Path(folder) / 'trial.db'}"), clock)
        try:
            schema.create(record)
            yield Virtual(record, clock)
        finally:
            record.close()


__all__ = ["Virtual", "virtual_house"]
