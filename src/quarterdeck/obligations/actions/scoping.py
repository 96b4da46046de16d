"""Which regimes there are and whether they apply: declared by whoever keeps the plan."""

from collections.abc import Collection, Mapping, Sequence

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.obligations.events import Regime
from quarterdeck.obligations.rules import REGIME, examples, pack_from, scoping
from quarterdeck.obligations.state import plan_of, scope
from quarterdeck.record import Tx


@permitted(Permission.PLAN)
def declare_scope(
    tx: Tx,
    *,
    regime: Regime,
    applies: bool,
    reason: str,
    options: Mapping[str, bool] | None = None,
    severities: Sequence[str] = (),
    post: str | None = None,
) -> None:
    """Say whether a regime applies to the organisation, and why."""
    plan = plan_of(tx)
    events = scoping.declare(
        scope(tx, regime.id),
        tx.by.person or tx.by.id,
        tx.now,
        regime=regime,
        applies=applies,
        reason=reason,
        options=options,
        severities=severities,
        post=post,
        posts=plan.posts if plan else (),
    )
    if events:
        tx.append(REGIME, regime.id, events)


@permitted(Permission.PLAN)
def add_regime(tx: Tx, *, text: str, shipped: Collection[str], name: str = "regime.yaml") -> str:
    """Keep a regime of the organisation's own, such as a contract, from a pack file; returns its id."""
    regime = examples.hold(pack_from(text, name), name).regime
    events = scoping.add(
        scope(tx, regime.id), tx.by.person or tx.by.id, tx.now, regime=regime, text=text, shipped=shipped
    )
    if events:
        tx.append(REGIME, regime.id, events)
    return regime.id
