"""Differences in words: none for equal plans, one at least for each changed leaf, as sentences a manager reads."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.comparing import compared, told
from quarterdeck.plan.rules.differences import clauses, differences, document_of
from tests.plan.texts import example_plan, plan_from, small

EXAMPLE = example_plan()
DOCUMENT = EXAMPLE.model_dump(mode="json")


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list) and value:
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


LEAVES = list(leaves(DOCUMENT))


def at(document: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        document = document[part]
    return document


def with_leaf(path: tuple[str | int, ...], value: Any) -> Plan | None:
    """The example with one leaf changed; None if it is no plan then."""
    document = copy.deepcopy(DOCUMENT)
    at(document, path[:-1])[path[-1]] = value
    try:
        return Plan.model_validate(document, strict=False)
    except ValidationError:
        return None


def others(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same kind as a leaf's, and its absence."""
    texts = st.one_of(
        st.sampled_from(
            ["SEV1", "SEV4", "other", "mon", "17:30", "Europe/Berlin", "with-reason", "never", "by-commander"]
        ),
        st.text("abcdefgh-", min_size=1, max_size=20),
    )
    match value:
        case bool():
            kind: st.SearchStrategy[Any] = st.just(not value)
        case int() | float():
            kind = st.integers(1, 400)
        case str():
            kind = texts
        case _:
            kind = st.one_of(texts, st.integers(1, 400), st.lists(texts, max_size=3))
    return st.one_of(kind, st.none())


def test_equal_plans_do_not_differ() -> None:
    assert differences(EXAMPLE, EXAMPLE) == ()
    assert differences(EXAMPLE, Plan.model_validate_json(EXAMPLE.model_dump_json())) == ()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_changed_leaf_is_left_out(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(LEAVES))
    changed = with_leaf(path, data.draw(others(at(DOCUMENT, path))))
    assume(changed is not None and changed != EXAMPLE)
    assert changed is not None
    for old, new in ((EXAMPLE, changed), (changed, EXAMPLE)):
        found = differences(old, new)
        assert found
        assert all(change.sentence.strip() and change.clause for change in found)
        assert all(change.before != change.after for change in found)


@pytest.mark.parametrize("section", ["routing", "procedures", "severity", "escalation", "communication"])
def test_what_is_left_out_or_put_elsewhere_is_told(section: str) -> None:
    """Every list loses an item, and is turned round; every map loses an entry."""
    count = 0
    for path in {tuple(leaf[:length]) for leaf in LEAVES for length in range(1, len(leaf)) if leaf[0] == section}:
        value = at(DOCUMENT, path)
        smaller: list[Any] = []
        if isinstance(value, list) and len(value) > 1:
            smaller = [value[1:], value[::-1]]
        elif isinstance(value, dict) and len(value) > 1:
            smaller = [dict(list(value.items())[1:])]
        for one in smaller:
            changed = with_leaf(path, one)
            if changed is not None and changed != EXAMPLE:
                assert differences(EXAMPLE, changed), path
                count += 1
    assert count >= 5


def test_every_clause_of_a_difference_is_one_that_can_be_asked_for() -> None:
    asked = set(clauses(EXAMPLE))
    assert {change.clause for change in differences(None, EXAMPLE)} <= asked
    assert "severity.levels.SEV1.update_every" in asked
    assert all(document_of(f"procedures.{id}.steps") == f"procedure:{id}" for id in EXAMPLE.procedures)
    assert document_of("severity.levels.SEV1") == "plan"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("escalation: main\n", "escalation: main\n      update_every: 30\n", None),
        ("within: 10", "within: 15", "Procedure “Fix it”, step “Look”: due within 15 min instead of 10 min"),
        ("        within: 10\n", "", "Procedure “Fix it”, step “Look”: no longer due within 10 min"),
        ("mandatory: true", "mandatory: false", "Procedure “Fix it”, step “Mend”: now optional"),
        ("large: {high: SEV1", "large: {high: SEV2", "Impact “Large” with urgency “High”: gives SEV2 instead of SEV1"),
        ("login: dana", "login: bob", "Post “Boss”: held by bob instead of dana"),
        (
            "acknowledge_within: 5",
            "acknowledge_within: 8",
            "Escalation path “Main”, rung 1: waits 8 min for an answer instead of 5 min",
        ),
        (
            'notify: ["schedule:primary"]',
            'notify: ["person:bob"]',
            "Escalation path “Main”, rung 1: pages bob instead of whoever is on call in “primary”",
        ),
        (
            "review_interval_days: 365",
            "review_interval_days: 180",
            "The plan: reviewed every 180 days instead of 365 days",
        ),
        ("duties: [Decide]", "duties: [Decide, Tell]", "Role “Incident commander”: duties: added “Tell”"),
        (
            "      - id: mend\n        title: Mend\n        role: incident-commander\n        mandatory: true\n",
            "",
            "Procedure “Fix it”, step “Mend” is gone",
        ),
        (
            "  - name: rest\n",
            "  - name: rest\n    type: outage\n",
            "Route “rest”: now the type is “Outage”, which was not set before",
        ),
        (
            "scope: Everything",
            "scope: Nearly everything",
            "The plan: scope is now “Nearly everything” instead of “Everything”",
        ),
    ],
)
def test_a_change_reads_as_a_sentence(old: str, new: str, sentence: str | None) -> None:
    found = differences(plan_from(), plan_from((old, new)))
    assert [change.sentence for change in found] == [
        sentence or "SEV1: now an update is due every 30 min, which was not set before"
    ]


def test_the_pace_of_updates_is_told_as_a_manager_says_it() -> None:
    slow, fast = (
        plan_from(("escalation: main\n", f"escalation: main\n      update_every: {minutes}\n")) for minutes in (30, 15)
    )
    assert [(change.clause, change.before, change.after, change.sentence) for change in differences(slow, fast)] == [
        ("severity.levels.SEV1.update_every", 30, 15, "SEV1: an update is due every 15 min instead of 30 min")
    ]


def test_texts_that_say_the_same_are_compared_as_texts() -> None:
    plain = small()
    assert compared(plain, plain) == ()
    commented = {"plan.yaml": plain["plan.yaml"] + "# a word\n"}
    assert compared(plain, commented) == (
        f"plan.yaml: 1 line was added, the first at line {plain['plan.yaml'].count(chr(10)) + 1}",
    )
    faulty = small(("owner: boss", "owner: bos"))
    assert compared(plain, faulty) == ("plan.yaml: 1 line was added and 1 removed, the first at line 2",)
    assert compared(plain, {**plain, "more.yaml": "x: ["}) == ("more.yaml is new",)


def test_a_long_list_of_changes_says_how_many_more_there_are() -> None:
    assert told(["a", "b", "c"], most=2) == "a; b; and 1 more."
