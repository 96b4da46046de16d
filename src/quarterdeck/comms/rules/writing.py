"""What an update may say, and by when the next one has to follow."""

from collections.abc import Mapping
from datetime import timedelta

from quarterdeck.comms.events import CommunicationBegun
from quarterdeck.comms.rules.rendering import line
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall.rules import local

ASKED = {
    "impact": "Who cannot do what?",
    "scope": "How many, where?",
    "since": "Since when?",
    "symptom": "What is measured?",
    "suspect": "What is suspected?",
    "doing": "What is being done?",
    "confidence": "How sure are we; better or worse?",
    "workaround": "What can those concerned do meanwhile?",
    "decision": "Which decision is wanted?",
    "decide_by": "By when?",
}
"""The form's fields and its questions; the time of the next update stands beside them."""
LONGEST = 1_000
"""Characters of one field: an update is read on a phone."""
LONGEST_TEXT = 4_000
LONGEST_SUBJECT = 300


def checked(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that say something, trimmed. Raises `Invalid` with every fault."""
    errors = [f"{name[:60]}: there is no such field; use {', '.join(ASKED)}" for name in fields if name not in ASKED]
    for name, value in fields.items():
        if name in ASKED and len(value) > LONGEST:
            errors.append(f"{name}: {len(value):,} characters; say it in {LONGEST:,}")
        if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
            errors.append(f"{name[:60]}: holds characters that cannot be stored")
    if errors:
        raise Invalid("The update is not right.", tuple(errors))
    return {name: fields[name].strip() for name in ASKED if fields.get(name, "").strip()}


def check_next(next_update: Instant | None, now: Instant, latest: Instant) -> Instant:
    """The instant, once it is known to lie ahead and within the plan's pace. Raises `Invalid`."""
    if next_update is None:
        raise Invalid("When does the next update come?", ("next_update: say when; readers wait for it",))
    if next_update <= now:
        raise Invalid("The next update lies in the past.", ("next_update: choose an instant that is still to come",))
    if next_update > latest:
        by = latest.strftime("%Y-%m-%dT%H:%MZ")
        raise Invalid("The next update comes too late.", (f"next_update: the plan's pace wants it by {by}",))
    return next_update


def clock(zone: str, at: Instant, now: Instant) -> str:
    """`03:30 UTC`, with its day when that is not today: `Tue 3 Mar 03:30 UTC`."""
    here, today = local(zone, at), local(zone, now)
    hour = f"{here:%H:%M %Z}"
    return hour if here.date() == today.date() else f"{here:%a} {here.day} {here:%b} {hour}"


def values(
    begun: CommunicationBegun,
    fields: Mapping[str, str],
    *,
    severity: str,
    title: str,
    service: str,
    owner: str,
    since: Instant,
    next_update: Instant | None,
    now: Instant,
) -> dict[str, str]:
    """Everything a template may name, in words. What the form leaves open and the incident knows is taken from it."""
    drill = "DRILL " if begun.drill else ""
    return {
        "since": clock(begun.zone, since, now),
        **fields,
        "next_update": clock(begun.zone, next_update, now) if next_update else "none, this is the last",
        "number": f"INC-{begun.number}",
        "title": title,
        "severity": f"{drill}{severity}",
        "service": service,
        "owner": owner,
    }


def subject(template: str, values: Mapping[str, str], *, drill: bool) -> str:
    """The subject line; of a drill it begins with DRILL, whatever the template says."""
    said = line(template, values, LONGEST_SUBJECT)
    return said if not drill or said.startswith("DRILL ") else f"DRILL {said}"[:LONGEST_SUBJECT]


def marked(text: str, *, drill: bool, unchanged: bool = False, last: bool = False) -> str:
    """The text with what has to be known before it is read: that it is a drill, that nothing changed, that it ends."""
    head = ["DRILL."] if drill else []
    if last:
        head.append("Resolved.")
    if unchanged:
        head.append("No change.")
    return " ".join([*head, text])


MINUTE = timedelta(minutes=1)
