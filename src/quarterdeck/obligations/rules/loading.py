"""A pack file → a regime with its worked examples. Strict: every fault at once, with place and remedy. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import available_timezones

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.obligations.events import Anchor, Clock, Content, Help, Limb, Regime, Rolls
from quarterdeck.obligations.rules import shape
from quarterdeck.obligations.rules.clocks import SUBMITTED, sent
from quarterdeck.obligations.rules.periods import AT_ONCE, period
from quarterdeck.obligations.rules.shape import Entry
from quarterdeck.plan.rules.reading import read

LARGEST = 200_000
"""Bytes of a pack file."""
SUGGESTS = ("started", "detected", "declared", "resolved")
FILLS = (
    *("title", "severity", "service", "impact", "customers", "commander", "actions", "updates"),
    *("started", "detected", "declared", "resolved"),
)
COUNTINGS = ("eu-1182-71", "plain")


@dataclass(frozen=True)
class Example:
    """A worked example: these instants give these ends. None: no end; a clock that is not named is not looked at."""

    says: str
    due: Mapping[str, Instant | None]
    anchors: Mapping[str, Instant]
    submitted: Mapping[str, Instant]
    options: tuple[str, ...] = ()
    holidays: tuple[date, ...] = ()
    zone: str = "UTC"


@dataclass(frozen=True)
class Pack:
    """A regime as its file gives it."""

    regime: Regime
    examples: tuple[Example, ...]


def pack_from(text: str, name: str = "pack.yaml") -> Pack:
    """Raises `Invalid` with every fault: `pack.yaml:7:31: clocks.authority.due.0.within: what is wrong; what to do`."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        raise Invalid("The file is too large.", (f"{name}: {size:,} bytes are more than {LARGEST:,}",))
    reading = read({name: text})
    if not reading.faults:
        pack = _pack(Entry(reading, (), reading.document))
    if reading.faults:
        raise Invalid("The file is not right.", tuple(map(str, sorted(reading.faults)[:50])))
    return pack


def _pack(top: Entry) -> Pack:
    top.only(*shape.REGIME)
    names = _Names(top)
    regime = Regime(
        id=top.id("id"),
        title=top.line("title"),
        source=top.text("source"),
        jurisdiction=top.line("jurisdiction"),
        effective_from=top.day("effective_from") or date.min,
        effective_to=top.day("effective_to", required=False),
        applies_to=top.text("applies_to"),
        asks=top.text("asks"),
        options={id: one.own_text() for id, one in top.map("options", required=False)},
        helps=tuple(_help(one) for one in top.list("helps", required=False)),
        anchors={id: _anchor(one) for id, one in top.map("anchors")},
        clocks={id: _clock(one, names) for id, one in top.map("clocks")},
        counting=top.choice("counting", COUNTINGS, "eu-1182-71"),
        zone=_zone(top),
        draft=top.flag("draft"),
    )
    if regime.effective_to is not None and regime.effective_to < regime.effective_from:
        top.blame("effective_to", "it ends before it begins", "give a later day")
    return Pack(regime, tuple(_example(one, names, regime.zone) for one in top.list("examples", required=False)))


class _Names:
    """The ids of a regime, which limbs and examples refer to."""

    def __init__(self, top: Entry) -> None:
        self.options, self.anchors, self.clocks = (top.keys_of(one) for one in ("options", "anchors", "clocks"))
        for id in self.anchors & self.options:
            top.blame("anchors", f"{id!r} is an option, too", "give anchors and options different ids")
        self.facts = self.anchors | {SUBMITTED + id for id in self.clocks}

    def is_start(self, text: str) -> bool:
        clocks = sent(text)
        return text in self.anchors or (bool(clocks) and self.clocks.issuperset(clocks))


def _help(entry: Entry) -> Help:
    entry.only(*shape.HELP)
    return Help(text=entry.text("text"), cite=entry.line("cite", required=False))


def _anchor(entry: Entry) -> Anchor:
    entry.only(*shape.ANCHOR)
    return Anchor(
        title=entry.line("title"),
        cite=entry.line("cite", required=False),
        means=entry.text("means", required=False),
        suggest=entry.choice("suggest", SUGGESTS, None),
        optional=entry.flag("optional"),
    )


def _clock(entry: Entry, names: _Names) -> Clock:
    entry.only(*shape.CLOCK)
    return Clock(
        title=entry.line("title"),
        cite=entry.line("cite", required=False),
        to=entry.line("to", longest=500),
        due=tuple(_limb(one, names) for one in entry.list("due")),
        late=entry.text("late", required=False),
        contents=tuple(_content(one) for one in entry.list("contents", required=False)),
        rolls=_rolls(entry, names),
        only_if=entry.choice("only_if", sorted(names.options), None),
        unless=entry.choice("unless", sorted(names.options), None),
        counting=entry.choice("counting", COUNTINGS, None),
    )


def _content(entry: Entry) -> Content:
    entry.only(*shape.CONTENT)
    return Content(
        text=entry.text("text"),
        cite=entry.line("cite", required=False),
        fills=entry.choice("fills", FILLS, None),
    )


def _limb(entry: Entry, names: _Names) -> Limb:
    entry.only(*shape.LIMB)
    start, within = entry.line("from"), str(entry.value("within"))
    if start and not names.is_start(start):
        entry.blame("from", f"there is no {start[:60]!r}", f"use one of {', '.join(sorted(names.facts))}")
    if within not in (AT_ONCE, "0") and period(within) is None:
        entry.blame("within", f"{within[:40]!r} is no period", "write 72 h, 10 d, 1 month, 4 bd or 0")
    facts = sorted(names.facts)
    no = entry.entry("needs")
    if no is not None:
        no.only("not")
    return Limb(
        start=start,
        within=within,
        unless_later=entry.choice("unless_later", sorted(names.anchors), None),
        only_if=entry.choice("only_if", sorted(names.options), None),
        unless=entry.choice("unless", sorted(names.options), None),
        needs=entry.choice("needs", facts, None) if no is None else None,
        needs_not=no.choice("not", facts, None) if no is not None else None,
        until=entry.hour("until"),
        after_year=entry.choice("after", ("end of year",), None) is not None,
        cite=entry.line("cite", required=False),
    )


def _rolls(entry: Entry, names: _Names) -> Rolls | None:
    given = entry.value("rolls")
    if given is None or given == "next working day":
        return None if given is None else Rolls()
    inner = entry.entry("rolls")
    if inner is None:
        entry.blame("rolls", "it says no way to roll", 'write `next working day` or {to: "12:00"}')
        return None
    inner.only(*shape.ROLLS)
    return Rolls(to=inner.hour("to"), unless=inner.choice("unless", sorted(names.options), None))


def _zone(entry: Entry) -> str | None:
    name = entry.line("zone", required=False)
    if name and name not in available_timezones():
        entry.blame("zone", f"{name[:60]!r} is no time zone", "write one such as Europe/Brussels")
        return None
    return name or None


def _example(entry: Entry, names: _Names, regime_zone: str | None) -> Example:
    entry.only(*shape.EXAMPLE)
    return Example(
        says=entry.text("says"),
        due=dict(_instants(entry, "due", names.clocks)),
        anchors={id: at for id, at in _instants(entry, "anchors", names.anchors) if at},
        submitted={id: at for id, at in _instants(entry, "submitted", names.clocks) if at},
        options=tuple(id for id in entry.keys_of("options") if entry.entry_of("options", names.options).flag(id)),
        holidays=tuple(day for one in entry.list("holidays", required=False) if (day := one.own_day()) is not None),
        zone=_zone(entry) or regime_zone or "UTC",
    )


def _instants(entry: Entry, name: str, known: set[str]) -> Iterator[tuple[str, Instant | None]]:
    for id, one in entry.map(name, required=False):
        if id not in known:
            entry.blame(name, f"there is no {id[:60]!r}", f"use one of {', '.join(sorted(known))}")
        if one.given is None and name == "due":
            yield id, None
            continue
        try:
            at = datetime.fromisoformat(str(one.given))
            if at.tzinfo is None:
                raise ValueError(at)
        except ValueError:
            one.blame_self("it is no instant with its offset", "write it as 2026-03-06T16:00:00+01:00")
            continue
        yield id, at.astimezone(UTC)
