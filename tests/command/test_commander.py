"""Whatever anybody decides, in whatever order: one commander at every instant, and one person in each role."""

import contextlib
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from quarterdeck.command import events as ev
from quarterdeck.command import rules
from quarterdeck.command.rules import INCIDENT, STATES, Incident
from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.kernel.events import Event
from tests.command.situations import NOON, declared

PEOPLE = st.sampled_from(("alice", "bob", "carol", "dana"))
ROLES = ("incident-commander", "scribe", "communications-lead")


class Command(RuleBasedStateMachine):
    """Random decisions by random people; refusals are part of it."""

    @initialize(person=PEOPLE, by_default=st.booleans())
    def declare(self, person: str, by_default: bool) -> None:
        self.events: list[Event] = [declared(commander=person, commander_by_default=by_default)]
        self.now = NOON

    @property
    def state(self) -> Incident:
        state = INCIDENT.fold(self.events)
        assert state is not None
        return state

    def decide(self, decision: Any, *args: Any, **named: Any) -> None:
        self.now += timedelta(minutes=1)
        with contextlib.suppress(QuarterdeckError):
            self.events += decision(self.state, *args, **named)

    @rule(person=PEOPLE, commands=st.booleans())
    def acknowledge(self, person: str, commands: bool) -> None:
        self.decide(rules.acknowledge, person, self.now, commands=commands)

    @rule(to=PEOPLE, by=PEOPLE)
    def transfer(self, to: str, by: str) -> None:
        self.decide(rules.transfer_command, to, by, self.now)

    @rule(role=st.sampled_from(ROLES), person=PEOPLE, by=PEOPLE)
    def assign(self, role: str, person: str, by: str) -> None:
        self.decide(rules.assign_role, role, person, by, self.now, commander=ROLES[0], roles=ROLES)

    @rule(role=st.sampled_from(ROLES), by=PEOPLE)
    def release(self, role: str, by: str) -> None:
        self.decide(rules.release_role, role, by, self.now, commander=ROLES[0])

    @rule(by=PEOPLE, decision=st.sampled_from((rules.activate, rules.mitigate, rules.close, rules.begin_review)))
    def move(self, by: str, decision: Any) -> None:
        self.decide(decision, by, self.now)

    @rule(by=PEOPLE, owed=st.booleans())
    def resolve(self, by: str, owed: bool) -> None:
        self.decide(rules.resolve, by, self.now, reason="fixed", review_owed=owed)

    @rule(by=PEOPLE, decision=st.sampled_from((rules.reopen, rules.decline, rules.cancel)))
    def turn(self, by: str, decision: Any) -> None:
        self.decide(decision, by, self.now, reason="because")

    @invariant()
    def exactly_one_commander_at_any_instant(self) -> None:
        if not hasattr(self, "events"):
            return
        held = [event.commander for event in self.events if isinstance(event, ev.IncidentDeclared)]
        for event in self.events:
            if isinstance(event, ev.CommandTransferred):
                assert event.was == held[-1], "command is handed over by whoever has it"
                held.append(event.to)
            assert not (isinstance(event, ev.RoleAssigned) and event.role == ROLES[0])
            assert not (isinstance(event, ev.RoleReleased) and event.role == ROLES[0])
        assert self.state.commander == held[-1]
        assert ROLES[0] not in self.state.roles
        assert self.state.state in STATES

    @invariant()
    def each_role_is_released_by_whoever_has_it(self) -> None:
        holders: dict[str, str] = {}
        for event in getattr(self, "events", ()):
            if isinstance(event, ev.RoleAssigned):
                assert event.role not in holders
                holders[event.role] = event.person
            if isinstance(event, ev.RoleReleased):
                assert holders.pop(event.role) == event.person


TestCommand = Command.TestCase
TestCommand.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
