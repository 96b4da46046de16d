"""What can be done to the catalogue: add, revise and retire services, one by one or a whole file of them."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from quarterdeck.catalog import rules
from quarterdeck.catalog.events import HourlyLoss
from quarterdeck.catalog.rules import SERVICE, Entry
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import team
from quarterdeck.kernel.errors import Invalid
from quarterdeck.record import Tx


@permitted(Permission.CATALOG)
def add_service(
    tx: Tx,
    *,
    id: str,
    name: str,
    team: str,
    tier: int,
    depends_on: Iterable[str] = (),
    escalation_path: str | None = None,
    tolerance: int | None = None,
    loss: HourlyLoss | None = None,
) -> None:
    """Add a service under a slug that people choose. `tier`: 1 (most critical) to 4. `tolerance`: minutes
    of interruption that its owner tolerates. `loss`: what an hour of it costs.

    `Invalid` names an unknown team, an unknown or retired dependency, and a circle of dependencies;
    `ServiceExists` if the id is in service. A retired service comes back under its old id.
    """
    entry = _entry(name, team, tier, depends_on, escalation_path, tolerance, loss)
    tx.lock()
    _check(tx, {id: entry})
    tx.append(SERVICE, id, rules.add(tx.load(SERVICE, id), id, entry, tx.now))


@permitted(Permission.CATALOG)
def revise_service(
    tx: Tx,
    *,
    id: str,
    name: str,
    team: str,
    tier: int,
    depends_on: Iterable[str] = (),
    escalation_path: str | None = None,
    tolerance: int | None = None,
    loss: HourlyLoss | None = None,
) -> None:
    """Put a new entry in the place of the old one; the same checks as when it was added."""
    entry = _entry(name, team, tier, depends_on, escalation_path, tolerance, loss)
    tx.lock()
    listing = tx.existing(SERVICE, id)
    _check(tx, {id: entry})
    tx.append(SERVICE, id, rules.revise(listing, id, entry, tx.now))


@permitted(Permission.CATALOG)
def retire_service(tx: Tx, *, id: str) -> None:
    """Take a service out of use. What depends on it keeps saying so until it is revised."""
    tx.decide(SERVICE, id, lambda listing: rules.retire(listing, id, tx.now))


@permitted(Permission.CATALOG)
def apply_services(tx: Tx, *, entries: Mapping[str, Entry]) -> tuple[int, int]:
    """Add or revise all of these at once, in any order; all or none. Returns how many were added and revised."""
    tx.lock()
    _check(tx, entries)
    listings = tx.load_many(SERVICE, entries)
    added = revised = 0
    for id, entry in entries.items():
        listing = listings.get(id)
        if listing is None or not listing.active:
            tx.append(SERVICE, id, rules.add(listing, id, entry, tx.now))
            added += 1
        elif events := rules.revise(listing, id, entry, tx.now):
            tx.append(SERVICE, id, events)
            revised += 1
    return added, revised


def _entry(
    name: str,
    team: str,
    tier: int,
    depends_on: Iterable[str],
    escalation_path: str | None,
    tolerance: int | None,
    loss: HourlyLoss | None,
) -> Entry:
    needs = tuple(dict.fromkeys(depends_on))
    return Entry(name.strip(), team, tier, needs, escalation_path or None, tolerance, loss)


def _check(tx: Tx, entries: Mapping[str, Entry]) -> None:
    """Every fault of these entries, held against one another and against what is in the catalogue already."""
    for id, entry in entries.items():
        rules.check(id, entry)
    needs = _needs(tx, entries)
    errors: list[str] = []
    for id, entry in entries.items():
        where = f"{id}: " if len(entries) > 1 else ""
        if team(tx, entry.team) is None:
            errors.append(f"{where}team: there is no team {entry.team!r}; add it first")
        errors += [
            f"{where}depends_on: there is no service {needed!r} in use; add it first"
            for needed in entry.depends_on
            if needed not in entries and not _in_use(tx, needed)
        ]
        circle = rules.cycle(id, entry.depends_on, needs)
        if circle is not None:
            errors.append(f"{where}depends_on: services would depend on themselves: {' → '.join(circle)}")
    if errors:
        raise Invalid("The catalogue would not hold together.", tuple(errors))


def _in_use(tx: Tx, id: str) -> bool:
    listing = tx.load(SERVICE, id)
    return listing is not None and listing.active


def _needs(tx: Tx, entries: Mapping[str, Entry]) -> Callable[[str], Sequence[str]]:
    def needs(id: str) -> Sequence[str]:
        if id in entries:
            return entries[id].depends_on
        listing = tx.load(SERVICE, id)
        return () if listing is None else listing.entry.depends_on

    return needs
