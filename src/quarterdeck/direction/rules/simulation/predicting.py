"""The question as it is asked, and its answer: this plan or that one, so many people, more or less to do. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quarterdeck.direction.rules.simulation.experiment import BackTest, Change, Told, back_test, compare
from quarterdeck.direction.rules.simulation.history import HOURS, Answered, Seen, at_night, learn
from quarterdeck.direction.rules.simulation.responding import Response, Turns
from quarterdeck.direction.rules.simulation.turns import turns_of
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Plan

REPLICATIONS, MOST_REPLICATIONS = 500, 2_000
"""Unless told, and at most: 1,000 of 25,000 incidents take seconds, half a minute where many wait for a responder."""
HELD_OUT = 8
"""Weeks of the history that the back-test holds out, if there are four times as many."""
_STAFF = re.compile(r"\s*([^=\s]{1,100})\s*=\s*(\d{1,3})(?:\s*/\s*(\d{1,3}))?\s*", re.ASCII)


@dataclass(frozen=True)
class Basis:
    """The history. `answered`: each page with its minute; `from_pages`: False where no page is on record, and the
    incidents' own times to acknowledge stand for them. `monday`: where minutes count from."""

    seen: tuple[Seen, ...]
    answered: tuple[tuple[float, Answered], ...]
    from_pages: bool
    monday: Instant
    crowd: Mapping[str, int]
    """Members of each team that a plan may page, by target."""


@dataclass(frozen=True)
class Setting:
    """One side of the comparison. `staff`: by team (day, night) responders; none: nobody waits for one.

    It holds what the plan says instead of the plan, so that it can be sent to another process.
    """

    turns: Mapping[str, Sequence[Turns]]
    targets: Mapping[str, float]
    """Severity → minutes to acknowledge."""
    severities: tuple[str, ...]
    """The worst first."""
    staff: Mapping[str, tuple[int, int]]
    arrivals: float = 1.0
    work: float = 1.0

    def response(self) -> Response:
        hours = {
            team: [night if at_night(hour) else day for hour in range(HOURS)]
            for team, (day, night) in self.staff.items()
        }
        return Response(self.turns, hours, self.arrivals, self.work)


def setting(
    plan: Plan, basis: Basis, staff: Mapping[str, tuple[int, int]], arrivals: float = 1.0, work: float = 1.0
) -> Setting:
    """What a plan says about this history."""
    levels = plan.severity.levels.items()
    return Setting(
        turns=turns_of(plan, basis.monday, basis.crowd),
        targets={name: float(level.acknowledge_within) for name, level in levels if level.acknowledge_within},
        severities=tuple(name for name, _ in levels),
        staff=staff,
        arrivals=arrivals,
        work=work,
    )


@dataclass(frozen=True)
class Prediction:
    """`held_out`: None where the history is too short to hold any of it out."""

    changes: tuple[Change, ...]
    held_out: BackTest | None
    incidents: int
    pages: int
    from_pages: bool
    replications: int
    seed: int

    @property
    def seen(self) -> list[Change]:
        return [change for change in self.changes if change.seen]


def predict(
    basis: Basis,
    now: Setting,
    then: Setting,
    replications: int,
    seed: int,
    told: Told = lambda done, total: None,
) -> Prediction:
    """Both settings through the same drawn years, and the present one tried on weeks that were held out.

    Raises `TooLittle` where the history is too short. The same basis, settings and seed give the same answer.
    """
    world = learn(basis.seen, [one for _, one in basis.answered], now.severities)
    unknown = sorted({*now.staff, *then.staff} - set(world.teams))
    if unknown:
        raise Invalid(
            "There is no such team in the history.",
            tuple(f"staff: {team[:80]!r}; teams with incidents: {', '.join(world.teams)}" for team in unknown),
        )
    changes = compare(world, now.response(), then.response(), now.targets, replications, seed, told)
    held = None
    if len(world.weeks) >= 4 * HELD_OUT:
        paging, tries = Response(now.turns), max(100, replications)
        held = back_test(basis.seen, basis.answered, now.severities, paging, now.targets, HELD_OUT, tries, seed)
    return Prediction(tuple(changes), held, len(basis.seen), len(basis.answered), basis.from_pages, replications, seed)


def staffing(lines: Sequence[str]) -> dict[str, tuple[int, int]]:
    """`payments=2` or `payments=3/1` (day/night), one a line. `Invalid` names each line that is neither."""
    found, faults = {}, []
    for line in (line for line in lines if line.strip()):
        match = _STAFF.fullmatch(line)
        if match:
            found[match[1]] = (int(match[2]), int(match[3] or match[2]))
        else:
            faults.append(f"{line.strip()[:80]!r}: write team=2, or team=3/1 for 3 by day and 1 by night")
    if faults:
        raise Invalid("The staffing is not right.", tuple(faults))
    return found
