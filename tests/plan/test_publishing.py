"""Publishing on both stores: immutable, gapless, whole; refused when it is faulty, unchanged, late or not permitted."""

import threading
from collections.abc import Callable
from functools import partial

import pytest

from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, rules, state, views
from quarterdeck.record import Tx
from quarterdeck.record.schema import rebuild
from tests.cast import ALICE, BOB, DANA
from tests.conftest import House
from tests.people import settle
from tests.plan.texts import example_files, plan_from, small


@pytest.fixture
def settled(house: House) -> House:
    settle(house.record)
    return house


def publish(house: House, files: dict[str, str], by: Principal = ALICE, reason: str = "Because") -> int:
    return house.perform(lambda tx: actions.adopt(tx, files=files, reason=reason), by=by)


def example_for(login: str) -> dict[str, str]:
    return {name: text.replace("login: admin", f"login: {login}") for name, text in example_files().items()}


def test_before_the_first_publication_no_plan_is_in_force(house: House) -> None:
    assert house.perform(state.in_force) is None
    assert house.ask(views.in_force) is None
    assert house.ask(views.revisions) == []


def test_the_example_can_be_published_and_is_read_back_whole(settled: House) -> None:
    files = example_for("dana")
    assert publish(settled, files) == 1
    found = settled.perform(state.in_force)
    assert found is not None
    assert (found.revision, found.by, found.reason) == (1, ALICE.id, "Because")
    assert found.plan.posts["chief-information-officer"].login == "dana"
    assert settled.ask(views.in_force) == found
    assert settled.ask(views.files, 1) == files


def test_numbers_are_gapless_and_old_revisions_stay_as_they_were(settled: House) -> None:
    assert publish(settled, small()) == 1
    with pytest.raises(Invalid):
        publish(settled, small(("owner: boss", "owner: nobody")))
    assert publish(settled, small(("title: Fix it", "title: Mend it"))) == 2
    first = settled.perform(lambda tx: state.revision(tx, 1))
    assert first.plan.procedures["fix"].title == "Fix it"
    assert settled.ask(views.revision, 1).plan == first.plan
    assert [(row.revision, row.in_force) for row in settled.ask(views.revisions)] == [(2, True), (1, False)]


def test_a_revision_survives_being_forgotten_by_the_cache(settled: House, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(settled, small())
    publish(settled, small(("title: Fix it", "title: Mend it")))
    known = settled.perform(lambda tx: state.revision(tx, 1)).plan
    monkeypatch.setattr("quarterdeck.plan.rules.revision._plans", {})
    loaded = settled.perform(lambda tx: state.revision(tx, 1)).plan
    assert loaded is not known
    assert loaded == known
    monkeypatch.setattr("quarterdeck.plan.rules.revision._plans", {})
    assert settled.ask(views.revision, 1).plan == known


def test_a_plan_object_is_made_once_for_each_content(settled: House) -> None:
    publish(settled, small())
    once, again = settled.perform(state.in_force), settled.perform(state.in_force)
    assert once is not None
    assert again is not None
    assert once.plan is again.plan
    assert once.plan.router is again.plan.router


def test_an_unknown_revision_is_not_found(settled: House) -> None:
    publish(settled, small())
    for number in (0, 2, -1):
        with pytest.raises(NotFound):
            settled.perform(partial(state.revision, number=number))
        with pytest.raises(NotFound):
            settled.ask(views.revision, number)


def test_a_faulty_plan_is_refused_with_every_fault_and_nothing_is_recorded(settled: House) -> None:
    with pytest.raises(Invalid) as refusal:
        publish(settled, small(("owner: boss", "owner: bos"), ("mandatory: true", "mandatory: 3")))
    assert [error.split(" ")[0] for error in refusal.value.errors] == ["plan.yaml:2:8:", "plan.yaml:48:20:"]
    assert settled.perform(state.in_force) is None


def test_the_same_words_again_are_refused(settled: House) -> None:
    publish(settled, small())
    with pytest.raises(Refused) as refusal:
        publish(settled, small())
    assert refusal.value.reason == "NothingChanged"


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_revision_wants_a_reason(settled: House, reason: str) -> None:
    with pytest.raises(Invalid):
        publish(settled, small(), reason=reason)


def test_a_post_whose_holder_does_not_exist_or_left_is_refused_with_its_place(settled: House) -> None:
    with pytest.raises(Invalid) as refusal:
        publish(settled, small(("login: dana", "login: zoe"), ('"schedule:primary"', '"person:yan"')))
    remedy = "add them first, or give another login"
    assert refusal.value.errors == (
        f"plan.yaml:8:30: posts.boss.login: the person `zoe` does not exist; {remedy}",
        f"plan.yaml:53:18: escalation.main.levels.0.notify.0: the person `yan` does not exist; {remedy}",
    )
    settled.perform(lambda tx: governance.deactivate_person(tx, person="dana"))
    with pytest.raises(Invalid, match="is deactivated"):
        publish(settled, small())


@pytest.mark.parametrize("who", [BOB, DANA])
def test_only_those_with_the_permission_publish(settled: House, who: Principal) -> None:
    with pytest.raises(Forbidden):
        publish(settled, small(), by=who)


def test_who_began_from_an_older_revision_is_told_and_nothing_is_overwritten(settled: House) -> None:
    publish(settled, small())
    changed = small(("title: Fix it", "title: Mend it"))
    settled.perform(lambda tx: actions.adopt(tx, files=changed, reason="First", based_on=1))
    other = small(("title: Fix it", "title: Repair it"))
    with pytest.raises(Refused) as refusal:
        settled.perform(lambda tx: actions.adopt(tx, files=other, reason="Second", based_on=1))
    assert refusal.value.reason == "PlanMovedOn"


def test_of_two_who_publish_at_once_from_the_same_revision_one_wins(settled: House) -> None:
    publish(settled, small())
    outcomes: list[object] = []
    both_ready = threading.Barrier(2)

    def publisher(title: str) -> Callable[[], None]:
        files = small(("title: Fix it", f"title: {title}"))

        def run() -> None:
            both_ready.wait()
            try:
                outcomes.append(
                    settled.perform(lambda tx: actions.adopt(tx, files=files, reason=title, based_on=1), by=ALICE)
                )
            except Refused as refusal:
                outcomes.append(refusal.reason)

        return run

    threads = [threading.Thread(target=publisher(title)) for title in ("Mend it", "Repair it")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, outcomes)) == ["2", "PlanMovedOn"]


def test_a_document_is_published_as_a_file_that_says_the_same(settled: House) -> None:
    document = rules.Plan.model_dump(plan_from(), mode="json", exclude_defaults=True)
    number = settled.perform(lambda tx: actions.adopt(tx, document=document, reason="From a program"), by=ALICE)
    found = settled.ask(views.revision, number)
    assert found.plan == plan_from()
    assert list(settled.ask(views.files, number)) == ["plan.yaml"]


def test_read_tables_rebuilt_from_the_record_are_the_same(settled: House) -> None:
    publish(settled, example_for("dana"))
    publish(settled, small())
    before = settled.ask(views.revisions), settled.ask(views.files, 1), settled.ask(views.revision, 1)
    rebuild(settled.record)
    assert (settled.ask(views.revisions), settled.ask(views.files, 1), settled.ask(views.revision, 1)) == before


def test_publishing_needs_files_or_a_document_but_not_both(settled: House) -> None:
    def neither(tx: Tx) -> int:
        return actions.adopt(tx, reason="x")

    with pytest.raises(Invalid):
        settled.perform(neither)
