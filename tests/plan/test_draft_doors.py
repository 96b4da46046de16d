"""Drafts, differences and upkeep through the API and the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from quarterdeck.plan import actions
from tests.cast import ALICE, BOB, CAROL
from tests.conftest import House
from tests.people import settle
from tests.plan.test_doors import run
from tests.plan.texts import SMALL, small

REASONS = [{"kind": "lesson", "ref": "INC-214", "text": "The first look came too late"}]
FASTER = small(("within: 10", "within: 5"))
SENTENCE = "Procedure “Fix it”, step “Look”: due within 5 min instead of 10 min"


@pytest.fixture
def begun(house: House) -> House:
    settle(house.record)
    house.perform(lambda tx: actions.adopt(tx, files=small(), reason="First"))
    return house


def test_a_draft_goes_through_the_api_from_its_opening_to_the_revision(begun: House) -> None:
    with begun.client(ALICE) as web:
        opened = web.post("/api/plan/drafts", json={"title": "Look sooner", "note": "After INC-214"})
        assert (opened.status_code, opened.json()) == (201, {"draft": 1})
        saved = web.put("/api/plan/drafts/1/files", json={"files": FASTER, "seen": 1})
        assert (saved.status_code, saved.json()) == (200, {"version": 2})
        late = web.put("/api/plan/drafts/1/files", json={"files": small(("within: 10", "within: 8")), "seen": 1})
        assert (late.status_code, late.json()["title"]) == (409, "DraftMovedOn")
        assert "due within 8 min instead of 5 min" in late.json()["detail"]
        assert web.post("/api/plan/drafts/1/submission", json={}).status_code == 400
        submitted = web.post("/api/plan/drafts/1/submission", json={"reasons": REASONS})
        assert (submitted.status_code, submitted.json()["state"]) == (200, "in review")
        assert [change["sentence"] for change in submitted.json()["changes"]] == [SENTENCE]
        own = web.post("/api/plan/drafts/1/approval", json={"seen": 2})
        assert (own.status_code, own.json()["title"]) == (409, "OwnText")
    with begun.client(CAROL) as web:
        returned = web.post("/api/plan/drafts/1/return", json={"comment": "Why 5?"})
        assert (returned.status_code, returned.json()["state"]) == (200, "draft")
        web.post("/api/plan/drafts/1/submission", json={})
        assert web.post("/api/plan/drafts/1/approval", json={"seen": 2}).json()["approved_by"] == CAROL.id
        published = web.post("/api/plan/drafts/1/publication")
        assert (published.status_code, published.json()) == (201, {"revision": 2})
        head = web.get("/api/plan").json()
        assert (head["authors"], head["approved_by"], head["reasons"][0]["ref"]) == ([ALICE.id], CAROL.id, "INC-214")


def test_the_api_answers_every_fault_and_refuses_what_it_does_not_know(begun: House) -> None:
    with begun.client(ALICE) as web:
        faulty = small(("owner: boss", "owner: bos"))
        assert web.post("/api/plan/drafts", json={"title": "Faulty", "files": faulty}).status_code == 201
        refused = web.post("/api/plan/drafts/1/submission", json={"reasons": REASONS})
        assert (refused.status_code, refused.json()["errors"]) == (
            400,
            ["plan.yaml:2:8: owner: there is no post `bos`; did you mean `boss`?"],
        )
        assert web.get("/api/plan/drafts/1").json()["faults"] == refused.json()["errors"]
        assert web.post("/api/plan/drafts", json={"title": "x", "force": True}).status_code == 400
        assert web.post("/api/plan/drafts/9/publication").status_code == 404
        kind = [{"kind": "whim", "text": "x"}]
        assert web.post("/api/plan/drafts/1/submission", json={"reasons": kind}).status_code == 400
        gone = web.post("/api/plan/drafts/1/withdrawal", json={"reason": "Overtaken"})
        assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
        assert web.post("/api/plan/revisions", json={"files": small(), "reason": "x"}).status_code == 405


def test_drafts_are_listed_page_by_page_and_by_state(begun: House) -> None:
    with begun.client(ALICE) as web:
        for number in range(3):
            web.post("/api/plan/drafts", json={"title": f"Draft {number}"})
        web.post("/api/plan/drafts/2/withdrawal", json={"reason": "No"})
    with begun.client(BOB) as web:
        first = web.get("/api/plan/drafts?limit=1").json()
        second = web.get(f"/api/plan/drafts?limit=1&cursor={first['next']}").json()
        assert [first["items"][0]["number"], second["items"][0]["number"], second["next"]] == [3, 1, None]
        assert [item["number"] for item in web.get("/api/plan/drafts?state=withdrawn").json()["items"]] == [2]
        assert web.get("/api/plan/drafts?state=lost").status_code == 400
        assert web.post("/api/plan/drafts/1/publication").status_code == 403


def test_differences_reasons_and_an_earlier_time_can_be_asked_for(begun: House) -> None:
    begun.clock.forward(days=1)
    begun.perform(lambda tx: actions.adopt(tx, files=FASTER, reason="Second"))
    with begun.client(BOB) as web:
        found = web.get("/api/plan/differences?old=1&new=2").json()["items"]
        assert [(one["clause"], one["sentence"]) for one in found] == [("procedures.fix.steps.look.within", SENTENCE)]
        asked = web.get("/api/plan/reasons?clause=procedures.fix.steps.look.within").json()["items"]
        assert [one["publication"]["revision"] for one in asked] == [2, 1]
        assert web.get("/api/plan/reasons?clause=nothing").status_code == 404
        assert web.get("/api/plan?as_of=2026-03-02T12:00:00Z").json()["revision"] == 1
        assert web.get("/api/plan?as_of=2025-03-02T12:00:00Z").status_code == 404
        assert web.get("/api/plan?as_of=yesterday").status_code == 400


def test_upkeep_and_changes_through_the_api(begun: House) -> None:
    change = {
        "kind": "system",
        "text": "The shop moved to another host",
        "happened_at": "2026-03-01T10:00:00+01:00",
        "documents": ["procedure:fix"],
    }
    with begun.client(BOB) as web:
        logged = web.post("/api/plan/changes", json=change)
        assert (logged.status_code, logged.json()["number"], logged.json()["open"]) == (201, 1, True)
        assert web.post("/api/plan/changes", json={**change, "kind": "weather"}).status_code == 400
        assert web.post("/api/plan/changes/1/closing", json={"no_impact": "x"}).status_code == 403
        row = next(one for one in web.get("/api/plan/upkeep").json()["items"] if one["document"] == "procedure:fix")
        assert [one["trigger"] for one in row["reviews"]] == ["environment-change"]
    with begun.client(CAROL) as web:
        outcome = {"outcome": "no-change", "reason": "The steps hold there too"}
        settled = web.post("/api/plan/documents/procedure:fix/reviews", json=outcome)
        assert (settled.status_code, settled.json()["reviews"]) == (201, [])
        listed = web.get("/api/plan/documents/procedure:fix/reviews").json()["items"]
        assert [(one["by"], one["triggers"]) for one in listed] == [(CAROL.id, ["environment-change"])]
        assert web.post("/api/plan/documents/policy:x/reviews", json=outcome).status_code == 404
        closed = web.post("/api/plan/changes/1/closing", json={"no_impact": "The steps hold there too"})
        assert (closed.status_code, closed.json()["open"]) == (200, False)
        assert [one["open"] for one in web.get("/api/plan/changes").json()["items"]] == [False]


def home_of(tmp_path: Path) -> tuple[str, str]:
    return "--home", str(tmp_path)


def test_diff_compares_revisions_and_directories_and_exits_with_1_when_it_finds_something(
    begun: House, tmp_path: Path
) -> None:
    changed = tmp_path / "changed"
    changed.mkdir()
    (changed / "plan.yaml").write_text(FASTER["plan.yaml"])
    found = run("diff", "1", str(changed), *home_of(tmp_path), house=begun)
    assert (found.exit_code, found.stdout) == (1, f"{SENTENCE}.\n")
    as_json = run("diff", "1", str(changed), *home_of(tmp_path), "--json", house=begun)
    assert json.loads(as_json.stdout)["items"][0] == {
        "clause": "procedures.fix.steps.look.within",
        "before": 10,
        "after": 5,
        "sentence": SENTENCE,
    }
    same = run("diff", "1", "1", *home_of(tmp_path), house=begun)
    assert (same.exit_code, same.stdout) == (0, "Nothing differs.\n")
    (changed / "plan.yaml").write_text(SMALL + "# a word\n")
    comment = run("diff", "1", str(changed), *home_of(tmp_path), house=begun)
    assert (comment.exit_code, comment.stdout.startswith("Comments or layout only: plan.yaml: 1 line")) == (1, True)
    (changed / "plan.yaml").write_text("name: [")
    assert run("diff", "1", str(changed), *home_of(tmp_path), house=begun).exit_code == 2


def test_an_export_gives_the_files_byte_for_byte(begun: House, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    (source / "procedures").mkdir(parents=True)
    whole = SMALL.replace("name: Small plan", "name: Small plan  # ein Wort: ü")
    (source / "plan.yaml").write_bytes(b"\xef\xbb\xbf" + whole.encode().replace(b"\n", b"\r\n"))
    (source / "procedures" / "spare.md").write_bytes(
        b"---\ntitle: Spare\nowner: boss\nsteps: [{id: a, title: A, role: incident-commander}]\n---\nText, no line end"
    )
    done = run("publish", str(source), *home_of(tmp_path), "--reason", "Second", house=begun)
    assert done.exit_code == 0, done.output
    assert run("export", "2", str(target), *home_of(tmp_path), house=begun).exit_code == 0
    for name in ("plan.yaml", "procedures/spare.md"):
        assert (target / name).read_bytes() == (source / name).read_bytes()
    again = run("export", "2", str(target), *home_of(tmp_path), house=begun)
    assert "is not empty" in str(again.exception)
    begun.perform(lambda tx: actions.open_draft(tx, title="x", files={"plan.yaml": "name: ["}), by=ALICE)
    assert run("export", "1", str(tmp_path / "draft"), "--draft", *home_of(tmp_path), house=begun).exit_code == 0
    assert (tmp_path / "draft" / "plan.yaml").read_text() == "name: ["


def test_publish_cites_reasons_and_says_who_approved(begun: House, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(FASTER["plan.yaml"])
    words = ("publish", str(tmp_path), *home_of(tmp_path), "--reason", "Second", "--approved-by", "carol")
    wrong = run(*words, "--cites", "whim=x", house=begun)
    assert "write KIND[:REF]=TEXT" in str(wrong.exception)
    assert run(*words, "--cites", "lesson:INC-214=Too late", "--cites", "exercise=So too", house=begun).exit_code == 0
    shown = json.loads(run("show", *home_of(tmp_path), "--json", house=begun).stdout)
    assert shown["approved_by"] == CAROL.id
    assert [(one["kind"], one["ref"]) for one in shown["reasons"]] == [("lesson", "INC-214"), ("exercise", None)]
    why = run("why", "procedures.fix.steps.look.within", *home_of(tmp_path), house=begun).stdout
    assert "because (lesson, INC-214): Too late" in why
    assert "approved by person/carol" in why


def test_show_as_of_a_time(begun: House, tmp_path: Path) -> None:
    begun.clock.forward(days=1)
    begun.perform(lambda tx: actions.adopt(tx, files=FASTER, reason="Second"))

    def shown(*words: str) -> Any:
        return run("show", *home_of(tmp_path), *words, house=begun)

    assert "Small plan, revision 1" in shown("--as-of", "2026-03-02T09:00Z").stdout
    assert shown("--as-of", "2025-03-02T09:00Z").exit_code == 1
    assert "is no time" in str(shown("--as-of", "2026-03-02T09:00").exception)
    assert shown("--as-of", "2026-03-02T09:00Z", "--revision", "1").exception is not None


def test_what_is_under_way_is_listed(begun: House, tmp_path: Path) -> None:
    begun.perform(lambda tx: actions.open_draft(tx, title="Look sooner", files=FASTER), by=ALICE)
    begun.perform(
        lambda tx: actions.log_change(
            tx, kind="law", text="NIS2 applies", happened_at=begun.clock.now(), documents=["plan"]
        )
    )

    def told(*words: str) -> str:
        done = run(*words, *home_of(tmp_path), house=begun)
        assert done.exit_code == 0, done.output
        return str(done.stdout)

    assert "Look sooner" in told("drafts")
    assert "environment-change since 2026-03-02" in told("upkeep")
    assert "2027-03-02" in told("upkeep")
    assert "NIS2 applies" in told("changes")
    assert [len(json.loads(told(name, "--json"))) for name in ("drafts", "upkeep", "changes")] == [1, 2, 1]
