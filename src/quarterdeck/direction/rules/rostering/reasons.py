"""Why some places of a roster cannot be filled, or only unfairly: in words, with the people and the weeks. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quarterdeck.direction.rules.rostering.model import Needs, Rotation


@dataclass(frozen=True)
class Shortage:
    """Places that cannot all be filled whatever the order: `short` of them in these weeks (from 0, last included)."""

    rotations: tuple[str, ...]
    first: int
    last: int
    short: int
    why: str


def shortages(needs: Needs) -> list[Shortage]:
    """Every shortage that counting proves: skills, leave, seniors, rest, and what was agreed as the most.

    Each is a proof that the task cannot be fulfilled as it stands. None does not prove that it can.
    """
    return [
        *(one for rotation in needs.rotations for one in _in_a_week(needs, rotation)),
        *_over_a_rest(needs),
        *_over_all(needs),
    ]


def _in_a_week(needs: Needs, rotation: Rotation) -> Iterator[Shortage]:
    able = needs.able(rotation)
    seniors = [m for m in able if needs.members[m].senior]
    wanted = min(rotation.seniors, rotation.places)
    if len(able) < rotation.places:
        yield Shortage((rotation.id,), 0, needs.weeks - 1, rotation.places - len(able), _skill(needs, rotation, able))
        return
    if len(seniors) < wanted:
        who = "nobody senior has" if not seniors else f"only {_names(needs, seniors)} of the seniors have"
        why = f"{rotation.id} asks for {wanted} senior each week, and {who} its skills"
        yield Shortage((rotation.id,), 0, needs.weeks - 1, wanted - len(seniors), why)
    for group, least, kind in ((able, rotation.places, ""), (seniors, wanted, "senior ")):
        if len(group) < least:
            continue
        lacking = [(w, least - sum(needs.free(m, w) for m in group)) for w in range(needs.weeks)]
        for first, last, short in _stretches([(week, short) for week, short in lacking if short > 0]):
            gone = [m for m in group if any(not needs.free(m, week) for week in range(first, last + 1))]
            who = f"of the {len(group)} {kind}people who can serve {rotation.id}"
            why = f"{who}, {_names(needs, gone)} {'is' if len(gone) == 1 else 'are'} away or resting"
            yield Shortage((rotation.id,), first, last, short, why)


def _over_a_rest(needs: Needs) -> Iterator[Shortage]:
    """Within one turn and its rest everybody serves once at most: for each rotation alone, then for all together."""
    length = needs.rest + 1
    sets: list[Sequence[Rotation]] = [[rotation] for rotation in needs.rotations]
    if len(needs.rotations) > 1:
        sets.append(needs.rotations)
    for rotations in sets:
        people = sorted({m for rotation in rotations for m in needs.able(rotation)})
        places = sum(rotation.places for rotation in rotations)
        if any(len(needs.able(rotation)) < rotation.places for rotation in rotations):
            continue  # said already, and more plainly
        lacking = []
        for week in range(max(1, needs.weeks - needs.rest)):
            window = range(week, min(week + length, needs.weeks))
            there = sum(any(needs.free(m, w) for w in window) for m in people)
            lacking.append((week, places * len(window) - there))
        for first, last, short in _stretches([(week, short) for week, short in lacking if short > 0]):
            names = tuple(rotation.id for rotation in rotations)
            need = "needs" if len(names) == 1 else "need"
            why = (
                f"{_list(names)} {need} {places * length} turns in any {length} weeks; with {needs.rest} weeks of rest "
                f"each of the {len(people)} people who can serve may take one, those who are away none"
            )
            yield Shortage(names, first, min(last + needs.rest, needs.weeks - 1), short, why)


def _over_all(needs: Needs) -> Iterator[Shortage]:
    """What was agreed as the most, added up."""
    for rotations in ([rotation] for rotation in needs.rotations):
        people = {m for rotation in rotations for m in needs.able(rotation)}
        limits = [needs.members[m].most for m in people]
        if any(limit is None for limit in limits):
            continue
        demand = sum(rotation.places for rotation in rotations) * needs.weeks
        supply = sum(limit or 0 for limit in limits)
        if supply < demand:
            names = tuple(rotation.id for rotation in rotations)
            why = f"{_list(names)} takes {demand} turns, and at most {supply} were agreed with those who can serve it"
            yield Shortage(names, 0, needs.weeks - 1, demand - supply, why)


def _skill(needs: Needs, rotation: Rotation, able: Sequence[int]) -> str:
    skills = _list(sorted(rotation.skills)) or "no particular skill"
    who = "nobody has" if not able else f"only {_names(needs, able)} {'has' if len(able) == 1 else 'have'}"
    return f"{rotation.id} takes {rotation.places} people a week with {skills}, and {who} that"


def _stretches(lacking: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Neighbouring weeks with a shortage as (first, last, the worst of it)."""
    run: list[tuple[int, int]] = []
    for here, following in pairwise([*lacking, (-1, 0)]):
        run.append(here)
        if following[0] != here[0] + 1:
            yield run[0][0], run[-1][0], max(short for _, short in run)
            run = []


def _names(needs: Needs, members: Sequence[int], most: int = 6) -> str:
    names = [needs.members[m].id for m in members]
    return _list([*names[:most], f"{len(names) - most} others"] if len(names) > most else names)


def _list(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
