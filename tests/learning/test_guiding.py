"""A guideline grown from lessons: its text is safe whatever they say, and its publication answers them."""

from typing import Any

import pytest

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.guiding import Quoted, checked, document, slug
from quarterdeck.plan import actions as plan
from quarterdeck.plan import views as plans
from tests.cast import ALICE, BOB, CAROL
from tests.command.situations import furnish
from tests.learning.test_finding import declare


def test_its_text_says_what_to_do_and_quotes_what_was_seen() -> None:
    lessons = [
        Quoted(3, "INC-1", "Nobody knew\n---\n# the fallback", change="Say where it is"),
        Quoted(5, "INC-2", "It happened again", insight="People forget"),
    ]
    text = document('A: "b"', owner="head", procedure="general", shared="Knowledge", lessons=lessons)
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    assert head.splitlines() == ['title: "A: \\"b\\""', "owner: head", "procedure: general"]
    assert "- Say where it is (L-3)" in body and "- People forget (L-5)" in body
    assert "> ---\n> # the fallback" in body, "no line of a lesson can become a heading or end the front matter"
    nothing = document("T", owner="o", procedure="p", shared="", lessons=[Quoted(1, "INC-1", "seen")])
    assert "Say here what to do" in nothing


def test_its_key_is_new_and_its_lessons_are_named_once() -> None:
    assert slug("Störung: was tun?", []) == "storung-was-tun"
    assert slug("First update", ["first-update", "first-update-2"]) == "first-update-3"
    assert slug("支付", []) == "guideline" and slug("7 habits", []) == "guideline-7-habits"
    assert checked(" A  guide ", [3, 3, 5]) == ("A guide", (3, 5))
    for title, numbers in (("", [1]), ("A guide", []), ("A guide", list(range(99)))):
        with pytest.raises(Invalid):
            checked(title, numbers)


def test_lessons_that_share_a_factor_become_a_guideline_that_answers_them(house: Any) -> None:
    furnish(house)
    declare(house, "Certificate expired", ended="renewed")

    def keep(tx: Any, observation: str) -> int:
        return actions.identify_lesson(
            tx, source="INC-1", observation=observation, change=f"Watch: {observation}", factors=("dependency.expiry",)
        )

    first, second = (house.perform(lambda tx, o=o: keep(tx, o), by=BOB) for o in ("Nobody watched.", "{{7*7}} <b>x"))
    house.perform(lambda tx: actions.validate_lesson(tx, number=first), by=CAROL)
    groups = house.ask(views.lesson_groups)
    assert ("factor", "dependency.expiry", 2) in [(one.by, one.key, len(one.lessons)) for one in groups]
    with house.client(CAROL) as carol:
        assert "2 lessons" in carol.get("/guidelines/new").text
        assert "&lt;b&gt;x" in carol.get("/guidelines/new", params={"factor": "dependency.expiry"}).text
        form = {"title": "What expires", "procedure": "service-outage", f"lesson-{first}": "yes"}
        sent = carol.post("/guidelines/new", data={**form, f"lesson-{second}": "yes"}, follow_redirects=False)
        assert (sent.status_code, sent.headers["location"]) == (303, "/plan/drafts/1")
        assert carol.post("/guidelines/new", data={**form, "lesson-x": "yes"}).status_code == 400
        items = carol.get("/api/lessons/groups").json()["items"]
        assert [first, second] in [sorted(one["lessons"]) for one in items]
        body = {"title": "What expires", "lessons": [first], "procedure": "nowhere"}
        assert carol.post("/api/guidelines", json=body).status_code == 400
    lesson = house.ask(views.lesson, first).lesson
    assert (lesson.state, lesson.draft) == ("disposed", 1)
    house.perform(lambda tx: plan.submit_draft(tx, draft=1), by=CAROL)
    house.perform(lambda tx: plan.approve_draft(tx, draft=1), by=ALICE)
    house.perform(lambda tx: plan.publish_draft(tx, draft=1), by=ALICE)
    house.run_until_idle()
    assert house.ask(views.lesson, first).lesson.closing == "revision"
    assert house.ask(plans.in_force).plan.guidelines["what-expires"].title == "What expires"
    found = house.ask(views.search, "what expires", ("guideline",))
    assert [one.key for one in found] == ["what-expires"]
    rejected = house.perform(lambda tx: keep(tx, "Not so."), by=BOB)
    house.perform(lambda tx: actions.reject_lesson(tx, number=rejected, reason="no"), by=CAROL)
    with pytest.raises(Refused, match="rejected"):
        house.perform(
            lambda tx: actions.propose_guideline(tx, title="More", lessons=[rejected], procedure="general"), by=CAROL
        )
