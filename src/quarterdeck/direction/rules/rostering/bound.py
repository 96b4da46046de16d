"""What no roster can beat: the linear relaxation of the same task, solved by HiGHS. Pure."""

import numpy as np

from quarterdeck.direction.rules.rostering.model import JUNIORS, UNFAIR, UNFILLED, UNWELCOME, Needs


def bound(needs: Needs) -> float:
    """A cost that every roster has at least, proved. Fractions of a week are allowed there, so it may not be reached.

    About 3 s for 60 people, 52 weeks and 6 rotations.
    """
    program = _Program()
    fair = needs.fair()
    serves: dict[tuple[int, int, int], int] = {}
    for r, rotation in enumerate(needs.rotations):
        for member in needs.able(rotation):
            for week in range(needs.weeks):
                if needs.free(member, week):
                    dislike = UNWELCOME if week in needs.members[member].spare else 0.0
                    serves[member, r, week] = program.variable(dislike, 1.0)
    for r, rotation in enumerate(needs.rotations):
        able = needs.able(rotation)
        seniors = min(rotation.seniors, rotation.places)
        for week in range(needs.weeks):
            here = [serves[m, r, week] for m in able if (m, r, week) in serves]
            empty = program.variable(UNFILLED, float(rotation.places))
            program.row([*here, empty], 1.0, rotation.places, rotation.places)
            if seniors:
                old = [serves[m, r, week] for m in able if (m, r, week) in serves and needs.members[m].senior]
                short = program.variable(JUNIORS, float(seniors))
                program.row([*old, short], 1.0, seniors, program.infinity)
    for member, one in enumerate(needs.members):
        mine = {key: column for key, column in serves.items() if key[0] == member}
        loads = [needs.load(needs.rotations[r], week) for _, r, week in mine]
        over, under = program.variable(UNFAIR), program.variable(UNFAIR)
        program.row([*mine.values(), over, under], [*loads, -1.0, 1.0], fair[member], fair[member])
        if one.most is not None:
            program.row(list(mine.values()), 1.0, 0, one.most)
        by_week: dict[int, list[int]] = {}
        for (_, _, week), column in mine.items():
            by_week.setdefault(week, []).append(column)
        for week in range(max(1, needs.weeks - needs.rest)):
            window = [column for w in range(week, week + needs.rest + 1) for column in by_week.get(w, ())]
            if len(window) > 1:
                program.row(window, 1.0, 0, 1)
    return program.least()


class _Program:
    """A linear program as it is written down: variables from 0 to `most`, rows of coefficients between two limits."""

    infinity = float("inf")

    def __init__(self) -> None:
        self._costs: list[float] = []
        self._most: list[float] = []
        self._starts: list[int] = []
        self._columns: list[int] = []
        self._values: list[float] = []
        self._lower: list[float] = []
        self._upper: list[float] = []

    def variable(self, cost: float, most: float = infinity) -> int:
        self._costs.append(cost)
        self._most.append(most)
        return len(self._costs) - 1

    def row(self, columns: list[int], values: float | list[float], lower: float, upper: float) -> None:
        self._starts.append(len(self._columns))
        self._columns += columns
        self._values += values if isinstance(values, list) else [values] * len(columns)
        self._lower.append(lower)
        self._upper.append(upper)

    def least(self) -> float:
        """The optimum. Every program here has one: leaving every place empty satisfies all rows."""
        import highspy
        from highspy._core import _Highs  # highspy.Highs prints a banner, this does not

        solver = _Highs()
        solver.setOptionValue("output_flag", False)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self._costs), len(self._lower)
        model.col_cost_ = np.array(self._costs)
        model.col_lower_, model.col_upper_ = np.zeros(len(self._costs)), np.array(self._most)
        model.row_lower_, model.row_upper_ = np.array(self._lower, float), np.array(self._upper, float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array([*self._starts, len(self._columns)])
        model.a_matrix_.index_, model.a_matrix_.value_ = np.array(self._columns), np.array(self._values)
        solver.passModel(model)
        solver.run()
        return float(solver.getInfo().objective_function_value)
