"""Who is on call: layers of turns, cover on top, swept into final shifts. Screens and the engine ask the same."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from quarterdeck.kernel.errors import NotFound, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.events import CoverArranged, CoverCancelled, Layer, Restriction, ScheduleRevised
from quarterdeck.oncall.rules.calendar import DAY, instant_of, local

LONGEST_COVER = timedelta(days=366)
MOST_COVERS_AHEAD = 500
Span = tuple[Instant, Instant]
_ONE_DAY = timedelta(days=1)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody takes over between two instants; the cover arranged last wins."""

    id: str
    person: str
    start: Instant
    end: Instant
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Shift:
    """`person` is on call from `start` until `end`; `cover` is the id of the cover that put them there."""

    start: Instant
    end: Instant
    person: str
    cover: str | None = None

    @property
    def hours(self) -> float:
        return (self.end - self.start) / timedelta(hours=1)


@dataclass(frozen=True)
class Schedule:
    """A schedule as it stands."""

    id: str
    title: str
    zone: str
    layers: tuple[Layer, ...]
    round_the_clock: bool = True
    covers: tuple[Cover, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody in the layers, once, in order of appearance."""
        return tuple(dict.fromkeys(person for layer in self.layers for person in layer.participants))


# -- the sweep ---------------------------------------------------------------------------------


def _turns(layer: Layer, zone: str, start: Instant, end: Instant) -> Iterator[Shift]:
    """The layer's turns that touch the window, unrestricted; each ends at the instant at which the next begins."""
    length = layer.every * (7 if layer.rotation == "weekly" else 1)
    back = (layer.starts.weekday() - layer.weekday) % 7 if layer.weekday is not None else 0
    anchor = layer.starts.toordinal() - back
    opens = instant_of(zone, layer.starts, layer.minute)
    closes = instant_of(zone, layer.ends, layer.minute) if layer.ends else None
    turn = max(0, (local(zone, start).date().toordinal() - 2 - anchor) // length)
    begin = instant_of(zone, date.fromordinal(anchor + turn * length), layer.minute)
    while begin < end and (closes is None or begin < closes):
        finish = instant_of(zone, date.fromordinal(anchor + (turn + 1) * length), layer.minute)
        first = max(begin, opens, start)
        last = min(finish, end) if closes is None else min(finish, end, closes)
        if first < last:
            yield Shift(first, last, layer.participants[turn % len(layer.participants)])
        begin, turn = finish, turn + 1


def _windows(restrictions: Sequence[Restriction], zone: str, start: Instant, end: Instant) -> list[Span]:
    """When the restrictions let a layer be on call, joined up and in order."""
    spans: list[Span] = []
    day, last = local(zone, start).date() - 2 * _ONE_DAY, local(zone, end).date() + _ONE_DAY
    while day <= last:
        spans += [
            (instant_of(zone, day, only.start), instant_of(zone, day, only.end))
            for only in restrictions
            if day.weekday() in only.days
        ]
        day += _ONE_DAY
    return _joined(spans)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for begin, finish in sorted(span for span in spans if span[0] < span[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], finish))
        else:
            joined.append((begin, finish))
    return joined


def layer_shifts(layer: Layer, zone: str, start: Instant, end: Instant) -> list[Shift]:
    """One layer on its own, restrictions applied; in order, without overlaps."""
    turns = list(_turns(layer, zone, start, end))
    if not layer.only or not turns:
        return turns
    found, at = [], 0
    windows = _windows(layer.only, zone, start, end)
    for turn in turns:
        while at < len(windows) and windows[at][1] <= turn.start:
            at += 1
        inside = at
        while inside < len(windows) and windows[inside][0] < turn.end:
            begin, finish = windows[inside]
            found.append(Shift(max(begin, turn.start), min(finish, turn.end), turn.person))
            inside += 1
    return found


def shifts(schedule: Schedule, start: Instant, end: Instant) -> list[Shift]:
    """The final shifts between two instants: in order, never overlapping, cut off at the window's ends.

    Where several claim an instant the one on top wins: the cover arranged last, then the last layer.
    Neighbouring shifts of one person are one shift, unless cover begins or ends between them.
    """
    if start >= end:
        return []
    planes = [layer_shifts(layer, schedule.zone, start, end) for layer in schedule.layers]
    planes += [
        [Shift(max(cover.start, start), min(cover.end, end), cover.person, cover.id)]
        for cover in schedule.covers
        if cover.start < end and cover.end > start
    ]
    planes = [plane for plane in reversed(planes) if plane]
    begins = [[shift.start for shift in plane] for plane in planes]
    edges = sorted({edge for plane in planes for shift in plane for edge in (shift.start, shift.end)})
    final: list[Shift] = []
    for begin, finish in pairwise(edges):
        top = _on_top(planes, begins, begin)
        if top is None:
            continue
        last = final[-1] if final else None
        if last and last.end == begin and (last.person, last.cover) == (top.person, top.cover):
            final[-1] = replace(last, end=finish)
        else:
            final.append(replace(top, start=begin, end=finish))
    return final


def _on_top(planes: Sequence[Sequence[Shift]], begins: Sequence[Sequence[Instant]], at: Instant) -> Shift | None:
    for plane, starts in zip(planes, begins, strict=True):
        index = bisect_right(starts, at) - 1
        if index >= 0 and at < plane[index].end:
            return plane[index]
    return None


def who_is_on_call(schedule: Schedule, at: Instant) -> str | None:
    """The person on call at an instant; None: nobody would be paged."""
    found = shifts(schedule, at, at + _TICK)
    return found[0].person if found else None


def gaps(schedule: Schedule, start: Instant, end: Instant) -> list[Span]:
    """The spans in which nobody would be paged; empty for a schedule that does not claim to be round the clock."""
    return uncovered(schedule, start, end) if schedule.round_the_clock else []


def uncovered(schedule: Schedule, start: Instant, end: Instant) -> list[Span]:
    """What of the window no final shift fills."""
    found, at = [], start
    for shift in shifts(schedule, start, end):
        if shift.start > at:
            found.append((at, shift.start))
        at = shift.end
    if at < end:
        found.append((at, end))
    return found


# -- the schedule's life -----------------------------------------------------------------------


def evolve(state: Schedule | None, event: Event) -> Schedule:
    if isinstance(event, ScheduleRevised):
        covers = state.covers if state else ()
        return Schedule(event.schedule, event.title, event.zone, event.layers, event.round_the_clock, covers)
    assert state is not None, "a schedule begins with its first document"
    if isinstance(event, CoverArranged):
        cover = Cover(event.cover, event.person, event.start, event.end, event.by, event.reason)
        return replace(state, covers=(*state.covers, cover))
    if isinstance(event, CoverCancelled):
        return replace(state, covers=tuple(_cut(state.covers, event)))
    return state


def _cut(covers: Iterable[Cover], event: CoverCancelled) -> Iterator[Cover]:
    for cover in covers:
        if cover.id != event.cover:
            yield cover
        elif cover.start < event.at:
            yield replace(cover, end=min(cover.end, event.at))


def arrange_cover(
    schedule: Schedule, *, cover: str, person: str, start: Instant, end: Instant, reason: str, by: str, now: Instant
) -> list[Event]:
    """Put somebody on top. What has passed is not rewritten: a start before now becomes now."""
    start = max(start, now)
    if end <= start:
        raise Refused("CoverIsOver", "The cover has to end in the future, and after it begins.")
    if end - start > LONGEST_COVER:
        raise Refused("CoverTooLong", "Cover lasts a year at most. For longer, revise the schedule.")
    ahead = [held for held in schedule.covers if held.end > now]
    if len(ahead) >= MOST_COVERS_AHEAD:
        raise Refused("TooManyCovers", f"{len(ahead)} covers lie ahead already. Revise the schedule instead.")
    if any((held.person, held.start, held.end) == (person, start, end) for held in ahead):
        raise Refused("AlreadyArranged", "This cover is arranged already.")
    return [CoverArranged(at=now, cover=cover, person=person, start=start, end=end, by=by, reason=reason)]


def cancel_cover(schedule: Schedule, *, cover: str, by: str, now: Instant) -> list[Event]:
    """Take a cover away again, or what is left of it."""
    held = next((one for one in schedule.covers if one.id == cover), None)
    if held is None:
        raise NotFound(f"cover {cover} on {schedule.id}")
    if held.end <= now:
        raise Refused("CoverIsOver", "This cover has passed already; nothing is left to cancel.")
    return [CoverCancelled(at=now, cover=cover, by=by)]


SCHEDULE: Lifecycle[Schedule] = Lifecycle("schedule", evolve)

__all__ = ["DAY", "SCHEDULE", "Cover", "Schedule", "Shift", "gaps", "shifts", "uncovered", "who_is_on_call"]
