"""Charts as SVG of our own: one drawing for the console in both themes, for paper, and for who has it read aloud."""

from quarterdeck.paper.charts.bars import Bar, bars
from quarterdeck.paper.charts.chart import Chart
from quarterdeck.paper.charts.curves import Curve, exceedance, survival
from quarterdeck.paper.charts.distribution import distribution
from quarterdeck.paper.charts.flow import Box, Link, flow
from quarterdeck.paper.charts.heat import heat
from quarterdeck.paper.charts.scales import Scale, duration, linear, logarithmic, number, of_durations, time_words
from quarterdeck.paper.charts.series import Level, Point, series

__all__ = [
    "Bar",
    "Box",
    "Chart",
    "Curve",
    "Level",
    "Link",
    "Point",
    "Scale",
    "bars",
    "distribution",
    "duration",
    "exceedance",
    "flow",
    "heat",
    "linear",
    "logarithmic",
    "number",
    "of_durations",
    "series",
    "survival",
    "time_words",
]
