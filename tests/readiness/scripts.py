"""A small scenario for the example plan, and a stage on which it is played."""

from collections.abc import Callable
from typing import Any

from quarterdeck.readiness import actions, views
from quarterdeck.readiness.rules.scenario_text import check
from quarterdeck.readiness.rules.state import Exercise, evolve
from quarterdeck.readiness.views import Sheet
from quarterdeck.record import Tx
from tests.cast import ALICE, CAROL

SCENARIO = """\
title: Checkout fails
kind: drill
type: service-outage
service: checkout
minutes: 60
objectives:
  - {id: lead, title: Somebody leads, criteria: [The page is acknowledged]}
  - {id: fix, title: It is repaired, criteria: [The harm ends]}
injects:
  - id: alarm
    at: 0 min
    signal: {key: errors, title: Checkout returns errors, severity: critical, labels: {impact: extensive}}
  - {id: news, at: 10 min, fact: "Release 812 went out an hour ago."}
  - {id: clear, at: 40 min, clear: errors}
expected:
  - {id: ack, what: acknowledged, within: 5 min, objective: lead}
  - {id: scribe, what: role, of: scribe, within: 20 min, objective: lead}
  - {id: scope, what: step, of: scope, within: 15 min, objective: fix}
  - {id: over, what: mitigated, after: news, within: 30 min, objective: fix}
"""


def edited(*pairs: tuple[str, str]) -> str:
    """The small scenario with texts replaced, each exactly once."""
    text = SCENARIO
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def faults(text: str) -> list[str]:
    return [str(fault) for fault in check(text).faults]


class Stage:
    """The town with an exercise in it: Alice leads, Carol judges, Bob takes part."""

    def __init__(self, town: Any, scenario: str = SCENARIO, **how: Any) -> None:
        self.town = town
        planned = {"team": "platform", "evaluator": "carol", "participants": ("bob",), **how}
        self.number = self.act(ALICE, lambda tx: actions.plan_exercise(tx, scenario=scenario, **planned))

    def act(self, who: Any, doing: Callable[[Tx], Any]) -> Any:
        done = self.town.record.perform(who, doing)
        self.town.settle()
        return done

    def start(self) -> None:
        self.act(ALICE, lambda tx: actions.start_exercise(tx, number=self.number))
        self.town.settle()

    def sheet(self) -> Sheet:
        with self.town.record.read() as conn:
            return views.sheet(conn, self.number)

    def verdicts(self) -> dict[str, str]:
        return {one.expected.id: one.verdict for row in self.sheet().objectives for one in row.expected}

    def evaluate(self, **ratings: str) -> None:
        for objective, rating in ratings.items():
            self.act(CAROL, _rating(self.number, objective, rating))
        self.act(CAROL, lambda tx: actions.evaluate_exercise(tx, number=self.number, summary="Enough was seen."))


def _rating(number: int, objective: str, rating: Any) -> Callable[[Tx], None]:
    return lambda tx: actions.rate_objective(tx, number=number, objective=objective, rating=rating, text="As I saw it.")


def folded(*events: Any) -> Exercise:
    state = None
    for event in events:
        state = evolve(state, event)
    assert state is not None
    return state
