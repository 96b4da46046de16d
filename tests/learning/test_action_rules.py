"""An improvement action and the duties, given events, when a decision, then events."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.learning.events import improving as ev
from quarterdeck.learning.events.duties import Duty
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import duties, effects
from quarterdeck.learning.rules import improving as rules
from quarterdeck.learning.rules.duties import Duties
from quarterdeck.learning.rules.improving import IMPROVEMENT, Action, Plans
from quarterdeck.plan.rules.model import Calendar

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DUE = NOW + timedelta(days=28)
PROPOSED = ev.ActionProposed(at=NOW, number=3, by="bob", title="Test it", owner="bob", due=DUE, rule="28 days")
AGREED = ev.ActionAgreed(at=NOW, by="alice")
BEGUN = ev.ActionBegun(at=NOW, by="bob")
DONE = ev.ActionDone(at=NOW, by="bob", shown="See the run.")


def given(*events: Event) -> Action:
    state = IMPROVEMENT.fold([PROPOSED, *events])
    assert state is not None
    return state


def refused(decide: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        decide()
    return refusal.value.reason


def test_it_is_agreed_before_it_is_done_and_done_before_it_is_verified() -> None:
    assert refused(lambda: rules.begin(given(), "bob", NOW)) == "NotAgreed"
    assert refused(lambda: rules.finish(given(), "bob", NOW, shown="x")) == "NotAgreed"
    assert refused(lambda: rules.verify(given(AGREED), "carol", NOW, found="x")) == "NotDone"
    assert rules.agree(given(), "alice", NOW) == [AGREED]
    assert rules.begin(given(AGREED), "bob", NOW) == [BEGUN]
    assert rules.finish(given(AGREED), "bob", NOW, shown=" See the run. ") == [DONE], "it need not have been begun"
    again = (
        rules.agree(given(AGREED), "alice", NOW),
        rules.begin(given(AGREED, BEGUN), "bob", NOW),
        rules.finish(given(AGREED, DONE), "bob", NOW, shown="x"),
    )
    assert again == ([], [], []), "saying it twice changes nothing"


def test_nobody_verifies_what_they_did_or_look_after() -> None:
    done = given(AGREED, DONE)
    assert refused(lambda: rules.verify(done, "bob", NOW, found="fine")) == "VerifiedByDoer"
    elsewhere = given(AGREED, ev.ActionAssigned(at=NOW, by="alice", owner="carol"), DONE)
    for who in ("bob", "carol"):
        assert refused(partial(rules.verify, elsewhere, who, NOW, found="fine")) == "VerifiedByDoer"
    assert rules.verify(elsewhere, "dana", NOW, found="fine")
    with pytest.raises(Invalid):
        rules.verify(done, "carol", NOW, found=" ")
    (event,) = rules.send_back(done, "carol", NOW, reason="No test yet")
    back = rules.evolve(done, event)
    assert (back.state, back.doer) == ("doing", None)


def test_what_is_over_stays_over() -> None:
    verified = given(AGREED, DONE, ev.ActionVerified(at=NOW, by="carol", found="fine"))
    cancelled = given(ev.ActionCancelled(at=NOW, by="alice", reason="moved"))
    decisions: tuple[Callable[[Action], object], ...] = (
        lambda over: rules.agree(over, "alice", NOW),
        lambda over: rules.finish(over, "bob", NOW, shown="x"),
        lambda over: rules.cancel(over, "alice", NOW, reason="x"),
        lambda over: rules.assign(over, "alice", NOW, owner="carol"),
    )
    for over in (verified, cancelled):
        for decide in decisions:
            assert refused(partial(decide, over)) == "ActionOver"
        assert rules.due(over) is None and rules.owner_left(over, NOW, owner="bob") == []


def test_it_needs_an_owner_to_be_agreed_on_and_loses_one_who_leaves() -> None:
    (left,) = rules.owner_left(given(), NOW, owner="bob")
    alone = given(left)
    assert rules.owner_left(alone, NOW, owner="bob") == [] and rules.owner_left(given(), NOW, owner="carol") == []
    assert refused(lambda: rules.agree(alone, "alice", NOW)) == "NobodyLooksAfterIt"
    (assigned,) = rules.assign(alone, "alice", NOW, owner="carol")
    assert rules.agree(rules.evolve(alone, assigned), "alice", NOW)


def test_it_is_reminded_before_its_day_and_said_to_be_overdue_at_growing_distances() -> None:
    state, said = given(AGREED), []
    while (when := rules.due(state)) is not None and when <= DUE + timedelta(days=75):
        (event,) = rules.wake(state, when)
        said.append((event.at - DUE).days)
        state = rules.evolve(state, event)
    assert said == [-7, -1, 0, 7, 14, 42, 70]
    (late,) = rules.wake(given(), DUE + timedelta(days=15))
    assert late == ev.ActionOverdue(at=DUE + timedelta(days=14), due=DUE, days=14), "after a sleep, the latest alone"
    moved = rules.evolve(state, rules.revise(state, "alice", NOW, plans=Plans("x", "", NOW, "moved"), seen=1)[0])
    assert rules.due(moved) == NOW - timedelta(days=7), "another day is counted afresh"
    assert rules.due(given(AGREED, DONE)) is None


def test_every_fault_of_an_action_is_told_at_once_and_of_two_writers_the_second() -> None:
    plans = Plans(" ", "x" * 10_001, DUE, "r", None, float("nan"), -1.0, None)
    with pytest.raises(Invalid) as found:
        rules.propose(1, "bob", NOW, plans=plans)
    fields = [error.partition(":")[0] for error in found.value.errors]
    assert fields == ["title", "details", "person_days", "money", "currency"]
    moved = given(*rules.revise(given(), "bob", NOW, plans=Plans("Other", "", DUE, "28 days"), seen=1))
    assert (
        refused(lambda: rules.revise(moved, "c", NOW, plans=Plans("X", "", DUE, "28 days"), seen=1)) == "ActionMovedOn"
    )


def test_a_duty_holds_for_its_severity_and_the_first_that_fits_wins() -> None:
    standing = Duties()
    found = [standing.for_("improvement", severity) for severity in ("SEV1", "SEV3", None)]
    assert [one.within for one in found if one] == [28, 56, 56]
    assert standing.for_("review", "SEV2") is None
    off = Duties((Duty(id="x", subject="improvement", within=3, enabled=False),))
    assert off.for_("improvement", None) is None
    friday = datetime(2026, 3, 6, 20, tzinfo=UTC)
    working = Duty(id="r", subject="review", within=1, unit="working-days", severities=("SEV1",))
    assert duties.due(working, friday, Calendar()) == datetime(2026, 3, 9, 17, tzinfo=UTC)
    assert duties.sentence(working) == "A review is held or waived within 1 working day (SEV1)."


def test_duties_are_revised_whole_with_every_fault_at_once() -> None:
    twice: list[Any] = [Duty(id="A b", subject="review", within=0), Duty(id="x", subject="review", within=1)] * 2
    with pytest.raises(Invalid) as found:
        duties.revise(Duties(), "carol", NOW, duties=twice, reason=" ")
    assert len(found.value.errors) == 7
    assert duties.revise(Duties(), "carol", NOW, duties=duties.DEFAULTS, reason="same") == []


def test_what_is_expected_follows_from_the_clause_or_the_factor() -> None:
    clause = "procedures.service-outage.steps.assess.within"
    assert effects.expected_of(clause, ("change.undo",), "outage", "shop") == Expectation(
        measure="step:service-outage/assess", type="outage"
    )
    assert effects.expected_of("severity.levels", ("change.undo",), None, "shop") == Expectation(
        measure="factor:change.undo", service="shop"
    )
    assert effects.expected_of(None, (), "outage", None) is None
    for measure in ("mttr", "step:x", "factor:whim", ""):
        with pytest.raises(Invalid):
            effects.checked(Expectation(measure=measure))


def test_what_waits_for_itself_is_found_and_by_how_much_a_loss_falls_is_read() -> None:
    needs = {1: (2,), 2: (3, 4), 3: (), 4: (1,)}
    assert rules.circle(1, needs[1], lambda n: needs[n]) == (1, 2, 4, 1)
    assert rules.circle(3, (), lambda n: needs[n]) is None and rules.circle(3, (3,), lambda n: ()) == (3, 3)
    assert effects.falls_said("10/30/50 %") == (0.1, 0.3, 0.5) and effects.falls_said("25") == (0.25,) * 3
    assert effects.falls_said(" ") is None and effects.falls_words((0.1, 0.3, 0.5)) == "10/30/50"
    for text in ("a lot", "1/2", "1/2/3/4"):
        with pytest.raises(Invalid):
            effects.falls_said(text)
    some = Expectation(measure="mitigate", service="shop")
    for text in ("50/30/10", "-1", "1/2/101", "nan"):
        assert effects.falls_fault(effects.falls_said(text), some), text
    assert effects.falls_fault((0.1, 0.2, 0.3), None) and effects.falls_fault((0.1, 0.2, 0.3), some) is None
    assert effects.expected("mitigate", "shop", "") == some and effects.expected(None, None, "") is None
    with pytest.raises(Invalid, match="change"):
        effects.expected(None, "shop", None)
