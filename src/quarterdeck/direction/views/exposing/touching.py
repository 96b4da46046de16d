"""Which incidents a change is about: those whose loss an improvement should have lowered, by what is expected of it."""

import numpy as np
from sqlalchemy import Connection

from quarterdeck.direction.rules.statistics import Flags
from quarterdeck.direction.views.exposing.ledger import Ledger, flags
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.rules import effects
from quarterdeck.learning.rules.taxonomy import words_for
from quarterdeck.plan.rules import Plan, procedure_for
from quarterdeck.plan.views import in_force


class Touching:
    """Asked of many expectations: the plan in force is read once."""

    def __init__(self, conn: Connection, ledger: Ledger) -> None:
        standing = in_force(conn)
        self._plan: Plan | None = standing.plan if standing else None
        self._ledger = ledger

    def rows(self, expects: Expectation) -> Flags:
        """Flags of all rows. Of a factor: where it was agreed on; of a step: the types that use its procedure."""
        columns, causes = self._ledger.population.columns, self._ledger.population.causes
        found: Flags = self._ledger.counted.copy()
        if code := effects.factor_of(expects.measure):
            found &= flags(self._ledger, causes.get(code, np.zeros(0, dtype=np.int64)))
        if step := effects.step_of(expects.measure):
            found &= self._using(step[0])
        for by, value in (("service", expects.service), ("type", expects.type)):
            if value is not None:
                found &= columns.words[by].where(value)
        return found

    def losses(self, expects: Expectation) -> Flags:
        """The same, beside the losses that are known."""
        found: Flags = self.rows(expects)[self._ledger.losses.rows]
        return found

    def _using(self, procedure: str) -> Flags:
        column = self._ledger.population.columns.words["type"]
        plan = self._plan
        uses = [plan is not None and procedure_for(plan, name) == procedure for name in column.names]
        found: Flags = np.array([*uses, False], dtype=np.bool_)[column.codes]
        return found


def touched_words(expects: Expectation) -> str:
    """`incidents of checkout of type service-outage with “A release of software”`."""
    parts = []
    if expects.service:
        parts.append(f"of {expects.service}")
    if expects.type:
        parts.append(f"of type {expects.type}")
    if code := effects.factor_of(expects.measure):
        parts.append(f"with “{words_for(code)}”")
    if step := effects.step_of(expects.measure):
        parts.append(f"worked on by {step[0]}")
    return "incidents " + " ".join(parts) if parts else "every incident"
