"""The first journey, told: each step is done on the real machinery and answered from the record."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx2
from sqlalchemy import func, select

from quarterdeck.app.demo import company, stage
from quarterdeck.command import actions as command
from quarterdeck.command.state import incident as incident_of
from quarterdeck.direction.views.reporting import executive
from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import monotonic
from quarterdeck.learning import views as learning
from quarterdeck.notify.kept import demo_phone
from quarterdeck.notify.views import health
from quarterdeck.record.tables import record as journal
from quarterdeck.record.verify import verify

PATIENCE = 30.0
"""Seconds that a step waits for the machinery before it says that it did not happen."""


@dataclass
class Line:
    """One sentence of the story, when it was said (seconds since the start), and the command that does the same."""

    at: float
    text: str
    command: str


class DidNotHappen(QuarterdeckError):
    """The story broke: what was awaited did not come. The demo ends with exit code 1."""


@dataclass
class Story:
    """The steps in order; `next` is the name of the one that may be taken now."""

    stage: stage.Stage
    lines: list[Line] = field(default_factory=list)
    next: str = "storm"
    number: int | None = None
    accepted: int = 0
    busy: bool = False
    began: float = field(default_factory=monotonic)

    @property
    def you(self) -> Principal:
        return self.stage.people[company.YOU]

    def say(self, text: str, command: str) -> None:
        self.lines.append(Line(monotonic() - self.began, text, command.format(home=self.stage.home, n=self.number)))

    # -- the steps ---------------------------------------------------------------------------

    def storm(self) -> None:
        """1,240 alerts arrive, fold into one incident, and ring one phone once."""
        self.accepted = 0
        began = monotonic()
        self.stage.storm(self._count)
        took = monotonic() - began
        self.say(
            f"{self.accepted:,} alerts accepted and on disk in {took:.1f} s.",
            "curl -d @alerts.json http://…/intake/alertmanager/KEY   (quarterdeck signal send --home {home} …)",
        )
        self.number = self.await_("an incident", self._newest)
        self.say(f"They are one incident: INC-{self.number}.", "quarterdeck incident show {n} --home {home}")
        self.await_("a page on the phone", lambda: self._pages(self.number) or None)
        rings = sum(message.times for message in self._pages(self.number))
        self.say(
            f"Your phone rang {'once' if rings == 1 else f'{rings} times'}.", "quarterdeck oncall now --home {home}"
        )
        self.next = "acknowledge"

    def acknowledge(self) -> None:
        """Answer the page through its own link, as a thumb does."""
        (page,) = self._pages(self.number)
        answer = httpx2.post(page.link, data={"answer": "ack"}, headers={"Sec-Fetch-Site": "same-origin"}, timeout=10)
        if answer.status_code >= 400:
            raise DidNotHappen(f"The page could not be acknowledged: {answer.status_code} {answer.text[:300]}")
        self.acknowledged()

    def acknowledged(self) -> None:
        """The page was answered, by the step above or by the newcomer's own tap."""
        found = self.await_("the acknowledgement", self._acknowledged_at)
        self.say(
            f"Acknowledged at {found:%H:%M:%S}; the escalation stopped in the same transaction. You command.",
            "quarterdeck oncall ack {n} --home {home}",
        )
        self.next = "plug"

    def plug(self) -> None:
        """Kill the engine while a page is on its way, start it again, and count."""
        before = {message.key for message in self.stage.messages()}
        everybodys = self._all_keys()
        self.stage.alert("Card payments declined by the provider", "payments", "demo-plug")
        pid = self.stage.engine.pid
        caught = self.stage.kill_in_mid_page(everybodys)
        if not caught:
            self.stage.kill()
        self.say(
            f"Engine {pid} was killed (-9) {'in mid-page' if caught else 'while idle'}.",
            f"kill -9 {pid}; quarterdeck engine --home {{home}}",
        )
        self.stage.restart()
        fresh = self.await_("the interrupted page", lambda: self._settled(before))
        twice = sum(message.times - 1 for message in fresh)
        asked, lost = self._pages_asked_and_lost()
        self.say(
            f"It started again. Of {asked} messages asked for, {lost} are lost;"
            f" sent a second time, with the same key: {twice}.",
            "quarterdeck pager health --home {home}",
        )
        self.next = "tick"

    def tick(self) -> None:
        """Work through the plan's steps."""
        tasks = self._tasks()
        for task in tasks[:3]:
            evidence = "Error rate falls: 38% to 4% in five minutes." if task.evidence else None
            answer = next(iter(task.answers)) if task.answers else None
            self._act(partial(command.complete_task, task=task.id, evidence=evidence, answer=answer))
        left = len(self._tasks())
        self.say(
            f"{len(tasks[:3])} steps of the plan are done, {left} are open, each with its deadline.",
            "quarterdeck incident task {n} --home {home}",
        )
        self.next = "resolve"

    def resolve(self) -> None:
        """Customers are served again; the review opens by the plan's own rule."""
        self._act(command.mitigate)
        self._act(partial(command.resolve, reason="Release 812 was rolled back."))
        self.say("Resolved.", "quarterdeck incident resolve {n} --reason 'Release 812 was rolled back.' --home {home}")
        due = self.await_("the review", self._review_due)
        self.say(
            f"A review is due by {due:%A %d %B, %H:%M} UTC, as the plan says for this severity.",
            "quarterdeck review list --home {home}",
        )
        self.next = "verify"

    def verify(self) -> None:
        """Prove that the record is whole; then what senior management is told."""
        verdict = verify(self.stage.record)
        if verdict.faults:
            raise DidNotHappen("The record is not whole: " + verdict.faults[0])
        self.say(
            f"{verdict.events:,} events on {verdict.streams:,} streams; every chain holds.",
            "quarterdeck verify --home {home}",
        )
        with self.stage.record.read() as conn:
            page = executive(conn, self.stage.record.clock.now())
        self.say(f"The executive page says: {page.headline}", "quarterdeck report executive --home {home}")
        self.next = "end"

    # -- what is awaited and asked -------------------------------------------------------------

    def await_(self, what: str, found: Callable[[], Any]) -> Any:
        end = monotonic() + PATIENCE
        while monotonic() < end:
            value = found()
            if value is not None:
                return value
            time.sleep(0.05)
        raise DidNotHappen(f"Waited {PATIENCE:.0f} s for {what}; it did not come. See {self.stage.home}/engine.log.")

    def _count(self, sent: int) -> None:
        self.accepted = sent

    def _newest(self) -> int | None:
        with self.stage.record.read() as conn:
            query = select(func.max(journal.c.position)).where(journal.c.type == "command.IncidentDeclared")
            position = conn.execute(query).scalar()
            row = conn.execute(select(journal.c.stream, journal.c.actor).where(journal.c.position == position)).one()
        return int(row.stream.partition("/")[2]) if row.actor == "engine" else None

    def _pages(self, number: int | None) -> list[Any]:
        return [m for m in self.stage.messages() if m.purpose == "page" and f"INC-{number}" in m.text]

    def _settled(self, before: set[str]) -> list[Any] | None:
        """The new pages, once no delivery is under way any more."""
        fresh = [m for m in self.stage.messages() if m.purpose == "page" and m.key not in before]
        with self.stage.record.read() as conn:
            return fresh if fresh and health(conn, self.stage.record.clock.now()).pending == 0 else None

    def _all_keys(self) -> set[str]:
        with self.stage.record.read() as conn:
            return set(conn.execute(select(demo_phone.c.key)).scalars())

    def _pages_asked_and_lost(self) -> tuple[int, int]:
        """From the record: deliveries asked for, and those that ended in nothing (abandoned, or without an end)."""
        ends = ("DeliverySucceeded", "DeliveryCombined", "DeliveryWithdrawn")
        with self.stage.record.read() as conn:
            asked = set(
                conn.execute(select(journal.c.stream).where(journal.c.type == "notify.DeliveryRequested")).scalars()
            )
            names = [f"notify.{end}" for end in ends]
            ended = set(conn.execute(select(journal.c.stream).where(journal.c.type.in_(names))).scalars())
        return len(asked), len(asked - ended)

    def _incident(self) -> Any:
        return self.stage.record.perform(self.you, lambda tx: incident_of(tx, self.number or 0))

    def _acknowledged_at(self) -> Any:
        return self._incident().acknowledged_at

    def _tasks(self) -> list[Any]:
        return [task for task in self._incident().tasks.values() if task.state == "open"]

    def _act(self, act: Callable[..., Any]) -> None:
        self.stage.record.perform(self.you, lambda tx: act(tx, number=self.number))

    def _review_due(self) -> Any:
        with self.stage.record.read() as conn:
            review = learning.review(conn, self.number or 0)
        return review.due if review else None


STEPS = ("storm", "acknowledge", "plug", "tick", "resolve", "verify")


__all__ = ["STEPS", "DidNotHappen", "Story"]
