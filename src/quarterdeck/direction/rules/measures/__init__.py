"""Measures: what each one means, to the letter, and how it is computed from facts in columns. Pure, numpy."""

from quarterdeck.direction.rules.measures.catalogue import MEASURES, named
from quarterdeck.direction.rules.measures.columns import MISSING, Columns, Words
from quarterdeck.direction.rules.measures.definition import AnyMeasure, Clock, Count, Duration, Measure, Of, Share
from quarterdeck.direction.rules.measures.figures import Figure, Spans, evaluate, spans
from quarterdeck.direction.rules.measures.recurrence import recurrences
from quarterdeck.direction.rules.measures.slicing import BY, DAY, NONE, Asked, By, Causes, Slice, chosen, slices
from quarterdeck.direction.rules.measures.trends import Trend, trend

__all__ = [
    "BY",
    "DAY",
    "MEASURES",
    "MISSING",
    "NONE",
    "AnyMeasure",
    "Asked",
    "By",
    "Causes",
    "Clock",
    "Columns",
    "Count",
    "Duration",
    "Figure",
    "Measure",
    "Of",
    "Share",
    "Slice",
    "Spans",
    "Trend",
    "Words",
    "chosen",
    "evaluate",
    "named",
    "recurrences",
    "slices",
    "spans",
    "trend",
]
