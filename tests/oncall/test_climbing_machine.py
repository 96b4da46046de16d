"""Whatever people and clocks do, an escalation neither falls silent nor rings twice for one turn."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from quarterdeck.kernel.events import Event
from quarterdeck.oncall import events as ev
from quarterdeck.oncall.events import Reached, Rung
from quarterdeck.oncall.rules import ESCALATION, Escalation
from quarterdeck.oncall.rules import escalation as life
from tests.oncall.making import at, started

PEOPLE = ["alice", "bob", "carol", "dana"]
LONGEST = timedelta(minutes=10)


class Climbing(RuleBasedStateMachine):
    """The engine of the house in small: rings what is due, works steps out, mends deadlines after a clock set back."""

    state: Escalation

    @initialize(repeat=st.integers(0, 2), levels=st.lists(st.integers(1, 10), min_size=1, max_size=3))
    def begin(self, repeat: int, levels: list[int]) -> None:
        self.now = at("2026-03-02 09:00")
        self.last_clock = self.now
        self.log: list[Event] = []
        rungs = tuple(Rung(notify=("schedule:primary",), acknowledge_within=minutes) for minutes in levels)
        self.append(*life.start(None, started(repeat=repeat, levels=rungs)))

    def append(self, *events: Event) -> None:
        before: Escalation | None = getattr(self, "state", None)
        folded = ESCALATION.fold(events, before)
        assert folded is not None
        self.state = folded
        self.log.extend(events)

    def answering(self) -> bool:
        return hasattr(self, "state")

    @rule(people=st.lists(st.sampled_from(PEOPLE), max_size=3))
    def work_out_the_due_step(self, people: list[str]) -> None:
        if self.state.pending is None:
            return
        step = self.state.pending.step
        found = [Reached(person=person, target="schedule:primary") for person in people]
        reached, *rest = life.reach(self.state, people=found, unreached=[], now=self.now)
        assert isinstance(reached, ev.LevelReached)
        pages = [
            ev.PageRequested(
                at=self.now, step=step, person=one.person, target=one.target, delivery=f"{one.person}-{step}"
            )
            for one in reached.people
        ]
        self.append(reached, *pages, *rest)

    @rule(minutes=st.sampled_from([0.5, 1, 5, 30, 60, 24 * 60]))
    def time_passes_or_the_clock_jumps_ahead(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)
        self.ring()

    @rule(hours=st.sampled_from([1, 24]))
    def the_clock_is_set_back(self, hours: int) -> None:
        self.now -= timedelta(hours=hours)
        self.append(*life.mend_deadline(self.state, self.now))
        self.ring()

    def ring(self) -> None:
        """One pass of the engine's alarms: however late it is, one turn."""
        due = ESCALATION.due(self.state)
        if due is not None and due <= self.now:
            events = ESCALATION.wake(self.state, self.now)
            assert events, "an alarm that does nothing would ring for ever"
            assert len(events) == 1, "one turn at a time, however late the engine is"
            self.append(*events)

    @rule(who=st.sampled_from(PEOPLE))
    def acknowledge(self, who: str) -> None:
        self.append(*life.acknowledge(self.state, by=who, how="link", now=self.now))
        assert not self.state.asking

    @precondition(lambda self: self.answering() and self.state.status != "stopped")
    @rule(who=st.sampled_from(PEOPLE))
    def escalate(self, who: str) -> None:
        self.append(*life.escalate(self.state, by=who, now=self.now))
        assert self.state.pending is not None

    @rule(data=st.data())
    def answer_an_old_or_new_page(self, data: st.DataObject) -> None:
        if not self.state.pages:
            return
        page = data.draw(st.sampled_from(self.state.pages))
        answer = data.draw(st.sampled_from([life.decline, life.escalate_from_page, life.page_failed]))
        before = self.state.status
        self.append(*answer(self.state, delivery=page.delivery, now=self.now))
        if before == "stopped":
            assert self.state.status == "stopped"
        assert answer(self.state, delivery=page.delivery, now=self.now) == [], "the same answer twice changes nothing"

    @precondition(lambda self: self.answering())
    @rule()
    def the_incident_ends(self) -> None:
        self.append(*life.stop(self.state, reason="resolved", now=self.now))
        assert ESCALATION.due(self.state) is None

    @rule(helping=st.booleans())
    def it_begins_afresh(self, helping: bool) -> None:
        helping = helping and self.state.status == "acknowledged"
        self.append(*life.start(self.state, started(at=self.now, acknowledged=helping, reason="severity raised")))

    @invariant()
    def no_step_has_its_turn_twice(self) -> None:
        for kind in (ev.LevelDue, ev.LevelReached):
            steps = [event.step for event in getattr(self, "log", []) if isinstance(event, kind)]
            assert steps == sorted(set(steps))

    @invariant()
    def nobody_is_paged_twice_in_one_turn(self) -> None:
        pages = [
            (event.step, event.person) for event in getattr(self, "log", []) if isinstance(event, ev.PageRequested)
        ]
        assert len(pages) == len(set(pages))

    @invariant()
    def an_unanswered_page_always_has_a_next_turn_soon(self) -> None:
        if not self.answering() or self.state.status != "climbing":
            return
        due = ESCALATION.due(self.state)
        assert due is not None, "climbing, and yet nothing would ever ring"
        assert due - self.now <= max(LONGEST, life.OVERDUE)

    @invariant()
    def whoever_has_it_is_left_in_peace(self) -> None:
        if self.answering() and self.state.status in ("acknowledged", "stopped"):
            due = ESCALATION.due(self.state)
            assert due is None or self.state.pending is not None


Climbing.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestClimbing = Climbing.TestCase
