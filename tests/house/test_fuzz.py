"""Requests made from our own OpenAPI by schemathesis: no fault of ours, no answer that the description does not know.

The ordinary run takes a few of every operation; `pytest -m long` takes 50,000.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.house.fuzzing import KNOWN, Target, faults_of, target

FEW, MANY = 12, 500
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
Found = dict[tuple[str, str], str]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


def operations(fuzzed: Target) -> list[Any]:
    document = fuzzed.web.get("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document, config=SchemathesisConfig())
    found = list(schema.get_all_operations())
    assert all(isinstance(one, Ok) for one in found), "the description itself is faulty"
    return [one.ok() for one in found if isinstance(one, Ok)]


def reaching(draw: Any, value: Any, name: str = "") -> Any:
    """The value, or one that reaches further: ids that exist, instants that only just fit."""
    if name in KNOWN and draw(st.integers(0, 3)):
        return draw(st.sampled_from(KNOWN[name]))
    if isinstance(value, dict):
        return {key: reaching(draw, inner, key) for key, inner in value.items()}
    return value


@st.composite
def cases(draw: Any, operation: Any, modes: tuple[GenerationMode, ...]) -> Any:
    case = draw(operation.as_strategy(generation_mode=draw(st.sampled_from(modes))))
    if draw(st.integers(0, 4)):
        for place in ("path_parameters", "query"):
            if getattr(case, place):
                setattr(case, place, reaching(draw, getattr(case, place)))
        if isinstance(case.body, dict):
            case.body = reaching(draw, case.body)
    return case


def modes_of(operation: Any) -> tuple[GenerationMode, ...]:
    """Wrong values as well, where there is anything to be wrong."""
    given = [*operation.path_parameters, *operation.query, *operation.headers, *operation.body]
    return tuple(GenerationMode) if given else (GenerationMode.POSITIVE,)


def fuzz(fuzzed: Target, operation: Any, requests_: int) -> Found:
    """Send so many requests to one operation; what was wrong, once for each kind."""
    found: Found = {}

    @seed(20260302)
    @settings(
        max_examples=requests_,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation, modes_of(operation)), who=st.sampled_from(fuzzed.actors))
    def one(case: Any, who: Any) -> None:
        try:
            prepared = requests.Request(**case.as_transport_kwargs(base_url="http://testserver.local")).prepare()
        except (requests.exceptions.InvalidHeader, UnicodeError):
            return  # no client can send this
        headers = {name: value for name, value in prepared.headers.items() if name.lower() != "authorization"}
        answer = fuzzed.send(who, str(prepared.method), str(prepared.url), content=prepared.body, headers=headers)
        faults = faults_of(answer)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            faults += [str(failure) for failure in group.exceptions]
        for fault in faults:
            said = f"{who.name}: {prepared.method} {prepared.url} {str(prepared.body)[:600]}\n    {fault[:900]}"
            found.setdefault((operation.label, fault.splitlines()[0][:80]), said)

    with suppress(Unsatisfiable):
        one()
    return found


def together(fuzzed: Target, requests_: int) -> str:
    found: Found = {}
    for operation in operations(fuzzed):
        found |= fuzz(fuzzed, operation, requests_)
    return "\n".join(f"{label}: {said}" for (label, _), said in found.items())


def test_a_few_requests_of_every_operation_are_answered_as_the_description_says(fuzzed: Target) -> None:
    faults = together(fuzzed, FEW)
    answered = fuzzed.answered
    assert (
        sum(answered[status] for status in (200, 201, 202, 204)) > 250
        and answered[409]
        and answered[400]
        and answered[404]
    ), answered
    assert not faults, faults


@pytest.mark.long
def test_fifty_thousand_requests_are_answered_as_the_description_says(fuzzed: Target) -> None:
    faults = together(fuzzed, MANY)
    assert fuzzed.answered.total() > 50_000
    assert not faults, faults
