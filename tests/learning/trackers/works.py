"""A house whose engine performs tickets and trackers against local servers, under the test's own clock."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from quarterdeck.kernel.principal import ENGINE
from quarterdeck.learning import actions
from quarterdeck.learning.channels import ADAPTERS
from quarterdeck.learning.reactions import performers
from quarterdeck.learning.rules.tracker import Place
from quarterdeck.notify.rules import NotifySettings
from quarterdeck.record import Claim, alarms
from tests.cast import ADMIN, ALICE
from tests.conftest import House
from tests.learning.trackers.server import TOKEN

SETTINGS = NotifySettings(
    base_url="https://im.example", outbound_allow=("127.0.0.1/32",), attempt_seconds=3.0, secret_key="of-the-tests"
)
LEASE = timedelta(seconds=30)


class Killed(BaseException):
    """The process died here."""


class _Dying:
    """An adapter whose process dies as soon as the issue stands."""

    def __init__(self, adapter: Any) -> None:
        self._adapter = adapter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._adapter, name)

    async def create(self, call: Any, draft: Any) -> Any:
        await self._adapter.create(call, draft)
        raise Killed


class Works:
    """`work` performs what is due until nothing is; `forward` moves the clock on first."""

    def __init__(self, house: House, adapters: Mapping[str, Any] = ADAPTERS) -> None:
        self.house = house
        self.performers = performers(SETTINGS, adapters)
        self.dying = performers(SETTINGS, {kind: _Dying(adapter) for kind, adapter in adapters.items()})

    def tracker(self, kind: str, url: str, project: str, sends: str = "all", id: str = "web", **more: Any) -> str:
        """Returns its webhook's secret."""
        place = Place("", url, project, sends=sends, **more)
        return self.house.perform(
            lambda tx: actions.add_tracker(tx, tracker=id, kind=kind, place=place, token=TOKEN), by=ADMIN
        )

    def agreed(self, title: str = "Ring earlier", owner: str = "bob", **facts: Any) -> int:
        """An improvement action, agreed on."""

        def act(tx: Any) -> int:
            if "lesson" in facts:
                actions.validate_lesson(tx, number=facts["lesson"])
            number = actions.propose_action(tx, title=title, owner=owner, **facts)
            actions.agree_action(tx, number=number)
            return number

        return self.house.perform(act, by=ALICE)

    def claims(self) -> list[Claim]:
        record = self.house.record
        return record.perform(
            ENGINE, lambda tx: alarms.lease(record.store, tx.connection, tx.now, tx.now + LEASE, limit=20)
        )

    def perform(self, claim: Claim, *, dies: bool = False) -> None:
        """With `dies` the process ends after the request was answered and before anything is recorded of it."""
        chosen = self.dying if dies else self.performers
        asyncio.run(chosen[claim.stream.partition("/")[0]](self.house.record, claim))

    def work(self) -> int:
        """Reactions and due claims, until there is nothing to do now."""
        done = 0
        self.house.run_until_idle()
        while claims := [claim for claim in self.claims() if not claim.stream.startswith("delivery/")]:
            for claim in claims:
                self.perform(claim)
            done += len(claims)
            self.house.run_until_idle()
        return done

    def forward(self, **delta: float) -> None:
        """Move the clock, then perform what is due by then."""
        self.house.clock.set(self.house.clock.now() + timedelta(**delta))
        self.work()
