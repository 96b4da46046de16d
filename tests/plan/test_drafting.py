"""A draft on its way to a revision, on both stores: written, submitted, approved by another, published, never lost."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Forbidden, Invalid, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.events import Reason
from quarterdeck.record.schema import rebuild
from tests.cast import ADMIN, ALICE, BOB, CAROL
from tests.conftest import House
from tests.people import settle
from tests.plan.texts import small

REASON = Reason(kind="lesson", ref="INC-214", text="The first look came too late")
FASTER = small(("within: 10", "within: 5"))


@pytest.fixture
def begun(house: House) -> House:
    """The small plan is in force; Alice holds the post that approves."""
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=small(("login: dana", "login: alice")), reason="First"))
    return house


def held_by_alice(files: dict[str, str]) -> dict[str, str]:
    return {name: text.replace("login: dana", "login: alice") for name, text in files.items()}


def opened(house: House, files: dict[str, str] = FASTER, by: Principal = CAROL) -> int:
    return house.perform(lambda tx: actions.open_draft(tx, title="Look sooner", files=held_by_alice(files)), by=by)


def submitted(house: House, files: dict[str, str] = FASTER, by: Principal = CAROL) -> int:
    draft = opened(house, files, by)
    house.perform(lambda tx: actions.submit_draft(tx, draft=draft, reasons=[REASON]), by=by)
    return draft


def refused(house: House, act: Callable[[Any], object], by: Principal = ADMIN) -> Refused:
    with pytest.raises(Refused) as refusal:
        house.perform(act, by=by)
    return refusal.value


def test_a_draft_is_approved_by_another_and_becomes_a_revision_that_says_all(begun: House) -> None:
    draft = submitted(begun)
    begun.perform(lambda tx: actions.approve_draft(tx, draft=draft, comment="Good", seen=1), by=ALICE)
    assert begun.perform(lambda tx: actions.publish_draft(tx, draft=draft), by=CAROL) == 2
    last = begun.ask(views.revisions)[0]
    assert (last.authors, last.approved_by, last.draft) == ((CAROL.id,), ALICE.id, draft)
    assert last.reasons == (REASON,)
    page = begun.ask(views.draft, draft)
    assert (page.draft.state, page.draft.revision) == ("published", 2)
    assert [step.what for step in page.steps] == ["opened", "submitted", "approved", "published"]
    assert [change.sentence for change in page.changes] == [
        "Procedure “Fix it”, step “Look”: due within 5 min instead of 10 min"
    ]


def test_an_unapproved_draft_is_not_published(begun: House) -> None:
    draft = opened(begun)
    publish = partial(actions.publish_draft, draft=draft)
    assert refused(begun, publish).reason == "NotApproved"
    begun.perform(lambda tx: actions.submit_draft(tx, draft=draft, reasons=[REASON]), by=CAROL)
    assert refused(begun, publish).reason == "NotApproved"
    assert begun.ask(views.revisions)[0].revision == 1


def test_nobody_approves_their_own_text(begun: House) -> None:
    draft = submitted(begun, by=ALICE)
    refusal = refused(begun, lambda tx: actions.approve_draft(tx, draft=draft), by=ALICE)
    assert (refusal.reason, "Carol" in refusal.detail) == ("OwnText", True)
    begun.perform(lambda tx: actions.approve_draft(tx, draft=draft), by=CAROL)


def test_the_holder_of_the_approving_post_approves_unless_they_wrote_in_it(begun: House) -> None:
    draft = submitted(begun, by=CAROL)
    refusal = refused(begun, lambda tx: actions.approve_draft(tx, draft=draft), by=ADMIN)
    assert (refusal.reason, "“Boss”: Alice" in refusal.detail) == ("NotTheApprover", True)
    begun.perform(
        lambda tx: actions.revise_draft(
            tx, draft=draft, files=held_by_alice(small(("within: 10", "within: 8"))), seen=1
        ),
        by=ALICE,
    )
    begun.perform(lambda tx: actions.submit_draft(tx, draft=draft), by=CAROL)
    assert refused(begun, lambda tx: actions.approve_draft(tx, draft=draft), by=ALICE).reason == "OwnText"
    begun.perform(lambda tx: actions.approve_draft(tx, draft=draft), by=CAROL)  # wrote in it too, but not alone


def test_a_draft_does_not_choose_its_own_approver(begun: House) -> None:
    own = small(
        ("approver: boss", "approver: deputy"), ("posts:\n", "posts:\n  deputy: {title: Deputy, login: admin}\n")
    )
    draft = submitted(begun, own, by=CAROL)
    assert refused(begun, lambda tx: actions.approve_draft(tx, draft=draft), by=ADMIN).reason == "NotTheApprover"
    begun.perform(lambda tx: actions.approve_draft(tx, draft=draft), by=ALICE)


def test_where_one_person_alone_may_the_way_out_is_told_before_anything_waits(begun: House) -> None:
    for person in ("alice", "carol"):
        begun.perform(partial(governance.deactivate_person, person=person))
    draft = begun.perform(
        lambda tx: actions.open_draft(tx, title="Alone", files=small(("login: dana", "login: admin"))), by=ADMIN
    )
    refusal = refused(begun, lambda tx: actions.submit_draft(tx, draft=draft, reasons=[REASON]), by=ADMIN)
    assert refusal.reason == "NobodyMayApprove"
    assert "only Admin has the permission `plan`" in refusal.detail
    assert "quarterdeck plan publish DIR" in refusal.detail
    assert begun.ask(views.draft, draft).nobody_may == refusal.detail


def test_a_key_or_a_program_approves_nothing(begun: House) -> None:
    draft = submitted(begun)
    key = Principal("key/1", roles=frozenset({"administrator"}))
    assert refused(begun, lambda tx: actions.approve_draft(tx, draft=draft), by=key).reason == "ApproverIsNoPerson"


def test_text_changed_after_approval_loses_it(begun: House) -> None:
    draft = submitted(begun)
    begun.perform(lambda tx: actions.approve_draft(tx, draft=draft), by=ALICE)
    other = held_by_alice(small(("within: 10", "within: 7")))
    assert begun.perform(lambda tx: actions.revise_draft(tx, draft=draft, files=other, seen=1), by=CAROL) == 2
    assert begun.ask(views.draft, draft).draft.state == "draft"
    assert refused(begun, lambda tx: actions.publish_draft(tx, draft=draft)).reason == "NotApproved"


def test_who_read_another_version_does_not_approve_this_one(begun: House) -> None:
    draft = opened(begun)
    other = held_by_alice(small(("within: 10", "within: 7")))
    begun.perform(lambda tx: actions.revise_draft(tx, draft=draft, files=other, seen=1), by=CAROL)
    begun.perform(lambda tx: actions.submit_draft(tx, draft=draft, reasons=[REASON]), by=CAROL)
    assert refused(begun, lambda tx: actions.approve_draft(tx, draft=draft, seen=1), by=ALICE).reason == "DraftMovedOn"


def test_a_returned_draft_is_a_draft_again_and_says_what_is_wanted(begun: House) -> None:
    draft = submitted(begun)
    begun.perform(lambda tx: actions.return_draft(tx, draft=draft, comment="Say who looks"), by=ALICE)
    page = begun.ask(views.draft, draft)
    assert (page.draft.state, page.steps[-1].comment) == ("draft", "Say who looks")
    begun.perform(lambda tx: actions.submit_draft(tx, draft=draft), by=CAROL)  # its reasons are known


def test_a_withdrawn_draft_stays_readable_and_can_do_nothing_more(begun: House) -> None:
    draft = submitted(begun)
    begun.perform(lambda tx: actions.withdraw_draft(tx, draft=draft, reason="Overtaken"), by=CAROL)
    for act in (
        lambda tx: actions.approve_draft(tx, draft=draft),
        lambda tx: actions.publish_draft(tx, draft=draft),
        lambda tx: actions.revise_draft(tx, draft=draft, files=small(), seen=1),
    ):
        assert refused(begun, act, by=ALICE).reason == "AlreadyWithdrawn"
    assert begun.ask(views.draft, draft).files == held_by_alice(FASTER)
    assert begun.ask(views.drafts) == []
    assert [row.number for row in begun.ask(views.drafts, state="withdrawn")] == [draft]


def test_a_faulty_text_may_be_kept_but_not_submitted(begun: House) -> None:
    draft = opened(begun, small(("owner: boss", "owner: bos")))
    fault = "plan.yaml:2:8: owner: there is no post `bos`; did you mean `boss`?"
    assert begun.ask(views.draft, draft).faults == (fault,)
    with pytest.raises(Invalid) as refusal:
        begun.perform(lambda tx: actions.submit_draft(tx, draft=draft, reasons=[REASON]), by=CAROL)
    assert refusal.value.errors == (fault,)


@pytest.mark.parametrize("name", ["../plan.yaml", "/etc/passwd.yaml", "a/../../b.md", "plan.exe"])
def test_no_file_is_kept_under_a_name_that_leads_elsewhere(begun: House, name: str) -> None:
    with pytest.raises(Invalid):
        begun.perform(lambda tx: actions.open_draft(tx, title="x", files={name: "x"}), by=CAROL)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_what_cannot_be_stored_is_refused(begun: House, text: str) -> None:
    with pytest.raises(Invalid):
        begun.perform(lambda tx: actions.open_draft(tx, title="x", files={"plan.yaml": text}), by=CAROL)


def test_every_change_cites_a_reason(begun: House) -> None:
    two = opened(begun, small(("within: 10", "within: 5"), ("title: Mend", "title: Repair")))
    within, title = "procedures.fix.steps.look.within", "procedures.fix.steps.mend.title"

    def submit(*reasons: Reason) -> None:
        begun.perform(lambda tx: actions.submit_draft(tx, draft=two, reasons=reasons), by=CAROL)

    with pytest.raises(Invalid, match="cite at least one"):
        submit()
    with pytest.raises(Invalid, match=title):
        submit(Reason(kind="lesson", text="Too late", clauses=(within,)))
    with pytest.raises(Invalid, match="nothing has changed at `name`"):
        submit(Reason(kind="lesson", text="Too late", clauses=("name",)), REASON)
    with pytest.raises(Invalid, match="say it in a sentence"):
        submit(Reason(kind="lesson", text=" "))
    submit(
        Reason(kind="lesson", text="Too late", clauses=(within,)),
        Reason(kind="correction", text="Word", clauses=(title,)),
    )


def test_what_changes_nothing_is_not_submitted(begun: House) -> None:
    draft = begun.perform(lambda tx: actions.open_draft(tx, title="Nothing"), by=CAROL)
    assert begun.ask(views.draft, draft).draft.authors == ()
    refusal = refused(begun, lambda tx: actions.submit_draft(tx, draft=draft, reasons=[REASON]), by=CAROL)
    assert refusal.reason == "NothingChanged"


def test_of_two_drafts_from_one_revision_the_later_keeps_its_text_and_is_told_what_changed(begun: House) -> None:
    first, second = submitted(begun), submitted(begun, small(("title: Mend", "title: Repair")))
    for draft in (first, second):
        begun.perform(partial(actions.approve_draft, draft=draft), by=ALICE)
    begun.perform(lambda tx: actions.publish_draft(tx, draft=first), by=CAROL)
    refusal = refused(begun, lambda tx: actions.publish_draft(tx, draft=second), by=CAROL)
    assert refusal.reason == "PlanMovedOn"
    assert "Procedure “Fix it”, step “Look”: due within 5 min instead of 10 min" in refusal.detail
    page = begun.ask(views.draft, second)
    assert page.files == held_by_alice(small(("title: Mend", "title: Repair")))
    assert (page.draft.moved_on, [change.clause for change in page.meanwhile]) == (
        True,
        ["procedures.fix.steps.look.within"],
    )
    both = held_by_alice(small(("within: 10", "within: 5"), ("title: Mend", "title: Repair")))
    begun.perform(lambda tx: actions.revise_draft(tx, draft=second, files=both, seen=1, based_on=2), by=CAROL)
    begun.perform(lambda tx: actions.submit_draft(tx, draft=second), by=CAROL)
    begun.perform(lambda tx: actions.approve_draft(tx, draft=second), by=ALICE)
    assert begun.perform(lambda tx: actions.publish_draft(tx, draft=second), by=CAROL) == 3


def test_of_two_editors_of_one_draft_the_later_is_told_what_differs(begun: House) -> None:
    draft = opened(begun, small())
    mine, yours = (held_by_alice(small(("within: 10", f"within: {minutes}"))) for minutes in (5, 7))
    begun.perform(lambda tx: actions.revise_draft(tx, draft=draft, files=mine, seen=1), by=CAROL)
    refusal = refused(begun, lambda tx: actions.revise_draft(tx, draft=draft, files=yours, seen=1), by=ADMIN)
    assert refusal.reason == "DraftMovedOn"
    assert "due within 7 min instead of 5 min" in refusal.detail
    assert begun.ask(views.draft, draft).files == mine
    assert begun.perform(lambda tx: actions.revise_draft(tx, draft=draft, files=yours, seen=2), by=ADMIN) == 3
    assert begun.ask(views.draft, draft).draft.authors == (CAROL.id, ADMIN.id)


def test_of_two_who_save_at_once_one_wins_and_the_other_is_told(begun: House) -> None:
    draft = opened(begun, small())
    outcomes: list[object] = []
    both_ready = threading.Barrier(2)

    def editor(minutes: int) -> Callable[[], None]:
        files = held_by_alice(small(("within: 10", f"within: {minutes}")))

        def run() -> None:
            both_ready.wait()
            try:
                outcomes.append(
                    begun.perform(lambda tx: actions.revise_draft(tx, draft=draft, files=files, seen=1), by=CAROL)
                )
            except Refused as refusal:
                outcomes.append(refusal.reason)

        return run

    threads = [threading.Thread(target=editor(minutes)) for minutes in (5, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["2", "DraftMovedOn"]


def test_whoever_responds_may_propose_but_not_write(begun: House) -> None:
    draft = begun.perform(
        lambda tx: actions.propose_revision(tx, title="Skip the look", reasons=[REASON], note="Look came too late"),
        by=BOB,
    )
    page = begun.ask(views.draft, draft)
    assert (page.draft.opened_by, page.draft.authors, page.note, page.reasons) == (
        BOB.id,
        (),
        "Look came too late",
        (REASON,),
    )
    with pytest.raises(Forbidden):
        begun.perform(lambda tx: actions.revise_draft(tx, draft=draft, files=small(), seen=1), by=BOB)
    begun.perform(lambda tx: actions.revise_draft(tx, draft=draft, files=held_by_alice(FASTER), seen=1), by=CAROL)
    begun.perform(lambda tx: actions.submit_draft(tx, draft=draft), by=CAROL)


def test_the_first_plan_can_be_drafted_too_and_names_its_approver(house: House) -> None:
    settle(house.record)
    draft = house.perform(lambda tx: actions.open_draft(tx, title="First", files=held_by_alice(small())), by=CAROL)
    house.perform(lambda tx: actions.submit_draft(tx, draft=draft, reasons=[REASON]), by=CAROL)
    house.perform(lambda tx: actions.approve_draft(tx, draft=draft), by=ALICE)
    assert house.perform(lambda tx: actions.publish_draft(tx, draft=draft), by=CAROL) == 1


def test_a_first_plan_that_somebody_else_brought_meanwhile_is_kept_and_refused(house: House) -> None:
    settle(house.record)
    draft = submitted(house)
    house.perform(partial(actions.approve_draft, draft=draft), by=ALICE)
    house.perform(lambda tx: actions.adopt(tx, files=small(), reason="Quicker"))
    refusal = refused(house, partial(actions.publish_draft, draft=draft), by=CAROL)
    assert (refusal.reason, "based on no plan at all, and revision 1 is in force" in refusal.detail) == (
        "PlanMovedOn",
        True,
    )
    assert house.ask(views.draft, draft).draft.moved_on


def test_adopting_records_that_nobody_approved_unless_another_who_may_is_named(begun: House) -> None:
    assert begun.ask(views.revisions)[0].approved_by is None
    for login in ("bob", "admin", "zoe"):  # may not; is the one who adopts; does not exist
        with pytest.raises(Invalid):
            begun.perform(partial(actions.adopt, files=small(), reason="x", approved_by=login))
    begun.perform(lambda tx: actions.adopt(tx, files=small(), reason="x", approved_by="carol"))
    last = begun.ask(views.revisions)[0]
    assert (last.approved_by, last.authors, last.reasons) == (
        CAROL.id,
        (ADMIN.id,),
        (Reason(kind="adoption", text="x"),),
    )


def test_read_tables_of_drafts_rebuilt_from_the_record_are_the_same(begun: House) -> None:
    draft = submitted(begun)
    begun.perform(lambda tx: actions.approve_draft(tx, draft=draft), by=ALICE)
    begun.perform(lambda tx: actions.publish_draft(tx, draft=draft), by=CAROL)
    other = opened(begun, small(("title: Mend", "title: Repair")))
    before = [begun.ask(views.draft, number) for number in (draft, other)], begun.ask(views.why, "procedures.fix")
    rebuild(begun.record)
    assert (
        [begun.ask(views.draft, number) for number in (draft, other)],
        begun.ask(views.why, "procedures.fix"),
    ) == before


def test_why_a_clause_is_there(begun: House) -> None:
    clause = "procedures.fix.steps.look.within"
    draft = submitted(begun)
    begun.perform(lambda tx: actions.approve_draft(tx, draft=draft), by=ALICE)
    begun.perform(lambda tx: actions.publish_draft(tx, draft=draft), by=CAROL)
    word = Reason(kind="correction", text="A better word", clauses=("procedures.fix.steps.mend.title",))
    rest = Reason(kind="review", ref="procedure:fix", text="Yearly review", clauses=("procedures.fix.steps.look",))
    third = held_by_alice(small(("within: 10", "within: 6"), ("title: Mend", "title: Repair")))
    begun.perform(lambda tx: actions.adopt(tx, files=third, reason="Third", reasons=[word, rest]))
    found = begun.ask(views.why, clause)
    assert [(one.publication.revision, one.reasons) for one in found] == [
        (3, (rest,)),
        (2, (REASON,)),
        (1, (Reason(kind="adoption", text="First"),)),
    ]
    assert [one.publication.revision for one in begun.ask(views.why, "severity.matrix.large.high")] == [1]
    assert [one.publication.revision for one in begun.ask(views.why, "procedures.fix.steps.mend")] == [3, 1]
    for nothing in ("procedures.fix.steps.look.nothing", "nothing"):
        with pytest.raises(Exception, match="There is no clause"):
            begun.ask(views.why, nothing)


def test_the_plan_of_a_time_is_the_one_that_was_in_force_then(begun: House) -> None:
    first = begun.clock.now()
    begun.clock.forward(days=1)
    begun.perform(lambda tx: actions.adopt(tx, files=small(), reason="Second"))
    assert begun.ask(views.as_of, first.replace(year=2025)) is None
    for instant, number in ((first, 1), (begun.clock.now(), 2)):
        found = begun.ask(views.as_of, instant)
        assert found is not None
        assert found.revision == number
