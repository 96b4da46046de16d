"""A scripted team for rehearsals: it answers, takes roles, does each step and tells each audience as the plan asks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import Connection

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.command.views import IncidentRow
from quarterdeck.comms import actions as comms
from quarterdeck.comms.views import communication, elevations
from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall import actions as oncall
from quarterdeck.plan.rules import Plan
from quarterdeck.readiness import views
from quarterdeck.readiness.rules.scenario import Expectation
from quarterdeck.readiness.views import Sheet
from quarterdeck.record import Tx
from quarterdeck.record.local import Sandbox

TAKES_A_ROLE = timedelta(minutes=2)
"""After the acknowledgement: how soon the commander names the others."""
_ROLES = frozenset({"manager"})


@dataclass(frozen=True)
class Script:
    """`answer`: minutes until somebody who is paged answers; None: nobody does. `pace`: of each deadline, 1 is the last
    minute, more is late."""

    answer: int | None = 3
    pace: float = 0.8


@dataclass(frozen=True)
class Stumble:
    """What the team could not do, and why: usually a hole in the plan."""

    at: Instant
    what: str
    why: str


@dataclass(frozen=True)
class _Todo:
    """`number`: the incident; nothing is done about one that is over. `due`: an update that was due then."""

    at: Instant
    who: str
    what: str
    act: Callable[[Tx], object]
    number: int
    due: tuple[str, Instant] | None = None


@dataclass
class Team:
    """Plays until `over`. What it will do is decided once for each task, audience, page and expectation."""

    sandbox: Sandbox
    exercise: int
    script: Script
    stumbles: list[Stumble] = field(default_factory=list)
    _todo: dict[tuple[object, ...], _Todo | None] = field(default_factory=dict)
    _seen: int = 0

    def play(self, until: Instant) -> None:
        """Let time pass, the engine work and the team act, in order, until this instant."""
        self.sandbox.settle()
        self._look()
        while True:
            at = min((one.at for one in self._todo.values() if one), default=until)
            due = self.sandbox.next_due()
            following = min(at, until if due is None else due)
            if following >= until:
                break
            self.sandbox.forward(max(following, self.sandbox.clock.now()))
            self._act()
            self._look()
        self.sandbox.forward(until)

    def _act(self) -> None:
        now = self.sandbox.clock.now()
        ready = [(one.at, key) for key, one in self._todo.items() if one and one.at <= now]
        for _, key in sorted(ready, key=lambda pair: pair[0]):
            todo, self._todo[key] = self._todo[key], None
            if todo is None or not self._wanted(todo):
                continue
            try:
                self.sandbox.record.perform(Principal(f"person/{todo.who}", _ROLES), todo.act)
            except QuarterdeckError as error:
                self.stumbles.append(Stumble(now, todo.what, str(error)))
            self.sandbox.settle()

    def _wanted(self, todo: _Todo) -> bool:
        """The incident still goes on, and the update has not been sent meanwhile."""
        with self.sandbox.record.read() as conn:
            if incidents.incident(conn, todo.number).over:
                return False
            told = communication(conn, todo.number) if todo.due else None
        return told is None or todo.due in [(one.audience, one.due) for one in told.audiences]

    def _will(self, key: tuple[object, ...], todo: _Todo) -> None:
        if key not in self._todo:
            self._todo[key] = todo

    def _of(self, due: Instant) -> Instant:
        """When the team does what is due then, seen from now."""
        now = self.sandbox.clock.now()
        return now + max(due - now, timedelta()) * self.script.pace

    # -- looking ---------------------------------------------------------------------------------

    def _look(self) -> None:
        with self.sandbox.record.read() as conn:
            sheet = views.sheet(conn, self.exercise)
            for row in sheet.incidents:
                if not row.over:
                    self._incident(conn, sheet, row)
        self._messages(sheet)

    def _messages(self, sheet: Sheet) -> None:
        for sent in self.sandbox.sent[self._seen :]:
            if sent.purpose != "page" or self.script.answer is None or self._away(sheet, sent.to, sent.at):
                continue
            number = int(sent.about.partition("/")[2])
            at = sent.at + timedelta(minutes=self.script.answer)
            todo = _Todo(at, sent.to, f"acknowledge INC-{number}", _acknowledge(number), number)
            self._will(("ack", number), todo)
        self._seen = len(self.sandbox.sent)

    def _away(self, sheet: Sheet, person: str, at: Instant) -> bool:
        """The scenario says that this person cannot be had."""
        told = {sent.to for sent in self.sandbox.sent if sent.purpose == "exercise" and "cannot be had" in sent.text}
        if person not in told:
            return False
        spans = [(one.inject.at, one.inject.unavailable.minutes) for one in sheet.injects if one.inject.unavailable]
        return any(
            sheet.state.at(start) <= at and (minutes is None or at < sheet.state.at(start + minutes))
            for start, minutes in spans
        )

    def _incident(self, conn: Connection, sheet: Sheet, row: IncidentRow) -> None:
        if row.acknowledged_at is None:
            return
        lead, number = row.commander, row.number
        for task in incidents.tasks(conn, number):
            if task.state == "open" and task.due is not None and not task.waits_for:
                answer = next(iter(task.answers or {}), None)
                act = _complete(number, task.id, answer)
                self._will(
                    ("task", number, task.id), _Todo(self._of(task.due), lead, f"do “{task.title}”", act, number)
                )
        told = communication(conn, number)
        for audience in told.audiences if told and told.status == "running" else ():
            if audience.due is not None:
                at, due = self._of(audience.due), (audience.audience, audience.due)
                act = _update(number, audience.audience)
                self._will(("update", number, *due), _Todo(at, lead, f"tell {audience.title}", act, number, due))
        for one in elevations(conn, number):
            if one.acknowledged_at is None and self.script.answer is not None:
                at = self.sandbox.clock.now() + timedelta(minutes=self.script.answer)
                act = _note_elevation(number, one.elevation)
                todo = _Todo(at, lead, f"take note of “{one.title}”", act, number)
                self._will(("elevation", number, one.elevation), todo)
        for expected in sheet.state.scenario.expected:
            self._expected(sheet, row, expected)

    def _expected(self, sheet: Sheet, row: IncidentRow, expected: Expectation) -> None:
        """What the plan sets no deadline for, the team does as the scenario expects it."""
        if expected.id in sheet.state.met:
            return
        key, at = (expected.what, row.number, expected.id), self._of(sheet.state.deadline(expected))
        lead, number = row.commander, row.number
        match expected.what:
            case "role" if expected.of and expected.of != sheet.plan.commander:
                early = min(at, self.sandbox.clock.now() + TAKES_A_ROLE)
                act = _assign(number, expected.of, _holder(sheet.plan, expected.of) or lead)
                self._will(key, _Todo(early, lead, f"name the {expected.of}", act, number))
            case "mitigated":
                self._will(key, _Todo(at, lead, "end the harm", _mitigate(number), number))
            case "resolved":
                self._will(key, _Todo(at, lead, "resolve it", _resolve(number), number))
            case "severity" if expected.of and row.severity > expected.of:
                self._will(key, _Todo(at, lead, f"raise it to {expected.of}", _raise(number, expected.of), number))


def _holder(plan: Plan, role: str) -> str | None:
    """The login of the post that fills the role by itself."""
    target = plan.roles[role].filled_by if role in plan.roles else None
    post = plan.posts.get((target or "").removeprefix("post:"))
    return post.login if post else None


# -- what people do ----------------------------------------------------------------------------------


def _acknowledge(number: int) -> Callable[[Tx], object]:
    return lambda tx: oncall.acknowledge(tx, number=number)


def _complete(number: int, task: str, answer: str | None) -> Callable[[Tx], object]:
    return lambda tx: command.complete_task(tx, number=number, task=task, evidence="Rehearsed.", answer=answer)


def _update(number: int, audience: str) -> Callable[[Tx], object]:
    return lambda tx: comms.send_update(
        tx, number=number, fields={"impact": "Rehearsed."}, by_pace=True, audiences=[audience]
    )


def _note_elevation(number: int, elevation: str) -> Callable[[Tx], object]:
    return lambda tx: comms.acknowledge_elevation(tx, number=number, elevation=elevation)


def _assign(number: int, role: str, person: str) -> Callable[[Tx], object]:
    return lambda tx: command.assign_role(tx, number=number, role=role, person=person)


def _mitigate(number: int) -> Callable[[Tx], object]:
    return lambda tx: command.mitigate(tx, number=number, how="Rehearsed.")


def _resolve(number: int) -> Callable[[Tx], object]:
    return lambda tx: command.resolve(tx, number=number, reason="Rehearsed.")


def _raise(number: int, severity: str) -> Callable[[Tx], object]:
    return lambda tx: command.change_severity(tx, number=number, severity=severity, reason="Rehearsed.")
