"""Writes the tables of docs/reference/legal-clocks.md from the packs: `python -m tests.house.legal_clocks`.

The prose around them is written by hand; a table stands between `<!-- made: NAME -->` and `<!-- end -->`.
"""

import re
from collections.abc import Iterator

from quarterdeck.obligations.events import Limb, Regime, Rolls
from quarterdeck.obligations.rules.loading import Pack, pack_from
from tests.house.tree import ROOT, SOURCE

PAGE = ROOT / "docs" / "reference" / "legal-clocks.md"
PACKS = SOURCE / "obligations" / "packs"
FIRST = ("gdpr-33", "nis2-23", "dora-19", "cra-14-vulnerability", "cra-14-incident", "ai-act-73", "sec-8k", "hipaa")
_UNITS = {"h": "hours", "d": "days", "bd": "business days", "month": "month", "months": "months"}


def packs() -> dict[str, tuple[Pack, str]]:
    """Id → the regime with its examples, and its file's text; the European ones first."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(PACKS.glob("*.yaml"))]
    found = {pack.regime.id: (pack, text) for text in texts for pack in [pack_from(text)]}
    return {id: found[id] for id in sorted(found, key=lambda id: (FIRST.index(id) if id in FIRST else len(FIRST), id))}


def left_out(text: str) -> str:
    """What the header of the file says is not in it."""
    header = " ".join(line[1:].strip() for line in text.splitlines() if line.startswith("#"))
    found = re.search(r"Not in here: (.*)", header)
    assert found is not None, "a pack says in its header what is not in it"
    return found[1]


def due(regime: Regime, limb: Limb) -> str:
    """One limb in words: `72 hours after Aware of the breach`."""
    year = "the end of the year of " if limb.after_year else ""
    words = [f"{_period(limb)} after {year}{_start(regime, limb.start)}"]
    if limb.until not in (None, "23:59"):
        words.append(f"by {limb.until}")
    if limb.only_if:
        words.append(f"if the scope says {limb.only_if}")
    if limb.unless:
        words.append(f"unless the scope says {limb.unless}")
    if limb.needs:
        words.append(f"given {_start(regime, limb.needs)}")
    if limb.needs_not:
        words.append(f"without {_start(regime, limb.needs_not)}")
    if limb.unless_later:
        words.append(f"unless {_start(regime, limb.unless_later)} comes after that")
    return ", ".join(words) + (f" ({limb.cite})" if limb.cite else "")


def page(text: str) -> str:
    """The reference page with its tables made anew."""
    found = packs()
    for name, make in (("regimes", _overview), ("clocks", _clocks), ("left out", _left_out)):
        begins, ends = f"<!-- made: {name} -->\n", "\n<!-- end -->"
        before, _, rest = text.partition(begins)
        assert rest, f"the page has no {begins.strip()}"
        text = before + begins + "\n".join(make(found)) + rest[rest.index(ends) :]
    return text


def _overview(found: dict[str, tuple[Pack, str]]) -> Iterator[str]:
    yield "| regime | where | from | who | source |"
    yield "| --- | --- | --- | --- | --- |"
    for pack, _ in found.values():
        regime = pack.regime
        begins = "draft: cannot be declared" if regime.draft else str(regime.effective_from)
        name = f"**{regime.title}** `{regime.id}`"
        yield f"| {name} | {regime.jurisdiction} | {begins} | {regime.applies_to} | {regime.source} |"


def _clocks(found: dict[str, tuple[Pack, str]]) -> Iterator[str]:
    yield "| regime | notice | to | due | article |"
    yield "| --- | --- | --- | --- | --- |"
    for pack, _ in found.values():
        for clock in pack.regime.clocks.values():
            limbs = "; or ".join(due(pack.regime, limb) for limb in clock.due)
            cells = (f"`{pack.regime.id}`", clock.title, clock.to, limbs + _rolls(clock.rolls), clock.cite)
            yield f"| {' | '.join(cells)} |"


def _left_out(found: dict[str, tuple[Pack, str]]) -> Iterator[str]:
    for id, (_, text) in found.items():
        yield f"- `{id}`: {left_out(text)}"


def _period(limb: Limb) -> str:
    if limb.within in ("0", "without undue delay"):
        return "without undue delay"
    count, unit = limb.within.split()
    word = _UNITS[unit]
    return f"{count} {word.removesuffix('s') if count == '1' else word}"


def _start(regime: Regime, start: str) -> str:
    kind, _, clocks = start.rpartition(":")
    if not kind:
        return f"“{regime.anchors[start].title}”"
    titles = " or ".join(f"“{regime.clocks[id].title}”" for id in clocks.split("+"))
    return f"{titles} is handed in{', the latest time' if kind == 'resubmitted' else ''}"


def _rolls(rolls: Rolls | None) -> str:
    if rolls is None:
        return ""
    to = f"{rolls.to} of the next working day" if rolls.to else "the end of the next working day"
    return f"; from a weekend or holiday to {to}" + (f", unless the scope says {rolls.unless}" if rolls.unless else "")


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
