"""The ledger of a batch: what each arrival means, given the small rows kept of its signal and its group. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from quarterdeck.intake.events import (
    ChangeObserved,
    GroupAcknowledged,
    GroupFellQuiet,
    GroupGrew,
    GroupHeld,
    GroupOpened,
    GroupStirred,
    GroupWorsened,
    SignalAcknowledged,
    SignalRaised,
    SignalResolved,
    SignalWorsened,
)
from quarterdeck.intake.rules.arrival import Arrival, graver
from quarterdeck.intake.rules.lives import GroupState, SignalState
from quarterdeck.intake.rules.placing import NO_PLAN, Place, gravest
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.plan.rules import InForce

_MINUTE = 60_000_000


@dataclass(slots=True)
class Seen:
    """The kept row of a signal. `count` is how often it was raised, repeats included; instants in microseconds."""

    key: str
    source: str
    state: SignalState
    severity: str
    group: str | None
    position: int
    """In the record, of its last raising; filled in once that has been recorded."""
    count: int
    first_seen: int
    last_seen: int
    new: bool = False


@dataclass(slots=True)
class Standing:
    """The kept row of a group: `signals` ever joined, `raises` with repeats, `firing` now; instants in microseconds."""

    id: str
    group_key: str
    state: GroupState
    severity: str
    impact: str
    urgency: str
    auto_resolve: bool
    window: int
    signals: int
    raises: int
    firing: int
    active_at: int
    acknowledged: bool
    quiet: bool = False
    """None of its signals has been open since some instant that the record knows."""
    new: bool = False

    @property
    def alive(self) -> bool:
        """Its incident is, as far as we know, being handled: what belongs to it joins it."""
        return self.state in ("held", "open", "quiet") or (self.state == "cleared" and not self.auto_resolve)


@dataclass(slots=True)
class Ledger:
    """Takes arrivals in order; afterwards `events` says what to record and the touched rows what to keep.

    `seen` and `groups` must hold every row that the batch's signals and group keys have. `place` is asked once for
    each arrival that raises; `new_id` names a group or a change.
    """

    now: Instant
    in_force: InForce | None
    place: Callable[[Arrival], Place]
    new_id: Callable[[], str]
    seen: dict[str, Seen]
    groups: dict[str, Standing]
    signal_events: dict[str, list[Event]] = field(default_factory=dict)
    group_events: dict[str, list[Event]] = field(default_factory=dict)
    changes: dict[str, list[Event]] = field(default_factory=dict)
    touched: dict[str, Seen] = field(default_factory=dict)
    touched_groups: dict[str, Standing] = field(default_factory=dict)
    by_key: dict[str, Standing] = field(default_factory=dict)
    _now: int = 0

    def __post_init__(self) -> None:
        self._now = micros(self.now)
        for group in sorted(self.groups.values(), key=lambda group: group.active_at):
            if group.alive:
                self.by_key[group.group_key] = group

    def take_all(self, arrivals: Iterable[Arrival]) -> None:
        for arrival in arrivals:
            self.take(arrival)

    def take(self, arrival: Arrival) -> None:
        match arrival.action:
            case "raise":
                self._raise(arrival)
            case "resolve":
                self._resolve(arrival)
            case "acknowledge":
                self._acknowledge(arrival)
            case "change":
                self._change(arrival)

    # -- signals -------------------------------------------------------------------------------

    def _raise(self, arrival: Arrival) -> None:
        seen = self.seen.get(arrival.key)
        if seen is None:
            now = self._now
            seen = Seen(arrival.key, arrival.source, "resolved", arrival.severity, None, 0, 0, now, now, new=True)
            self.seen[arrival.key] = seen
        self.touched[arrival.key] = seen
        seen.count += 1
        seen.last_seen = max(seen.last_seen, self._now)
        if seen.state in ("open", "acknowledged"):
            group = self.groups.get(seen.group or "")
            if group is not None and (group.alive or group.state == "hushed"):
                self._repeat(arrival, seen, group)
                return
        place = self.place(arrival)
        if place.suppressed_by is not None:
            if seen.state != "suppressed":
                self._leave(seen)
                seen.state, seen.group, seen.severity = "suppressed", None, arrival.severity
                self._record(arrival, place, None)
            return
        group = self._join(arrival, seen, place)
        seen.state, seen.group, seen.severity = "open", group.id, arrival.severity
        self._record(arrival, place, group.id)

    def _repeat(self, arrival: Arrival, seen: Seen, group: Standing) -> None:
        group.active_at = max(group.active_at, self._now)
        group.raises += 1
        self.touched_groups[group.id] = group
        if graver(arrival.severity, seen.severity):
            seen.severity = arrival.severity
            self._signal(arrival.key, SignalWorsened(at=self.now, severity=arrival.severity))
            if group.alive:
                self._worsen(arrival, self.place(arrival), group)

    def _resolve(self, arrival: Arrival) -> None:
        seen = self.seen.get(arrival.key)
        if seen is None or seen.state == "resolved":
            return
        self.touched[arrival.key] = seen
        self._signal(arrival.key, SignalResolved(at=self.now, by=arrival.sender))
        group = self._leave(seen)
        seen.state = "resolved"
        if group is not None and group.firing == 0 and group.state in ("open", "held"):
            group.quiet = True
            group.state = "held" if group.state == "held" else "quiet"
            self._group(group, GroupFellQuiet(at=self.now))

    def _acknowledge(self, arrival: Arrival) -> None:
        seen = self.seen.get(arrival.key)
        if seen is None or seen.state != "open":
            return
        seen.state = "acknowledged"
        self.touched[arrival.key] = seen
        self._signal(arrival.key, SignalAcknowledged(at=self.now, by=arrival.sender))
        group = self.groups.get(seen.group or "")
        if group is not None and group.alive and not group.acknowledged:
            group.acknowledged = True
            self._group(group, GroupAcknowledged(at=self.now, by=arrival.sender))

    def _change(self, arrival: Arrival) -> None:
        event = ChangeObserved(
            at=self.now,
            source=arrival.source,
            title=arrival.title,
            links=arrival.links,
            body=arrival.body,
            changed_at=arrival.started_at,
            sender=arrival.sender,
        )
        self.changes[self.new_id()] = [event]

    def _record(self, arrival: Arrival, place: Place, group: str | None) -> None:
        event = SignalRaised(
            at=self.now,
            source=arrival.source,
            dedup_key=arrival.dedup_key,
            title=arrival.title,
            severity=arrival.severity,
            labels=arrival.labels,
            links=arrival.links,
            body=arrival.body,
            service=place.service,
            route=place.route,
            group=group,
            suppressed_by=place.suppressed_by,
            started_at=arrival.started_at,
            sender=arrival.sender,
            drill=arrival.drill,
        )
        self._signal(arrival.key, event)

    def _signal(self, key: str, event: Event) -> None:
        self.signal_events.setdefault(key, []).append(event)

    # -- groups --------------------------------------------------------------------------------

    def _leave(self, seen: Seen) -> Standing | None:
        """The signal no longer fires in its group."""
        group = self.groups.get(seen.group or "")
        if group is not None and seen.state in ("open", "acknowledged"):
            group.firing -= 1
            self.touched_groups[group.id] = group
        return group

    def _join(self, arrival: Arrival, seen: Seen, place: Place) -> Standing:
        own = self.groups.get(seen.group or "")
        group = self._current(own, place)
        self._leave(seen)
        if group is None:
            group = self._open(arrival, place)
        elif group is not own:
            group.signals += 1
            if group.signals >= 10 and str(group.signals).strip("0") == "1":
                self._group(group, GroupGrew(at=self.now, signals=group.signals))
        group.firing += 1
        group.raises += 1
        group.active_at = max(group.active_at, self._now)
        self.touched_groups[group.id] = group
        if group.quiet:
            group.quiet = False
            group.state = "held" if group.state == "held" else "open"
            self._group(group, GroupStirred(at=self.now))
        self._worsen(arrival, place, group)
        return group

    def _current(self, own: Standing | None, place: Place) -> Standing | None:
        if own is not None and own.group_key == place.group_key and own.state in ("held", "open", "quiet"):
            return own
        group = self.by_key.get(place.group_key)
        if group is not None and group.alive and self._now - group.active_at <= group.window * _MINUTE:
            return group
        return None

    def _open(self, arrival: Arrival, place: Place) -> Standing:
        id = self.new_id()
        held = place.route == NO_PLAN
        group = Standing(
            id,
            place.group_key,
            "held" if held else "open",
            arrival.severity,
            place.impact,
            place.urgency,
            place.auto_resolve,
            place.window,
            1,
            0,
            0,
            self._now,
            False,
            new=True,
        )
        self.groups[id] = group
        self.by_key[place.group_key] = group
        if held:
            self._group(
                group,
                GroupHeld(
                    at=self.now,
                    group=id,
                    title=arrival.title,
                    severity=arrival.severity,
                    source=arrival.source,
                    labels=arrival.labels,
                ),
            )
        else:
            revision = self.in_force.revision if self.in_force else 0
            self._group(group, opened(id, arrival, place, revision, self.now))
        return group

    def _worsen(self, arrival: Arrival, place: Place, group: Standing) -> None:
        if graver(arrival.severity, group.severity):
            group.severity = arrival.severity
            self.touched_groups[group.id] = group
        if (place.impact, place.urgency) == (group.impact, group.urgency):
            return
        grades = gravest(self.in_force, (group.impact, group.urgency), (place.impact, place.urgency))
        if grades != (group.impact, group.urgency) and group.state != "held":
            group.impact, group.urgency = grades
            self._group(group, GroupWorsened(at=self.now, impact=grades[0], urgency=grades[1], severity=group.severity))

    def _group(self, group: Standing, event: Event) -> None:
        self.touched_groups[group.id] = group
        self.group_events.setdefault(group.id, []).append(event)


def opened(id: str, first: Arrival | GroupHeld, place: Place, revision: int, now: Instant) -> GroupOpened:
    """The opening of a group by its first signal, or by what was held of it."""
    return GroupOpened(
        at=now,
        group=id,
        route=place.route,
        title=first.title,
        incident_type=place.incident_type,
        impact=place.impact,
        urgency=place.urgency,
        source=first.source,
        labels=first.labels,
        service=place.service,
        severity=first.severity,
        plan_revision=revision,
        auto_resolve=place.auto_resolve,
        clear_after=place.clear_after,
        drill=first.drill if isinstance(first, Arrival) else "",
    )
