"""The shipped example: sound, complete, and what an editor needs beside it is up to date."""

import json

import jsonschema_rs
import pytest
from ruamel.yaml import YAML

from quarterdeck.plan import rules
from quarterdeck.plan.rules.reading import is_prose
from quarterdeck.plan.rules.shape import schema
from tests.house import standards
from tests.plan.texts import EXAMPLE, example_files, example_plan

PLAN = example_plan()


def test_the_example_prepares_for_at_least_six_kinds_of_incident() -> None:
    assert len(PLAN.types) >= 6
    assert len(PLAN.severity.impact) * len(PLAN.severity.urgency) >= 12
    assert set(PLAN.severity.levels) == set(rules.SEVERITIES)


@pytest.mark.parametrize("name", list(PLAN.procedures))
def test_each_procedure_can_be_followed(name: str) -> None:
    procedure = PLAN.procedures[name]
    assert 6 <= len(procedure.steps) <= 14
    assert any(step.mandatory for step in procedure.steps)
    assert sum(step.evidence is not None for step in procedure.steps) * 2 >= len(procedure.steps)
    deadlines = [step.within for step in procedure.steps if step.within]
    assert len(deadlines) >= len(procedure.steps) - 1


def test_each_procedure_serves_a_type_and_each_role_a_step_or_an_audience() -> None:
    served = {rules.procedure_for(PLAN, name) for name in PLAN.types}
    assert served == set(PLAN.procedures)
    busy = {step.role for procedure in PLAN.procedures.values() for step in procedure.steps}
    assert busy | {one.by for one in PLAN.communication.audiences.values()} == set(PLAN.roles)


def test_each_path_ends_at_the_senior_manager() -> None:
    assert {path.final for path in PLAN.escalation.values()} == {"chief-information-officer"}


def test_the_last_route_takes_what_no_other_took() -> None:
    assert PLAN.routing[-1].match == ()


def test_only_one_login_has_to_be_replaced_and_only_one_schedule_must_exist() -> None:
    assert {post.login for post in PLAN.posts.values()} == {"admin"}
    targets = {name for path in PLAN.escalation.values() for level in path.levels for name in level.notify}
    assert {name for name in targets if not name.startswith("post:")} == {"schedule:primary"}


def test_the_page_of_standards_says_how_the_example_stands_today() -> None:
    written = standards.PAGE.read_text(encoding="utf-8") if standards.PAGE.exists() else ""
    assert written == standards.page(), "run `python -m tests.house.standards` and commit docs/reference/standards.md"
    assert "| missing |" not in written, "the example meets every requirement of what applies, or says why not"


def test_the_schema_beside_the_example_is_the_one_the_command_prints() -> None:
    assert json.loads((EXAMPLE / "plan.schema.json").read_text()) == schema()


def test_each_file_of_the_example_fits_the_schema_and_names_it() -> None:
    validator = jsonschema_rs.validator_for(schema())
    for name, text in example_files().items():
        if is_prose(name):
            continue
        validator.validate(json.loads(json.dumps(YAML(typ="safe", pure=True).load(text))))
        place = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
        assert (EXAMPLE / name).parent.joinpath(place).resolve() == EXAMPLE / "plan.schema.json"


def test_the_schema_refuses_what_the_check_refuses() -> None:
    validator = jsonschema_rs.validator_for(schema())
    assert not validator.is_valid({"types": {"outage": {"titel": "Outage"}}})
    assert not validator.is_valid({"procedures": {"fix": {"title": "Fix", "owner": "boss", "steps": []}}})
