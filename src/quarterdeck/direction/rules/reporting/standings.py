"""What is at risk now: each capability against the interruption that its owner can bear. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from quarterdeck.direction.events.reporting import Line, Standing
from quarterdeck.paper.charts.scales import duration

SHOWN = 4
NO_CATALOGUE = "No capability is in the catalogue, so nothing can be held against a tolerance."
_MINUTE = 60.0
SEVERE = ("SEV1", "SEV2")
INTERRUPTING = (*SEVERE, "SEV3")
"""An incident of these severities counts as an interruption; a lesser one is a nuisance."""


@dataclass(frozen=True)
class Open:
    """An incident that stands open. `seconds`: how long customers have felt it, or did until it was `mitigated`."""

    number: int
    severity: str
    seconds: float
    mitigated: bool


@dataclass(frozen=True)
class Capability:
    """A service in use, as those see it who live by it. `tolerance` in seconds; None: nobody has said.

    `interruptions` of the window, of which `beyond` lasted longer than the tolerance; `worst`: the longest, in seconds.
    """

    id: str
    name: str
    tier: int
    tolerance: float | None
    needed_by: tuple[str, ...] = ()
    open: tuple[Open, ...] = ()
    interruptions: int = 0
    beyond: int = 0
    worst: tuple[int, float] | None = None


def standing(one: Capability, evidence: str = "") -> Standing:
    """In one sentence, the worst first: what is interrupted now counts for more than what was."""
    now = [each for each in one.open if each.severity in INTERRUPTING and not each.mitigated]
    longest = max((each.seconds for each in now), default=0.0)
    if now:
        state, text = _interrupted(one, longest)
        if one.needed_by:
            text += f" {_listed(one.needed_by)} {'stands' if len(one.needed_by) == 1 else 'stand'} on it."
    elif one.tolerance is None:
        state, text = "unset", f"Nobody has said how long {one.name} may be interrupted."
    elif one.beyond and one.worst:
        worst = f"the longest {duration(one.worst[1])} (INC-{one.worst[0]})"
        times = "interruption" if one.interruptions == 1 else "interruptions"
        state = "broken"
        text = (
            f"{one.beyond} of {one.interruptions} {times} outlasted the {duration(one.tolerance)} it can bear; {worst}."
        )
    else:
        state, text = (
            "kept",
            f"None of {one.interruptions} interruptions outlasted the {duration(one.tolerance)} it can bear.",
        )
    return Standing(name=one.name, state=state, text=text, href=evidence)


def _beneath(one: Capability, say: Callable[[int], str]) -> tuple[Line, ...]:
    """The worst of what stands open, and what it means for those who use the service."""
    return tuple(
        Line(
            text=f"INC-{each.number}, {each.severity}: {say(each.number)}",
            href=f"/incidents/{each.number}",
            act=each.severity in INTERRUPTING and not each.mitigated,
        )
        for each in sorted(one.open, key=lambda each: (each.severity, -each.seconds))[:2]
    )


def _interrupted(one: Capability, seconds: float) -> tuple[str, str]:
    lasted = f"Interrupted for {duration(seconds) if seconds >= _MINUTE else 'less than a minute'}"
    if one.tolerance is None:
        return "open", f"{lasted}. Nobody has said how long it may be."
    if seconds > one.tolerance:
        return "beyond", f"{lasted}; it can bear {duration(one.tolerance)}."
    if seconds < _MINUTE:
        return "open", f"{lasted} so far; it can bear {duration(one.tolerance)}."
    left = duration(one.tolerance - seconds)
    return "open", f"{lasted}; {left} are left of the {duration(one.tolerance)} it can bear."


_ORDER = ("beyond", "open", "broken")


def at_risk(
    capabilities: Sequence[Capability], evidence: Mapping[str, str], say: Callable[[int], str]
) -> tuple[tuple[Standing, ...], str]:
    """Those to be named, and one sentence about the others. `say`: what an open incident means, in a sentence."""
    found = [(one, standing(one, evidence.get(one.id, ""))) for one in capabilities]
    named = sorted(
        (pair for pair in found if pair[1].state in _ORDER),
        key=lambda pair: (_ORDER.index(pair[1].state), pair[0].tier, -pair[0].beyond, pair[0].name),
    )
    shown, rest = named[:SHOWN], named[SHOWN:]
    sentences = []
    if rest:
        sentences.append(f"{_listed([one.name for one, _ in rest])} {'is' if len(rest) == 1 else 'are'} at risk too.")
    kept = [one.name for one, said in found if said.state == "kept"]
    unset = [one.name for one, said in found if said.state == "unset"]
    if kept:
        sentences.append(f"Within what {'it' if len(kept) == 1 else 'they'} can bear: {_listed(kept)}.")
    if unset:
        sentences.append(f"Nobody has said what {_listed(unset)} can bear.")
    if not capabilities:
        sentences.append(NO_CATALOGUE)
    told = (msgspec.structs.replace(said, beneath=_beneath(one, say)) for one, said in shown)
    return tuple(told), " ".join(sentences)


def _listed(names: Sequence[str]) -> str:
    """`A, B and C`; of many the first few, and how many more."""
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} others"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
