"""A stage for scenarios that may be crashed at one commit: the house dies, starts again, and the script goes on.

What is outside goes on living: the disk, the clock, the provider with its log, and the clients. A client whose request
died sends it again, as Alertmanager does; a person looks first, and presses again only what has not happened.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, select

from quarterdeck.app import wiring
from quarterdeck.command.projections import incident, incident_role, incident_task
from quarterdeck.intake import actions as intake
from quarterdeck.intake.api.writer import DOOR
from quarterdeck.intake.projections import signal_group
from quarterdeck.intake.sources import pagerduty
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.principal import ENGINE, Principal
from quarterdeck.kernel.time import ManualClock
from quarterdeck.learning.projections import review
from quarterdeck.notify.actions import redeem
from quarterdeck.notify.projections import delivery
from quarterdeck.oncall import actions as oncall
from quarterdeck.oncall.projections import escalation, page
from quarterdeck.record import Record, Tx, alarms
from quarterdeck.record.stores import Store
from quarterdeck.record.tables import parked, record
from tests.cast import BY_NAME
from tests.journeys.crash import CrashingStore, Moment, SimulatedCrash
from tests.journeys.town import Provider, Town, cleared, raised

T = TypeVar("T")


@dataclass
class Stage:
    """`at` and `moment`: the commit at which the house dies once; None: it never does."""

    disk: Store
    clock: ManualClock
    at: int | None = None
    moment: Moment = "before"
    provider: Provider = field(default_factory=Provider)
    accepted: set[str] = field(default_factory=set)
    """Keys of the signals that were answered with 202."""
    crashed: bool = False

    def __post_init__(self) -> None:
        self.store = CrashingStore(self.disk, self.at, self.moment)
        self._open(self.store)

    def _open(self, store: Any) -> None:
        self.record: Record = wiring.house().record(store, self.clock)
        self.town = Town(self.record, self.clock, self.provider)

    def _start_again(self) -> None:
        """What a start does: everything in memory is gone; the only engine of a SQLite file voids dead leases."""
        self.crashed = True
        self._open(self.disk)
        if self.disk.locks_on_begin:
            self.record.perform(ENGINE, lambda tx: alarms.void_leases(tx.connection, tx.now))

    def let_leases_end(self) -> None:
        """Where several engines may run, a dead one's leases run out by themselves: perhaps after the story's end."""
        self.record.perform(ENGINE, lambda tx: alarms.void_leases(tx.connection, tx.now))
        self.town.settle()

    def _survive(self, step: Callable[[], T]) -> T:
        try:
            return step()
        except SimulatedCrash:
            self._start_again()
            return step()

    # -- what clients, people and time do ------------------------------------------------------------

    def send(self, body: dict[str, Any]) -> None:
        parsed = pagerduty.parse(json.dumps({"routing_key": "x", **body}).encode(), "spare")
        self._survive(lambda: self.record.perform(DOOR, lambda tx: intake.accept(tx, parsed.arrivals)))
        self.accepted |= {arrival.key for arrival in parsed.arrivals}

    def alert(self, key: str = "k1", **labels: str) -> None:
        self.send(raised(key, **labels))

    def clear(self, key: str = "k1") -> None:
        self.send(cleared(key))

    def forward(self, **delta: float) -> None:
        goal = ManualClock(self.clock.now()).forward(**delta)
        self._survive(lambda: self.town.forward(seconds=(goal - self.clock.now()).total_seconds()))

    def act(self, name: str, act: Callable[[Tx], Any], done: Callable[[Connection], bool] | None = None) -> None:
        """Somebody of the cast acts. `done` is what a person looks at before pressing again."""

        def press() -> None:
            if self.crashed and done is not None and self.ask(done):
                return
            try:
                self.record.perform(BY_NAME[name], act)
            except Refused:
                if not self.crashed:
                    raise

        self._survive(press)

    def answer(self, person: str, how: str) -> None:
        """Answer the last page that reached this person, by its link."""
        who = BY_NAME[person]
        last = next(one for one in reversed(self.provider.received()) if self._to(one.delivery) == person)
        token = last.link.rpartition("/")[2]

        def act(tx: Tx) -> None:
            oncall.answer(tx, reply=redeem(tx, token=token, answer=how))

        self._survive(partial(self._pressed, who, act))

    def _pressed(self, who: Principal, act: Callable[[Tx], Any]) -> None:
        try:
            self.record.perform(who, act)
        except Refused as refusal:
            if refusal.reason != "LinkUsed" or not self.crashed:
                raise

    def ask(self, view: Callable[[Connection], T]) -> T:
        with self.record.read() as conn:
            return view(conn)

    def _to(self, id: str) -> str:
        whose = select(delivery.c.person).where(delivery.c.delivery == id)
        return self.ask(lambda conn: str(conn.execute(whose).scalar()))

    # -- what is left at the end -----------------------------------------------------------------

    def end(self) -> "Ending":
        with self.record.read() as conn:
            people = {row.delivery: row.person for row in conn.execute(select(delivery))}
            return Ending(
                states=_states(conn),
                signals=frozenset(
                    row.stream for row in conn.execute(select(record.c.stream)) if _is_signal(row.stream)
                ),
                keys={message.key: people.get(message.delivery, "") for message in self.provider.log},
                sent=Counter(message.key for message in self.provider.log),
                parked=[tuple(map(str, row)) for row in conn.execute(select(parked))],
            )


def _is_signal(stream: str) -> bool:
    return stream.startswith("signal/")


@dataclass(frozen=True)
class Ending:
    """`states` has what everybody would see, without ids and instants; `keys`: message key → person."""

    states: dict[str, Counter[tuple[Any, ...]]]
    signals: frozenset[str]
    keys: dict[str, str]
    sent: Counter[str]
    parked: list[tuple[str, ...]]


def _states(conn: Connection) -> dict[str, Counter[tuple[Any, ...]]]:
    def rows(*columns: Any) -> Counter[tuple[Any, ...]]:
        return Counter(tuple(row) for row in conn.execute(select(*columns)))

    i, t, e, d = incident.c, incident_task.c, escalation.c, delivery.c
    return {
        "incidents": rows(i.number, i.state, i.severity, i.commander, i.review, i.merged_into, i.plan_revision),
        "roles": rows(incident_role.c.number, incident_role.c.role, incident_role.c.person),
        "tasks": rows(t.number, t.task, t.state, t.overdue, t.answer),
        "escalations": rows(e.number, e.status, e.level, e.round, e.acknowledged_by, e.severity),
        "pages": rows(page.c.number, page.c.step, page.c.person, page.c.declined, page.c.failed),
        "deliveries": rows(d.person, d.about, d.purpose, d.state, d.answer),
        "reviews": rows(review.c.number, review.c.state, review.c.overdue),
        "groups": rows(signal_group.c.state, signal_group.c.number),
    }


def times(most: int, step: Sequence[int]) -> list[int]:
    """At most so many of the points, spread evenly, the first and the last among them."""
    if len(step) <= most:
        return list(step)
    return sorted({step[round(i * (len(step) - 1) / (most - 1))] for i in range(most)})


MINUTE = timedelta(minutes=1)
