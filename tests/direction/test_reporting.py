"""What senior management is told: the page's sentences, decisions, issues, and the mail that takes it out."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from quarterdeck.app.engine import LEASE
from quarterdeck.catalog import actions as catalog
from quarterdeck.command import actions as command
from quarterdeck.direction import actions
from quarterdeck.direction.events import reporting as ev
from quarterdeck.direction.reactions import DOCUMENTS
from quarterdeck.direction.rules.measures import Figure, named, trend
from quarterdeck.direction.rules.reporting import deciding, heading, looking_back, mailing, standings, trending, wanting
from quarterdeck.direction.rules.reporting.deciding import BOARD_DECISION, BoardDecision
from quarterdeck.direction.rules.reporting.mailing import BOARD_MAIL, Mailing, Reader
from quarterdeck.direction.rules.reporting.quarters import last_quarters, quarter_named
from quarterdeck.direction.rules.reporting.standings import Capability, Open
from quarterdeck.direction.rules.reporting.wording import by_when, linked
from quarterdeck.direction.rules.statistics import rate
from quarterdeck.direction.views import reporting as views
from quarterdeck.direction.views.reporting.printed import KEPT, UNTOLD, printed
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.notify import actions as ways
from quarterdeck.notify import views as notify
from quarterdeck.notify.channels import email
from quarterdeck.notify.reactions.attaching import with_document
from quarterdeck.notify.reactions.delivering import perform
from quarterdeck.notify.rules import Delivered, Message, NotifySettings, Outcome
from quarterdeck.notify.state import methods as methods_of
from quarterdeck.paper.document import Span
from quarterdeck.paper.pdf import pages
from quarterdeck.paper.source import source
from quarterdeck.record import alarms
from tests.cast import ALICE, DANA
from tests.conftest import House
from tests.learning.taught import kept

__all__ = ["kept"]

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)
HOUR = 3600.0


# -- at risk ---------------------------------------------------------------------------------------


def capability(**given: Any) -> Capability:
    return Capability(**{"id": "pay", "name": "Card payments", "tier": 1, "tolerance": HOUR, **given})


def test_what_is_interrupted_for_longer_than_it_can_bear_comes_first() -> None:
    late = Open(7, "SEV2", 3 * HOUR, False)
    rows = [
        capability(id="a", name="Search", interruptions=4, beyond=1, worst=(3, 2 * HOUR)),
        capability(id="b", name="Shop", open=(Open(8, "SEV1", HOUR / 2, False),)),
        capability(open=(late,), needed_by=("Checkout",)),
        capability(id="c", name="Mail", tolerance=None),
        capability(id="d", name="Depot"),
    ]
    named_, rest = standings.at_risk(rows, {"pay": "/x"}, {7: "Customers cannot pay by card.", 8: "Down."}.__getitem__)
    assert [(one.name, one.state) for one in named_] == [
        ("Card payments", "beyond"),
        ("Shop", "open"),
        ("Search", "broken"),
    ]
    assert named_[0].text == "Interrupted for 3 h; it can bear 1 h. Checkout stands on it."
    assert named_[0].beneath[0].text == "INC-7, SEV2: Customers cannot pay by card." and named_[0].beneath[0].act
    assert named_[1].text == "Interrupted for 30 min; 30 min are left of the 1 h it can bear."
    assert named_[2].text == "1 of 4 interruptions outlasted the 1 h it can bear; the longest 2 h (INC-3)."
    assert rest == "Within what it can bear: Depot. Nobody has said what Mail can bear."


def test_a_nuisance_and_what_is_over_for_customers_interrupt_nothing() -> None:
    small, over = Open(1, "SEV4", 9 * HOUR, False), Open(2, "SEV1", 9 * HOUR, True)
    said = standings.standing(capability(open=(small, over)))
    assert said.state == "kept"
    assert standings.at_risk([], {}, str)[1].startswith("No capability is in the catalogue")


# -- is it getting better --------------------------------------------------------------------------


def test_two_windows_are_compared_or_the_halves_of_a_shorter_record_or_nothing() -> None:
    assert trending.compared(400) == (91, 91)
    assert trending.compared(84) == (42, 42)
    assert trending.compared(27) is None
    assert trending.periods((42, 42)) == "The last 6 weeks against the 6 before."
    assert "too short to compare" in trending.periods(None)


def counted(n: int) -> Figure:
    return Figure(named("incidents"), "occurred", n, {}, 0, rate=rate(n))


@pytest.mark.parametrize(
    ("before", "after", "word", "direction"),
    [
        (60, 20, "fewer, better", "down"),
        (20, 60, "more, worse", "up"),
        (50, 55, "no change beyond chance", ""),
        (2, 1, "cannot tell yet, too few", ""),
    ],
)
def test_the_word_beside_the_arrow_is_said_only_if_the_interval_allows(
    before: int, after: int, word: str, direction: str
) -> None:
    was, now = counted(before), counted(after)
    found = trending.said(trending.QUESTIONS[0], trend(was, now, 91, np.random.default_rng(1)), was, now)
    assert (found.word, found.direction, found.text) == (word, direction, f"{after}, before {before}.")


# -- what has to be decided ------------------------------------------------------------------------


def test_the_record_asks_for_decisions_with_a_day_a_cost_and_advice() -> None:
    missed = wanting.of_objective(wanting.Missed("serve", "Customers are served", "Restored: 40 %.", 0), MONDAY)
    assert missed.due == datetime(2026, 4, 1, tzinfo=UTC) and "None is under way" in missed.advice
    assert wanting.quarter_after(datetime(2026, 12, 31, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    gap = wanting.of_gap(wanting.Uncovered("night", "Nights", 2, 16.0, MONDAY))
    assert "16 hours in the next 4 weeks" in gap.waiting and gap.due == MONDAY
    ago = MONDAY - timedelta(days=20)
    action = wanting.of_action(wanting.Unfunded(3, "A second provider.", "12 person-days", "", MONDAY, ago), MONDAY)
    assert action.question == "Fund “A second provider” (12 person-days)?" and action.due is None
    assert action.waiting.endswith("Proposed 2 weeks ago.")
    draft = wanting.of_draft(wanting.Waiting(2, "Ring sooner", ago), MONDAY)
    assert by_when(draft.due, MONDAY) == "at once" and "waited 20 days" in draft.waiting
    said = wanting.of_incident(wanting.Raised(7, "word " * 80, "", MONDAY, "Down"))
    assert len(said.question.split()) == wanting.MOST_WORDS and said.waiting == "Down."


def pieces(text: str) -> list[str]:
    """The sentence, with what leads to its evidence in brackets."""
    return [f"[{one.text}]" if one.href == "/x" else one.text for one in linked(text, "/x")]


def test_what_the_next_days_should_buy_is_one_decision_with_its_price() -> None:
    bought = wanting.Bought(30, ("Ring sooner", "Try first"), "EUR 10,000", "120,000 a year (95 %: 1 to 2)")
    said = wanting.of_portfolio(bought)
    assert said.question == "Give the next 30 person-days to the improvements that spare most?"
    assert said.waiting.startswith("About EUR 10,000 of loss in each month") and "1 more would follow" in said.advice
    assert pieces("About EUR 2.2 M a year.") == ["About ", "[EUR 2.2 M]", " a year."]


def test_quarters_are_named_as_people_name_them() -> None:
    q = quarter_named("2026Q1", MONDAY)
    assert (q.begins, q.ends) == (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
    assert quarter_named("2025-q4", MONDAY).after == q == quarter_named("", MONDAY) and q.before.name == "2025Q4"
    assert [one.name for one in last_quarters(MONDAY)] == ["2026Q1", "2025Q4", "2025Q3", "2025Q2"]
    for wrong in ("2026Q5", "Q1", "2026Q2", "9999Q1"):
        with pytest.raises(Invalid):
            quarter_named(wrong, MONDAY)


def test_debt_is_a_decision_only_over_its_limits() -> None:
    assert wanting.of_debt(wanting.Owing(4, 4, 0, 0)) is None
    assert wanting.of_debt(wanting.Owing(4, None, 0, 4)) is None
    grown = wanting.of_debt(wanting.Owing(9, 6, 0, 2))
    assert grown and grown.question.startswith("9 things are overdue, 6 were") and "2 of 9" in grown.waiting
    long = wanting.of_debt(wanting.Owing(1, 1, 1, 0))
    assert long and long.question.startswith("1 thing overdue for more than 60 days")


def asked(**given: Any) -> list[Event]:
    return deciding.ask(
        1, MONDAY, **{"question": "Switch?", "due": None, "waiting": "", "advice": "", "href": "", "by": "p", **given}
    )


def decision(*events: Event) -> BoardDecision:
    state = BOARD_DECISION.fold([*asked(), *events])
    assert state is not None
    return state


def test_a_decision_is_asked_taken_and_followed_or_withdrawn_once() -> None:
    taken = deciding.take(decision(), MONDAY, decision=" Yes,  now. ", decided_by="The board", by="p")
    assert taken == [ev.BoardDecisionTaken(at=MONDAY, decision="Yes, now.", decided_by="The board", by="p")]
    assert deciding.follow(decision(*taken), MONDAY, text="Done in April.", by="p")
    with pytest.raises(Refused, match="has not been decided"):
        deciding.follow(decision(), MONDAY, text="x", by="p")
    gone = deciding.withdraw(decision(), MONDAY, reason="Overtaken", by="p")
    for settled in (taken, gone):
        with pytest.raises(Refused, match="already"):
            deciding.withdraw(decision(*settled), MONDAY, reason="x", by="p")
    with pytest.raises(Invalid) as found:
        asked(question="", waiting="w " * 31, due=MONDAY - timedelta(days=1), href="//evil.example")
    assert [one.partition(":")[0] for one in found.value.errors] == ["question", "waiting", "due", "href"]


def test_the_next_page_says_what_became_of_the_decisions_of_the_last() -> None:
    last = [
        ev.Wanted(key="decision/1", question="Switch?", number=1),
        ev.Wanted(key="decision/2", question="Buy?", number=2),
        ev.Wanted(key="action/3", question="Fund it?", href="/actions/3"),
        ev.Wanted(key="debt", question="Who?", href="/debt"),
    ]
    page = ev.ExecutivePage(as_of=MONDAY, since=MONDAY, incidents=1, headline="x", decisions=tuple(last))
    settled = {
        1: looking_back.Settled(1, "taken", "Yes.", "Switched on 3 March."),
        2: looking_back.Settled(2, "withdrawn", "Too dear."),
    }
    happened = looking_back.Happened(5, 0, 1, 2, 0)
    said = [one.text for one in looking_back.since(page, last[2:3], settled, happened)]
    assert said == [
        "Decided: Yes. Switched on 3 March.",
        "Withdrawn: Buy? Too dear.",
        "Still to be decided: Fund it?",
        "No longer needed: Who?",
        "5 incidents, none of them severe (SEV1 or SEV2).",
        "The plan was revised once.",
    ]


def test_the_headline_answers_three_questions_in_three_sentences() -> None:
    beyond = [ev.Standing(name="Card payments", state="beyond", text="")]
    better = [
        ev.TrendSaid(title="x", verdict="better", plain="Customers are served again sooner."),
        ev.TrendSaid(title="y", verdict="no change"),
    ]
    assert heading.headline(beyond, better, 1) == (
        "Card payments is interrupted for longer than can be borne. "
        "Customers are served again sooner. One decision is needed."
    )
    assert heading.headline([], [], 0) == (
        "Nothing is at risk now. Whether it gets better cannot be told yet. No decision is needed."
    )
    first, last = datetime(2016, 2, 18, tzinfo=UTC), datetime(2016, 5, 18, tzinfo=UTC)
    assert heading.note(0, heading.Reach(2484, first, last), past=False, as_of=MONDAY) == (
        "Nothing in the last 13 weeks; the last incident on record is of 18 May 2016."
        " The 2,484 on record are from 18 February 2016 on."
    )
    assert heading.headline([], [], 0, catalogue=False).startswith("What is at risk cannot be told")


def test_each_figure_leads_to_its_evidence() -> None:
    assert pieces("Half within 57 min, before 55 min.") == ["Half within ", "[57 min]", ", before 55 min."]
    assert pieces("INC-7, SEV2: Down.") == ["[INC-7]", ", SEV2: Down."]
    assert pieces("1,240 alerts.") == ["[1,240]", " alerts."]
    assert pieces("4 of 23 interruptions outlasted it.") == ["[4 of 23 interruptions]", " outlasted it."]
    assert pieces("Decided: Yes, in 2 months.") == ["[Decided]", ": Yes, in 2 months."]
    assert pieces("Nothing.") == ["[Nothing.]"]


def test_what_has_a_number_of_its_own_leads_to_itself() -> None:
    spans = linked("3 of 21 were longer; the longest 1.6 h (INC-6), see A-3.", "/x")
    assert [(one.text, one.href) for one in spans if one.href] == [
        ("3 of 21", "/x"),
        ("INC-6", "/incidents/6"),
        ("A-3", "/actions/3"),
    ]
    assert linked("Nothing about it.") == (Span("Nothing about it."),)


def test_however_much_there_is_to_say_it_stays_one_sheet() -> None:
    def words(count: int) -> str:
        return "unavoidably " * count

    def many(count: int, length: int) -> tuple[ev.Line, ...]:
        return (ev.Line(text=words(length), href="/x"),) * count

    page = ev.ExecutivePage(
        as_of=MONDAY,
        since=MONDAY - timedelta(weeks=13),
        incidents=9_999,
        headline=words(40),
        note=words(40),
        standings=(ev.Standing(name="x" * 100, state="beyond", text=words(40), beneath=many(2, 30)),) * 4,
        at_ease=words(60),
        trends=(ev.TrendSaid(title="Until customers are served", verdict="worse", word="longer", text=words(20)),) * 4,
        weeks=tuple(ev.Week(until=MONDAY - timedelta(weeks=back), count=back) for back in range(12, -1, -1)),
        decisions=(ev.Wanted(key="x", question=words(30), waiting=words(40), advice=words(30)),) * 3,
        since_last=many(6, 60),
        overdue=many(3, 40),
        debt=many(5, 20),
        clocks=many(2, 20),
    )
    assert pages_of(views.sheet(page, MONDAY, "https://q.example")) == 1


def test_an_empty_page_claims_nothing() -> None:
    page = ev.ExecutivePage(as_of=MONDAY, since=MONDAY, incidents=0, headline="x", at_ease=standings.NO_CATALOGUE)
    told = source(printed(page))
    assert KEPT not in told and standings.NO_CATALOGUE in told and UNTOLD in told
    assert KEPT in source(printed(ev.ExecutivePage(as_of=MONDAY, since=MONDAY, incidents=1, headline="x")))
    assert looking_back.since(None, [], {}, looking_back.Happened(0, 0, 0, 0, 0))[0].text == "No incident."


# -- by mail ---------------------------------------------------------------------------------------


def scheduled(every: str, at: datetime = MONDAY) -> Mailing:
    state = BOARD_MAIL.fold(mailing.schedule(at, every=every, to=["post:cio", "role:manager"], by="p"))
    assert state is not None
    return state


def test_the_page_goes_out_on_mondays_and_after_a_long_sleep_once() -> None:
    assert mailing.due(scheduled("weekly")) == MONDAY + timedelta(days=7)
    assert mailing.due(scheduled("monthly")) == datetime(2026, 4, 6, 7, tzinfo=UTC)
    state = scheduled("quarterly", MONDAY - timedelta(days=90))
    assert mailing.due(state) == datetime(2026, 1, 5, 7, tzinfo=UTC)
    assert mailing.wake(state, datetime(2026, 1, 5, 6, tzinfo=UTC)) == []
    (due,) = mailing.wake(state, datetime(2026, 2, 20, 7, tzinfo=UTC))
    assert due == ev.BoardMailDue(at=datetime(2026, 2, 20, 7, tzinfo=UTC), period="2026-Q1")
    later = BOARD_MAIL.fold([due], state)
    assert later and mailing.wants(later, "2026-Q1") and mailing.due(later) == datetime(2026, 4, 6, 7, tzinfo=UTC)
    sent = mailing.sent(later, MONDAY, period="2026-Q1", issue=1, people=["a"], unreached=[])
    after = BOARD_MAIL.fold(sent, later)
    assert after and not mailing.wants(after, "2026-Q1")
    assert mailing.sent(after, MONDAY, period="2026-Q1", issue=2, people=["a"], unreached=[]) == []


def test_each_person_gets_one_mail_however_often_they_are_meant() -> None:
    dana = Reader("1", "dana", "Dana@example.com", frozenset({"viewer"}))
    bob = Reader("2", "bob", "bob@example.com", frozenset({"responder"}))
    to = ["post:cio", "person:dana", "role:viewer", "dana@example.com", "team:web", "post:gone", "eve@example.com"]
    people, unreached = mailing.recipients(to, [dana, bob], {"cio": "dana"}, {"web": frozenset({"2"})})
    assert people == ("1", "2")
    assert unreached == ("post:gone: nobody here who may read", "eve@example.com: nobody here who may read")
    with pytest.raises(Invalid) as found:
        mailing.schedule(MONDAY, every="daily", to=["everybody"], by="p")
    assert len(found.value.errors) == 2
    with pytest.raises(Refused):
        mailing.stop(None, MONDAY, by="p")


# -- through the house -----------------------------------------------------------------------------


def pages_of(content: bytes) -> int:
    assert b"pdfuaid" in content, "it is PDF/UA"
    return pages(content)


def interrupted(kept: House) -> None:
    """A service that can bear an hour has been down for three."""

    def act(tx: Any) -> None:
        governance.add_team(tx, id="web", name="Web")
        catalog.add_service(tx, id="pay", name="Card payments", team="web", tier=1, tolerance=60)
        command.declare(tx, title="Cards are declined", impact="large", urgency="high", service="pay")

    kept.perform(act)
    kept.clock.forward(hours=3)


def test_the_page_is_issued_frozen_and_one_sheet_of_paper(kept: House) -> None:
    interrupted(kept)
    with kept.client(ALICE) as web:
        web.headers["accept"] = "text/html"
        form = {"question": "Contract a second provider?", "due": "2026-03-20", "waiting": "Cards stay declined."}
        assert web.post("/executive/decisions", data={**form, "advice": "Yes.", "href": "/services"}).status_code == 200
        shown = web.get("/executive").text
        assert "Card payments is interrupted for longer than can be borne." in shown
        assert "Interrupted for " in shown and 'href="/incidents/2"' in shown and "by 20 March" in shown
        sheet_ = web.get("/executive/page.pdf")
        assert sheet_.headers["content-type"] == "application/pdf" and pages_of(sheet_.content) == 1
        assert "Executive page 1" in web.post("/executive/issues").text
        outcome = {"decision": "Yes, by May.", "decided_by": "The board"}
        assert web.post("/executive/decisions/1/outcome", data=outcome).status_code == 200
        assert web.post("/executive/decisions/1/outcome", data=outcome).status_code == 409
        web.post("/executive/decisions/1/follow-up", data={"text": "Signed on 4 May."})
        kept.perform(lambda tx: command.resolve(tx, number=2, reason="over"), by=ALICE)
        kept.clock.forward(hours=2)
        now = web.get("/api/executive").json()
        assert now["standings"][0]["state"] == "broken" and now["since_last"][0]["text"] == (
            "Decided: Yes, by May. Signed on 4 May."
        )
        lines = [one["text"] for part in ("standings", "trends", "since_last", "debt") for one in now[part]]
        asked_ = [one[name] for one in now["decisions"] for name in ("question", "waiting", "advice")]
        assert max(len(text.split()) for text in [now["headline"], *lines, *asked_]) <= 40, "the reading test"
        then = web.get("/api/executive/issues/1").json()["page"]
        assert then["standings"][0]["state"] == "beyond" and then["decisions"][0]["due"].startswith("2026-03-20")
        assert ">3 h</a>; it can bear 1 h" in web.get("/executive/issues/1").text
        assert pages_of(web.get("/executive/issues/1/page.pdf").content) == 1
        report = web.get("/reports/programme?quarter=2026Q1").text
        assert (
            'href="/insights/incidents?from=2026-01-01&amp;by=month"' in report
            and '<td class="num" data-label="Outlasted it">1<' in report
        )
        assert "Is it getting better?" in report and "Contract a second provider?" not in report
        assert pages_of(web.get("/reports/programme.pdf").content) > 1
        kept.perform(lambda tx: command.resolve(tx, number=1, reason="over"), by=ALICE)
        report = web.get("/reports/programme?quarter=2026Q1").text
        assert report.count('<figcaption>Time to mitigate, each incident</figcaption><div class="chart"><svg') == 1
        review = web.get("/api/reports/services/pay").json()["markdown"]
        assert "**Card payments** | 1 h | 1 | 1 | 3 h (INC-2)" in review
        assert pages_of(web.get("/reports/teams/web/review.pdf").content) >= 1
        missing = ("/reports/services/none", "/reports/teams/none", "/reports/programme?quarter=2027Q1")
        assert [web.get(path).status_code for path in missing] == [404, 404, 400]
        assert 'href="/reports/services/pay"' in web.get("/reports").text
        past = web.get("/executive?as_of=2026-02-20").text
        assert "This page looks back to 20 February 2026" in past
        assert web.get("/executive?as_of=2027-01-01").status_code == 400
        assert web.get("/executive?as_of=soon").status_code == 400
        assert "D-1" in web.get("/executive/decisions").text and "The board" in web.get("/executive/decisions/1").text
        assert web.get("/executive/issues/9").status_code == 404
    with kept.client(DANA) as web:
        assert web.get("/executive").status_code == 200 and web.post("/api/executive/issues").status_code == 403


def test_the_page_goes_out_by_mail_once_to_each_with_the_sheet_attached(kept: House) -> None:
    kept.perform(lambda tx: command.resolve(tx, number=1, reason="over"), by=ALICE)

    def by_mail_first(tx: Any) -> None:
        methods = [one.id for one in methods_of(tx, "dana")]
        mail = ways.add_method(tx, person="dana", kind="email", address="dana@example.com", assume_verified=True)
        ways.order_methods(tx, person="dana", methods=[mail, *methods])

    kept.perform(by_mail_first)
    to = ["post:boss", "dana@example.com", "role:manager", "post:nobody"]
    with kept.client(ALICE) as web:
        assert web.put("/api/executive/mailing", json={"every": "weekly", "to": to}).json()["mailing"]["next_at"]
        assert web.put("/api/executive/mailing", json={"every": "daily", "to": to}).status_code == 400
    kept.run_until_idle()
    kept.clock.set(MONDAY + timedelta(days=7, minutes=1))
    kept.run_until_idle()
    kept.run_until_idle()
    (issue,) = kept.ask(views.issues)
    assert issue.period == "2026-W11" and set(issue.told) == {"Dana", "Alice", "Carol"}
    assert issue.unreached == ("post:nobody: nobody here who may read",)
    mails = kept.ask(notify.deliveries, about=f"board-page/{issue.number}")
    assert sorted(row.person for row in mails) == ["alice", "carol", "dana"]
    carried: dict[str, Message] = {}

    async def carry(message: Message, address: str, settings: NotifySettings) -> Outcome:
        if message.about == "board-page/1":
            carried[address] = message
        return Delivered("taken")

    settings = NotifySettings(base_url="https://q.example")
    for claim in kept.perform(lambda tx: alarms.lease(kept.record.store, tx.connection, tx.now, tx.now + LEASE, 50)):
        if claim.stream.startswith("delivery/"):
            asyncio.run(perform(kept.record, claim, settings, {"email": carry, "demo": carry}, DOCUMENTS))
    assert set(carried) == {"dana@example.com", "alice", "carol"}, "one each"
    assert carried["alice"].attachment is None and carried["alice"].link == "https://q.example/executive/issues/1"
    message = carried["dana@example.com"]
    mail = email.compose(message, "dana@example.com", settings)
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "executive-2026-03-09.pdf" and pages_of(attached.get_content()) == 1
    body = mail.get_body()
    assert body is not None and "In full: https://q.example/executive/issues/1" in body.get_content()
    assert asyncio.run(with_document(kept.record, message, "board-page/9", "", DOCUMENTS)) is message
    kept.perform(lambda tx: actions.stop_board_mail(tx), by=ALICE)
    assert kept.ask(views.mailing, kept.clock.now()) is None
