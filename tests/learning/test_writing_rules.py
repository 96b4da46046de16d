"""What is written in a review: two who write at once lose nothing, and somebody else approves it."""

import pytest

from quarterdeck.kernel.errors import Invalid, NotFound, Refused
from quarterdeck.learning import events as ev
from quarterdeck.learning.rules import Review, approving, writing
from quarterdeck.learning.rules import reviewing as duty
from quarterdeck.learning.rules.difference import Line, difference
from tests.learning.situations import NOON, OPENED, after, review


def wrote(state: Review, by: str, seen: int, **texts: str) -> Review:
    return after(state, *writing.write(state, by, NOON, texts=texts, seen=seen))


def in_review(*authors: str) -> Review:
    state = review()
    for author in authors:
        state = wrote(state, author, state.version, helped=f"{author} helped.")
    return after(state, *approving.submit(state, authors[0], NOON))


def test_two_who_write_different_prompts_from_the_same_version_both_keep_theirs() -> None:
    begun = wrote(review(), "bob", 0, helped="Luck.", worse="Noise.")
    state = wrote(begun, "bob", 1, helped="Luck, and Bob.", worse="Noise.")
    state = wrote(state, "carol", 1, helped="Luck.", worse="Noise, and no runbook.")
    assert (state.text("helped"), state.text("worse")) == ("Luck, and Bob.", "Noise, and no runbook.")
    assert state.authors == ("bob", "carol")


def test_two_who_write_the_same_prompt_are_told_what_differs_and_nothing_is_saved() -> None:
    begun = wrote(review(), "bob", 0, helped="Luck.", worse="Noise.")
    state = wrote(begun, "bob", 1, helped="Luck, and Bob.")
    with pytest.raises(Refused) as refusal:
        writing.write(state, "carol", NOON, texts={"helped": "Tools.", "worse": "Pagers."}, seen=1)
    assert refusal.value.reason == "ReviewMovedOn"
    assert "What helped?" in refusal.value.detail and "version 2" in refusal.value.detail
    assert wrote(state, "carol", 2, helped="Tools.").text("helped") == "Tools.", "having seen it, she may"


@pytest.mark.parametrize(
    "texts", [{"helped": "x" * 200_001}, {"helped": "a\x00b"}, {"root-cause": "Bob"}, {"worse": "\ud800"}]
)
def test_a_text_that_cannot_be_kept_is_refused_with_its_place(texts: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refusal:
        writing.write(review(), "bob", NOON, texts=texts, seen=0)
    assert refusal.value.errors


def test_line_ends_make_no_new_version_and_a_version_from_the_future_is_refused() -> None:
    state = wrote(review(), "bob", 0, helped="One\ntwo")
    assert writing.write(state, "carol", NOON, texts={"helped": "One\r\ntwo "}, seen=1) == []
    with pytest.raises(Invalid):
        writing.write(state, "carol", NOON, texts={"helped": "x"}, seen=2)


def test_a_review_is_approved_by_somebody_who_did_not_write_it_alone() -> None:
    for by in ("bob", "carol"):
        alone = in_review(by)
        with pytest.raises(Refused) as refusal:
            approving.approve(alone, by, NOON, seen=alone.version)
        assert refusal.value.reason == "SoleAuthor"
    together = in_review("bob", "carol")
    assert after(together, *approving.approve(together, "carol", NOON, seen=together.version)).state == "approved"


def test_what_is_written_after_the_approval_has_to_be_approved_again_and_the_duty_stays_done() -> None:
    state = in_review("bob", "carol")
    with pytest.raises(Refused):
        approving.approve(state, "carol", NOON, seen=1)
    state = after(state, *approving.approve(state, "carol", NOON, seen=None))
    changed = after(state, *writing.observe(state, "bob", NOON, prompt="worse", words="The dashboard.", evidence=()))
    assert (changed.state, changed.settled, changed.owed, changed.approved) == ("in review", True, False, 2)
    with pytest.raises(Refused) as refusal:
        approving.publish(changed, "carol", NOON, message="Read it.", people=(), audiences={})
    assert refusal.value.reason == "NotApproved"


def test_a_review_in_which_nobody_wrote_anything_is_not_submitted() -> None:
    with pytest.raises(Refused) as refusal:
        approving.submit(review(), "bob", NOON)
    assert refusal.value.reason == "NothingWritten"
    observed = after(review(), *writing.observe(review(), "bob", NOON, prompt="helped", words="Luck.", evidence=()))
    assert approving.submit(observed, "bob", NOON)


def test_a_review_that_is_cancelled_or_waived_takes_nothing_more_and_keeps_what_it_has() -> None:
    written = wrote(review(), "bob", 0, helped="Luck.")
    for end in (ev.ReviewCancelled(at=NOON, reason="reopened"), ev.ReviewWaived(at=NOON, by="carol", reason="tiny")):
        over = after(written, end)
        with pytest.raises(Refused):
            writing.write(over, "bob", NOON, texts={"helped": "More."}, seen=1)
        assert after(over, OPENED).text("helped") == "Luck."


def test_the_commander_leads_only_where_the_plan_permits_it() -> None:
    with pytest.raises(Refused) as refusal:
        duty.assign(review(), "carol", NOON, person="alice")
    assert refusal.value.reason == "FacilitatorCommanded"
    small = ev.ReviewOpened(
        at=NOON, number=7, due=NOON, rule="x", severity="SEV1", commander="alice", commander_may_lead=True
    )
    assert duty.assign(after(review(), small), "carol", NOON, person="alice")


def test_an_entry_told_at_another_time_says_why_and_telling_it_the_same_is_nothing_new() -> None:
    with pytest.raises(Invalid):
        writing.tell(review(), "bob", NOON, position=3, told=True, occurred_at=NOON)
    (event,) = writing.tell(review(), "bob", NOON, position=3, told=True, title=" Vendor\nred ", reason="")
    told = after(review(), event)
    assert told.entries[3].title == "Vendor red"
    assert writing.tell(told, "bob", NOON, position=3, told=True, title="Vendor red") == []


def test_an_observation_that_became_a_lesson_stays_as_where_it_came_from() -> None:
    state = after(review(), *writing.observe(review(), "bob", NOON, prompt="worse", words="Noise.", evidence=()))
    grown = after(state, ev.ObservationGrew(at=NOON, by="bob", observation="O1", lesson=4))
    for again in (
        lambda: writing.withdraw_observation(grown, "bob", NOON, observation="O1"),
        lambda: writing.grow(grown, "O1"),
    ):
        with pytest.raises(Refused, match="L-4"):
            again()
    with pytest.raises(NotFound):
        writing.grow(grown, "O2")


def test_a_comment_is_about_something_that_is_there() -> None:
    with pytest.raises(NotFound):
        writing.comment(review(), "carol", NOON, words="Why?", about="O1")
    state = after(review(), *writing.comment(review(), "carol", NOON, words="Why?", about="helped"))
    assert writing.settle_comment(state, "bob", NOON, comment=1)
    with pytest.raises(NotFound):
        writing.settle_comment(state, "bob", NOON, comment=2)


def test_a_difference_shows_what_came_and_went_and_is_short_for_long_texts() -> None:
    assert difference("a\nb\nc", "a\nB\nc") == [
        Line("same", "a"),
        Line("gone", "b"),
        Line("come", "B"),
        Line("same", "c"),
    ]
    assert difference("a", "a") == []
    long = difference("\n".join(f"a{n}" for n in range(5_000)), "\n".join(f"b{n}" for n in range(5_000)))
    assert len(long) == 401 and long[-1].kind == "cut"
