"""Malformed requests to every face: refused in words that help, and never a fault of ours."""

import json
from collections.abc import Iterator

import pytest

from quarterdeck.app.web import MAX_BODY
from tests.house.fuzzing import PROBLEM, Target, ask, target

JSON = {"content-type": "application/json"}
UNSAFE = [
    ("/api/incidents", b'{"title": "x", "title": "y"}', {201}),
    ("/api/incidents", b"{", {400}),
    ("/api/incidents", b"", {400}),
    ("/api/incidents", b"null", {400}),
    ("/api/incidents", b"[]", {400}),
    ("/api/incidents", b'{"title": "\xff\xfe"}', {400}),
    ("/api/incidents", b'{"title": "\\ud800"}', {400}),
    ("/api/incidents", b'{"title": "a\\u0000b"}', {201}),
    ("/api/incidents", b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", {400}),
    ("/api/incidents", b'{"title": "x", "detected_at": 1e999}', {400}),
    ("/api/incidents", b'{"title": "x", "nonsense": 1}', {400}),
    ("/api/incidents/1/merger", b'{"into": ' + b"9" * 5_000 + b"}", {400, 404}),
    ("/api/incidents/1/merger", b'{"into": -1}', {400, 404}),
    ("/api/incidents/1/notes", b'{"text": "x", "at": "9999-12-31T23:59:59-14:00"}', {400, 409}),
    # Once recorded, an instant that cannot be shown in UTC would break its incident's page for ever.
    ("/api/incidents/1/times", b'{"reason": "x", "impact_started": "0001-01-01T00:00:00+14:00"}', {400}),
    ("/api/incidents/1/tasks", b'{"title": "x", "due": "9999-12-31T23:59:59-14:00"}', {400}),
    ("/api/plan/drafts", b'{"title": "x", "files": {"../../etc/passwd": "x"}}', {400}),
]


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with target(tmp_path_factory.mktemp("bad")) as made:
        yield made


@pytest.mark.parametrize(("path", "body", "answers"), UNSAFE, ids=[f"{n}" for n in range(len(UNSAFE))])
def test_a_malformed_body_is_refused_with_its_place(fuzzed: Target, path: str, body: bytes, answers: set[int]) -> None:
    answer = ask(fuzzed, "POST", path, content=body, headers=JSON)
    assert answer.status_code in answers, answer.text


def test_a_wrong_kind_of_body_is_refused(fuzzed: Target) -> None:
    for kind in (
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "☃".encode(),
    ):
        answer = ask(fuzzed, "POST", "/api/incidents", content=b"title=x", headers={"content-type": kind})
        assert answer.status_code == 400, (kind, answer.text)


def test_too_large_a_body_is_refused_wherever_it_goes(fuzzed: Target) -> None:
    large = json.dumps({"title": "x" * MAX_BODY}).encode()
    doors = ("/api/incidents", "/v2/enqueue", f"/intake/generic/{fuzzed.intake_key}", "/sign-in")
    for path in doors:
        kind = "application/x-www-form-urlencoded" if path == "/sign-in" else "application/json"
        assert ask(fuzzed, "POST", path, content=large, headers={"content-type": kind}).status_code == 413, path
    chunked = ask(fuzzed, "POST", "/api/incidents", content=iter([large[:MAX_BODY], large[MAX_BODY:]]), headers=JSON)
    assert chunked.status_code == 413


def test_a_wrong_key_learns_nothing(fuzzed: Target) -> None:
    said = set()
    for secret in ("qk_wrong", "", "x" * 10_000, "ü".encode(), fuzzed.intake_key[:-1], "null", "' OR 1=1 --"):
        header = b"Bearer " + (secret if isinstance(secret, bytes) else secret.encode())
        answer = ask(fuzzed, "GET", "/api/incidents/1", "nobody", headers={"authorization": header})
        assert answer.status_code == 401
        said.add(answer.text)
        door = ask(fuzzed, "POST", "/intake/generic/wrong", "nobody", json={"title": "x"})
        assert door.status_code == 401
    missing = ask(fuzzed, "GET", "/api/incidents/999", "nobody")
    assert said == {missing.text}, "a wrong key and none are told the same, whether the thing exists or not"


def test_an_unknown_address_and_a_wrong_method(fuzzed: Target) -> None:
    for path in (
        "/nothing",
        "/api/nothing",
        "/intake/nothing/x",
        "/v2/nothing",
        "/api/incidents/x",
        f"/api/incidents/{2**63}",
        "/api/%00",
        "/%ff",
    ):
        for who in ("nobody", "administrator"):
            assert ask(fuzzed, "GET", path, who).status_code == 404, path
    for path in ("/api/incidents", "/v2/enqueue", "/intake/generic/x"):
        answer = ask(fuzzed, "PATCH", path)
        assert answer.status_code == 405 and answer.headers["allow"], path
    assert ask(fuzzed, "PUT", "/api/people/bob/roles").status_code == 405


def test_paging_takes_only_what_it_gave_out(fuzzed: Target) -> None:
    paged = (
        "people",
        "teams",
        "keys",
        "audit",
        "services",
        "incidents",
        "signals",
        "changes",
        "reviews",
        "plan/drafts",
    )
    for place in (*paged, "plan/revisions", "incidents/1/timeline"):
        for limit in ("-1", "0", "1e3", "NaN", "9" * 400, "", "²"):
            assert ask(fuzzed, "GET", f"/api/{place}?limit={limit}").status_code == 400, (place, limit)
        for cursor in ("-1", "9" * 400, "%00", "²", "1;DROP TABLE incident", "..%2f"):
            assert ask(fuzzed, "GET", f"/api/{place}?cursor={cursor}").status_code == 400, (place, cursor)


def test_the_description_says_what_every_operation_does_and_how_it_refuses(fuzzed: Target) -> None:
    document = ask(fuzzed, "GET", "/openapi.json").json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation.get("description"), f"{method} {path}: give the handler a docstring"
            if "security" in operation:
                assert {"401", "403", "503"} <= operation["responses"].keys(), (method, path)
    refusal = document["components"]["responses"]["Problem409"]["content"]
    assert list(refusal) == [PROBLEM]
