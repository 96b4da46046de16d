"""A review from the first draft to its publication, on real stores and through every door."""

from typing import Any

import pytest

from quarterdeck.command.views import timeline
from quarterdeck.comms.views import facts as public_page
from quarterdeck.kernel.errors import Forbidden, Invalid, NotFound, Refused
from quarterdeck.learning import actions, views
from quarterdeck.notify.views import deliveries
from tests.cast import ADMIN, ALICE, BOB, CAROL, DANA
from tests.house.test_hostile import CORPUS, UNSEEN, Obeyed
from tests.learning.situations import reviewed


def position_of(house: Any, number: int, type_: str) -> int:
    return next(int(entry.position) for entry in house.ask(timeline, number) if entry.type == type_)


def test_the_draft_is_there_before_anybody_has_written_a_word(house: Any) -> None:
    number = reviewed(house)
    found = house.ask(views.account, number)
    draft = found.draft
    assert "resolved 40 min after detection" in draft.lead
    assert [one.text for one in draft.statements] == ["38% of EU card payments fail."]
    assert {"Alice", "Bob"} <= {one.name for one in draft.present}
    assert next(row.title for row in draft.story).startswith("Declared SEV1")
    assert "learning.ReviewOpened" not in {row.sentence for row in draft.story}
    mitigated = next(row for row in draft.decisions if row.decision.sentence.endswith("mitigated"))
    assert mitigated.decision.known.note == "Suspect **release 812**."
    assert {"NoStart", "Unexplained"} <= {gap.kind for gap in draft.gaps}
    assert {"NoFacilitator", "Unanswered", "NoFactors"} == {gap.kind for gap in found.lacking}
    with pytest.raises(NotFound):
        house.ask(views.account, 99)


def test_it_goes_from_draft_to_everybody_by_two_people_and_frees_the_incident(house: Any) -> None:
    number = reviewed(house)
    note = position_of(house, number, "command.NoteAdded")

    def prepare(tx: Any) -> None:
        actions.assign_facilitator(tx, number=number, person="carol")
        actions.name_participants(tx, number=number, people=["alice", "bob"])
        actions.observe(tx, number=number, prompt="surprised", text="The canary was green.", evidence=[note])
        actions.tell_entry(tx, number=number, position=note, title="Bob suspects the release")
        actions.write_review(tx, number=number, texts={"summary": "Cards failed."}, seen=2)

    house.perform(prepare, by=CAROL)
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.comment_review(tx, number=number, text="?"), by=DANA)
    house.perform(lambda tx: actions.submit_review(tx, number=number), by=CAROL)
    with pytest.raises(Refused, match="alone"):
        house.perform(lambda tx: actions.approve_review(tx, number=number, seen=3), by=CAROL)
    house.perform(lambda tx: actions.approve_review(tx, number=number, seen=3), by=ADMIN)
    assert house.ask(views.review, number).owed is False
    outside = house.perform(
        lambda tx: actions.publish_review(
            tx, number=number, text="Cards failed; retries are capped now.", audiences=["customers"]
        ),
        by=CAROL,
    )
    found = house.ask(views.account, number)
    assert found.review.state == "published" and found.review.approved_by == "Admin"
    assert outside == found.review.publication.outside == () and found.review.publication.public
    assert "retries are capped now" in house.ask(public_page, house.clock.now()).told[0].words[-1].text
    sent = house.ask(deliveries, f"review/{number}")
    assert {row.person for row in sent} == {"alice", "bob"}
    told = next(row for row in found.draft.story if row.position == note)
    assert (told.title, told.sentence) == ("Bob suspects the release", "Bob noted")
    assert found.shown[note] == "Bob noted"
    assert "learning.ReviewWritten" not in {entry.type for entry in house.ask(timeline, number)}


def test_who_leads_attends_and_is_told_has_to_be_somebody(house: Any) -> None:
    number = reviewed(house)
    for act in (
        lambda tx: actions.assign_facilitator(tx, number=number, person="nobody"),
        lambda tx: actions.name_participants(tx, number=number, people=["alice", "nobody"]),
        lambda tx: actions.tell_entry(tx, number=number, position=1),
        lambda tx: actions.observe(tx, number=number, prompt="summary", text="x"),
        lambda tx: actions.observe(tx, number=number, prompt="worse", text="x", evidence=[10**9]),
    ):
        with pytest.raises(Invalid):
            house.perform(act, by=CAROL)
    assert house.ask(views.review, number).version == 0
    found = house.ask(views.account, number)
    names = [one.name for one in house.ask(views.candidates, found.review, found.draft)]
    assert names[0] == "Carol" and "Alice" not in names, "the plan's post first, the commander not at all"


def test_people_write_it_in_the_browser_and_two_at_once_lose_nothing(house: Any) -> None:
    number = reviewed(house)
    carol, page = house.client(CAROL), f"/reviews/{number}"
    position = position_of(house, number, "command.NoteAdded")
    assert "What surprised us?" in carol.get(page).text
    assert carol.post(f"{page}/texts", data={"seen": "0", "helped": "Luck."}).status_code == 200
    house.perform(lambda tx: actions.write_review(tx, number=number, texts={"helped": "Bob."}, seen=1), by=BOB)
    clash = carol.post(f"{page}/texts", data={"seen": "1", "helped": "Luck and tools.", "worse": "Noise."})
    assert clash.status_code == 409
    for kept in (
        "Luck and tools.",
        "Noise.",
        '<span class="gone">',
        '<span class="come">+ Luck and tools.',
        'value="2"',
    ):
        assert kept in clash.text
    assert house.ask(views.texts, number).keys() == {"helped"}
    carol.post(f"{page}/texts", data={"seen": "2", "helped": "Luck and tools.", "worse": "Noise."})
    assert house.ask(views.texts, number)["worse"].text == "Noise."
    huge = carol.post(f"{page}/texts", data={"seen": "3", "worse": "x" * 200_001})
    assert huge.status_code == 400 and "200001 characters" in huge.text
    for path, form in (
        ("observations", {"prompt": "worse", "text": "No runbook.", "evidence": f"#{position}"}),
        ("observations/O1", {"prompt": "worse", "text": "An old runbook.", "evidence": ""}),
        ("observations/O1", {"do": "lesson"}),
        ("factors", {"code": "procedure.outdated", "text": "The runbook was old.", "evidence": str(position)}),
        (f"factors/INC-{number}-F1/agreement", {}),
        ("facilitator", {"person": "carol"}),
        ("participants", {"there-bob": "yes", "others": "alice, dana"}),
        ("meeting", {"meets_at": "2026-03-04T10:00"}),
        (f"entries/{position}", {"do": "tell", "occurred_at": "2026-03-02T09:01", "reason": "by the logs", "log": "0"}),
        ("comments", {"text": "Why Friday?", "about": "worse"}),
        ("comments/1/settlement", {}),
        ("submission", {}),
        ("return", {"comment": "Say what we change."}),
    ):
        answer = carol.post(f"{page}/{path}", data=form, follow_redirects=False)
        assert answer.status_code == 303, (path, answer.text[:500])
    shown = carol.get(page).text
    assert '<a href="/lessons/1">L-1</a>' in shown
    for said in ("An old runbook.", "The runbook was old.", "by the logs", "Why Friday?", "settled by Carol"):
        assert said in shown
    assert carol.get(f"{page}/log").status_code == carol.get(f"{page}/entries/{position}").status_code == 200
    assert carol.get(f"{page}/entries/1").status_code == carol.get("/reviews/99").status_code == 404
    assert carol.post(f"{page}/observations", data={"prompt": "worse", "text": "x", "evidence": "²"}).status_code == 400
    assert 'form="review-texts"' not in house.client(DANA).get(page).text


def test_programs_get_the_whole_review_and_change_it(house: Any) -> None:
    number = reviewed(house)
    api, base = house.client(CAROL), f"/api/incidents/{number}/review"
    draft = api.get(f"{base}/draft").json()
    assert {one["letter"] for one in draft["moments"]} == set("SDPCAMFX")
    assert api.put(f"{base}/texts", json={"seen": 0, "texts": {"helped": "Luck."}}).json()["version"] == 1
    assert api.post(f"{base}/observations/O1/lesson").status_code == 404
    late = api.put(f"{base}/texts", json={"seen": 0, "texts": {"helped": "Tools."}})
    assert (late.status_code, late.json()["title"]) == (409, "ReviewMovedOn")
    position = next(row["position"] for row in draft["story"])
    assert api.put(f"{base}/story/{position}", json={"told": False}).json()["entries"][0]["told"] is False
    assert position not in {row["position"] for row in api.get(f"{base}/draft").json()["story"]}
    api.post(f"{base}/submission")
    house.perform(lambda tx: actions.observe(tx, number=number, prompt="worse", text="Noise."), by=ALICE)
    assert api.post(f"{base}/approval", json={"seen": 2}).json()["title"] == "ReviewMovedOn"
    assert api.post(f"{base}/approval", json={"seen": 3}).json()["state"] == "approved"
    unknown = api.post(f"{base}/publication", json={"text": "x", "audiences": ["martians"]})
    assert unknown.status_code == 400 and "customers" in unknown.text
    assert api.post(f"{base}/publication", json={"text": "x", "people": ["bob"]}).json()["publication"]["people"] == [
        "Bob"
    ]


def test_hostile_text_in_a_review_is_shown_and_not_obeyed(house: Any) -> None:
    number = reviewed(house, title="zq<script>alert(1)</script>")

    def write(tx: Any) -> None:
        texts = [text.replace("\x00", "") for text in CORPUS]
        actions.write_review(tx, number=number, texts={"summary": "\n\n".join(texts)}, seen=0)
        for text in texts:
            actions.observe(tx, number=number, prompt="worse", text=text)
            actions.find_factor(tx, number=number, code="change.release", text=text)
            actions.comment_review(tx, number=number, text=text)

    house.perform(write, by=BOB)
    page = Obeyed()
    text = house.client(CAROL).get(f"/reviews/{number}").text
    page.feed(text)
    assert text.count("zq") > 50 and not page.found and not UNSEEN.findall(text) and "zq49zq" not in text
