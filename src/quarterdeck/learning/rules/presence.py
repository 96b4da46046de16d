"""Who was there, why, and whom the pager woke: from what people did and what was done to them. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.rules.facts import Fact, actor_of

NIGHT_BEGINS, NIGHT_ENDS = 22, 7
"""Hours of the person's own zone between which a page counts as at night."""


@dataclass(frozen=True)
class Paged:
    """One person and the pages for the incident. `acknowledged`: answered one of them."""

    person: str
    pages: int
    at_night: int
    declined: bool
    failed: int
    acknowledged: bool
    first_at: Instant


@dataclass(frozen=True)
class Present:
    """Somebody who was there: `why` in words, the most telling first; `acts`: facts of which they are the author."""

    person: str
    why: tuple[str, ...]
    acts: int
    first_at: Instant
    last_at: Instant


def paged(facts: Sequence[Fact], zones: Mapping[str, str]) -> list[Paged]:
    """Those who were paged most, first. `zones`: IANA zone by person; UTC for anybody else."""
    pages: dict[str, list[Instant]] = {}
    failed: Counter[str] = Counter()
    declined, acknowledged = set[str](), set[str]()
    for fact in facts:
        match fact.type:
            case "oncall.PageRequested":
                pages.setdefault(fact.data["person"], []).append(fact.occurred_at)
            case "oncall.PageFailed":
                failed[fact.data["person"]] += 1
            case "oncall.PageDeclined":
                declined.add(fact.data["by"])
            case "oncall.EscalationAcknowledged" | "oncall.AcknowledgedAgain" | "command.IncidentAcknowledged":
                acknowledged.add(fact.data["by"])
            case _:
                continue
    found = [
        Paged(
            person=person,
            pages=len(at),
            at_night=sum(at_night(one, zones.get(person, "UTC")) for one in at),
            declined=person in declined,
            failed=failed[person],
            acknowledged=person in acknowledged,
            first_at=min(at),
        )
        for person, at in pages.items()
    ]
    return sorted(found, key=lambda one: (-one.pages, one.first_at, one.person))


def at_night(at: Instant, zone: str) -> bool:
    hour = at.astimezone(ZoneInfo(zone)).hour
    return hour >= NIGHT_BEGINS or hour < NIGHT_ENDS


_DID = {
    "command.IncidentDeclared": "declared",
    "command.IncidentAcknowledged": "acknowledged",
    "command.IncidentMitigated": "mitigated",
    "command.IncidentResolved": "resolved",
    "comms.UpdateSent": "sent updates",
    "command.TaskDone": "worked on the plan's steps",
    "command.NoteAdded": "took notes",
    "comms.DecisionTaken": "decided",
}
"""What makes somebody a participant, in words; other facts count as acts only."""


def present(facts: Sequence[Fact], role_titles: Mapping[str, str]) -> list[Present]:
    """Everybody who acted, commanded, held a role or was paged, up to the resolution; the busiest first."""
    why: dict[str, dict[str, None]] = {}
    acts: Counter[str] = Counter()
    seen: dict[str, list[Instant]] = {}

    def there(person: str | None, at: Instant, reason: str | None = None) -> None:
        if not person or "/" in person or person in ("engine", "local"):
            return
        seen.setdefault(person, []).append(at)
        if reason:
            why.setdefault(person, {})[reason] = None

    for fact in facts:
        if fact.type.startswith("learning.") or fact.type == "command.IncidentClosed":
            continue
        person, data = actor_of(fact), fact.data
        if person is not None:
            acts[person] += 1
            there(person, fact.occurred_at, _DID.get(fact.type))
        match fact.type:
            case "command.IncidentDeclared":
                if not data.get("commander_by_default"):
                    there(data.get("commander"), fact.occurred_at, "commanded")
            case "command.CommandTransferred":
                there(data.get("to"), fact.occurred_at, "commanded")
            case "command.RoleAssigned":
                role = data.get("role", "")
                there(data.get("person"), fact.occurred_at, role_titles.get(role, role))
            case "oncall.PageRequested":
                there(data.get("person"), fact.occurred_at, "paged")
            case _:
                continue
    found = [
        Present(person, tuple(why.get(person, {"acted": None})), acts[person], min(at), max(at))
        for person, at in seen.items()
    ]
    return sorted(found, key=lambda one: ("commanded" not in one.why, -one.acts, one.first_at, one.person))
