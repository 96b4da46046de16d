"""Paths as data for programs: the same keys in the API and on the command line, durations in minutes."""

from collections.abc import Sequence
from typing import Any

from quarterdeck.direction.rules.paths import Edge, verdict, words_of
from quarterdeck.direction.rules.paths.against import Relation
from quarterdeck.direction.rules.paths.wording import as_planned, hand_overs, how_many, waits
from quarterdeck.direction.views.measuring.documents import estimate
from quarterdeck.direction.views.tracing import Taken, Variant, Walked
from quarterdeck.kernel.time import from_micros

_MINUTE = 60.0


def walked(found: Walked) -> dict[str, Any]:
    relations = found.against.expected
    return {
        "from": from_micros(found.asked.since),
        "to": from_micros(found.asked.until),
        "filters": dict(found.asked.filters),
        "detail": found.detail,
        "n": found.n,
        "imported": found.imported,
        "left_out": {"still open": found.open, "drills": found.drills},
        "sentence": how_many(found.n, found.paths, found.drawn_paths, found.covered),
        "paths": found.paths,
        "cover": found.cover,
        "covered": found.covered,
        "lasted": estimate(found.lasted, _MINUTE),
        "backwards": found.backwards,
        "variants": [variant(one, found.titles) for one in found.variants],
        "activities": [
            {
                "activity": one.key,
                "words": words_of(one.key, found.titles),
                "incidents": one.incidents,
                "times": one.times,
            }
            for one in found.graph.nodes
        ],
        "links": [_link(one, found, relations) for one in found.graph.edges],
        "waiting": {
            "sentence": waits(found.graph),
            "minutes": round(found.graph.seconds / _MINUTE, 2),
            "closing": estimate(found.graph.closing, _MINUTE),
            "bottlenecks": [_link(one, found, relations) for one in found.graph.bottlenecks()],
        },
        "plan": {
            "sentence": as_planned(found.kept, found.against.planned),
            "kept": estimate(found.kept),
            "relations": [
                {
                    "before": one.relation.before,
                    "after": one.relation.after,
                    "n": one.n,
                    "kept": one.kept,
                    "left_out": one.skipped,
                    "turned_round": one.reversed,
                }
                for one in found.against.relations
            ],
            "steps": [
                {"step": one.step, "mandatory": one.mandatory, "n": one.n, "done": one.done}
                for one in found.against.steps
            ],
        },
        "handovers": handovers(found),
    }


def variant(one: Variant, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": one.id,
        "activities": list(one.keys),
        "words": [words_of(key, titles) for key in one.keys],
        "n": one.n,
        "share": round(one.share, 4),
        "lasted": estimate(one.lasted, _MINUTE),
        "kept": estimate(one.kept),
        "drawn": one.drawn,
    }


def _link(one: Edge, found: Walked, relations: Sequence[Relation]) -> dict[str, Any]:
    said, between = verdict(one.before, one.after, relations)
    return {
        "before": one.before,
        "after": one.after,
        "incidents": one.incidents,
        "times": one.times,
        "wait": estimate(one.wait, _MINUTE),
        "minutes": round(one.total / _MINUTE, 2),
        "share": round(one.share, 4),
        "backwards": one.backwards,
        "plan": said,
        "passes_over": list(between),
    }


def handovers(found: Walked) -> dict[str, Any]:
    hands = found.handovers
    return {
        "sentence": hand_overs(hands),
        "n": hands.incidents,
        "handed": hands.handed,
        "returned": hands.returned,
        "pairs": [
            {
                "from": one.giver,
                "to": one.taker,
                "times": one.times,
                "straight_back": one.returned,
                "kept_before": estimate(one.kept, _MINUTE),
            }
            for one in hands.pairs
        ],
        "teams": [
            {
                "team": one.team,
                "visits": one.visits,
                "kept": estimate(one.kept, _MINUTE),
                "minutes": round(one.total / _MINUTE, 2),
                "share": round(one.share, 4),
            }
            for one in hands.teams
        ],
    }


def taken(found: Taken) -> dict[str, Any]:
    rows = [{"number": one.number, "title": one.title, "minutes": round(one.lasted / _MINUTE, 2)} for one in found.rows]
    return {**variant(found.variant, found.titles), "items": rows}
