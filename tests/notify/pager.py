"""Works the leased deliveries of a house under test: lease, perform through given channels, move the clock."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import Instant, ManualClock
from quarterdeck.notify import actions
from quarterdeck.notify.events import DeliverySucceeded
from quarterdeck.notify.reactions.canary import CANARY
from quarterdeck.notify.reactions.delivering import Send, perform
from quarterdeck.notify.rules import Delivered, Message, NotifySettings, Outcome
from quarterdeck.record import Claim, alarms
from quarterdeck.record.history import after

SETTINGS = NotifySettings(secret_key="test-secret-key-of-the-house", base_url="https://im.example")
LEASE = timedelta(seconds=30)


@dataclass
class Provider:
    """A channel with its own log. `answers` are given in turn, the last for ever; an exception stands for a crash."""

    clock: ManualClock
    answers: list[Outcome | BaseException] = field(default_factory=lambda: [Delivered("ok")])
    log: list[tuple[Instant, str, Message]] = field(default_factory=list)
    before: Callable[[], None] = lambda: None

    async def send(self, message: Message, address: str, settings: NotifySettings) -> Outcome:
        self.log.append((self.clock.now(), address, message))
        self.before()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def texts(self) -> list[str]:
        return [message.short for _, _, message in self.log]


class Killed(BaseException):
    """The process died here."""


class Pager:
    """Everybody's methods are of kind demo and email; both lead to providers of ours."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.first = Provider(house.clock)
        self.second = Provider(house.clock)
        self.channels: Mapping[str, Send] = {"demo": self.first.send, "email": self.second.send}

    def person(self, login: str, *kinds: str) -> str:
        """Somebody who can be reached by these kinds, in this order."""

        def add(tx: Any) -> str:
            id = governance.add_person(
                tx, login=login, name=login.capitalize(), email=f"{login}@example.com", roles=("responder",)
            )
            for kind in kinds:
                address = login if kind == "demo" else f"{login}@example.com"
                actions.add_method(tx, person=id, kind=kind, address=address, assume_verified=True)
            return id

        id: str = self.house.record.perform(ENGINE, add)
        return id

    def page(
        self, person: str, number: int, urgency: int = 1, purpose: str = "page", text: str = "", drill: bool = False
    ) -> str:
        id: str = self.house.record.perform(
            ENGINE,
            lambda tx: actions.request(
                tx,
                person=person,
                about=f"incident/{number}",
                purpose=purpose,
                urgency=urgency,
                subject=f"INC-{number}",
                text=text or f"SEV{urgency + 1} INC-{number} Disk full",
                url_path="" if purpose == "page" else f"/incidents/{number}",
                drill=drill,
            ),
        )
        self.house.clock.forward(milliseconds=1)  # ids sort by their millisecond
        return id

    def claims(self, limit: int = 50) -> list[Claim]:
        record = self.house.record
        found: list[Claim] = record.perform(
            ENGINE, lambda tx: alarms.lease(record.store, tx.connection, tx.now, tx.now + LEASE, limit)
        )
        return [claim for claim in found if not claim.stream.startswith(f"{CANARY}/")]

    def perform(self, claim: Claim, settings: NotifySettings = SETTINGS) -> None:
        asyncio.run(perform(self.house.record, claim, settings, self.channels))

    def work(self) -> int:
        """Perform all that is due now; returns how many claims that were."""
        done = 0
        while claims := self.claims():
            for claim in claims:
                self.perform(claim)
            done += len(claims)
        return done

    def forward(self, **delta: float) -> None:
        """Move the clock, stopping wherever a delivery comes due."""
        goal = self.house.clock.now() + timedelta(**delta)
        self.work()
        while True:
            with self.house.record.read() as conn:
                due = alarms.next_leased(conn)
            if due is None or due > goal:
                break
            self.house.clock.set(max(due, self.house.clock.now()))
            self.work()
        self.house.clock.set(goal)

    def sent(self) -> list[DeliverySucceeded]:
        with self.house.record.read() as conn:
            rows = after(conn, self.house.record.codec, 0, (DeliverySucceeded,), 1000)
        return [row.event for row in rows]
