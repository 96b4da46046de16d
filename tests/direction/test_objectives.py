"""Met, missed or cannot tell yet: by the interval, with how many more it takes; and a plan that names no figure."""

from typing import Any

import pytest
from typer.testing import CliRunner

from quarterdeck.direction.cli import aiming as cli
from quarterdeck.direction.rules.measures import MEASURES, evaluate, named
from quarterdeck.direction.rules.measures.standing import standing, together
from quarterdeck.plan import actions as plan
from quarterdeck.plan.rules import Measure
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.measurable import MEASURABLE
from quarterdeck.plan.sources.example import example_files
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE
from tests.direction.test_measures import NOW, everything, incidents
from tests.direction.test_measuring import lived, opened
from tests.direction.test_replay import changed

BROWSER = {"accept": "text/html"}


def kpi(**given: Any) -> Measure:
    facts: dict[str, Any] = {
        "title": "Resolved soon", "objective": "customers", "definition": "As it says.", "unit": "minutes",
        "statistic": "median", "better": "lower", "target": 60, "window_days": 90, "minimum_n": 6, "owner": "manager",
        "measured_by": "time-to-resolve",
    }  # fmt: skip
    return Measure.model_validate(facts | given)


def stands(given: Measure, *rows: dict[str, Any]) -> Any:
    columns = incidents(*rows)
    return standing(given, evaluate(named(given.measured_by or ""), columns, everything(columns), NOW, 90))


def test_the_plans_list_of_figures_is_that_of_the_measures() -> None:
    kinds = {"Duration": "duration", "Share": "share", "Count": "count"}
    assert {id: kinds[type(one).__name__] for id, one in MEASURES.items()} == MEASURABLE


def test_a_median_is_met_missed_or_cannot_be_told() -> None:
    fast, slow = (tuple({"resolved": at + i} for i in range(20)) for at in (20, 90))
    mixed = tuple({"resolved": 40 + 2 * i} for i in range(20))
    assert stands(kpi(), *fast).verdict == "met" and stands(kpi(), *slow).verdict == "missed"
    assert stands(kpi(), *slow).sentence.endswith(" The target is 1 h: missed.")
    near = stands(kpi(target=65), *mixed)
    assert (
        near.verdict == "cannot tell yet" and near.more and "more would tell, if they are like these" in near.sentence
    )
    more = stands(kpi(target=65), *mixed * 20)
    assert more.verdict == "met", "and so it is, once there are as many"


def test_below_the_minimum_no_verdict_is_given() -> None:
    few = stands(kpi(minimum_n=10), *({"resolved": 5} for _ in range(7)))
    assert (few.verdict, few.more) == ("cannot tell yet", 3)
    assert few.sentence.endswith("A verdict needs 10, so 3 cases more.")
    assert stands(kpi(minimum_n=1)).sentence == "Nothing to measure yet. A verdict needs 1, so 1 case more."
    lonely = stands(kpi(minimum_n=1), {"resolved": 5})
    assert lonely.verdict == "cannot tell yet" and lonely.more == 5, "a median needs 6"
    assert stands(kpi(minimum_n=1), *[{}] * 8).more is None, "all are still open"


def test_shares_and_counts_have_targets_too() -> None:
    found = kpi(measured_by="found-by-monitoring", statistic="share", unit="share", better="higher", target=0.8)
    assert stands(found, *({"monitored": 1} for _ in range(30))).verdict == "met"
    assert stands(found, *({"monitored": i % 2} for i in range(30))).verdict == "missed"
    unsure = stands(found, *({"monitored": int(i % 10 != 0)} for i in range(20)))
    assert unsure.verdict == "cannot tell yet" and 10 < (unsure.more or 0) < 200
    every = kpi(measured_by="found-by-monitoring", statistic="share", unit="share", better="higher", target=1)
    assert stands(every, *({"monitored": 1} for _ in range(6))).verdict == "met", "all is judged case by case"
    assert stands(every, *({"monitored": int(i > 0)} for i in range(60))).verdict == "missed"
    count = kpi(measured_by="incidents", statistic="count", unit="incidents", target=20, minimum_n=1)
    assert stands(count, *({} for _ in range(5))).verdict == "met"
    assert stands(count, *({} for _ in range(60))).verdict == "missed"
    assert (stands(count, *({} for _ in range(17))).more or 0) > 0


def test_an_objective_is_missed_with_any_of_its_measures_and_met_with_all() -> None:
    assert together(["met", "missed", "cannot tell yet"]) == "missed"
    assert together(["met", "cannot tell yet"]) == "cannot tell yet" and together([]) == "cannot tell yet"
    assert together(["met", "met"]) == "met"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("measured_by: time-to-acknowledge", "measured_by: time-to-acknowlege"),
            "did you mean `time-to-acknowledge`?",
        ),
        (("measured_by: plan-followed", "measured_by: time-to-close"), "`time-to-close` has no share"),
        (("unit: minutes", "unit: fortnights"), "a duration is not given in “fortnights”"),
        (("severities: [SEV1, SEV2]", "types: [nonsense]"), "there is no incident type `nonsense`"),
    ],
)
def test_a_plan_that_names_no_figure_is_told_where(change: tuple[str, str], said: str) -> None:
    files = dict(example_files())
    files["alignment.yaml"] = files["alignment.yaml"].replace(*change, 1)
    faults = check(files).faults
    assert any(str(one).startswith("alignment.yaml:") and said in str(one) for one in faults), [
        str(one) for one in faults
    ]


def test_objectives_stand_by_what_happened_and_lead_down_to_it(house: Any) -> None:
    opened(house)
    document = changed()
    document["objectives"] = {"customers": {"title": "Served", "statement": "They can buy.", "owner": "manager"}}
    document["serves"] = ["customers"]
    document["measures"] = {
        "soon": kpi(severities=("SEV1",)).model_dump(mode="json", exclude_none=True),
        "elsewhere": kpi(measured_by=None, severities=()).model_dump(mode="json", exclude_none=True),
    }
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="with objectives"))
    for _ in range(7):
        lived(house, 90, impact="high", urgency="high")
    lived(house, 10, impact="low", urgency="low")
    web = house.client(ALICE)
    [found] = web.get("/api/objectives").json()["items"]
    assert found["verdict"] == "missed" and found["documents"] == [
        {"key": "plan", "title": "Plan under test", "kind": "plan"}
    ]
    soon, elsewhere = found["measures"]
    assert soon["actual"]["value"] == 90 and soon["n"] == 7, "only those of SEV1"
    assert (soon["verdict"], elsewhere["verdict"], soon["worst"]) == ("missed", None, [1, 2, 3, 4, 5])
    assert web.get("/api/objectives/customers").json() == found
    assert web.get("/api/objectives/nobody").status_code == 404
    page = web.get("/objectives", headers=BROWSER).text
    assert "0 met, 1 missed" in page and "measured elsewhere" in page and "/incidents/5" in page
    shown = CliRunner().invoke(
        cli.commands, ["show", "customers", "--home", str(house.home)], obj=lambda home: Desk(house.record, LOCAL, None)
    )
    assert shown.exit_code == 1 and "Served: missed." in shown.stdout
