"""Whether a regime applies to the organisation: declared with a reason, and for which incidents it asks. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from quarterdeck.governance.rules.words import refuse_faults
from quarterdeck.kernel.errors import Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations import events as ev
from quarterdeck.obligations.rules.deciding import clean

WORST = ("SEV1", "SEV2")
"""Incidents that are asked about unless the declaration says otherwise."""
LEVELS = ("SEV1", "SEV2", "SEV3", "SEV4", "SEV5")
LONGEST = 4_000


@dataclass(frozen=True)
class Scope:
    """What is on record of one regime. `own`: it was added here; the others come with Quarterdeck."""

    own: ev.Regime | None = None
    declared: ev.ScopeDeclared | None = None


def evolve(state: Scope | None, event: Event) -> Scope:
    state = state or Scope()
    match event:
        case ev.RegimeAdded():
            return replace(state, own=event.regime)
        case ev.ScopeDeclared():
            return replace(state, declared=event)
    return state


def add(
    state: Scope | None, by: str, now: Instant, *, regime: ev.Regime, text: str, shipped: Collection[str]
) -> list[Event]:
    """A regime of the organisation's own. Nothing if it is there as it is."""
    if regime.id in shipped:
        raise Refused("ShippedAlready", f"{regime.id} comes with Quarterdeck. Give yours another id.")
    if state is not None and state.own == regime:
        return []
    return [ev.RegimeAdded(at=now, regime=regime, text=text, by=by)]


def declare(
    state: Scope | None,
    by: str,
    now: Instant,
    *,
    regime: ev.Regime,
    applies: bool,
    reason: str,
    options: Mapping[str, bool] | None = None,
    severities: Sequence[str] = (),
    post: str | None = None,
    posts: Collection[str] = (),
) -> list[Event]:
    """Say whether it applies, and why. Nothing if the same is on record."""
    given = {id: (options or {}).get(id, False) for id in regime.options} if applies else {}
    unknown = [id for id in options or {} if id not in regime.options]
    faults = [
        None if reason.strip() else "reason: say why",
        f"reason: at most {LONGEST:,} characters, without NUL" if len(reason) > LONGEST or "\x00" in reason else None,
        *(f"options: there is no {id[:60]!r} here" for id in unknown[:20]),
        *(f"severities: {one[:20]!r}; use {', '.join(LEVELS)}" for one in severities if one not in LEVELS),
        f"post: there is no {post[:60]!r} in the plan in force" if post and post not in posts else None,
    ]
    refuse_faults("The scope is not right.", faults)
    if regime.draft and applies:
        raise Refused("OnlyADraft", f"{regime.title} has no final text yet: {regime.applies_to}")
    declared = ev.ScopeDeclared(
        at=now,
        regime=regime.id,
        applies=applies,
        reason=clean(reason),
        options=given,
        severities=tuple(one for one in LEVELS if one in (severities or WORST)) if applies else (),
        post=(post or None) if applies else None,
        by=by,
    )
    before = state.declared if state else None
    same = before is not None and msgspec.structs.replace(before, at=now, by=by) == declared
    return [] if same else [declared]


REGIME: Lifecycle[Scope] = Lifecycle("regime", evolve)
