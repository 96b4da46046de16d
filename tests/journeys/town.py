"""A town to run journeys in: the cast, the example plan, Bob on call, a fake provider with its own log."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from quarterdeck.app import engine, wiring
from quarterdeck.app.reacting import Reactor
from quarterdeck.catalog import actions as catalog
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.kernel.time import ManualClock
from quarterdeck.notify.reactions.delivering import perform
from quarterdeck.notify.rules import Delivered, Message, NotifySettings, Outcome
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan import actions as plan
from quarterdeck.plan.sources.example import example_files
from quarterdeck.record import Claim, LeaseLost, Record, Tx, alarms
from tests.people import settle

HOLDERS = {"chief-information-officer": "dana", "incident-manager": "alice", "head-of-operations": "carol"}


def plan_files() -> dict[str, str]:
    """The example plan with the cast in its posts; whoever is not named below is Alice."""
    return {name: _held(text) for name, text in example_files().items()}


def _held(text: str) -> str:
    lines, holder = [], "alice"
    for line in text.splitlines():
        if line.startswith("  ") and not line.startswith("    "):
            holder = HOLDERS.get(line.strip().split(":")[0], "alice")
        lines.append(line.replace("login: admin", f"login: {holder}"))
    return "\n".join(lines) + "\n"


def furnish(record: Record) -> str:
    """People, a service, Bob's schedule, the plan; returns an intake key."""
    settle(record)
    layer = {
        "name": "Everyone",
        "rotation": "weekly",
        "starts": "2026-01-05",
        "handover": {"day": "mon", "time": "00:00"},
        "participants": ["bob"],
    }

    def put(tx: Tx) -> str:
        governance.add_team(tx, id="platform", name="Platform")
        governance.add_member(tx, team="platform", person="bob")
        catalog.add_service(tx, id="checkout", name="Checkout", team="platform", tier=1)
        oncall.revise_schedule(tx, id="primary", document={"title": "Primary", "zone": "UTC", "layers": [layer]})
        plan.adopt(tx, files=plan_files(), reason="For the journeys")
        return governance.issue_key(tx, label="Journeys", roles=("intake",))

    return record.perform(ENGINE, put)


@dataclass
class Provider:
    """Stands for a provider of messages: keeps a log of its own, and fails on demand."""

    log: list[Message] = field(default_factory=list)
    answers: list[Outcome] = field(default_factory=list)
    """Outcomes for the next messages; delivered once they are used up."""

    async def send(self, message: Message, address: str, settings: NotifySettings) -> Outcome:
        outcome = self.answers.pop(0) if self.answers else Delivered("accepted")
        if isinstance(outcome, Delivered):
            self.log.append(message)
        return outcome

    def received(self, purpose: str = "page") -> list[Message]:
        return [message for message in self.log if message.purpose == purpose]


@dataclass
class Town:
    """A house with its engine turned by hand: reactions, alarms and deliveries, until all is quiet."""

    record: Record
    clock: ManualClock
    provider: Provider = field(default_factory=Provider)
    settings: NotifySettings = field(
        default_factory=lambda: NotifySettings(secret_key="journeys-secret", base_url="http://testserver.local")
    )

    def __post_init__(self) -> None:
        self._reactor = Reactor(self.record, wiring.house().reactions)

    def settle(self) -> None:
        """Let the engine work until nothing is due now."""
        while engine.step(self._reactor) or self.deliver():
            pass

    def deliver(self) -> int:
        claims = engine.lease(self.record, 50)
        for claim in claims:
            if claim.stream.startswith("delivery/"):
                asyncio.run(self._send(claim))
        return len(claims)

    async def _send(self, claim: Claim) -> None:
        try:
            await perform(self.record, claim, self.settings, {"demo": self.provider.send})
        except LeaseLost:
            return

    def forward(self, **delta: float) -> None:
        """Move the clock, stopping wherever an alarm or a delivery is due."""
        self.settle()
        goal = ManualClock(self.clock.now()).forward(**delta)
        while True:
            with self.record.read() as conn:
                due = [at for at in (alarms.next_due(conn), alarms.next_leased(conn)) if at is not None]
            if not due or min(due) > goal:
                break
            self.clock.set(max(min(due), self.clock.now()))
            self.settle()
        self.clock.set(goal)
        self.settle()


def raised(key: str = "k1", title: str = "Checkout returns errors", **labels: str) -> dict[str, Any]:
    """The body of a PagerDuty trigger without its routing key."""
    details = {"service": "checkout", "severity": "critical", "alertname": "CheckoutErrors", **labels}
    payload = {"summary": title, "source": "probe", "severity": "critical", "component": "checkout"}
    return {"event_action": "trigger", "dedup_key": key, "payload": {**payload, "custom_details": details}}


def cleared(key: str = "k1") -> dict[str, Any]:
    return {"event_action": "resolve", "dedup_key": key}
