"""What the engine does by itself: ask whether an incident has to be notified, follow it, let duties fall away."""

from collections.abc import Iterable

from quarterdeck.command.rules import LIVE, Incident
from quarterdeck.command.state import followed
from quarterdeck.command.state import incident as incident_of
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.actions import withdraw
from quarterdeck.obligations.events import Regime
from quarterdeck.obligations.rules import OBLIGATIONS, deciding
from quarterdeck.obligations.rules.deciding import VOID
from quarterdeck.obligations.state import duties, scope
from quarterdeck.plan.rules.model import Calendar
from quarterdeck.plan.state import revision
from quarterdeck.record import Tx


@permitted(Permission.RESPOND)
def ask(tx: Tx, *, number: int, regime: Regime, anyway: bool = False, because: str = "") -> bool:
    """Ask it, if the regime is in scope and the incident severe enough; `anyway`: of any severity, closed ones too.

    Neither drills nor incidents that were managed elsewhere are asked. True if it has been asked now.
    """
    incident, declared = incident_of(tx, number), getattr(scope(tx, regime.id), "declared", None)
    if declared is None or not declared.applies:
        return False
    if incident.drill or incident.imported or incident.state in VOID:
        return False
    if not anyway and (incident.severity not in declared.severities or incident.state not in LIVE):
        return False
    calendar = calendar_of(tx, incident)
    events = deciding.ask(
        duties(tx, number),
        tx.now,
        number=number,
        regime=regime,
        scope=declared,
        severity=incident.severity,
        times=times_of(incident),
        zone=calendar.zone,
        holidays=calendar.holidays,
        because=because,
    )
    if events:
        tx.append(OBLIGATIONS, number, events)
    return bool(events)


@permitted(Permission.RESPOND)
def take_up_times(tx: Tx, *, number: int) -> None:
    """The incident's own times changed: other instants are suggested."""
    state = duties(tx, number)
    if state is not None and (events := deciding.take_up_times(state, tx.now, times_of(incident_of(tx, number)))):
        tx.append(OBLIGATIONS, number, events)


@permitted(Permission.RESPOND)
def fall_away(tx: Tx, *, number: int, reason: str, regimes: Iterable[str] | None = None, answered: bool = True) -> None:
    """Nothing is owed any more; what was asked of people is withdrawn."""
    state = duties(tx, number)
    if state is None or not (
        events := deciding.fall_away(state, tx.now, reason=reason, regimes=regimes, answered=answered)
    ):
        return
    tx.append(OBLIGATIONS, number, events)
    for event in events:
        for clock in ("", *state.duties[event.regime].regime.clocks):
            withdraw(tx, about=about(number, event.regime, clock), purposes=("reminder", "elevation"), reason=reason)


@permitted(Permission.RESPOND)
def hand_over(tx: Tx, *, number: int) -> None:
    """The incident was merged: its open duties, with all that was said of them, go on where it was merged into."""
    state, into = duties(tx, number), followed(tx, number)
    if state is None or into.number == number:
        return
    because = f"INC-{number} was merged into it"
    if into.state not in VOID and not into.drill and not into.imported:
        for duty, said in deciding.handed_over(state, duties(tx, into.number), tx.now, because=because):
            ask(tx, number=into.number, regime=duty.regime, anyway=True, because=because)
            held = duties(tx, into.number)
            if said and held is not None and duty.regime.id in held.duties:
                tx.append(OBLIGATIONS, into.number, said)
    fall_away(tx, number=number, reason=f"INC-{number} was merged into INC-{into.number}")


def times_of(incident: Incident) -> dict[str, Instant]:
    """What the incident suggests for anchors."""
    times = {
        "started": incident.impact_started,
        "detected": incident.detected_at,
        "declared": incident.declared_at,
        "resolved": incident.resolved_at,
    }
    return {name: at for name, at in times.items() if at is not None}


def calendar_of(tx: Tx, incident: Incident) -> Calendar:
    """The working days and the zone by the plan that the incident is run by."""
    return revision(tx, incident.plan_revision).plan.calendar if incident.plan_revision else Calendar()


def about(number: int, regime: str, clock: str = "") -> str:
    """What a message concerns: the question, or one clock."""
    return f"obligations/{number}/{regime}" + (f"/{clock}" if clock else "")
