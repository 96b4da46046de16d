"""The console's pages and forms with whatever people and programs may put into them: none breaks."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from quarterdeck.app.web import create_app
from tests.house import permissions
from tests.house.fuzzing import KNOWN, Target, faults_of, target
from tests.web import settings_of


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("fuzz")) as made:
        yield made


def pages(app: Any) -> list[permissions.Route]:
    return [
        route
        for route in permissions.routes(app)
        if route.method in {"GET", "POST"} and not route.path.startswith(("/api/", "/live", "/static", "/openapi"))
    ]


def fields_of(document: Any, route: permissions.Route) -> list[str]:
    """The form's fields and the query's, from the framework's description of the pages."""
    found = document["paths"].get(bare(route.path), {}).get(route.method.lower(), {})
    names = [one["name"] for one in found.get("parameters", ()) if one["in"] == "query"]
    for content in found.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        names += schema.get("properties", {})
    return names


def bare(path: str) -> str:
    return "/".join("{" + part.strip("{}").split(":")[0] + "}" if part[:1] == "{" else part for part in path.split("/"))


Found = dict[tuple[str, str], str]
ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["", "\x00", "-1", "9" * 400, "²", "\u202e", "{{7*7}}", "2026-02-30T25:61", "9999-12-31T23:59"]),
)


def fuzz_forms(fuzzed: Target, requests: int) -> Found:
    app: Any = create_app(fuzzed.house.record, settings_of(fuzzed.house), fuzzed.house.wired)
    document = app.router.openapi_schema.to_schema()
    found: Found = {}
    for route in pages(app):
        found |= fuzz_form(fuzzed, route, fields_of(document, route), requests)
    return found


def fuzz_form(fuzzed: Target, route: permissions.Route, names: list[str], requests: int) -> Found:
    found: Found = {}
    places = [part.strip("{}").split(":")[0] for part in route.path.split("/") if part[:1] == "{"]

    def values_of(name: str) -> st.SearchStrategy[str]:
        return st.one_of(st.sampled_from(KNOWN.get(name, ("1",))).map(str), ODD)

    @seed(20260302)
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        who=st.sampled_from(fuzzed.actors),
        values=st.fixed_dictionaries({}, optional={name: values_of(name) for name in names}),
        extra=st.dictionaries(st.text(max_size=8), ODD, max_size=2),
        at=st.tuples(*map(values_of, places)),
    )
    def one(who: Any, values: dict[str, str], extra: dict[str, str], at: tuple[str, ...]) -> None:
        fill = (quote(value, safe="", errors="replace") for value in at)
        path = "/".join(next(fill) if part[:1] == "{" else part for part in route.path.split("/"))
        sent = urlencode({**values, **extra}, errors="replace")
        if route.method == "GET":
            answer = fuzzed.send(who, "GET", f"{path}?{sent}", headers={"accept": "text/html"})
        else:
            headers = {"accept": "text/html", "content-type": "application/x-www-form-urlencoded"}
            answer = fuzzed.send(who, "POST", path, content=sent.encode(), headers=headers)
        for fault in faults_of(answer):
            said = f"{who.name}: {route.method} {path}?{sent[:300]}\n    {fault}"
            found.setdefault((route.path, fault[:60]), said)

    one()
    return found


def test_whatever_is_put_into_a_form_no_page_breaks(fuzzed: Target) -> None:
    found = fuzz_forms(fuzzed, 8)
    assert fuzzed.answered[200] > 30 and fuzzed.answered[303] > 30, fuzzed.answered
    assert not found, "\n".join(found.values())


@pytest.mark.long
def test_twenty_thousand_forms_break_no_page(fuzzed: Target) -> None:
    found = fuzz_forms(fuzzed, 300)
    assert not found, "\n".join(found.values())
