"""The regimes that are shipped: every worked example comes out to the second, every statement carries its article."""

import re
from datetime import date

import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.obligations import actions
from quarterdeck.obligations.rules import examples
from quarterdeck.obligations.rules.loading import Pack
from tests.conftest import House
from tests.house import legal_clocks

FOUND = legal_clocks.packs()
PACKS = [pytest.param(pack, id=id) for id, (pack, _) in FOUND.items()]
PROMISED = {
    *("gdpr-33", "nis2-23", "dora-19", "cra-14-vulnerability", "cra-14-incident", "ai-act-73"),
    *("sec-8k", "hipaa", "cert-in", "apra-cps234", "apra-cps230", "uk-nis", "mas-trm", "circia"),
}


def test_every_promised_regime_is_there_under_its_files_name() -> None:
    assert set(FOUND) == PROMISED
    assert {path.stem for path in legal_clocks.PACKS.glob("*.yaml")} == PROMISED


@pytest.mark.parametrize("pack", PACKS)
def test_every_worked_example_comes_out_to_the_second_and_no_other_clock_has_an_end(pack: Pack) -> None:
    assert len(pack.examples) >= 3, "three worked examples at least"
    for example in pack.examples:
        wanted = {id: at for id, at in example.due.items() if at is not None}
        assert examples.reckoned(pack.regime, example) == wanted, example.says


@pytest.mark.parametrize("pack", PACKS)
def test_every_clock_anchor_and_content_carries_its_article(pack: Pack) -> None:
    regime = pack.regime
    cites = {id: anchor.cite for id, anchor in regime.anchors.items()}
    cites |= {id: clock.cite for id, clock in regime.clocks.items()} | {one.text: one.cite for one in regime.helps}
    cites |= {one.text: one.cite for clock in regime.clocks.values() for one in clock.contents}
    assert [said for said, cite in cites.items() if not cite] == []


@pytest.mark.parametrize("pack", PACKS)
def test_every_anchor_says_what_it_means_and_starts_or_conditions_a_clock(pack: Pack) -> None:
    limbs = [limb for clock in pack.regime.clocks.values() for limb in clock.due]
    used = {name for limb in limbs for name in (limb.start, limb.needs, limb.needs_not, limb.unless_later)}
    assert {id for id, anchor in pack.regime.anchors.items() if not anchor.means} == set()
    assert set(pack.regime.anchors) - used == set()


@pytest.mark.parametrize("pack", PACKS)
def test_every_option_is_asked_for_a_reason_and_tried_in_an_example(pack: Pack) -> None:
    tried = {option for example in pack.examples for option in example.options}
    assert tried == set(pack.regime.options)


@pytest.mark.parametrize("pack", PACKS)
def test_every_clock_with_an_end_is_tried_in_an_example(pack: Pack) -> None:
    dated = {id for id, clock in pack.regime.clocks.items() if any(limb.within != "0" for limb in clock.due)}
    assert dated == {id for example in pack.examples for id, at in example.due.items() if at is not None}


@pytest.mark.parametrize(("pack", "text"), list(FOUND.values()), ids=list(FOUND))
def test_the_header_says_for_whom_it_is_what_was_read_and_what_is_left_out(pack: Pack, text: str) -> None:
    header = text[: text.index(f"id: {pack.regime.id}")]
    assert header.startswith("# For ")
    assert "Not legal advice" in header
    assert "Read for this file:" in header
    assert legal_clocks.left_out(text)


def test_only_what_has_no_final_rule_is_a_draft() -> None:
    assert {id for id, (pack, _) in FOUND.items() if pack.regime.draft} == {"circia"}


def test_the_naive_earliest_of_two_would_call_a_late_classification_overdue_before_it_began() -> None:
    """A public engine shipped that fault: min(4 h, 24 h), where Article 5(2) of 2025/301 leaves the 24 hours out."""
    late = next(one for one in FOUND["dora-19"][0].examples if one.says.startswith("Classified late"))
    due = late.due["initial"]
    assert due is not None
    assert due > late.anchors["classified"], "the naive reading ends two days before the classification"


def test_months_are_no_thirty_days() -> None:
    example = next(one for one in FOUND["nis2-23"][0].examples if "a leap year" in one.says)
    due = example.due["final"]
    assert due is not None
    assert due.date() == date(2028, 2, 29)


def test_the_reference_page_is_what_the_packs_say() -> None:
    text = legal_clocks.PAGE.read_text(encoding="utf-8")
    assert text == legal_clocks.page(text), "run python -m tests.house.legal_clocks"


def test_the_contract_of_the_reference_page_can_be_added_and_one_that_contradicts_itself_cannot(house: House) -> None:
    found = re.search(r"```yaml\n(.*?)```", legal_clocks.PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    text = found[1]
    assert house.perform(lambda tx: actions.add_regime(tx, text=text, shipped=FOUND)) == "contract-acme"
    misread = text.replace("within: 1 h", "within: 1 d")
    with pytest.raises(Invalid) as caught:
        house.perform(lambda tx: actions.add_regime(tx, text=misread, shipped=FOUND, name="acme.yaml"))
    assert caught.value.errors == (
        "acme.yaml: examples.0: notice comes to 2026-03-07T01:10:00+00:00, not 2026-03-06T02:10:00+00:00",
    )
