"""Updates against the plan's pace: what each audience was promised, and when it heard. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.learning.rules.facts import Fact, instant


@dataclass(frozen=True)
class Promise:
    """One update that an audience was due. `sent_at` None: it never came before the incident ended."""

    audience: str
    title: str
    first: bool
    due: Instant | None
    """None: it was told though nothing was due (a last update)."""
    sent_at: Instant | None
    update: int | None
    late: timedelta
    """Zero: in time."""


@dataclass(frozen=True)
class Pace:
    """An audience, its promises in order, and how many of those due were kept."""

    audience: str
    title: str
    promises: tuple[Promise, ...]

    @property
    def due(self) -> int:
        return sum(one.due is not None for one in self.promises)

    @property
    def kept(self) -> int:
        return sum(one.due is not None and one.sent_at is not None and not one.late for one in self.promises)

    @property
    def worst(self) -> timedelta:
        return max((one.late for one in self.promises), default=timedelta())


class _Ledger:
    """What is due of whom while the record is read from its beginning."""

    def __init__(self) -> None:
        self.titles: dict[str, str] = {}
        self.due: dict[str, Instant] = {}
        self.told: set[str] = set()
        self.next: Instant | None = None
        self.found: list[Promise] = []

    def sent(self, audience: str, at: Instant, update: int, following: Instant | None) -> None:
        self._keep(audience, self.due.pop(audience, None), at, update)
        if following is not None:
            self.due[audience] = following

    def ended(self, at: Instant) -> None:
        """Deadlines that had passed were missed; the others fell away."""
        for audience, due in self.due.items():
            if due <= at:
                self._keep(audience, due, None, None, missed_until=at)
        self.due = {}

    def _keep(
        self,
        audience: str,
        due: Instant | None,
        at: Instant | None,
        update: int | None,
        missed_until: Instant | None = None,
    ) -> None:
        until = at or missed_until
        late = max(until - due, timedelta()) if due and until else timedelta()
        title = self.titles.get(audience, audience)
        self.found.append(Promise(audience, title, audience not in self.told, due, at, update, late))
        if at is not None:
            self.told.add(audience)


def paces(facts: Sequence[Fact]) -> list[Pace]:
    """Of facts in the order they were recorded. Audiences that nothing was ever due of are left out."""
    ledger = _Ledger()
    for fact in facts:
        data = fact.data
        match fact.type:
            case "comms.CommunicationBegun":
                ledger.titles |= {name: one.get("title", name) for name, one in data.get("audiences", {}).items()}
                ledger.due = _instants(data.get("due"))
            case "comms.PaceChanged":
                ledger.due = _instants(data.get("due"))
            case "comms.UpdateSent":
                ledger.next = instant(data.get("next_update"))
                for audience, text in data.get("texts", {}).items():
                    if not text.get("waits_for"):
                        ledger.sent(audience, fact.occurred_at, data["update"], ledger.next)
            case "comms.UpdateApproved":
                ledger.sent(data["audience"], fact.occurred_at, data["update"], instant(data.get("due")))
            case "comms.CommunicationStopped":
                ledger.ended(fact.occurred_at)
            case _:
                continue
    by_audience: dict[str, list[Promise]] = {}
    for promise in ledger.found:
        by_audience.setdefault(promise.audience, []).append(promise)
    return [Pace(name, kept[0].title, tuple(kept)) for name, kept in by_audience.items()]


def _instants(stored: Mapping[str, str] | None) -> dict[str, Instant]:
    return {name: at for name, text in (stored or {}).items() if (at := instant(text)) is not None}
