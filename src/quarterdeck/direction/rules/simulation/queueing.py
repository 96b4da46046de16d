"""Waiting for a responder: the worst severity first, then whoever was ready first. Pure."""

from collections.abc import Sequence
from heapq import heappop, heappush
from math import inf

import numpy as np

from quarterdeck.direction.rules.simulation.history import HOURS, Numbers, Whole


def waits(ready: Numbers, rank: Whole, work: Numbers, responders: Sequence[int]) -> Numbers:
    """Minutes that each waits for a responder; `responders`: how many are on duty in each hour of the week.

    Nobody is taken away from what they are at; at the end of a shift the next one takes over.
    """
    if not any(responders):
        return np.full(ready.size, inf)
    order = np.argsort(ready, kind="stable")
    came, lasts = ready[order], work[order]
    duty = np.array(responders)[(came / 60).astype(np.int64) % HOURS]
    waited = np.zeros(ready.size)
    if not _everybody_is_taken_up(came, lasts, duty):
        waited[order] = _taken_up(came.tolist(), rank[order].tolist(), lasts.tolist(), duty.tolist(), responders)
    return waited


def _everybody_is_taken_up(came: Numbers, lasts: Numbers, duty: Whole) -> bool:
    """At once: even if all began when they were ready, there was always somebody free. `came` rises."""
    # Who ends in this very minute is counted as busy: then it is looked at closely, which is only slower.
    busy = np.arange(came.size) - np.searchsorted(np.sort(came + lasts), came, side="left")
    return bool(np.all(busy < duty))


def _taken_up(
    came: list[float], ranks: list[int], lasts: list[float], duty: list[int], responders: Sequence[int]
) -> list[float]:
    """One after the other. While nobody waits, a free responder is all that is looked for."""
    count, most, changes = len(came), max(responders), _changes(responders)
    waited = [0.0] * count
    busy: list[float] = []  # when each who is at work is free again; some may be already
    waiting: list[int] = []  # by rank, then by turn: both in one number
    at, on, shift = 0, 0, 0.0
    came = [*came, inf]
    while at < count:
        now = came[at]
        while len(busy) >= duty[at] and busy and busy[0] <= now:
            heappop(busy)
        if len(busy) < duty[at] and came[at + 1] > now:
            heappush(busy, now + lasts[at])
            at += 1
            continue
        while True:
            while came[at] <= now:
                heappush(waiting, ranks[at] * count + at)
                at += 1
            while busy and busy[0] <= now:
                heappop(busy)
            if now >= shift:
                hour = int(now // 60)
                on, shift = responders[hour % HOURS], 60.0 * (hour + changes[hour % HOURS])
            if len(busy) < on:
                i = heappop(waiting) % count
                waited[i] = now - came[i]
                heappush(busy, now + lasts[i])
                if not waiting:
                    break
            else:
                now = busy[0] if len(busy) >= most else min(shift, busy[0]) if busy else shift
    return waited


def _changes(responders: Sequence[int]) -> list[int]:
    """For each hour of the week: in how many hours another number is on duty."""
    found = [HOURS] * HOURS
    for hour in reversed(range(2 * HOURS)):
        here, following = hour % HOURS, (hour + 1) % HOURS
        found[here] = 1 if responders[here] != responders[following] else min(HOURS, found[following] + 1)
    return found
