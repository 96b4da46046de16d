"""Three versions of a text made one: nothing that either side wrote is lost, and what clashes is named."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.plan.rules.merging import Choice, Clash, merged

BASE = "one\ntwo\nthree\nfour\nfive\n"


def of(text: str | None) -> dict[str, str]:
    return {} if text is None else {"plan.yaml": text}


def test_what_only_one_side_changed_is_taken_from_both() -> None:
    found = merged(of(BASE), of(BASE.replace("one", "ONE")), of(BASE.replace("five", "FIVE") + "six\n"))
    assert (found.files["plan.yaml"], found.open) == ("ONE\ntwo\nthree\nfour\nFIVE\nsix\n", ())


def test_the_same_change_on_both_sides_is_one() -> None:
    both = BASE.replace("two", "2")
    assert merged(of(BASE), of(both), of(both)).files == of(both)


@pytest.mark.parametrize(("choice", "stands"), [("mine", "my\n"), ("theirs", "their\n"), ("both", "my\ntheir\n")])
def test_lines_that_both_changed_are_named_and_whoever_is_chosen_stands(choice: Choice, stands: str) -> None:
    mine, theirs = BASE.replace("two", "my"), BASE.replace("two", "their")
    found = merged(of(BASE), of(mine), of(theirs))
    assert found.open == (Clash("plan.yaml:1", "plan.yaml", 2, "my\n", "their\n"),)
    assert found.files == of(mine), "until somebody chooses, mine stands"
    chosen = merged(of(BASE), of(mine), of(theirs), {"plan.yaml:1": choice})
    assert (chosen.files, chosen.open, len(chosen.settled)) == (of(BASE.replace("two\n", stands)), (), 1)


def test_a_file_that_one_side_removed_and_the_other_changed_is_a_clash() -> None:
    changed = BASE + "six\n"
    assert merged(of(BASE), of(None), of(BASE)).files == {}
    assert merged(of(BASE), of(BASE), of(None)).files == {}
    found = merged(of(BASE), of(None), of(changed))
    assert [(one.mine, one.theirs) for one in found.open] == [(None, changed)]
    assert merged(of(BASE), of(None), of(changed), {"plan.yaml:1": "theirs"}).files == of(changed)
    assert merged(of(BASE), of(changed), of(None), {"plan.yaml:1": "theirs"}).files == {}


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12).map("\n".join)


@settings(deadline=None, max_examples=300)
@given(LINES, LINES, LINES)
def test_whatever_is_written_one_unchanged_side_gives_way_and_choices_decide(base: str, mine: str, theirs: str) -> None:
    assert merged(of(base), of(mine), of(base)).files == of(mine)
    assert merged(of(base), of(base), of(theirs)).files == of(theirs)
    found = merged(of(base), of(mine), of(theirs))
    everything: dict[str, Choice] = {clash.id: "theirs" for clash in found.open}
    assert merged(of(base), of(mine), of(theirs), everything).open == ()
    if not found.open:
        assert set(found.files["plan.yaml"].split("\n")) <= {*mine.split("\n"), *theirs.split("\n")}


def test_a_long_and_hostile_text_costs_no_more_than_its_length() -> None:
    base = "\n" * 20_000
    mine, theirs = "x\n" + base[1:], base + "y\n" * 20_000
    begun = time.perf_counter()
    merged(of(base), of(mine), of(theirs))
    assert time.perf_counter() - begun < 5
