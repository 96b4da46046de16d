"""How many responders at which hour: the organisation's own arrivals run again past so many people. Pure.

No Poisson arrivals are assumed. Incidents cluster, and Erlang's formula, which supposes that they do not, promises more
than a night of three incidents at once can keep.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from math import inf

HOUR = 60.0
WEEK = 7 * 24


@dataclass(frozen=True)
class Work:
    """One incident as it was: when it came (minutes since a Monday 00:00 local, rising), and for how long it bound
    one responder (minutes)."""

    came: float
    lasted: float


Profile = Sequence[int]
"""Responders in each of the 168 hours of a week, from Monday 00:00 local."""
Blocks = Mapping[str, Sequence[int]]
"""Named stretches of the week, as hours of it: what one decides about as one."""


def waits(work: Sequence[Work], profile: Profile) -> list[float]:
    """Minutes until a responder was free, for each incident in order; first come, first served.

    Whoever is at work when fewer are on duty finishes first. `inf` where nobody is ever on duty again.
    """
    if not any(profile):
        return [inf] * len(work)
    busy: list[float] = []
    found, front = [], 0.0
    for one in work:
        start = max(one.came, front)
        while True:
            while busy and busy[0] <= start:
                heappop(busy)
            if len(busy) < profile[_hour(start)]:
                break
            opens = _next_hour_with(profile, start, len(busy))
            start = min(busy[0] if busy else inf, opens)
        front = start  # nobody overtakes
        heappush(busy, start + one.lasted)
        found.append(start - one.came)
    return found


def in_time(wait: float, reaction: Sequence[float], target: float) -> float:
    """The chance of an acknowledgement within `target` minutes after such a wait. `reaction`: sorted, as it was."""
    return bisect_right(reaction, target - wait) / len(reaction) if reaction else float(wait <= target)


@dataclass(frozen=True)
class Point:
    """With so many responders in a block: the share acknowledged in time, of `n` incidents that came in it."""

    block: str
    responders: int
    share: float
    n: int


def curve(
    work: Sequence[Work], reaction: Sequence[float], target: float, blocks: Blocks, most: int
) -> dict[str, list[Point]]:
    """For each block and each number from 1 to `most`, held through the whole week, the share in time."""
    found: dict[str, list[Point]] = {name: [] for name in blocks}
    for count in range(1, most + 1):
        shares = share_by_block(work, reaction, target, blocks, [count] * WEEK)
        for name in blocks:
            found[name].append(shares[name] if shares[name].n else Point(name, count, 1.0, 0))
    return found


def share_by_block(
    work: Sequence[Work], reaction: Sequence[float], target: float, blocks: Blocks, profile: Profile
) -> dict[str, Point]:
    """The share in time of what came in each block, with this profile through the week."""
    at = {hour: name for name, hours in blocks.items() for hour in hours}
    good: dict[str, list[float]] = {name: [] for name in blocks}
    for one, wait in zip(work, waits(work, profile), strict=True):
        if (name := at.get(_hour(one.came))) is not None:
            good[name].append(in_time(wait, reaction, target))
    return {
        name: Point(name, max((profile[h] for h in hours), default=0), _mean(good[name]), len(good[name]))
        for name, hours in blocks.items()
    }


@dataclass(frozen=True)
class Staffing:
    """The fewest responders for each block, and what they together reach when the arrivals are run past them."""

    least: Mapping[str, int | None]
    """None: not even the most that was tried is enough, or nothing came in it to tell by."""
    reached: Mapping[str, Point]
    overall: float


def staff(
    work: Sequence[Work],
    reaction: Sequence[float],
    target: float,
    goal: float,
    blocks: Blocks,
    most: int,
) -> Staffing:
    """The fewest for each block by its curve, then raised where they together fall short of `goal`.

    What waits at the end of one block burdens the next, so the blocks are judged together in the end.
    """
    found = curve(work, reaction, target, blocks, most)
    least: dict[str, int | None] = {}
    for name, points in found.items():
        enough = (point.responders for point in points if point.share >= goal)
        least[name] = next(enough, None) if points and points[0].n else None
    chosen = {name: least[name] or 1 for name in blocks}
    while True:
        reached = share_by_block(work, reaction, target, blocks, profile_of(blocks, chosen))
        short = [p for name, p in reached.items() if p.n and p.share < goal and chosen[name] < most and least[name]]
        if not short:
            break
        worst = min(short, key=lambda point: point.share)
        chosen[worst.block] += 1
        least[worst.block] = chosen[worst.block]
    return Staffing(least, reached, overall(reached.values()))


@dataclass(frozen=True)
class Move:
    """One responder moved from a block to another of the same length: shares in time before and after."""

    origin: str
    to: str
    before: float
    after: float


def best_move(
    work: Sequence[Work],
    reaction: Sequence[float],
    target: float,
    blocks: Blocks,
    present: Mapping[str, int],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Move | None:
    """Where one person moved from one block to another helps most; None where no move helps."""
    before = overall(share_by_block(work, reaction, target, blocks, profile_of(blocks, present)).values())
    pairs = [
        (origin, to)
        for origin in blocks
        for to in blocks
        if origin != to and present[origin] > 1 and len(blocks[origin]) == len(blocks[to])
    ]
    best: Move | None = None
    for done, (origin, to) in enumerate(pairs, start=1):
        changed = {**present, origin: present[origin] - 1, to: present[to] + 1}
        after = overall(share_by_block(work, reaction, target, blocks, profile_of(blocks, changed)).values())
        if after > max(before, best.after if best else before) + 1e-9:
            best = Move(origin, to, before, after)
        progress(done, len(pairs))
    return best


def profile_of(blocks: Blocks, responders: Mapping[str, int]) -> list[int]:
    """Hours that are in no block have as many as the least staffed one."""
    made = [min(responders.values(), default=0)] * WEEK
    for name, hours in blocks.items():
        for hour in hours:
            made[hour] = responders[name]
    return made


def eight_hours() -> dict[str, list[int]]:
    """Nights, days and evenings, of working days and of weekends; each a stretch of eight hours a day."""
    parts = {"nights": range(8), "days": range(8, 16), "evenings": range(16, 24)}
    days = {"working days": range(5), "weekends": range(5, 7)}
    return {
        f"{part}, {kind}": [24 * day + hour for day in among for hour in hours]
        for kind, among in days.items()
        for part, hours in parts.items()
    }


def overall(points: Iterable[Point]) -> float:
    """The share in time of everything, each block by what came in it."""
    found = list(points)
    n = sum(point.n for point in found)
    return sum(point.share * point.n for point in found) / n if n else 1.0


def _hour(minute: float) -> int:
    return int(minute // HOUR) % WEEK


def _next_hour_with(profile: Profile, minute: float, busy: int) -> float:
    """The start of the next hour in which more are on duty than are busy; `inf` within a week if there is none."""
    first = int(minute // HOUR) + 1
    return next((hour * HOUR for hour in range(first, first + WEEK) if profile[hour % WEEK] > busy), inf)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 1.0


@dataclass(frozen=True)
class Advice:
    """The curve of each block, the fewest that reach the goal, and the best move from an even staffing."""

    within: float
    goal: float
    n: int
    teams: tuple[str, ...]
    """Teams with incidents."""
    team: str | None
    curves: Mapping[str, Sequence[Point]]
    staffing: Staffing
    move: Move | None
    """From as many everywhere as the busiest block needs least of all: where the first one moved helps most."""


def advise(
    work: Sequence[Work],
    reaction: Sequence[float],
    within: float,
    goal: float,
    most: int,
    teams: Sequence[str],
    team: str | None,
) -> Advice:
    """All that is said about one team's hours, or everybody's. `reaction`: sorted minutes."""
    blocks = eight_hours()
    staffed = staff(work, reaction, within, goal, blocks, most)
    needed = [count for count in staffed.least.values() if count]
    even = dict.fromkeys(blocks, max(2, round(sum(needed) / len(needed)))) if needed else dict.fromkeys(blocks, 2)
    return Advice(
        within,
        goal,
        len(work),
        tuple(teams),
        team,
        curve(work, reaction, within, blocks, most),
        staffed,
        best_move(work, reaction, within, blocks, even),
    )


def staffing_document(found: Advice) -> dict[str, object]:
    """As JSON."""
    return {
        "within": found.within,
        "goal": found.goal,
        "n": found.n,
        "team": found.team,
        "teams": found.teams,
        "blocks": [
            {
                "name": name,
                "n": points[0].n if points else 0,
                "curve": [{"responders": point.responders, "share": point.share} for point in points],
                "least": found.staffing.least[name],
                "reached": found.staffing.reached[name].share,
            }
            for name, points in found.curves.items()
        ],
        "overall": found.staffing.overall,
        "move": found.move,
    }
