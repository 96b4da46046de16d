"""A pack file is read strictly: what is not right is told where, all at once; nothing hostile breaks the reader."""

import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.obligations.rules import examples, pack_from
from tests.obligations.contract import PACK, TEXT


def test_a_contract_is_read_with_its_example() -> None:
    assert examples.faults(PACK) == []
    wrong = pack_from(TEXT.replace("T13:20", "T12:20"))
    assert examples.faults(wrong) == [
        "examples.0: call comes to 2026-03-02T13:20:00+00:00, not 2026-03-02T12:20:00+00:00"
    ]


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("counting: plain", "counting: sideways", "pack.yaml:8:11: counting: 'sideways' is not known; use one of eu"),
        ("effective_from: 2020-01-01", "effective_from: 2020-02-31", "effective_from: '2020-02-31' is no day"),
        ("effective_from: 2020-01-01", "effective_from: 2020-01-01\neffective_to: 2019-01-01", "ends before it begins"),
        ("within: 4 h", "within: soon", "clocks.call.due.0.within: 'soon' is no period"),
        ("from: aware, within: 4 h", "from: awake, within: 4 h", "clocks.call.due.0.from: there is no 'awake'"),
        ('from: "submitted:call"', 'from: "submitted:cal"', "clocks.report.due.0.from: there is no 'submitted:cal'"),
        ("only_if: strict", "only_if: lax", "clocks.call.due.1.only_if: 'lax' is not known"),
        ("suggest: detected", "suggest: guessed", "anchors.aware.suggest: 'guessed' is not known"),
        ("late: Say why it is late.", "lat: Say why.", "clocks.call.lat: there is no such key"),
        ("fills: impact", "fills: wallet", "clocks.call.contents.0.fills: 'wallet' is not known"),
        ("id: acme-contract", "id: ACME Contract!", "id: this is no id"),
        ("options:\n  strict", "options:\n  aware", "'aware' is an option, too"),
        ('aware: "2026-03-02T09:20:00+00:00"', 'aware: "2026-03-02T09:20:00"', "it is no instant with its offset"),
        ("clocks:", "zone: Europe/Atlantis\nclocks:", "zone: 'Europe/Atlantis' is no time zone"),
        ("asks: Was", "asks: [Was]\nx: y", "asks: it is missing or no text"),
        ("due: {call:", "due: {shout: null, call:", "examples.0.due: there is no 'shout'"),
        ("clocks:", "clocks: &a\n  x: *a\nclock:", ""),
    ],
)
def test_a_fault_is_told_with_its_place(was: str, becomes: str, said: str) -> None:
    assert was in TEXT
    with pytest.raises(Invalid) as caught:
        pack_from(TEXT.replace(was, becomes, 1))
    assert any(said in error for error in caught.value.errors), caught.value.errors


@pytest.mark.parametrize("text", ["", "[]", "a", "{", "id: x", "clocks: 3\nanchors: []", "\x00", "a: " + "[" * 5_000])
def test_nothing_that_comes_from_outside_breaks_the_reader(text: str) -> None:
    with pytest.raises(Invalid) as caught:
        pack_from(text)
    assert caught.value.errors


def test_every_fault_is_told_at_once_and_a_huge_file_is_not_read() -> None:
    with pytest.raises(Invalid) as caught:
        pack_from(TEXT.replace("within: 4 h", "within: 4").replace("counting: plain", "counting: x"))
    assert len(caught.value.errors) == 2
    with pytest.raises(Invalid, match="more than 200,000"):
        pack_from("#" * 200_001)
