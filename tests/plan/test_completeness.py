"""Rule packs: each requirement is answered with its citation; what is missing is found, exclusions say why."""

from datetime import date
from typing import Any

import pytest

from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.alignment_gaps import alignment_gaps
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.completeness import CHECKS, Facts, Finding, Pack, examine
from quarterdeck.plan.sources.packs import packs
from tests.plan.texts import example_plan, small

TODAY = date(2026, 3, 2)
PACKS = {pack.id: pack for pack in packs()}


def found(plan: Plan, pack: str, **facts: Any) -> dict[str, Finding]:
    return {one.item: one for one in examine(plan, [PACKS[pack]], TODAY, Facts(**facts))}


def changed(**parts: Any) -> Plan:
    return example_plan().model_copy(update=parts)


def test_five_packs_are_shipped_each_requirement_with_citation_and_fix() -> None:
    assert set(PACKS) == {"nist-sp-800-61", "iso-20000-1", "iso-27035-2", "nis2-2024-2690", "pci-dss-12-10"}
    for pack in PACKS.values():
        assert pack.source
        assert len({item.id for item in pack.items}) == len(pack.items) >= 10
        assert all(item.cite and item.fix and set(item.check) <= set(CHECKS) for item in pack.items)


def test_the_example_passes_every_pack_that_applies_or_names_why_not() -> None:
    for pack in PACKS:
        for finding in found(example_plan(), pack, approved=True, exercised=True).values():
            assert finding.status in ("met", "answered", "not-applicable"), finding


def test_what_files_cannot_say_is_unknown_not_met() -> None:
    assert found(example_plan(), "nist-sp-800-61")["r2-plan-approval"].status == "unknown"
    assert found(example_plan(), "iso-27035-2", exercised=False)["exercised"].status == "missing"


def test_a_pack_that_does_not_apply_is_one_line_with_the_reason() -> None:
    (finding,) = found(example_plan(), "pci-dss-12-10").values()
    assert finding.status == "not-applicable"
    assert "card data" in finding.where


@pytest.mark.parametrize(
    ("without", "pack", "item"),
    [
        ({"policy": None}, "iso-27035-2", "policy"),
        ({"policies": {}}, "nist-sp-800-61", "r2-policy-commitment"),
        ({"measures": {}}, "nist-sp-800-61", "r2-plan-metrics"),
        ({"objectives": {}}, "nist-sp-800-61", "r2-plan-goals"),
        ({"text": None}, "nis2-2024-2690", "continuity"),
        ({"review_interval_days": 730}, "nist-sp-800-61", "r2-plan-review"),
        ({"review_on": ("exercise-failed",)}, "nis2-2024-2690", "reviewed"),
        ({"routing": ()}, "nis2-2024-2690", "monitoring"),
    ],
)
def test_what_is_taken_away_is_missed(without: dict[str, Any], pack: str, item: str) -> None:
    assert found(example_plan(), pack)[item].status == "met"
    missing = found(changed(**without), pack)[item]
    assert missing.status == "missing"
    assert missing.fix
    assert missing.cite


def test_a_bare_plan_misses_much_and_breaks_nothing() -> None:
    plan = check(small()).sound()
    for pack in PACKS.values():
        statuses = [one.status for one in examine(plan, [pack], TODAY)]
        assert statuses.count("missing") * 3 >= len(statuses)


def test_an_exception_answers_what_is_missing_and_hides_nothing_that_is_met() -> None:
    findings = found(example_plan(), "nis2-2024-2690")
    assert findings["roles"].status == "answered"
    assert "called in by name" in findings["roles"].where


def test_a_pack_counts_only_while_it_is_in_effect() -> None:
    pack = PACKS["nis2-2024-2690"]
    assert examine(example_plan(), [pack], date(2024, 11, 6)) == ()
    ended = Pack.model_validate({**pack.model_dump(), "effective_until": date(2025, 1, 1)}, strict=False)
    assert examine(example_plan(), [ended], TODAY) == ()


def test_the_example_is_aligned_and_what_serves_nothing_is_found() -> None:
    plan = example_plan()
    gaps = {(one.gap, one.subject) for one in alignment_gaps(plan)}
    assert gaps == set()
    less = plan.model_copy(update={"measures": {}, "serves": ()})
    gaps = {(one.gap, one.subject) for one in alignment_gaps(less)}
    assert ("objective-without-measure", "objectives.learn") in gaps
    assert ("document-serves-nothing", "plan") in gaps
