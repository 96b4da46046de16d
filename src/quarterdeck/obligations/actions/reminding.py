"""Who is told that a clock runs down or is missed: the post that answers, the commander, then the plan's owner."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from quarterdeck.command.state import incident as incident_of
from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.kernel.time import Instant
from quarterdeck.notify.actions import request
from quarterdeck.obligations.actions.asking import about
from quarterdeck.obligations.events import ClockMissed, ReminderDue
from quarterdeck.obligations.rules import Duty, standing, standings
from quarterdeck.obligations.rules.clocks import unbegun
from quarterdeck.obligations.rules.waking import UNBEGUN
from quarterdeck.obligations.state import duties, responsible
from quarterdeck.plan.rules import rank
from quarterdeck.plan.state import holder_of
from quarterdeck.record import Tx

_URGENT = 1
"""As urgent as a SEV2: it is heard in the night."""


@permitted(Permission.RESPOND)
def remind(tx: Tx, *, number: int, told: ReminderDue | ClockMissed) -> int:
    """Nothing if it was done meanwhile, or the end has moved. Returns how many were told."""
    state = duties(tx, number)
    duty = state.duties.get(told.regime) if state else None
    if duty is None or duty.over is not None:
        return 0
    if told.clock and not _still(duty, told, tx.now):
        return 0
    if isinstance(told, ReminderDue) and told.step == UNBEGUN:
        if not unbegun(standings(duty, tx.now)):
            return 0
    elif not told.clock and duty.answer is not None:
        return 0
    incident, missed = incident_of(tx, number), isinstance(told, ClockMissed)
    answers = responsible(tx, duty.post)
    people = [answers.id if answers else None, incident.commander, holder_of(tx, "owner") if missed else None]
    subject, text = _words(duty, told, tx.now)
    url = f"/incidents/{number}/obligations/{told.regime}" + (f"/{told.clock}" if told.clock else "")
    reached = list(dict.fromkeys(one for one in people if one))
    for one in reached:
        request(
            tx,
            person=one,
            about=about(number, told.regime, told.clock),
            purpose="elevation" if missed else "reminder",
            urgency=0 if missed else min(_URGENT, rank(incident.severity)),
            subject=f"{subject}: INC-{number} {incident.title}"[:300],
            text=f"INC-{number}: {text}"[:3_000],
            url_path=url,
        )
    return len(reached)


def _still(duty: Duty, told: ReminderDue | ClockMissed, now: Instant) -> bool:
    found = standing(duty, told.clock, now)
    if found is None or not found.wanted:
        return False
    return found.due is None or found.due == told.due


def _words(duty: Duty, told: ReminderDue | ClockMissed, now: Instant) -> tuple[str, str]:
    regime, at = duty.regime, clock(duty, told.due)
    if isinstance(told, ReminderDue) and told.step == UNBEGUN:
        said = f"It has to be notified under {regime.title}, but no clock has begun: nobody has attested since when."
        return "Since when do we know?", said
    if not told.clock:
        passed = "would have been due" if told.due < now else "would be due"
        said = f"{regime.asks} Nobody has answered yet. If it has to be notified, the first notice {passed} {at}."
        return "Has it to be notified?", said
    notice = regime.clocks[told.clock]
    words = f"{notice.title} to {notice.to} ({regime.title})"
    if isinstance(told, ClockMissed):
        late = f" {notice.late}" if notice.late else ""
        return "Legal deadline missed", f"{words} was due {at} and has not been handed in.{late}"
    if not told.sure:
        return (
            "Since when do we know?",
            f"{words} may be due {at}. Nobody has attested the instant that it counts from.",
        )
    if told.due <= now + timedelta(seconds=1):
        return "Legal notice wanted", f"{words} is to be handed in without undue delay."
    return "Legal deadline", f"{words} is due {at}. Write it and hand it in."


def clock(duty: Duty, at: Instant) -> str:
    """`on Mon 9 Mar at 16:00 (Europe/Lisbon)`."""
    zone = duty.regime.zone or duty.zone
    local = at.astimezone(ZoneInfo(zone))
    return f"on {local:%a} {local.day} {local:%b} at {local:%H:%M} ({zone})"
