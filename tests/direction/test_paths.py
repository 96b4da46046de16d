"""Paths of incidents, pure: what is one path, what follows what and after how long, and what the plan says to it."""

from itertools import pairwise

import numpy as np

from quarterdeck.direction.rules.paths import (
    against,
    columns_of,
    durations,
    graph,
    handovers,
    log_of,
    matrix,
    paths_of,
    verdict,
)
from quarterdeck.direction.rules.paths.against import Expected, Relation
from quarterdeck.direction.rules.paths.drawing import picture
from quarterdeck.direction.rules.paths.log import Log
from quarterdeck.direction.views.tracing import drawn_variants, id_of
from quarterdeck.paper.charts import Box, Link, flow
from quarterdeck.paper.charts.layers import layered

MINUTE = 60_000_000
Row = tuple[int, int, str, str | None]
COURSE = (Relation("declared", "acknowledged"), Relation("acknowledged", "resolved"), Relation("resolved", "closed"))


def log(*rows: Row) -> Log:
    """Number, minute, activity, detail, in the order of the record."""
    return log_of(
        columns_of([(number, minute * MINUTE, activity, detail) for number, minute, activity, detail in rows])
    )


def walked(number: int, *steps: tuple[int, str] | tuple[int, str, str]) -> list[Row]:
    return [(number, step[0], step[1], step[2] if len(step) > 2 else None) for step in steps]


def some(*numbers: int) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array(numbers, dtype=np.int64)


STRAIGHT = [walked(n, (0, "declared"), (n, "acknowledged"), (20, "resolved"), (80, "closed")) for n in (1, 2, 3)]
WAITED = walked(
    4, (0, "declared"), (0, "queue", "A"), (5, "handed", "B"), (6, "handed", "A"), (7, "acknowledged"),
    (9, "waiting", "Vendor"), (40, "stage", "Active"), (30, "resolved"), (31, "resolved"), (90, "closed"),
)  # fmt: skip
PASSED = walked(5, (0, "declared"), (10, "resolved"), (11, "acknowledged"), (70, "closed"))
EVERY = log(*STRAIGHT[0], *STRAIGHT[1], *WAITED, *STRAIGHT[2], *PASSED)
ALL = some(1, 2, 3, 4, 5)


def test_alike_to_the_letter_is_one_path_and_what_follows_itself_is_once() -> None:
    found = paths_of(EVERY, ALL, "course")
    assert found.variants[0] == ("declared", "acknowledged", "resolved", "closed") and list(found.counts) == [3, 1, 1]
    assert found.variants[found.variant[3]] == (
        "declared", "handed", "acknowledged", "waiting:Vendor", "resumed", "resolved", "closed",
    )  # fmt: skip
    assert paths_of(EVERY, some(4), "milestones").variants == (found.variants[0],), "the same, seen from further off"
    assert "queue" in paths_of(EVERY, some(4), "everything").variants[0]
    assert len(paths_of(EVERY, some(9), "course")) == 0 and len(paths_of(EVERY, some(), "course")) == 0
    assert [drawn_variants(found.counts, cover) for cover in (1, 60, 61, 80, 81, 100)] == [1, 1, 2, 2, 3, 3]
    assert id_of(("a", "b")) != id_of(("b", "a")) and len(id_of(("a",))) == 10


def test_many_paths_are_told_apart_by_their_order() -> None:
    rng = np.random.default_rng(1)
    kinds = ["acknowledged", "mitigated", "reopened", "resolved", "escalated", "command"]
    lives = [list(rng.permutation(kinds)) for _ in range(400)]
    rows = [(n, i, kind, None) for n, life in enumerate(lives) for i, kind in enumerate(life)]
    found = paths_of(log(*rows), np.arange(400), "course")
    assert [found.variants[i] for i in found.variant] == [tuple(life) for life in lives]
    assert sum(found.counts) == 400 and len(set(found.variants)) == len(found.variants)


def test_waits_count_until_the_last_resolution_and_none_runs_backwards() -> None:
    found = paths_of(EVERY, ALL, "course")
    whole = graph(found, np.ones(5, dtype=np.bool_))
    links = {(one.before, one.after): one for one in whole.edges}
    first = links["declared", "acknowledged"]
    assert (first.times, first.wait.value, first.total) == (3, 120, 360)
    back = links["resumed", "resolved"]
    assert (back.times, back.backwards, back.wait.n, back.total) == (1, 1, 0, 0), "resolved before the work went on"
    assert links["resolved", "closed"].total == 0 and whole.closing.value == 60 * 60
    assert links["resolved", "acknowledged"].total == 0, "after the resolution nobody waits for it"
    assert abs(sum(one.share for one in whole.edges) - 1) < 1e-9
    worst = whole.bottlenecks(1)[0]
    assert (worst.before, worst.after) == ("acknowledged", "resolved") and worst.total == (19 + 18 + 17) * 60
    assert whole.nodes[0].key == "declared" and whole.nodes[-1].key == "closed"
    assert list(durations(found)[found.variant == 0] / 60) == [20, 20, 20]
    assert graph(found, np.zeros(5, dtype=np.bool_)).bottlenecks() == ()


def test_teams_hand_over_and_what_comes_straight_back_is_ping_pong() -> None:
    found = handovers(EVERY, ALL, {})
    assert (found.incidents, found.handed, found.returned) == (1, 1, 1)
    assert [(one.giver, one.taker, one.times, one.returned, one.kept.value) for one in found.pairs] == [
        ("A", "B", 1, 1, 300), ("B", "A", 1, 0, 60),
    ]  # fmt: skip
    assert [(one.team, one.visits) for one in found.teams] == [("A", 2), ("B", 1)]
    assert matrix(found) == (("A", "B"), ((0, 1), (1, 0)), 0) and matrix(found, 1)[2] == 1
    own = log(*walked(1, (0, "declared", "shop"), (5, "service", "mail"), (9, "resolved")))
    by_owner = handovers(own, some(1), {"shop": "payments", "mail": "post"})
    assert [(one.giver, one.taker) for one in by_owner.pairs] == [("payments", "post")], "where no queue is told of"
    assert handovers(own, some(1), {}).incidents == 0


def test_the_plan_is_broken_by_what_is_left_out_or_turned_round() -> None:
    expected = Expected((*COURSE, Relation("mitigated", "resolved", optional=True)))
    found = against(EVERY, ALL, [(expected, np.arange(5))])
    assert list(found.broken) == [False, False, False, False, True] and found.planned == 0
    kept = {(one.relation.before, one.relation.after): one for one in found.relations}
    acknowledged = kept["acknowledged", "resolved"]
    assert (acknowledged.n, acknowledged.kept, acknowledged.skipped, acknowledged.reversed) == (5, 4, 0, 1)
    assert ("mitigated", "resolved") not in kept, "nobody told of it, and nobody had to"


def test_a_step_that_fell_away_is_not_missed_and_a_task_of_their_own_is_no_step() -> None:
    steps = Expected(
        (Relation("step:a", "step:c"), Relation("step:b", "step:c")),
        ("step:a", "step:b", "step:c"),
        frozenset({"step:c"}),
        "p",
        planned=True,
    )
    lives = log(
        *walked(1, (0, "declared"), (1, "step", "a"), (1, "fell", "b"), (2, "step", "c"), (3, "resolved")),
        *walked(2, (0, "declared"), (1, "skipped", "a"), (2, "step", "c"), (2, "step", "b"), (3, "resolved")),
        *walked(3, (0, "declared"), (1, "added", "x9"), (2, "step", "x9"), (3, "resolved")),
        *walked(4, (0, "declared"), (1, "step", "a"), (2, "step", "b"), (3, "resolved"), (4, "closed")),
    )
    with_end = Expected((*steps.relations, Relation("resolved", "closed")), steps.steps, steps.mandatory, "p", True)
    closed = against(lives, some(1, 2, 3, 4), [(with_end, np.arange(4))])
    assert list(closed.broken) == [False, True, False, True], (
        "closed without what is mandatory; before, it may still come"
    )
    found = against(lives, some(1, 2, 3), [(steps, np.arange(3))])
    assert list(found.broken) == [False, True, False] and found.planned == 3
    assert [(one.relation.before, one.n, one.skipped, one.reversed) for one in found.relations] == [
        ("step:a", 2, 1, 0), ("step:b", 1, 0, 1),
    ]  # fmt: skip
    assert [(one.step, one.done, one.n) for one in found.steps] == [
        ("step:c", 2, 3), ("step:a", 1, 3), ("step:b", 1, 2),
    ]  # fmt: skip
    assert paths_of(lives, some(3), "steps").variants == (("declared", "task", "resolved"),)


def test_a_link_is_judged_by_what_lies_between() -> None:
    assert verdict("declared", "acknowledged", COURSE) == ("foreseen", ())
    assert verdict("declared", "resolved", COURSE) == ("skips", ("acknowledged",))
    assert verdict("resolved", "acknowledged", COURSE) == ("reversed", ())
    assert verdict("acknowledged", "handed", COURSE) == ("beyond", ())
    assert verdict("acknowledged", "elevated", COURSE) == ("foreseen", ()), "foreseen at any time"


def test_boxes_stand_below_what_they_follow_and_every_link_is_drawn() -> None:
    names = ["a", "b", "c", "d", "e"]
    links = {("a", "b"): 9.0, ("a", "c"): 5.0, ("b", "d"): 8.0, ("c", "d"): 5.0, ("d", "e"): 9.0, ("a", "e"): 1.0}
    placed = layered(names, links, 2)
    assert [placed.row[name] for name in names] == [0, 1, 1, 2, 3]
    assert ("a", "e") in placed.layers[1] and ("a", "e") in placed.layers[2], "it passes beside the rows between"
    assert max(layered(names, links, 1).row.values()) == 4, "one in a row where the sheet is narrow"
    chart = flow(
        "x", "<b>", [Box(name, "<script>", "1") for name in names],
        [*(Link(*link, weight, "7") for link, weight in links.items()), Link("d", "a", 2.0, "2", "broken"),
         Link("b", "b", 1.0), Link("b", "c", 1.0, kind="beyond"), Link("c", "b", 1.0)],
        keys=(("plain", "as planned"),), said='"said"',
    )  # fmt: skip
    for width in (640.0, 336.0):
        drawn = chart.svg(width)
        assert drawn.count("c-flow-") == len(links) + 4 + 1 and drawn.count("c-tip-") == len(links) + 4
        assert drawn.count('class="c-box"') == 5 and "<script>" not in drawn and "nan" not in drawn
    assert flow("y", "One", [Box("a", "Alone")], [], said="One.").svg().count("c-box") == 1


def test_a_picture_of_nothing_is_none_and_one_of_much_is_bounded() -> None:
    nothing = graph(paths_of(EVERY, some(), "course"), np.zeros(0, dtype=np.bool_))
    assert picture(nothing, COURSE, {}, "") is None
    rows = [walked(n, *[(i, "step", f"s{(i * 7 + n) % 60}") for i in range(40)]) for n in range(30)]
    busy = paths_of(log(*[row for life in rows for row in life]), np.arange(30), "steps")
    chart = picture(graph(busy, np.ones(30, dtype=np.bool_)), (), {"step:s1": "Isolate <it>"}, "many")
    assert chart is not None
    tips = [chart.svg(width).count("c-tip-") for width in (640.0, 336.0)]
    assert tips[0] == tips[1] <= 40 and all(a == b for a, b in pairwise(tips))


def test_a_step_that_nobody_did_is_drawn_hollow_behind_what_comes_before_it() -> None:
    lives = log(*walked(1, (0, "declared"), (1, "step", "a"), (3, "step", "c"), (5, "resolved")))
    found = graph(paths_of(lives, some(1), "steps"), np.ones(1, dtype=np.bool_))
    order = (Relation("step:a", "step:b"), Relation("step:b", "step:c"))
    chart = picture(found, order, {"step:b": "Isolate"}, "one", ["step:b"])
    assert chart is not None
    drawn = chart.svg()
    assert drawn.count("c-box-hollow") == 1 and "Isolate" in drawn and "never done" in drawn
    assert drawn.count("c-tip-broken") == 3, "to it and from it, and the link that passes it over"
