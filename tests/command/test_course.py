"""What one step entails for the others: branches fall away, deadlines begin, and doing things otherwise is said."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from quarterdeck.command import events as ev
from quarterdeck.command import rules
from quarterdeck.command.rules import INCIDENT, Incident
from quarterdeck.command.rules.course import waits_for
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.plan.rules import Decision, Step
from tests.command.situations import NOON, given

MINUTE = timedelta(minutes=1)
WAY = Decision(question="Which way?", answers={"back": "Roll back", "on": "Repair forward"})
STEPS = (
    Step(id="look", title="Look", role="ops", within=10, mandatory=True),
    Step(id="choose", title="Choose", role="ic", after=("look",), decides=WAY, mandatory=True),
    Step(id="undo", title="Undo", role="ops", only_if={"choose": ("back",)}, within=20, counted_from="step:choose"),
    Step(id="check", title="Check", role="ops", after=("undo",), within=5, counted_from="ready"),
    Step(id="report", title="Report", role="ic", within=60, counted_from="mitigated"),
    Step(id="law", title="Tell the authority", role="ic", mandatory=True, skip="never"),
    Step(id="guard", title="Guard", role="ic", mandatory=True, skip="by-commander"),
)


def after(*decisions: Callable[[Incident], list[Event]]) -> Incident:
    """An incident with all the steps, after these decisions and what they entail, a minute apart."""
    now = NOON
    state = INCIDENT.fold(rules.with_consequences(given(), rules.tasks_from(STEPS, "engine", NOON), NOON), given())
    assert state is not None
    for decide in decisions:
        now += MINUTE
        state = INCIDENT.fold(rules.with_consequences(state, decide(state), now), state)
        assert state is not None
    return state


def done(task: str, minute: int, answer: str | None = None) -> Callable[[Incident], list[Event]]:
    return lambda state: rules.complete_task(state, task, "alice", NOON + minute * MINUTE, answer=answer)


def test_before_the_choice_both_ways_are_open_and_wait() -> None:
    state = after()
    assert {task.id for task in state.tasks.values() if task.state == "open"} == {step.id for step in STEPS}
    assert [task.id for task in waits_for(state, state.tasks["undo"])] == ["choose"]
    assert state.tasks["undo"].due is None


def test_the_choice_begins_the_deadlines_of_its_way() -> None:
    state = after(done("look", 1), done("choose", 2, answer="back"))
    assert state.tasks["undo"].due == NOON + 22 * MINUTE
    assert state.tasks["check"].due is None
    state = after(done("look", 1), done("choose", 2, answer="back"), done("undo", 3))
    assert state.tasks["check"].due == NOON + 8 * MINUTE


def test_the_other_way_falls_away_and_holds_nothing_up() -> None:
    state = after(done("look", 1), done("choose", 2, answer="on"))
    assert state.tasks["undo"].state == "fallen"
    assert state.tasks["check"].due == NOON + 7 * MINUTE
    assert waits_for(state, state.tasks["check"]) == []


def test_a_deadline_follows_an_instant_of_the_incident_and_goes_with_it() -> None:
    mitigated: Callable[[Incident], list[Event]] = lambda s: rules.mitigate(s, "alice", NOON + MINUTE)  # noqa: E731  # a list of decisions reads best in one shape
    state = after(mitigated)
    assert state.tasks["report"].due == NOON + 61 * MINUTE
    state = after(mitigated, lambda s: rules.reopen(s, "alice", NOON + 2 * MINUTE, reason="back again"))
    assert state.tasks["report"].due is None


def test_a_step_that_decides_wants_one_of_its_answers() -> None:
    state = after()
    for answer in (None, "sideways"):
        with pytest.raises(Refused) as refusal:
            rules.complete_task(state, "choose", "alice", NOON, answer=answer)
        assert refusal.value.reason == "AnswerNeeded"
        assert "back: Roll back" in refusal.value.detail
    with pytest.raises(Invalid):
        rules.complete_task(state, "look", "alice", NOON, answer="back")


def test_doing_a_step_before_its_time_is_allowed_and_said() -> None:
    (early,) = rules.complete_task(after(), "choose", "alice", NOON, answer="back")
    (orderly,) = rules.complete_task(after(done("look", 1)), "choose", "alice", NOON + 2 * MINUTE, answer="back")
    assert isinstance(early, ev.TaskDone)
    assert isinstance(orderly, ev.TaskDone)
    assert (early.out_of_order, orderly.out_of_order) == (True, False)


def test_doing_somebody_elses_step_is_allowed_and_said() -> None:
    state = INCIDENT.fold([ev.RoleAssigned(at=NOON, role="ops", person="bob", by="alice")], after())
    assert state is not None
    entitled = {}
    for person in ("bob", "alice", "carol"):
        (event,) = rules.complete_task(state, "look", person, NOON)
        assert isinstance(event, ev.TaskDone)
        entitled[person] = event.entitled
    assert entitled == {"bob": True, "alice": True, "carol": False}


def test_some_steps_only_the_commander_skips_and_some_nobody() -> None:
    with pytest.raises(Refused) as refusal:
        rules.skip_task(after(), "guard", "bob", NOON, reason="busy")
    assert refusal.value.reason == "CommanderSkips"
    assert rules.skip_task(after(), "guard", "alice", NOON, reason="no data was written")
    with pytest.raises(Refused) as refusal:
        rules.skip_task(after(), "law", "alice", NOON, reason="no time")
    assert refusal.value.reason == "NeverSkipped"


def test_an_incident_is_closed_when_each_mandatory_step_is_done_skipped_or_explained() -> None:
    settled = [done("look", 1), done("choose", 2, answer="on"), done("guard", 3)]
    resolved: Callable[[Incident], list[Event]] = lambda s: rules.resolve(  # noqa: E731  # as above
        s, "alice", NOON + 5 * MINUTE, reason="rolled", review_owed=False
    )
    state = after(*settled, resolved)
    with pytest.raises(Refused) as refusal:
        rules.close(state, "alice", NOON + 6 * MINUTE)
    assert "Tell the authority" in refusal.value.detail
    explained: Callable[[Incident], list[Event]] = lambda s: rules.explain_deviation(  # noqa: E731  # as above
        s, "law", "alice", NOON + 6 * MINUTE, why="No personal data was concerned after all", verdict="necessary"
    )
    assert rules.close(after(*settled, resolved, explained), "alice", NOON + 7 * MINUTE)


def test_an_explanation_wants_words_a_verdict_and_a_step_of_the_plan() -> None:
    with pytest.raises(Invalid):
        rules.explain_deviation(after(), "law", "alice", NOON, why=" ", verdict="mistake")
    with pytest.raises(Invalid):
        rules.explain_deviation(after(), "law", "alice", NOON, why="so", verdict="whatever")
