"""Did it help: when it is looked, what figures allow to say and a person may say; and the figures themselves."""

from datetime import UTC, datetime, timedelta

import pytest

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.learning.events import effects as fx
from quarterdeck.learning.events import lessoning as ev
from quarterdeck.learning.events.effects import Expectation, Side
from quarterdeck.learning.rules import judging as rules
from quarterdeck.learning.rules.judging import LESSON
from quarterdeck.learning.rules.lessoning import Lesson
from quarterdeck.learning.rules.weighing import Weighed, median, rank_sum, weigh

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
STEP = Expectation(measure="step:fix/look", type="outage", uses=2, days=30)
SEEN = ev.LessonIdentified(at=NOW, number=7, by="bob", source="INC-1", observation="Late.")
CLOSED = ev.LessonClosed(at=NOW, by="carol", closing="revision", ref="2", expects=STEP)
OPENED = fx.EffectCheckOpened(at=NOW, because="uses", uses=2)
UNSURE = weigh(STEP.measure, [0.0], [1.0])


def given(*events: Event) -> Lesson:
    state = LESSON.fold([SEEN, *events])
    assert state is not None
    return state


def test_uses_or_time_whichever_comes_first_opens_the_check() -> None:
    state = given(CLOSED)
    assert rules.due(state) == NOW + timedelta(days=30)
    (first,) = rules.tried(state, NOW, incident=4)
    state = given(CLOSED, first)
    assert rules.tried(state, NOW, incident=4) == [], "an incident that is closed twice counts once"
    second, opened = rules.tried(state, NOW, incident=5)
    assert opened == OPENED
    assert rules.due(given(CLOSED, first, second, opened)) is None
    assert rules.wake(given(CLOSED, first), NOW + timedelta(days=31)) == [
        fx.EffectCheckOpened(at=NOW + timedelta(days=30), because="time", uses=1)
    ]
    assert rules.tried(given(SEEN), NOW, incident=4) == rules.wake(given(SEEN), NOW + timedelta(days=99)) == []


def test_too_few_to_say_is_an_answer_and_it_is_looked_again_four_times_at_most() -> None:
    state, when = given(CLOSED), NOW
    for looks in range(1, rules.LOOKS + 1):
        due = rules.due(state)
        assert due is not None
        when = due
        for event in rules.wake(state, when):
            state = LESSON.evolve(state, event)
        (look,) = rules.looked(state, when, because="time", weighed=UNSURE)
        state = LESSON.evolve(state, look)
        assert (state.check, state.looks, state.effect) == ("looked", looks, None)
    assert rules.due(state) is None and rules.tried(state, when, incident=9) == []
    assert rules.ask(state, when) == [fx.EffectCheckOpened(at=when, because="asked", uses=0)]


@pytest.mark.parametrize(("after", "verdict"), [([1.0] * 9, "helped"), ([0.0] * 40, "did-not")])
def test_figures_that_leave_no_doubt_give_the_verdict_and_what_did_not_help_is_open(
    after: list[float], verdict: str
) -> None:
    before = [0.0] * 9 if verdict == "helped" else [1.0] * 30
    look, judged, *reopened = rules.looked(
        given(CLOSED, OPENED), NOW, because="uses", weighed=weigh(STEP.measure, before, after)
    )
    assert isinstance(look, fx.EffectLooked) and isinstance(judged, fx.EffectJudged)
    assert (look.finding, judged.verdict, judged.by) == (verdict, verdict, "engine")
    state = given(CLOSED, OPENED, look, judged, *reopened)
    assert (state.state, state.effect) == (("closed", "helped") if verdict == "helped" else ("validated", None))


def test_a_person_may_say_it_with_a_reason_and_only_of_what_changed_something() -> None:
    assert rules.judge(given(CLOSED), "carol", NOW, verdict="helped", reason=" I saw it. ") == [
        fx.EffectJudged(at=NOW, by="carol", verdict="helped", reason="I saw it.")
    ]
    *_, reopened = rules.judge(given(CLOSED), "carol", NOW, verdict="did-not", reason="Still late.")
    assert isinstance(reopened, ev.LessonReopened) and "Still late." in reopened.reason
    with pytest.raises(Invalid):
        rules.judge(given(CLOSED), "carol", NOW, verdict="helped", reason=" ")
    rejected = ev.LessonClosed(at=NOW, by="carol", closing="rejection", ref="No")
    silent = ev.LessonClosed(at=NOW, by="carol", closing="revision", ref="2")
    for state, why in (
        (given(), "NothingChanged"),
        (given(rejected), "NothingChanged"),
        (given(silent), "NothingExpected"),
    ):
        with pytest.raises(Refused) as refusal:
            rules.judge(state, "carol", NOW, verdict="helped", reason="x")
        assert refusal.value.reason == why
    (stated,) = rules.expect(given(silent), "carol", NOW, expects=STEP)
    assert LESSON.due(given(silent, stated)) == NOW + timedelta(days=30)


def test_shares_are_compared_by_newcombes_interval() -> None:
    """Newcombe 1998, table II (a): 56/70 against 48/80 differ by 0.20, from 0.0524 to 0.3339 by method 10."""
    found = weigh("step:a/b", [1.0] * 48 + [0.0] * 32, [1.0] * 56 + [0.0] * 14)
    assert found.finding == "helped" and found.better == pytest.approx(0.6)
    assert weigh("factor:change.undo", [1.0] * 48 + [0.0] * 32, [1.0] * 56 + [0.0] * 14).finding == "did-not"
    few = weigh("step:a/b", [0.0], [1.0, 1.0])
    assert (few.finding, few.before.some, few.after.n) == ("cannot-tell", 0, 2)
    assert "before 0 of 1, since 2 of 2: too few to say" in few.sentence
    assert weigh("step:a/b", [], [1.0]).before == Side(n=0, some=0)


def test_times_are_compared_by_ranks_and_medians_keep_their_limits() -> None:
    assert median([5.0, 1.0, 3.0]) == Side(n=3, value=3.0)
    assert median([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]) == Side(n=6, value=3.5, low=1.0, high=6.0)
    twenty = median([float(n) for n in range(1, 21)])
    assert (twenty.low, twenty.high) == (6.0, 15.0), "the 6th and the 15th hold the median of 20 with 95.9 %"
    below, score = rank_sum([7.0, 8.0, 9.0], [1.0, 2.0, 8.0])
    assert below == pytest.approx(7.5 / 9) and score == pytest.approx(1.3284, abs=1e-4), "as scipy says"
    slow, quick = [600.0 + 10 * n for n in range(10)], [300.0 + 10 * n for n in range(10)]
    assert [weigh("acknowledge", *pair).finding for pair in ((slow, quick), (quick, slow), (slow, slow))] == [
        *("helped", "did-not", "cannot-tell")
    ]
    assert weigh("acknowledge", slow[:5], quick).finding == "cannot-tell"
    assert isinstance(weigh("mitigate", [], []), Weighed)
    assert rank_sum([1.0] * 6, [1.0] * 6) == (0.5, 0.0)
