"""The doors, on both stores: declared, asked, answered, reminded, missed, handed in; refusals keep what was typed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from quarterdeck.command import actions as command
from quarterdeck.direction.views.reporting import executive
from quarterdeck.kernel.errors import Forbidden
from quarterdeck.obligations import actions, views
from quarterdeck.obligations.sources import shipped
from tests.cast import ALICE, BOB, CAROL, CHARLIE, DANA
from tests.comms.town import declare, open_house, told
from tests.conftest import MONDAY
from tests.obligations.contract import TEXT

GDPR = "gdpr-33"
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def opened(house: Any) -> Any:
    """GDPR is in scope, and Dana's post answers for it."""
    open_house(house)
    scope(house)
    return house


def scope(house: Any, regime: str = GDPR, **more: Any) -> None:
    facts = {"applies": True, "reason": "We keep addresses.", "post": "chief", **more}
    house.perform(lambda tx: actions.declare_scope(tx, regime=shipped()[regime], **facts), by=ALICE)
    house.run_until_idle()


def duties(house: Any, number: int) -> list[views.DutyRow]:
    found: list[views.DutyRow] = house.ask(views.duties_of, number, house.clock.now())
    return found


def assess(house: Any, number: int, *, by: Any = ALICE, notifiable: bool = True, aware: Any = None) -> None:
    anchors = {"aware": (aware, "The log.")} if aware else {}
    facts: dict[str, Any] = {"notifiable": notifiable, "reason": "Addresses were disclosed."}
    house.perform(lambda tx: actions.assess(tx, number=number, regime=shipped()[GDPR], anchors=anchors, **facts), by=by)
    house.run_until_idle()


def test_declared_asked_attested_reminded_missed_and_handed_in_late(opened: Any) -> None:
    """The whole journey of one clock, under a clock that moves from alarm to alarm."""
    number = declare(opened)
    (row,) = duties(opened, number)
    assert row.open_question and row.first is not None and row.first.due == MONDAY + timedelta(hours=72)
    assert opened.ask(executive, opened.clock.now()).clocks[0].text.startswith("1 question waits for an answer")
    assess(opened, number, aware=MONDAY)
    before = len(told(opened, "reminder"))
    opened.perform(lambda tx: command.mitigate(tx, number=number), by=ALICE)
    opened.perform(lambda tx: command.resolve(tx, number=number, reason="Closed the hole."), by=ALICE)
    opened.forward(hours=71)
    assert sorted(told(opened, "reminder")[before:]) == ["alice", "alice", "dana", "dana"], "at half and three quarters"
    page = opened.ask(executive, opened.clock.now()).clocks[0]
    assert (
        page.text
        == "1 notice is owed; the next by 5 March, 09:00 UTC: INC-1, Notification to the supervisory authority."
    )
    with opened.client(ALICE) as alice:
        assert "Notification to the supervisory authority" in alice.get("/").text, "Now says what presses"
    rung = len(told(opened, "elevation"))
    opened.forward(hours=2)
    assert set(told(opened, "elevation")[rung:]) == {"dana", "alice"}, "resolving stops no legal clock"
    page = opened.ask(executive, opened.clock.now()).clocks[0]
    assert page.act and page.text.startswith("1 notice is overdue: INC-1")
    opened.forward(hours=30)
    assert len(told(opened, "elevation")) == rung + 2, "missed once, told once"
    with opened.client(DANA) as dana:
        sent = {"instant": "2026-03-05T11:00:00Z", "reference": "BfDI 4711", "text": "Addresses were disclosed."}
        path = f"/api/incidents/{number}/obligations/{GDPR}/authority/hand-in"
        assert dana.post(path, json=sent).status_code == 200, "a viewer whose post answers for the regime"
        past = dana.get("/api/obligations/history", params={"regime": GDPR}).json()
        assert past["items"][0]["late_by_seconds"] == 2 * 3600 and past["items"][0]["missed"]
        assert (past["kept"][0]["late"], past["kept"][0]["in_time"]) == (1, 0)
        assert "2 h late" in dana.get("/obligations/history").text
    assert not any(one.act for one in opened.ask(executive, opened.clock.now()).clocks)


def test_what_is_not_ours_is_not_asked_and_what_ends_falls_away(opened: Any) -> None:
    assert duties(opened, declare(opened, "SEV4")) == [], "not severe enough"
    assert duties(opened, declare(opened, drill=True)) == []
    number = declare(opened, "SEV4")
    opened.perform(lambda tx: command.change_severity(tx, number=number, severity="SEV2", reason="More."), by=ALICE)
    opened.run_until_idle()
    assert len(duties(opened, number)) == 1, "it became severe"
    opened.perform(lambda tx: command.cancel(tx, number=number, reason="Declared twice."), by=ALICE)
    opened.run_until_idle()
    assert duties(opened, number)[0].duty.over == f"INC-{number} was cancelled: Declared twice."
    first, second = declare(opened, "SEV1"), declare(opened, "SEV4")
    assess(opened, first, aware=MONDAY)
    opened.perform(lambda tx: command.merge(tx, number=first, into=second), by=ALICE)
    opened.run_until_idle()
    (left,), (went,) = duties(opened, first), duties(opened, second)
    assert left.duty.over == f"INC-{first} was merged into INC-{second}"
    assert went.duty.answer is not None and went.clocks[0].due == MONDAY + timedelta(hours=72)
    late = declare(opened, "SEV4")
    assess(opened, late, notifiable=False)
    assert duties(opened, late)[0].duty.because == "", "asked by hand, of whatever severity"
    opened.perform(
        lambda tx: command.correct_times(tx, number=late, detected_at=MONDAY - timedelta(hours=1), reason="x"), by=ALICE
    )
    opened.run_until_idle()
    assert duties(opened, late)[0].duty.times["detected"] == MONDAY - timedelta(hours=1)


def test_a_scope_declared_later_asks_what_is_open_and_one_taken_back_lets_it_go(house: Any) -> None:
    open_house(house)
    number = declare(house)
    assert duties(house, number) == []
    scope(house)
    assert len(duties(house, number)) == 1
    scope(house, applies=False, reason="We keep none.", post=None)
    assert duties(house, number)[0].duty.over == "it does not apply to us: We keep none."


def test_only_those_who_may_answer(opened: Any) -> None:
    number = declare(opened)
    with pytest.raises(Forbidden):
        assess(opened, number, by=CHARLIE)
    assess(opened, number, by=DANA, aware=MONDAY)
    with pytest.raises(Forbidden):
        opened.perform(
            lambda tx: actions.waive(tx, number=number, regime=GDPR, clock="authority", reason="No."), by=BOB
        )
    with opened.client(CAROL) as carol:
        path = f"/api/incidents/{number}/obligations/{GDPR}"
        assert carol.post(f"{path}/authority/waiver", json={"reason": "Nobody lives there."}).status_code == 200
        states = {
            one["clock"]: one["state"]
            for one in carol.get(f"/api/incidents/{number}/obligations").json()["items"][0]["clocks"]
        }
        assert states["authority"] == "waived"
        back = carol.post(f"{path}/anchors/aware/withdrawal", json={"reason": "Another breach."})
        assert back.status_code == 200 and back.json()["anchors"][0]["instant"] is None
        again = carol.post(f"{path}/anchors/aware", json={"instant": "2026-03-02T08:00", "source": "x"})
        assert again.status_code == 400 and "instant:" in again.text


def test_the_console_asks_answers_writes_and_prints(opened: Any) -> None:
    number = declare(opened)
    at = f"/incidents/{number}/obligations/{GDPR}"
    with opened.client(ALICE) as alice:
        panel = alice.get(f"/incidents/{number}/panels/obligations").text
        assert "if it has to be notified" in panel.lower() and "overdue" not in panel
        assert "Nobody has answered" in alice.get(at).text
        refused = alice.post(f"{at}/assessment", data={"notifiable": "yes", "reason": SCRIPT, "at-aware": "soon"})
        assert refused.status_code == 400 and "&lt;script&gt;" in refused.text and SCRIPT not in refused.text
        good = {"notifiable": "yes", "reason": f"Disclosed {SCRIPT}", "at-aware": "2026-03-02T08:00"}
        assert alice.post(f"{at}/assessment", data=good, follow_redirects=False).status_code == 303
        shown = alice.get(at).text
        assert "Disclosed &lt;script&gt;" in shown and "Correct it" in shown
        attested = {"instant": "2026-03-02T08:30", "source": "The mail of 08:30.", "do": "attest"}
        assert alice.post(f"{at}/anchors/aware", data=attested, follow_redirects=False).status_code == 303
        assert duties(opened, number)[0].clocks[0].due == MONDAY + timedelta(hours=72), "08:30 counts from 09:00"
        notice = alice.get(f"{at}/authority").text
        assert "To be written." in notice and "Article 33(3)" in notice
        assert alice.get(f"{at}/authority/notice.pdf").content.startswith(b"%PDF")
        draft = alice.get(f"/api{at}/authority/notice").json()
        assert draft["missing"] and draft["items"][0]["cite"] == "Article 33(3)(a)"
        early = {"instant": "2027-01-01T00:00", "reference": "R", "text": "kept text"}
        ahead = alice.post(f"{at}/authority/hand-in", data=early)
        assert ahead.status_code == 400 and "lies ahead" in ahead.text and "kept text" in ahead.text
        sent = {"instant": "2026-03-02T08:50", "reference": "4711", "text": "As said."}
        assert alice.post(f"{at}/authority/hand-in", data=sent, follow_redirects=False).status_code == 303
        assert "4711" in alice.get(f"{at}/authority").text
        story = alice.get(f"/api/incidents/{number}/timeline").text
        assert "handed in a notice: authority (gdpr-33)" in story and "has to be notified" in story
        assert alice.get(f"{at}/nothing").status_code == 404
        mild = declare(opened, "SEV4")
        assert "Ask all the same" in alice.get(f"/incidents/{mild}/panels/obligations").text
        path = f"/incidents/{mild}/obligations/{GDPR}"
        assert alice.post(f"{path}/question", follow_redirects=False).status_code == 303
        assert "Nobody has answered" in alice.get(path).text
        assert alice.get(f"/incidents/{number}/obligations/nothing").status_code == 404


def test_a_contract_of_ones_own_is_added_declared_and_shown_as_a_gap_until_then(house: Any) -> None:
    open_house(house)
    with house.client(ALICE) as alice:
        first = alice.get("/api/obligations").json()["undeclared"]
        assert GDPR in first and "circia" not in first, "a draft is no gap"
        ticked = {"regime-hipaa": "yes", "regime-sec-8k": "yes"}
        assert alice.post("/obligations/scope/elsewhere", data={**ticked, "reason": " "}).status_code == 400
        assert alice.post("/obligations/scope/elsewhere", data={"reason": "Not there."}).status_code == 400
        several = {**ticked, "reason": "We do no business there."}
        assert alice.post("/obligations/scope/elsewhere", data=several, follow_redirects=False).status_code == 303
        assert set(first) - set(alice.get("/api/obligations").json()["undeclared"]) == {"hipaa", "sec-8k"}
        bad = alice.post("/obligations/scope", files={"text": (None, TEXT.replace("within: 4 h", "within: soon"))})
        assert bad.status_code == 400 and "is no period" in bad.text and "acme-contract" in bad.text
        wrong = alice.post("/api/regimes", json={"text": TEXT.replace("T13:20", "T12:20")})
        assert wrong.status_code == 400 and "examples.0: call comes to" in wrong.text, "it does not mean what it says"
        assert alice.post("/obligations/scope", files={"file": ("x.yaml", b"\xff\xfe")}).status_code == 400
        assert alice.post("/obligations/scope", files={"file": ("x.yaml", b"#" * 300_000)}).status_code == 400
        added = alice.post("/obligations/scope", files={"file": ("acme.yaml", TEXT)}, follow_redirects=False)
        assert (added.status_code, added.headers["location"]) == (303, "/obligations/regimes/acme-contract")
        assert "acme-contract" in alice.get("/api/obligations").json()["undeclared"]
        page = alice.get("/obligations/regimes/acme-contract").text
        assert "Has ACME bought the strict schedule?" in page and "Nobody has said." in page
        form = {"applies": "yes", "reason": "", "option-strict": "yes", "severity-SEV3": "yes"}
        refused = alice.post("/obligations/regimes/acme-contract/scope", data=form)
        assert refused.status_code == 400 and "say why" in refused.text
        form["reason"] = "We deliver to ACME."
        path = "/obligations/regimes/acme-contract/scope"
        assert alice.post(path, data=form, follow_redirects=False).status_code == 303
        row = alice.get("/api/regimes/acme-contract").json()
        assert (row["scope"], row["options"], row["severities"]) == ("applies", {"strict": True}, ["SEV3"])
        assert alice.post("/api/regimes", json={"text": TEXT.replace("acme-contract", GDPR)}).status_code == 409
    with house.client(BOB) as bob:
        assert bob.post("/api/regimes/gdpr-33/scope", json={"applies": True, "reason": "x"}).status_code == 403
    number = declare(house, "SEV3")
    assert [row.regime for row in duties(house, number)] == ["acme-contract"]


def test_the_command_line_walks_the_same_way(opened: Any, tmp_path: Path, capsys: Any) -> None:
    from typer.testing import CliRunner

    from quarterdeck.obligations.cli import commands
    from quarterdeck.record.local import LOCAL, Desk

    number, runner = declare(opened), CliRunner()

    def run(*words: str) -> Any:
        opener = lambda home: Desk(opened.record, LOCAL, None)  # noqa: E731  # as the app puts it in the context
        return runner.invoke(commands, [*words, "--home", str(tmp_path)], obj=opener)

    assert run("list").output.count("has it to be notified?") == 1
    assert run("scope").exit_code == 1, "there are gaps"
    assert run("scope", "dora-19", "--does-not-apply", "--reason", "We are no bank.").exit_code == 0
    of = [str(number), GDPR]
    assert run("assess", *of, "--notifiable", "--reason", "Disclosed.").exit_code == 0
    assert run("attest", *of, "aware", "2026-03-02T08:00Z", "--source", "Log.").exit_code == 0
    assert "2026-03-05 08:00 UTC" in run("list").output
    assert "To be written." in run("notice", *of, "authority").output
    assert run("withdraw", *of, "aware", "--reason", "Another breach.").exit_code == 0
    assert "(not certain)" in run("list").output
    assert run("attest", *of, "aware", "2026-03-02T08:00Z", "--source", "Log.").exit_code == 0
    assert "waived" in run("waive", *of, "people", "--reason", "Nobody is hurt.").output
    assert run("notice", *of, "authority", "--pdf", str(tmp_path / "notice.pdf")).exit_code == 0
    assert (tmp_path / "notice.pdf").read_bytes().startswith(b"%PDF")
    assert run("attest", *of, "aware", "yesterday", "--source", "Log.").exit_code != 0
    assert run("hand-in", *of, "authority", "--reference", "4711", "--at", "2026-03-02T09:00Z").exit_code == 0
    assert "4711" in run("history").output
    (tmp_path / "acme.yaml").write_text(TEXT)
    assert "Added acme-contract" in run("add", str(tmp_path / "acme.yaml")).output
