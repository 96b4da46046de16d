"""Procedures as graphs: what applies, what can be begun, when it is due; and what is no graph at all."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.plan.rules.graph import applies, due_at, fallen_away, ready
from quarterdeck.plan.rules.procedure import Decision, Step
from tests.plan.texts import faults_of, small

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def step(id: str, **more: object) -> Step:
    return Step.model_validate({"id": id, "title": id, "role": "ic", **more})


ASK = step("ask", decides=Decision(question="Which way?", answers={"back": "Back", "on": "On"}))
BACK = step("go-back", only_if={"ask": ("back",)})
LOOK = step("look", only_if={"ask": ("back",)}, after=("go-back",))
END = step("end", after=("ask", "go-back"))
STEPS = (ASK, BACK, LOOK, END)


def ids(steps: tuple[Step, ...]) -> list[str]:
    return [one.id for one in steps]


def test_a_branch_is_open_until_its_question_is_answered() -> None:
    assert applies(BACK, "SEV1", {}) is None
    assert applies(BACK, "SEV1", {"ask": "back"}) is True
    assert applies(BACK, "SEV1", {"ask": "on"}) is False
    assert ids(ready(STEPS, "SEV1", (), {})) == ["ask"]


def test_a_step_of_another_severity_does_not_apply() -> None:
    assert applies(step("x", on_severity=("SEV1",)), "SEV2", {}) is False


def test_after_the_answer_one_branch_begins_and_the_other_holds_nothing_up() -> None:
    assert ids(ready(STEPS, "SEV1", {"ask"}, {"ask": "back"})) == ["go-back"]
    assert ids(ready(STEPS, "SEV1", {"ask", "go-back"}, {"ask": "back"})) == ["look", "end"]
    assert ids(ready(STEPS, "SEV1", {"ask"}, {"ask": "on"})) == ["end"]


def test_a_question_that_was_skipped_takes_its_branches_along() -> None:
    assert fallen_away(STEPS, "SEV1", {"ask"}, {}) == {"go-back", "look"}
    assert ids(ready(STEPS, "SEV1", {"ask"}, {})) == ["end"]


def test_a_deadline_counts_from_its_anchor_once_that_has_happened() -> None:
    plain, late = step("a", within=10), step("b", within=30, counted_from="step:a")
    waits = step("c", within=5, counted_from="ready", after=("a",))
    assert due_at(plain, {"declared": NOW}) == NOW + timedelta(minutes=10)
    assert due_at(late, {"declared": NOW}) is None
    assert due_at(late, {"step:a": NOW}) == NOW + timedelta(minutes=30)
    assert due_at(waits, {"declared": NOW}) is None
    assert due_at(waits, {"ready:c": NOW}) == NOW + timedelta(minutes=5)
    assert due_at(step("d"), {"declared": NOW}) is None


@given(st.lists(st.lists(st.integers(0, 9), max_size=3), min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_whatever_the_order_every_step_of_a_sound_graph_can_be_worked_off(
    befores: list[list[int]], pick: object
) -> None:
    steps = tuple(
        step(f"s{index}", after=tuple(f"s{before}" for before in before_it if before < index))
        for index, before_it in enumerate(befores)
    )
    settled: set[str] = set()
    while len(settled) < len(steps):
        open_now = ready(steps, "SEV1", settled, {})
        assert open_now
        settled.add(pick.choice(open_now).id)  # type: ignore[attr-defined]  # hypothesis hands in a random.Random
    assert ready(steps, "SEV1", settled, {}) == ()


MEND = "      - id: mend\n"


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        (
            "after: [loo]",
            "procedures.fix.steps.1.after.0: there is no step `loo` in this procedure; did you mean `look`?",
        ),
        ("after: [mend]", "procedures.fix.steps.1: the steps wait for one another: mend → mend; break the circle"),
        (
            "only_if: {look: [yes]}",
            (
                "procedures.fix.steps.1.only_if.look: the step `look` decides nothing; "
                "give it `decides:` with a question and answers"
            ),
        ),
        (
            "counted_from: step:gone\n        within: 5",
            "procedures.fix.steps.1.counted_from: there is no step `gone` in this procedure; name one of look, mend",
        ),
        (
            "counted_from: yesterday\n        within: 5",
            (
                'procedures.fix.steps.1.counted_from: "yesterday" is not written as it should be; '
                "write declared, detected, acknowledged, mitigated, resolved, ready, or `step:` and a step's id"
            ),
        ),
        (
            "after: [look]\n        within: 6",
            (
                "procedures.fix.steps.1.within: is due after 6 min, before `look`, which it waits for, is due "
                "(10 min); allow more time, or ask for the earlier step sooner"
            ),
        ),
        (
            "within: 3",
            (
                "procedures.fix.steps.1.within: is due after 3 min, while at SEV1 the first person paged has 5 min to "
                "acknowledge; allow more time, or shorten that path's first `acknowledge_within`"
            ),
        ),
    ],
)
def test_what_is_no_graph_is_told_at_its_place(keys: str, fault: str) -> None:
    found = faults_of(small((MEND, f"{MEND}        {keys}\n")))
    assert any(one.endswith(fault) for one in found), found


def test_answers_that_exclude_one_another_make_a_step_unreachable() -> None:
    ask = (
        "      - id: ask\n        title: Ask\n        role: incident-commander\n"
        "        decides: {question: Which?, answers: {a: A, b: B}}\n"
        "      - id: first\n        title: First\n        role: incident-commander\n"
        "        only_if: {ask: [a]}\n        decides: {question: And?, answers: {c: C, d: D}}\n"
    )
    (fault,) = faults_of(small((MEND, f"{ask}{MEND}        only_if: {{ask: [b], first: [c]}}\n")))
    assert "procedures.fix.steps.3.only_if: can never be reached" in fault


def test_an_answer_that_no_question_has_is_told() -> None:
    ask = (
        "      - id: ask\n        title: Ask\n        role: incident-commander\n"
        "        decides: {question: Which?, answers: {a: A, b: B}}\n"
    )
    (fault,) = faults_of(small((MEND, f"{ask}{MEND}        only_if: {{ask: [z]}}\n")))
    assert "procedures.fix.steps.2.only_if.ask.0: `ask` has no answer `z`; name one of a, b" in fault


def test_what_may_never_be_skipped_is_mandatory() -> None:
    (fault,) = faults_of(small(("        within: 10\n", "        within: 10\n        skip: never\n")))
    assert "steps.0.skip: can never be skipped, and yet is not mandatory; add `mandatory: true`" in fault


def test_templates_name_only_known_fields() -> None:
    told = (
        "communication: {audiences: {it: {title: IT, by: incident-commander, outside: Aloud,\n"
        '  says: "{imapct} {", cadence: {SEV1: {first_within: 5, every: 20}}}}}\n'
    )
    found = faults_of(
        small(
            ("name: Small plan\n", f"name: Small plan\n{told}"),
            ("meaning: Bad", "meaning: Bad\n      update_every: 20"),
        )
    )
    assert len(found) == 2
    assert "communication.audiences.it.says: `{imapct}` is no field; name one of impact" in found[0]
    assert "a brace stands alone" in found[1]


def test_an_audience_that_nothing_reaches_is_told() -> None:
    told = "communication: {audiences: {it: {title: IT, by: incident-commander, says: x, cadence: {}}}}\n"
    found = faults_of(small(("name: Small plan\n", f"name: Small plan\n{told}")))
    assert any("communication.audiences.it.cadence: is empty" in one for one in found)
