"""What can be done here: take in a batch of arrivals, and say what became of a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from quarterdeck.catalog import state as catalog
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.intake import rules, state
from quarterdeck.intake.events import GroupClosed, SignalRaised
from quarterdeck.intake.rules import CHANGE, GROUP, SIGNAL, Arrival, Ledger, Place
from quarterdeck.kernel.ids import new_id
from quarterdeck.plan import state as plan
from quarterdeck.plan.rules import InForce
from quarterdeck.record import Recorded, Tx


@dataclass(frozen=True)
class Taken:
    """How many arrivals there were, and how many events came of them; the rest were counted or changed nothing."""

    arrivals: int
    events: int


@permitted(Permission.INTAKE)
def accept(tx: Tx, batch: Sequence[Arrival]) -> Taken:
    """Take a batch of arrivals, in order, in this one transaction. Nothing in a parsed arrival can make it fail."""
    tx.lock()
    seen = state.seen(tx, {arrival.key for arrival in batch})
    groups = state.standing(tx, {row.group for row in seen.values() if row.group})
    in_force = plan.in_force(tx)
    places = _Places(tx, in_force)
    homeless = _may_need_a_group(batch, seen, groups)
    groups |= state.standing_under(tx, {places.of(arrival).group_key for arrival in homeless})
    ledger = Ledger(tx.now, in_force, places.of, lambda: new_id(tx.now), seen, groups)
    ledger.take_all(batch)
    recorded = _append(tx, ledger)
    for row in recorded:
        if type(row.event) is SignalRaised:
            ledger.seen[row.key].position = row.position
    state.keep_seen(tx, sorted(ledger.touched.values(), key=lambda row: row.key))
    state.keep_standing(tx, sorted(ledger.touched_groups.values(), key=lambda row: row.id))
    return Taken(len(batch), len(recorded))


def _may_need_a_group(
    batch: Sequence[Arrival], seen: dict[str, rules.Seen], groups: dict[str, rules.Standing]
) -> list[Arrival]:
    """All raising arrivals but the plain repeats of a signal whose group still holds it."""
    resolved = {arrival.key for arrival in batch if arrival.action == "resolve"}
    needy = []
    for arrival in batch:
        if arrival.action != "raise":
            continue
        row = seen.get(arrival.key)
        if row is not None and row.state in ("open", "acknowledged") and arrival.key not in resolved:
            group = groups.get(row.group or "")
            if group is not None and (group.alive or group.state == "hushed"):
                continue
        needy.append(arrival)
    return needy


def _append(tx: Tx, ledger: Ledger) -> list[Recorded]:
    new = [(SIGNAL, key, events) for key, events in ledger.signal_events.items() if ledger.seen[key].new]
    old = [(SIGNAL, key, events) for key, events in ledger.signal_events.items() if not ledger.seen[key].new]
    new_groups = [(GROUP, id, events) for id, events in ledger.group_events.items() if ledger.groups[id].new]
    old_groups = [(GROUP, id, events) for id, events in ledger.group_events.items() if not ledger.groups[id].new]
    changes = [(CHANGE, id, events) for id, events in ledger.changes.items()]
    # Groups first: a reader of the record meets a group before the signals that name it.
    recorded = tx.append_many([*new_groups, *changes], fresh=True) + tx.append_many(old_groups)
    return recorded + tx.append_many(new, fresh=True) + tx.append_many(old)


class _Places:
    """Places by the plan in force; in a storm most signals go to one, which is worked out once in a batch."""

    def __init__(self, tx: Tx, in_force: InForce | None) -> None:
        self._tx = tx
        self._in_force = in_force
        self._deciding = rules.deciding(in_force)
        self._known: dict[str, bool] = {}
        self._found: dict[tuple[str | None, ...], Place] = {}

    def of(self, arrival: Arrival) -> Place:
        labels = arrival.labels
        case = (arrival.source, arrival.drill, *map(labels.get, self._deciding))
        place = self._found.get(case)
        if place is None:
            place = rules.place(self._in_force, arrival.source, labels, self._tx.now, self.service_known, arrival.drill)
            self._found[case] = place
        return place

    def service_known(self, service: str) -> bool:
        if service not in self._known:
            found = catalog.service(self._tx, service)
            self._known[service] = found is not None and found.active
        return self._known[service]


@permitted(Permission.DECLARE)
def attach_group(tx: Tx, *, group: str, number: int) -> None:
    """Say which incident handles the group, so that signals can show it. Call it again when incidents are merged."""
    tx.decide(GROUP, group, partial(rules.attach, number=number, now=tx.now))


@permitted(Permission.RESPOND)
def close_group(tx: Tx, *, group: str, reason: str, hush: bool = False) -> None:
    """End a group: its incident is resolved, declined, merged or cancelled.

    A signal that still fires afterwards opens a new group at its next repeat; with `hush=True` (it was declined:
    known and harmless) it is only counted until it has been resolved once.
    """
    tx.lock()
    closed = tx.decide(GROUP, group, partial(rules.close, reason=reason, hush=hush, now=tx.now))
    row = state.standing(tx, [group]).get(group)
    if row is not None:
        row.state = closed.state
        state.keep_standing(tx, [row])


@permitted(Permission.INTAKE)
def open_held_group(tx: Tx, *, group: str) -> None:
    """A plan is in force now: place what was held without one. A group that has resolved itself meanwhile is closed."""
    tx.lock()
    in_force = plan.in_force(tx)
    folded = tx.existing(GROUP, group)
    row = state.standing(tx, [group]).get(group)
    if in_force is None or folded.state != "held" or folded.held is None or row is None:
        return
    if folded.quiet_since is not None:
        reason = "All its signals had been resolved before a plan was in force."
        row.state = tx.append(GROUP, group, [GroupClosed(at=tx.now, reason=reason)]).state
    else:
        first = folded.held
        place = rules.place(in_force, first.source, first.labels, tx.now, _Places(tx, in_force).service_known)
        row.state = tx.append(GROUP, group, [rules.opened(group, first, place, in_force.revision, tx.now)]).state
        row.group_key, row.window, row.auto_resolve = place.group_key, place.window, place.auto_resolve
        row.impact, row.urgency = place.impact, place.urgency
    state.keep_standing(tx, [row])
