"""A small company under a real server and a real engine process, with an incident in every state."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from quarterdeck.app import settings
from quarterdeck.app.demo.stage import Stage, open_doors, set_up
from quarterdeck.command import actions as command
from quarterdeck.command.state import incident
from quarterdeck.comms import actions as comms
from quarterdeck.comms.state import communication
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE
from quarterdeck.plan import actions as plan

T = TypeVar("T")
PATIENCE = 20.0
PAGED = "Checkout API: 38% of EU payments fail"


@dataclass
class Company:
    """`numbers` names an incident for every state; `triage` is the one that rang."""

    stage: Stage
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return self.stage.base_url

    def session(self, login: str) -> str:
        """A session's token, as signing in gives it."""
        return self.stage.record.perform(ENGINE, lambda tx: governance.open_session(tx, person=self.id_of(login)))

    def key(self, *roles: str) -> str:
        """An API key: somebody else acts with it."""
        return self.stage.record.perform(ENGINE, lambda tx: governance.issue_key(tx, label="Somebody", roles=roles))

    def id_of(self, login: str) -> str:
        return self.stage.people[login].id.removeprefix("person/")

    def act(self, login: str, act: Callable[..., T], number: int, **named: Any) -> T:
        return self.stage.record.perform(self.stage.people[login], lambda tx: act(tx, number=number, **named))

    def declare(self, title: str, **named: Any) -> int:
        """Declared by Alice, who commands it."""
        declare = partial(command.declare, title=title, commander=self.id_of("alice"), **named)
        return self.stage.record.perform(self.stage.people["alice"], declare)

    def found(self, number: int) -> Any:
        return self.stage.record.perform(ENGINE, lambda tx: incident(tx, number))

    def page_of(self, number: int) -> str:
        """The path of the link in the page that rang for this incident."""

        def rung() -> str | None:
            texts = [m for m in self.stage.messages() if m.purpose == "page" and f"INC-{number}" in m.text]
            return urlsplit(texts[0].link).path if texts else None

        return until(rung)


def until(found: Callable[[], T | None]) -> T:
    """What `found` gives as soon as it gives something; the engine is a process of its own and takes its time."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = found()
        if value is not None:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE:.0f} s in vain")


def open_company() -> Company:
    """Twelve weeks of history, and on top of it one incident for each state; `company.stage.close()` ends it."""
    company = Company(set_up(0))
    try:
        _let_the_phone_ring(company.stage)
        open_doors(company.stage, [])
        _furnish(company)
    except BaseException:
        company.stage.close(keep=False)
        raise
    return company


def _let_the_phone_ring(stage: Stage) -> None:
    """Three messages in a quarter of an hour is what one person gets, then pacing holds them; these tests page more."""
    config = stage.home / settings.FILE
    config.write_text(config.read_text() + "pace_messages = 100\n", encoding="utf-8")
    stage.kill()
    stage.restart()


def _furnish(company: Company) -> None:
    outage = {"type": "service-outage", "impact": "extensive", "urgency": "high", "service": "checkout"}
    small = {"type": "degraded-performance", "impact": "minor", "urgency": "low", "service": "warehouse"}
    numbers, act = company.numbers, company.act
    company.stage.alert(PAGED, "checkout", "paged")
    numbers["triage"] = until(lambda: _newest(company, PAGED))
    numbers["active"] = company.declare("Card payments declined by the provider", **outage)
    act("alice", command.acknowledge, numbers["active"])
    act("alice", command.state_impact, numbers["active"], statement="38% of EU card payments fail since 02:58.")
    until(lambda: company.stage.record.perform(ENGINE, lambda tx: communication(tx, numbers["active"])))
    words = {"impact": "A third of card payments fail.", "workaround": "PayPal works."}
    act("alice", comms.send_update, numbers["active"], fields=words, by_pace=True, audiences=["customers"])
    act("bob", command.note, numbers["active"], text="Suspect release 812. Rolling back.")
    numbers["mitigated"] = company.declare("Stock figures late by an hour", **small)
    act("alice", command.mitigate, numbers["mitigated"], how="Switched to the reserve.")
    numbers["reviewing"] = company.declare("Sign-in fails after release", **{**outage, "service": "identity"})
    act("alice", command.acknowledge, numbers["reviewing"])
    act("alice", command.mitigate, numbers["reviewing"])
    act("alice", command.resolve, numbers["reviewing"], reason="Rolled back.")
    numbers["resolved"] = company.declare("Search returns nothing for some words", **small)
    act("alice", command.mitigate, numbers["resolved"])
    act("alice", command.resolve, numbers["resolved"], reason="The index was built anew.")
    numbers["closed"] = 1
    numbers["declined"] = company.declare("One customer calls about a slow page")
    act("alice", command.decline, numbers["declined"], reason="Her own network.")
    numbers["cancelled"] = company.declare("Declared twice by a slip", **small)
    act("alice", command.cancel, numbers["cancelled"], reason="A slip.")
    numbers["merged"] = company.declare("Payments fail in the shop", **small)
    act("alice", command.merge, numbers["merged"], into=numbers["active"])
    numbers["draft"] = company.stage.record.perform(
        company.stage.people["alice"], lambda tx: plan.open_draft(tx, title="Tell customers sooner")
    )
    until(lambda: company.found(numbers["reviewing"]).state == "reviewing" or None)


def _newest(company: Company, title: str) -> int | None:
    from quarterdeck.command.views import Filters, incidents

    with company.stage.record.read() as conn:
        rows = incidents(conn, Filters(text=title), limit=1).items
    return int(rows[0].number) if rows else None
