"""What may be done with a draft: the next thing first, and of everything else why not and who may."""

from dataclasses import replace

from quarterdeck.plan.rules.standing import Deed, Standing, deeds, either, waits_for

DRAFT = Standing(
    state="draft",
    faults=0,
    differs=True,
    moved_on=False,
    authors=("person/alice",),
    approvers={"person/carol": "Carol"},
    keepers={"person/alice": "Alice", "person/carol": "Carol"},
)


def why_not(draft: Standing, by: str) -> dict[str, str | None]:
    return {deed.name: deed.why_not for deed in deeds(draft, by)}


def test_a_sound_draft_that_changes_something_can_be_handed_in() -> None:
    assert deeds(DRAFT, "person/alice") == (Deed("submit"), Deed("withdraw"))
    assert why_not(replace(DRAFT, faults=2), "person/alice")["submit"] == "2 faults stand in the way. Mend them first."
    assert "Nothing differs" in str(why_not(replace(DRAFT, differs=False), "person/alice")["submit"])
    assert "Take it in first" in str(why_not(replace(DRAFT, moved_on=True), "person/alice")["submit"])
    alone = replace(DRAFT, approvers={}, nobody_may="Nobody can approve draft 1: …")
    assert why_not(alone, "person/alice")["submit"] == "Nobody can approve draft 1: …"


def test_it_is_approved_by_whoever_may_and_the_others_are_told_by_whom() -> None:
    read = replace(DRAFT, state="in review")
    assert why_not(read, "person/carol") == {"approve": None, "return": None, "withdraw": None}
    assert why_not(read, "person/alice")["approve"] == "You wrote in it, so somebody else approves it: Carol."
    third = replace(read, keepers={**read.keepers, "person/erin": "Erin"})
    assert why_not(third, "person/erin")["approve"] == "Carol approves it."


def test_it_is_published_once_approved_unless_the_plan_moved_on() -> None:
    approved = replace(DRAFT, state="approved")
    assert why_not(approved, "person/alice")["publish"] is None
    moved = replace(approved, moved_on=True)
    assert "came into force meanwhile" in str(why_not(moved, "person/alice")["publish"])


def test_whoever_may_not_change_the_plan_is_told_who_may() -> None:
    assert set(why_not(DRAFT, "person/bob").values()) == {"Whoever has the permission `plan` may: Alice or Carol."}
    assert deeds(replace(DRAFT, state="published"), "person/alice") == ()


def test_whom_it_waits_for_is_said_in_words() -> None:
    assert waits_for(DRAFT) == "its authors"
    assert waits_for(replace(DRAFT, state="in review")) == "Carol"
    assert waits_for(replace(DRAFT, state="approved", moved_on=True)) == "the published revision to be taken in"
    assert waits_for(replace(DRAFT, state="withdrawn")) == "nothing"
    assert either({"a": "A", "b": "B", "c": "C"}) == "A, B or C"
    assert either({}) == "nobody"
