"""Scenarios: every fault at once, at its place; hostile input ends in faults; the shipped ones fit the shipped plan."""

import json

import jsonschema_rs
import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.checking import check as check_plan
from quarterdeck.plan.sources.example import example_files
from quarterdeck.readiness.rules.fitting import check_against
from quarterdeck.readiness.rules.scenario_text import LONGEST, check, schema
from quarterdeck.readiness.sources import example_folder, example_scenarios
from tests.readiness.scripts import SCENARIO, edited, faults

PLAN = check_plan(example_files()).sound()


def test_a_sound_scenario_has_no_faults_and_fits_the_plan() -> None:
    assert faults(SCENARIO) == []
    assert check_against(SCENARIO, PLAN, {"checkout"}).scenario is not None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("kind: drill", "kind: dril", "scenario.yaml:2:7: kind: \"dril\" is no choice here; choose from 'tabletop', "),
        (
            "minutes: 60\n",
            "",
            "scenario.yaml:1:1: minutes: is missing; say how long it lasts at most, such as `60 min`",
        ),
        (
            'fact: "Release 812 went out an hour ago."',
            "clear: errors, fact: x",
            "scenario.yaml:13:5: injects.1: clear and fact happen at once; give exactly one of signal, clear, declare",
        ),
        (
            "clear: errors}",
            "clear: erors}",
            "scenario.yaml:14:36: injects.2.clear: no signal here has the key `erors`; name one of errors",
        ),
        (
            "within: 5 min, objective: lead",
            "within: 5 min, objective: leed",
            "scenario.yaml:16:61: expected.0.objective: there is no objective `leed`; name one of lead, fix",
        ),
        (
            "after: news, within: 30 min",
            "after: news, within: 55 min",
            "scenario.yaml:19:54: expected.3.within: is due at minute 65, and the exercise lasts 60; shorten it",
        ),
        (
            "what: step, of: scope, within",
            "what: step, within",
            "scenario.yaml:18:5: expected.2: `step` does not say which; name a step of the procedure as `of`",
        ),
        (
            "id: news, at: 10 min",
            "id: news, at: 61 min",
            "scenario.yaml:13:20: injects.1.at: happens at minute 61, and",
        ),
        ("id: news,", "id: alarm,", "scenario.yaml:10:9: injects.0.id: the id `alarm` occurs twice; give each its own"),
        (
            "title: Checkout fails",
            "titel: Checkout fails",
            "scenario.yaml:1:1: titel: unknown key; did you mean `title`?",
        ),
    ],
)
def test_each_fault_is_told_with_its_place_and_its_remedy(old: str, new: str, fault: str) -> None:
    found = faults(edited((old, new)))
    assert any(one.startswith(fault) for one in found), found


def test_every_fault_is_told_at_once() -> None:
    found = faults(
        edited(("kind: drill", "kind: dril"), ("clear: errors}", "clear: x}"), ("within: 5 min", "within: soon"))
    )
    assert len(found) >= 3


def test_what_the_plan_lacks_is_told_at_its_place() -> None:
    text = edited(("type: service-outage", "type: outage"))
    assert [str(one) for one in check_against(text, PLAN).faults] == [
        "scenario.yaml:3:7: type: the plan has no incident type `outage`; did you mean `service-outage`?"
    ]
    text = edited(("of: scope", "of: scoop"), ("of: scribe", "of: scrib"))
    assert [str(one).partition("; ")[0] for one in check_against(text, PLAN, {"mail"}).faults] == [
        "scenario.yaml:4:10: service: `checkout` is not in the catalogue",
        "scenario.yaml:17:34: expected.1.of: the plan has no role `scrib`",
        "scenario.yaml:18:33: expected.2.of: the procedure `service-outage` has no step `scoop`",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "- a\n- b",
        "a: &x [*x, *x]",
        "title: !!python/object/apply:os.system [x]",
        "title: a\ntitle: b",
        "{" * 100,
        "title: \x00",
        "---\na: 1\n---\nb: 2",
        "\t",
        "objectives: 5\ninjects: {}\nexpected: [1, [2], null]\nminutes: true",
        "objectives: [{id: [x]}]\ninjects: [{id: 1, signal: 7, at: -3}]",
    ],
)
def test_hostile_text_ends_in_faults(text: str) -> None:
    assert check(text).scenario is None
    assert check(text).faults


def test_a_text_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(Invalid, match="too long"):
        check("#" * (LONGEST + 1))


def test_the_shipped_scenarios_fit_the_shipped_plan_and_their_schema() -> None:
    assert json.loads((example_folder() / "scenario.schema.json").read_text()) == schema()
    validator = jsonschema_rs.validator_for(schema())
    assert len(example_scenarios()) >= 3
    for name, text in example_scenarios().items():
        found = check_against(text, PLAN, None, f"{name}.yaml")
        assert [str(one) for one in found.faults] == []
        validator.validate(found.reading.document)
