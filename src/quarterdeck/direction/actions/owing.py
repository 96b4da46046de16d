"""The weekly note on what is overdue: it begins with the first plan, and each owner and the plan's owner are told."""

from collections.abc import Mapping, Sequence
from functools import partial

from quarterdeck.direction.rules import DEBT
from quarterdeck.direction.rules import owing as rules
from quarterdeck.direction.rules.owing import KEY, Item
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import person
from quarterdeck.notify.actions import request
from quarterdeck.plan.state import holder_of
from quarterdeck.record import Tx

_QUIET = 3
"""As urgent as a SEV4: it wakes nobody."""


@permitted(Permission.REVIEW)
def begin_debt_notes(tx: Tx) -> None:
    """From the first plan on, a note goes out every Monday."""
    if events := rules.begin(tx.load(DEBT, KEY), tx.now):
        tx.append(DEBT, KEY, events)


@permitted(Permission.REVIEW)
def tell_debt(tx: Tx, *, week: str, items: Sequence[Item], names: Mapping[str, str]) -> None:
    """Tell every owner their part, and the plan's owner whose how much is. With nothing overdue nobody is told."""
    events = partial(rules.told, now=tx.now, week=week, items=items)(tx.existing(DEBT, KEY))
    if not events:
        return
    tx.append(DEBT, KEY, events)
    for owner, mine in rules.by_owner(items).items():
        found = person(tx, owner) if owner else None
        if found is not None and found.active:
            things = "1 thing of yours is overdue" if len(mine) == 1 else f"{len(mine)} things of yours are overdue"
            _write(tx, found.id, week, things, rules.note(mine, tx.now))
    keeper = holder_of(tx, "owner")
    if items and keeper is not None:
        _write(tx, keeper, week, f"Overdue this week: {len(items)}", rules.summary(items, names, tx.now))


def _write(tx: Tx, person: str, week: str, subject: str, text: str) -> None:
    request(
        tx,
        person=person,
        about=f"debt/{week}",
        purpose="reminder",
        urgency=_QUIET,
        subject=subject,
        text=text[:3_000],
        url_path="/debt",
    )
