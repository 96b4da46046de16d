"""A post-mortem as it was understood: its times, its contradictions, every line that was not understood. Pure."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import Literal

from quarterdeck.kernel.time import Instant

LARGEST = 200_000
"""Characters of one post-mortem."""
MOST_ROWS = 1_000
MOST_POINTS = 100
"""Factors, actions or lessons of one post-mortem."""


@dataclass(frozen=True)
class Row:
    """A row of the timeline whose instant is known."""

    line: int
    at: Instant
    text: str


@dataclass(frozen=True)
class Misread:
    """A line that was not understood, or not whole: it stays in the review's text, and nowhere else."""

    line: int
    text: str
    why: str


@dataclass(frozen=True)
class Contradiction:
    """Two things that cannot both be true. `taken`: which of them the incident now says."""

    about: str
    stated: str
    computed: str
    taken: str

    def __str__(self) -> str:
        return f"{self.about}: {self.stated} stated; {self.computed}. Taken: {self.taken}."


@dataclass(frozen=True)
class Length:
    """How long something took, as it was stated; `grain`: how exactly, from the smallest unit that was used."""

    stated: timedelta
    grain: timedelta

    def fits(self, other: timedelta) -> bool:
        return abs(self.stated - other) < max(self.grain, timedelta(minutes=1), self.stated / 100)


@dataclass(frozen=True)
class Written:
    """What stands in a post-mortem, before its times have been held against one another."""

    name: str
    """What it is called where it comes from, as `PM2020-002`."""
    title: str
    text: str
    """All of it, as it was written."""
    summary: str = ""
    zone: str = "UTC"
    severity: str | None = None
    service: str | None = None
    type: str | None = None
    category: str | None = None
    date: datetime.date | None = None
    """Its day, for rows that give none."""
    began: Instant | None = None
    detected: Instant | None = None
    mitigated: Instant | None = None
    resolved: Instant | None = None
    to_detect: Length | None = None
    to_recover: Length | None = None
    rows: tuple[Row, ...] = ()
    factors: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    misread: tuple[Misread, ...] = ()


@dataclass(frozen=True)
class Times:
    """When it began, was noticed, mitigated and over, as far as that can be known."""

    began: Instant
    detected: Instant
    ended: Instant
    mitigated: Instant | None = None
    resolution: str = ""
    """What the row says that tells of the end."""
    contradictions: tuple[Contradiction, ...] = ()
    assumed: tuple[str, ...] = field(default=())
    """What nobody wrote and had to be taken for granted, in sentences."""


_MARKED = {
    "detected": re.compile(r"^\W*(detection|detected)\b", re.I),
    "ended": re.compile(r"^\W*(recovery|recovered|resolution|resolved)\b", re.I),
}
_TOLD = {
    "detected": re.compile(
        r"\b(alert|alarm|detect|report|notif|warning|observ|notice|discover|became aware|complain|"
        r"entdeckt|gemeldet|alerte|détect|signal[ée]|detectad)",
        re.I,
    ),
    "ended": re.compile(
        r"\b(resolved|restored|recovered|recovery|operational|back to normal|working again|fixed|mitigated|"
        r"is over|up and running|behoben|wiederhergestellt|résolu|rétabli|resuelto)\b",
        re.I,
    ),
}
_NOT = re.compile(r"\b(not|never|fail(s|ed)?|attempt(ed)?|tried|expected|would|nicht|pas)\b", re.I)
Sign = Literal["detected", "ended"]


def times(written: Written) -> Times | None:
    """What can be known about its times; None if no instant is given anywhere.

    What is written outright or marked (`**Detection:**`) counts most, then a row that fits a stated length, then what
    is stated, then a row that sounds like it. Whatever does not agree is shown as a contradiction.
    """
    rows = sorted(written.rows, key=lambda row: row.at)
    given = (written.began, written.detected, written.mitigated, written.resolved)
    instants = [at for at in given if at is not None] + [row.at for row in rows]
    if not instants and written.date is not None:
        noon = datetime.datetime.combine(written.date, datetime.time(12), tzinfo=datetime.UTC)
        return Times(noon, noon, noon, assumed=(f"Only its day is known; noon of {written.date} is taken for all.",))
    if not instants:
        return None
    clashes, assumed = _backwards(written.rows), list[str]()
    began = written.began
    if began is None:
        began = _beginning(written, rows, min(instants), clashes)
        assumed.append(f"Nothing says when it began; {began:%Y-%m-%d %H:%M} of the timeline is taken.")
    detected = _settled("detected", written.detected, written.to_detect, began, rows, clashes)
    ended = _settled("ended", written.resolved, written.to_recover, began, rows, clashes)
    if detected is None:
        detected = Row(0, began, "")
        assumed.append("Nothing says when it was noticed; the instant at which it began is taken.")
    if ended is None:
        ended = Row(0, max(instants), "")
        assumed.append("Nothing says when it was over; the last instant is taken.")
    if ended.at < detected.at:
        over, noticed = (f"{one.at:%Y-%m-%d %H:%M}{_quoted(one)}" for one in (ended, detected))
        clashes.append(
            Contradiction("The end", f"over at {over}", f"it was noticed at {noticed}", "the later of the two")
        )
        ended = Row(ended.line, detected.at, ended.text)
    return Times(
        began=min(began, detected.at),
        detected=detected.at,
        ended=ended.at,
        mitigated=written.mitigated if written.mitigated and detected.at <= written.mitigated <= ended.at else None,
        resolution=ended.text,
        contradictions=tuple(clashes),
        assumed=tuple(assumed),
    )


def _backwards(rows: Sequence[Row]) -> list[Contradiction]:
    return [
        Contradiction(
            f"Line {after.line}",
            f"{after.at:%Y-%m-%d %H:%M}",
            f"the row above it says {before.at:%Y-%m-%d %H:%M}, which is later",
            "each as it is written, in the order of time",
        )
        for before, after in pairwise(rows)
        if after.at < before.at
    ]


def _beginning(written: Written, rows: Sequence[Row], first: Instant, clashes: list[Contradiction]) -> Instant:
    """The first instant, unless the stated lengths fit rows only when they are counted from a later one."""
    lengths = [length for length in (written.to_detect, written.to_recover) if length is not None]
    if written.to_recover is None or all(_fitting(length, first, rows) for length in lengths):
        return first
    for row in rows:
        if row.at > first and all(_fitting(length, row.at, rows) for length in lengths):
            stated = " and ".join(said(length.stated) for length in lengths)
            computed = f"the timeline begins at {first:%Y-%m-%d %H:%M}"
            taken = f"{row.at:%Y-%m-%d %H:%M}{_quoted(row)}, from which what is stated fits"
            clashes.append(Contradiction("The beginning", stated, computed, taken))
            return row.at
    return first


def _fitting(length: Length, began: Instant, rows: Sequence[Row]) -> Row | None:
    fitting = [row for row in rows if row.at >= began and length.fits(row.at - began)]
    return min(fitting, key=lambda row: abs(row.at - began - length.stated), default=None)


def _settled(
    sign: Sign,
    given: Instant | None,
    length: Length | None,
    began: Instant,
    rows: Sequence[Row],
    clashes: list[Contradiction],
) -> Row | None:
    """The row, or an instant given outside of the timeline, that tells of this; contradictions are added."""
    marked = Row(0, given, "") if given is not None else _marked(sign, rows)
    told = marked or _like(sign, rows)
    if length is None or (told is not None and length.fits(told.at - began)):
        return told
    fitting = _fitting(length, began, rows)
    if told is None:
        return fitting or Row(0, began + length.stated, "")
    best = marked or fitting or Row(0, began + length.stated, "")
    about = "Time to detect" if sign == "detected" else "Time to recover"
    computed = f"{said(told.at - began)} from {began:%Y-%m-%d %H:%M} to {told.at:%Y-%m-%d %H:%M}{_quoted(told)}"
    taken = f"{best.at:%Y-%m-%d %H:%M}{_quoted(best)}"
    why = "as it is marked" if marked else "which fits what is stated" if fitting else "as it is stated"
    clashes.append(Contradiction(about, said(length.stated), computed, f"{taken}, {why}"))
    return best


def _marked(sign: Sign, rows: Sequence[Row]) -> Row | None:
    found = [row for row in rows if _MARKED[sign].search(row.text)]
    return None if not found else found[0] if sign == "detected" else found[-1]


def _like(sign: Sign, rows: Sequence[Row]) -> Row | None:
    """The first row that sounds like the beginning, or the last that sounds like the end."""
    found = [row for row in rows if _TOLD[sign].search(row.text)]
    if sign == "ended":
        found = [row for row in found if not _NOT.search(row.text)]
    return None if not found else found[0] if sign == "detected" else found[-1]


def _quoted(row: Row) -> str:
    text = " ".join(row.text.split())
    return f" (“{text[:60].rstrip()}{'…' if len(text) > 60 else ''}”)" if text else ""


def said(length: timedelta) -> str:
    """`54 min`, `2 h 28 min`, `2 d 6 h 10 min`."""
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(abs(minutes), 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [f"{days} d"] if days else []
    parts += [f"{hours} h"] if hours else []
    parts += [f"{left} min"] if left or not parts else []
    return ("-" if minutes < 0 else "") + " ".join(parts)
