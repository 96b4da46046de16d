"""Each adapter against a local server that speaks its interface: made, found again, read, changed, listed, and told."""

import asyncio
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs

from quarterdeck.learning.channels import ADAPTERS
from quarterdeck.learning.outbound import Caller
from quarterdeck.learning.rules.hooks import Forged
from quarterdeck.learning.rules.issue import Change, Draft, Fact, Fault, Gone, Issue
from quarterdeck.learning.rules.tracker import Place, Tracker, checked
from tests.learning.trackers import github, gitlab, jira
from tests.learning.trackers.server import START, TOKEN, Said, served
from tests.learning.trackers.works import SETTINGS

FACTS = (Fact("Kept in Quarterdeck as", "A-7", "https://im.example/actions/7"), Fact("Because of", "INC-1: [x](y) *z*"))
DRAFT = Draft("Ring earlier", "Look *sooner*.\n\nThen {ask}.", FACTS, "A-7-mark", "2026-04-01", "todo", ("incident",))
SINCE = START - timedelta(minutes=10)


@dataclass
class Side:
    """A tracker's server, and our way to it."""

    kind: str
    server: Any
    call: Caller

    def do(self, name: str, *given: Any) -> Any:
        return asyncio.run(getattr(ADAPTERS[self.kind], name)(self.call, *given))


def side_of(kind: str, server: Any, **changes: Any) -> Side:
    project = {"github": github.REPO, "gitlab": gitlab.PROJECT}.get(kind, jira.PROJECT)
    place = checked(kind, Place("", server.url, project, "Task", jira.ACCOUNT, ("incident",)))
    tracker = Tracker("web", kind, replace(place, **changes), START)
    return Side(kind, server, Caller(tracker, SETTINGS, ADAPTERS[kind].headers(TOKEN, tracker)))


@pytest.fixture(params=["github", "gitlab", "jira-cloud", "jira-server"])
def side(request: pytest.FixtureRequest) -> Iterator[Side]:
    kind = request.param
    server = {"github": github.GitHub, "gitlab": gitlab.GitLab}.get(kind, lambda: jira.Jira(kind == "jira-cloud"))()
    with served(server):
        yield side_of(kind, server)


def test_it_says_in_a_sentence_what_works_or_what_to_do(side: Side) -> None:
    assert "The token works" in side.do("check")
    server = side.server
    if isinstance(server, jira.Jira):
        server.rights.remove("CREATE_ISSUES")
        expected = "may not create issues in OPS"
        with pytest.raises(Fault, match="has no issue type 'Bug'"):
            side_of(side.kind, server, issue_type="Bug").do("check")
    elif isinstance(server, gitlab.GitLab):
        server.level, expected = 10, "role Reporter or higher"
    else:
        server.rights, expected = {"pull": True, "push": False}, "read and write access to issues"
    with pytest.raises(Fault, match=expected):
        side.do("check")
    if not isinstance(server, jira.Jira):
        server.level, server.rights, server.read_only = 40, {"push": True}, True
        with pytest.raises(Fault, match="may not do this"):
            side.do("check")
        assert server.issues == {}, "nothing was made by trying"
    with pytest.raises(Fault, match=r"There is no (project|repository)"):
        side_of(side.kind, server, project="NONE" if "jira" in side.kind else "example/none").do("check")
    server.token = "another"  # of a server that ends with the test
    with pytest.raises(Fault, match="does not know the token") as fault:
        side.do("check")
    assert fault.value.slow and TOKEN not in str(fault.value)


def test_an_issue_is_made_found_again_changed_and_commented_once(side: Side) -> None:
    made: Issue = side.do("create", DRAFT)
    assert (made.seen.title, made.seen.open, made.seen.reason) == ("Ring earlier", True, "")
    assert made.seen.due == ("" if side.kind == "github" else "2026-04-01")
    for number in range(3):
        side.do("create", replace(DRAFT, mark=f"other-{number}"))
    assert side.do("find", DRAFT, SINCE) == made and side.do("read", made.id) == made
    assert side.do("find", replace(DRAFT, mark="nobody's"), SINCE) is None
    later = replace(DRAFT, title="Ring sooner", details="Now.", due="2026-05-01", phase="done", note="Done")
    change = Change(title=later.title, body=True, due=later.due, open=False)
    changed: Issue = side.do("write", made, later, change)
    assert (changed.seen.title, changed.seen.open) == ("Ring sooner", False) and changed.seen.body != made.seen.body
    assert changed.seen.due == ("" if side.kind == "github" else "2026-05-01")
    assert side.do("read", made.id) == changed
    again = SINCE
    side.do("comment", made, "Done, says Bob: here\n\nand there", None)
    side.do("comment", made, "Done, says Bob: here\n\nand there", again)
    side.do("comment", made, "Something else", again)
    server = side.server
    said = [row["body"] for row in server.comments[1]] if side.kind == "github" else server.said(_own(side, made.id))
    assert len(said) == 2 and "Bob" in said[0]
    assert side.do("write", changed, replace(later, phase="todo"), Change(open=True)).seen.open
    over = side.do("write", changed, replace(later, phase="over", undone=True), Change(open=False))
    assert not over.seen.open and over.seen.reason == ("" if side.kind == "gitlab" else "not-planned")


def test_what_changed_over_there_is_listed_and_what_is_gone_is_told(side: Side) -> None:
    first, second = side.do("create", DRAFT), side.do("create", replace(DRAFT, mark="second"))
    listed = side.do("changed", "", "", START + timedelta(minutes=1))
    assert [issue.id for issue in listed.issues] == [first.id, second.id]
    server = side.server
    if side.kind == "github":
        server.change(2, state="closed")
        again = side.do("changed", listed.since, "", START + timedelta(minutes=2))
        assert side.do("changed", again.since, "", START).issues == again.issues, "the latest is always among them"
        kept = side.do("changed", again.since, "", START)
        assert kept.etag and side.do("changed", kept.since, kept.etag, START).issues == ()
    else:
        server.close(_own(side, second.id))
    again = side.do("changed", listed.since, listed.etag, START + timedelta(minutes=2))
    assert {issue.id: issue.seen.open for issue in again.issues}[second.id] is False
    if side.kind == "github":
        server.gone[1] = Said(410, {"message": "This issue was deleted"})
    else:
        server.delete(_own(side, first.id))
    gone = side.do("read", first.id)
    assert isinstance(gone, Gone) and "deleted" in gone.how
    whole = side_of(side.kind, server, project="NONE" if "jira" in side.kind else "example/none")
    if side.kind in ("github", "gitlab"):
        with pytest.raises(Fault, match="There is no"):
            whole.do("read", first.id)
    if side.kind == "gitlab":
        server.change(2, moved_to_id=99)
        assert "moved" in side.do("read", second.id).how
    elif isinstance(server, jira.Jira):
        server.issues[second.id] |= {"key": "DEV-1"}
        server.change(second.id, project={"key": "DEV"})
        assert "moved to DEV, as DEV-1" in side.do("read", second.id).how


def test_a_webhook_is_believed_only_with_our_secret(side: Side) -> None:
    bodies = {
        "github": {"action": "closed", "issue": {"number": 7}},
        "gitlab": {"object_kind": "issue", "object_attributes": {"iid": 7, "action": "close"}},
    }
    data = bodies.get(side.kind, {"webhookEvent": "jira:issue_updated", "issue": {"id": "7", "key": "OPS-7"}})
    body = json.dumps(data).encode()
    signed = "sha256=" + hmac.new(b"qh_1", body, "sha256").hexdigest()
    name = {"github": "x-hub-signature-256", "gitlab": "x-gitlab-token"}.get(side.kind, "x-hub-signature")
    good = {name: "qh_1" if side.kind == "gitlab" else signed, "x-github-event": "issues"}
    knock = ADAPTERS[side.kind].knock
    assert knock(good, body, "qh_1").id == "7"
    bads: tuple[dict[str, str], ...] = ({}, {name: "qh_2"}, {name: ""}, {name: "sha256=" + "0" * 64}, {name: "\udcff"})
    for bad in bads:
        with pytest.raises(Forged):
            knock({**good, **bad} if bad else {}, body, "qh_1")
    with pytest.raises(Forged):
        knock({**good, name: ""}, body, "")
    if side.kind != "gitlab":
        with pytest.raises(Forged):
            knock(good, body + b" ", "qh_1")


HOSTILE = [
    (Said(302, None, {"Location": "https://evil.example/take"}), "the token does not follow"),
    (Said(301, None, {"Location": "//evil.example/take"}), "the token does not follow"),
    (Said(200, None, raw=b"<html>"), "no JSON"),
    (Said(200, None, raw=b"[" * 100_000), "no JSON"),
    (Said(200, {"unexpected": [1, {"number": "x"}]}), "The answer is not"),
    (Said(200, None, raw=b'"' + b"x" * (4 * 2**20) + b'"'), "larger than 4 MB"),
    (Said(503, {"message": "down"}), "in trouble .503."),
    (
        Said(422, {"message": "Validation Failed", "errors": [{"field": "title", "code": "missing"}]}),
        "Validation Failed",
    ),
]


@pytest.mark.parametrize("said", range(len(HOSTILE)))
def test_an_answer_that_makes_no_sense_is_a_fault_with_words(side: Side, said: int) -> None:
    answer, words = HOSTILE[said]
    made = side.do("create", DRAFT)
    side.server.first = [answer]
    with pytest.raises(Fault, match=words):
        side.do("read", made.id)


def test_a_place_inside_is_refused_and_a_tracker_that_is_down_is_named(side: Side) -> None:
    outside = replace(side.call, settings=replace(SETTINGS, outbound_allow=()))
    with pytest.raises(Fault, match="outbound_allow"):
        asyncio.run(ADAPTERS[side.kind].check(outside))
    assert side.server.log == []
    down = side_of(side.kind, side.server, base_url="http://127.0.0.1:9")
    with pytest.raises(Fault, match=r"127\.0\.0\.1:9 cannot be reached"):
        down.do("check")


def test_jira_leaves_out_what_is_not_on_its_screen_and_says_where_no_step_leads() -> None:
    server = jira.Jira(cloud=True)
    server.screen = ("summary", "description", "issuetype", "project")
    with served(server):
        side = side_of("jira-cloud", server)
        made: Issue = side.do("create", DRAFT)
        assert made.seen.due == "" and "labels" not in server.issues[made.id]["fields"]
        server.move(made.id, "In arbeit")
        assert side.do("read", made.id).seen.open, "an unknown status is judged by its category"
        assert structs.asdict(side.do("read", made.id).seen)["status"] == "In arbeit"
        server.first = [Said(200, {"transitions": []})]
        with pytest.raises(Fault, match="offers no step from 'To Do' to a done status"):
            side.do("write", made, DRAFT, Change(open=False))


def _own(side: Side, id: str) -> Any:
    return id if "jira" in side.kind else int(id)


def test_a_repository_that_has_another_name_now_keeps_its_issues() -> None:
    server = github.GitHub()
    with served(server):
        side = side_of("github", server)
        made: Issue = side.do("create", DRAFT)
        renamed = {**server.issues[1], "repository_url": f"{server.url}/repos/example/shop"}
        server.elsewhere = {"/repositories/7/issues/1": renamed, "/repositories/7": {"full_name": "example/shop"}}
        server.gone[1] = Said(301, None, {"Location": f"{server.url}/repositories/7/issues/1"})
        server.elsewhere["/repos/example/web"] = server.elsewhere["/repositories/7"]
        assert side.do("read", made.id) == made
        server.elsewhere["/repos/example/web"] = {"full_name": "example/web"}
        assert "moved to example/shop" in side.do("read", made.id).how
        server.gone[1] = Said(404, {"message": "Not Found"})
        server.elsewhere["/repos/example/web"] = {"full_name": "example/web", "has_issues": False}
        with pytest.raises(Fault, match="issues turned off"):
            side.do("read", made.id)
