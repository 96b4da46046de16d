"""From team to team: who hands to whom, how long each kept it, and what comes straight back. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from quarterdeck.direction.rules.paths.log import Log, among
from quarterdeck.direction.rules.statistics import Counts, Estimate, Flags, Values, percentile

TEAMS = 12
"""Of a matrix; the rest are one row and one column."""


@dataclass(frozen=True)
class Handover:
    """`times` from one team to another; `returned`: so often it came straight back.

    `seconds`: how long it was kept before, in order.
    """

    giver: str
    taker: str
    times: int
    returned: int
    seconds: Values = field(repr=False, compare=False)

    @cached_property
    def kept(self) -> Estimate:
        return percentile(self.seconds, 0.5)


@dataclass(frozen=True)
class Held:
    """What a team had: visits, the median of a visit in seconds, all of them together and their share of all."""

    team: str
    visits: int
    seconds: Values = field(repr=False, compare=False)
    total: float
    share: float

    @cached_property
    def kept(self) -> Estimate:
        return percentile(self.seconds, 0.5)


@dataclass(frozen=True)
class Handovers:
    """`incidents`: of which a team is known; `handed`: more than one team had it; `returned`: one had it twice."""

    incidents: int
    handed: int
    returned: int
    pairs: tuple[Handover, ...]
    teams: tuple[Held, ...]


def handovers(log: Log, wanted: Counts, owners: Mapping[str, str]) -> Handovers:
    """Of these incidents (sorted numbers). `owners`: the team that owns a service, where no queue is told of."""
    rows, team, names = _visits(log, wanted, owners)
    if not len(rows):
        return Handovers(0, 0, 0, (), ())
    number, at = log.number[rows], log.at[rows]
    ends = _ends(log, number)
    same = np.append(number[1:] == number[:-1], False)
    left = np.where(same, np.append(at[1:], 0), ends)
    kept = np.maximum(left - at, 0) / 1e6
    first = np.flatnonzero(np.append(True, ~same[:-1]))
    visits = np.diff(np.append(first, len(rows)))
    case = np.repeat(np.arange(len(first)), visits)
    pairs = np.sort(case * len(names) + team)
    different = np.bincount(pairs[np.append(True, pairs[1:] != pairs[:-1])] // len(names), minlength=len(first))
    back = np.zeros(len(rows), dtype=np.bool_)
    if len(rows) > 2:
        back[:-2] = same[:-2] & same[1:-1] & (team[2:] == team[:-2])
    return Handovers(
        incidents=len(first),
        handed=int(np.count_nonzero(visits > 1)),
        returned=int(np.count_nonzero(visits > different)),
        pairs=_pairs(team, same, back, kept, names),
        teams=_teams(team, kept, names),
    )


def _visits(log: Log, wanted: Counts, owners: Mapping[str, str]) -> tuple[Counts, Counts, tuple[str, ...]]:
    """The rows at which another team got it, and which."""
    inside = among(log.number, wanted)
    told = log.is_("queue", "handed") & inside
    without = inside & ~among(log.number, log.number[told])
    names = {name: code for code, name in enumerate(log.detail.names)}
    of_service = np.array(
        [*(names.setdefault(owners[one], len(names)) if one in owners else -1 for one in log.detail.names), -1],
        dtype=np.int64,
    )
    team = np.where(told, log.detail.codes.astype(np.int64), of_service[log.detail.codes])
    rows = np.flatnonzero((told | (without & log.is_("declared", "service"))) & (team >= 0))
    team, number = team[rows], log.number[rows]
    fresh = np.append(True, (number[1:] != number[:-1]) | (team[1:] != team[:-1]))[: len(rows)]
    return rows[fresh], team[fresh], tuple(names)


def _ends(log: Log, number: Counts) -> Counts:
    """For each row's incident: its last resolution, or the last that is known of it."""
    last = np.searchsorted(log.number, number, side="right") - 1
    resolved = np.flatnonzero(log.is_("resolved"))
    ends = log.at[last]
    if len(resolved):
        places = np.searchsorted(log.number[resolved], number, side="right") - 1
        there = (places >= 0) & (log.number[resolved[np.maximum(places, 0)]] == number)
        ends = np.where(there, log.at[resolved[np.maximum(places, 0)]], ends)
    return ends


def _pairs(team: Counts, same: Flags, back: Flags, kept: Values, names: tuple[str, ...]) -> tuple[Handover, ...]:
    rows = np.flatnonzero(same)
    if not len(rows):
        return ()
    pair = team[rows] * len(names) + team[rows + 1]
    order = np.lexsort((kept[rows], pair))
    rows, pair = rows[order], pair[order]
    found, starts = np.unique(pair, return_index=True)
    stops = np.append(starts[1:], len(pair))
    pairs = [
        Handover(
            names[one // len(names)],
            names[one % len(names)],
            stop - start,
            int(np.count_nonzero(back[rows[start:stop]])),
            kept[rows[start:stop]],
        )
        for one, start, stop in zip(found.tolist(), starts.tolist(), stops.tolist(), strict=True)
    ]
    return tuple(sorted(pairs, key=lambda one: (-one.times, one.giver, one.taker)))


def _teams(team: Counts, kept: Values, names: tuple[str, ...]) -> tuple[Held, ...]:
    whole = float(kept.sum())
    order = np.lexsort((kept, team))
    kept = kept[order]
    found, starts = np.unique(team[order], return_index=True)
    stops = np.append(starts[1:], len(team))
    teams = []
    for one, start, stop in zip(found.tolist(), starts.tolist(), stops.tolist(), strict=True):
        here = kept[start:stop]
        total = float(here.sum())
        teams.append(Held(names[one], stop - start, here, total, total / whole if whole else 0.0))
    return tuple(sorted(teams, key=lambda one: -one.total))


def matrix(found: Handovers, most: int = TEAMS) -> tuple[tuple[str, ...], tuple[tuple[int, ...], ...], int]:
    """Who hands (rows) to whom (columns): the teams with most to do, the others left out, and how many they are."""
    weight: dict[str, int] = {}
    for pair in found.pairs:
        for name in (pair.giver, pair.taker):
            weight[name] = weight.get(name, 0) + pair.times
    names = tuple(sorted(weight, key=lambda name: (-weight[name], name))[:most])
    times = {(pair.giver, pair.taker): pair.times for pair in found.pairs}
    rows = tuple(tuple(times.get((giver, taker), 0) for taker in names) for giver in names)
    return names, rows, max(0, len(weight) - most)
