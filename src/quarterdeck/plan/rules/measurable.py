"""What a measure of the plan may rest on: ids of figures that Quarterdeck computes, as data; and faults in naming them.

The figures themselves are defined above the plan, in `direction`; a test there holds both lists to one another.
"""

import difflib
from typing import Literal

from quarterdeck.plan.rules.alignment import Measure
from quarterdeck.plan.rules.reading import Reading

Kind = Literal["duration", "share", "count"]
MEASURABLE: dict[str, Kind] = {
    "time-to-detect": "duration",
    "time-to-acknowledge": "duration",
    "time-to-mitigate": "duration",
    "time-of-impact": "duration",
    "time-to-restore": "duration",
    "time-to-resolve": "duration",
    "time-to-close": "duration",
    "time-in-queue": "duration",
    "lesson-to-plan": "duration",
    "acknowledged-in-time": "share",
    "reopened": "share",
    "handed-over": "share",
    "updates-in-time": "share",
    "plan-followed": "share",
    "found-by-monitoring": "share",
    "recurring": "share",
    "service-level-made": "share",
    "reassigned": "share",
    "ping-pong": "share",
    "reviewed-in-time": "share",
    "improved-in-time": "share",
    "incidents": "count",
    "near-misses": "count",
}
STATISTICS: dict[Kind, tuple[str, ...]] = {
    "duration": ("median", "p90", "p95"),
    "share": ("share",),
    "count": ("count", "rate"),
}
UNITS: dict[str, float] = {"seconds": 1.0, "minutes": 60.0, "hours": 3600.0, "days": 86_400.0}
"""In which a duration's target may be given, in seconds."""


def check_measured(reading: Reading, name: str, measure: Measure) -> None:
    """A figure that there is, a statistic that it has, and a unit that can be compared with it."""
    figure = measure.measured_by
    if figure is None:
        return
    kind = MEASURABLE.get(figure)
    if kind is None:
        near = difflib.get_close_matches(figure, MEASURABLE, 1)
        remedy = f"did you mean `{near[0]}`?" if near else "name one of those that `quarterdeck measure list` shows"
        reading.blame(("measures", name, "measured_by"), f"there is no figure `{figure}`", remedy)
        return
    fitting = STATISTICS[kind]
    if measure.statistic not in fitting:
        problem = f"`{figure}` has no {measure.statistic}"
        reading.blame(("measures", name, "statistic"), problem, f"write {' or '.join(f'`{one}`' for one in fitting)}")
    if kind == "duration" and measure.unit not in UNITS:
        problem = f"a duration is not given in “{measure.unit}”"
        remedy = f"write {', '.join(f'`{one}`' for one in UNITS)}"
        reading.blame(("measures", name, "unit"), problem, remedy)
