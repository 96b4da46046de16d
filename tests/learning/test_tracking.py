"""Actions in a tracker, against a local GitHub on both stores: one issue each way, whatever dies or refuses between."""

import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.tracker import Place
from quarterdeck.notify import views as notify
from tests.cast import ADMIN, ALICE, BOB, CAROL
from tests.conftest import House
from tests.learning.taught import kept
from tests.learning.trackers import gitlab, jira
from tests.learning.trackers.github import REPO, GitHub, limited, spent
from tests.learning.trackers.server import TOKEN, Said, served
from tests.learning.trackers.works import Killed, Works

__all__ = ["kept"]


@pytest.fixture
def works(kept: House) -> Works:
    return Works(kept)


@pytest.fixture
def github() -> Iterator[GitHub]:
    made = GitHub()
    with served(made):
        yield made


def ticket(works: Works, number: int) -> views.TicketRow:
    found = works.house.ask(views.ticket, number)
    assert found is not None
    return found


def do(works: Works, act: Any, who: Any = ALICE) -> None:
    works.house.perform(act, by=who)
    works.work()


def test_an_agreed_action_becomes_one_issue_and_what_changes_of_it_follows(works: Works, github: GitHub) -> None:
    works.tracker("github", github.url, REPO, labels=("incident",))
    number = works.agreed(details="Ask @everyone in #12.\n/close it", lesson=1)
    works.work()
    row = works.house.ask(views.tracker, "web")
    assert row.works and "issues can be made in example/web" in row.said
    [issue] = github.issues.values()
    assert issue["title"] == "Ring earlier" and issue["labels"] == [{"name": "incident"}]
    assert "[A-1](https://im.example/actions/1)" in issue["body"] and "INC-1" in issue["body"]
    assert "@everyone" not in issue["body"] and "\n/close" not in issue["body"], "it calls nobody and commands nothing"
    assert (ticket(works, number).key, ticket(works, number).status) == ("#1", "open")
    github.log.clear()
    do(works, lambda tx: actions.revise_action(tx, number=number, title="Ring sooner", details="Ask."))
    assert issue["title"] == "Ring sooner" and "Ask." in issue["body"]
    do(works, lambda tx: actions.assign_action(tx, number=number, owner="carol"))
    assert "Carol" in issue["body"]
    do(works, lambda tx: actions.finish_action(tx, number=number, shown="The rota"), BOB)
    assert (issue["state"], issue["state_reason"]) == ("closed", "completed")
    do(works, lambda tx: actions.return_action(tx, number=number, reason="Not on Sundays"))
    assert issue["state"] == "open"
    do(works, lambda tx: actions.cancel_action(tx, number=number, reason="Too dear"))
    assert (issue["state"], issue["state_reason"]) == ("closed", "not_planned")
    said = [one["body"] for one in github.comments[1]]
    assert said == ["Done, says Bob: The rota", "Not done yet, says Alice: Not on Sundays", "Given up: Too dear"]
    asked = len(github.log)
    works.forward(days=3)
    assert not [one for one in github.log[asked:] if one.method != "GET"], "it is over, and nothing echoes"
    assert len(github.issues) == 1


def test_a_death_between_making_and_recording_leaves_one_issue(works: Works, github: GitHub) -> None:
    works.tracker("github", github.url, REPO)
    works.work()
    number = works.agreed()
    github.drops = ["POST"]  # the issue is made, and nobody hears of it
    works.work()
    assert ticket(works, number).state == "waiting" and "broke off" in ticket(works, number).error
    github.make({"title": "somebody else's", "body": "with no mark"})
    works.forward(minutes=3)
    assert ticket(works, number).key == "#1" and len(github.issues) == 2, "ours and theirs"
    assert [step.what for step in works.house.ask(views.ticket_steps, number)] == [
        "to be sent to",
        "failed",
        "found as",
        "sent",
    ], "what it says is compared once more"
    # And where the process itself dies after the request: the claim comes back, and the mark is looked for first.
    other = works.agreed("Second")
    works.house.run_until_idle()
    [claim] = [one for one in works.claims() if one.stream == f"ticket/{other}"]

    with pytest.raises(Killed):
        works.perform(claim, dies=True)
    assert len(github.issues) == 3
    assert works.work() == 0, "nobody else begins before the first one's end is certain"
    works.forward(seconds=61)
    assert ticket(works, other).key == "#3" and len(github.issues) == 3


def test_limits_are_kept_and_a_wrong_token_is_told_and_nothing_is_lost(works: Works, github: GitHub) -> None:
    works.tracker("github", github.url, REPO)
    works.work()
    number = works.agreed()
    github.first = [limited(300)]
    works.work()
    row, asked = ticket(works, number), len(github.log)
    assert row.failures == 1 and "fewer requests" in row.error
    other = works.agreed("Second")
    works.forward(seconds=290)
    assert len(github.log) == asked, "nothing else is asked either"
    works.forward(seconds=70)
    assert {ticket(works, one).status for one in (number, other)} == {"open"}
    github.first = [spent(int(works.house.clock.now().timestamp()) + 1800)]
    do(works, lambda tx: actions.revise_action(tx, number=number, title="Later"))
    assert (ticket(works, number).next_at or works.house.clock.now()) - works.house.clock.now() >= timedelta(minutes=29)
    github.token = "another"
    works.forward(minutes=45)
    assert "does not know the token" in ticket(works, number).error and "Bad credentials" in ticket(works, number).error
    place = Place("", "https://elsewhere.example", REPO)
    with pytest.raises(Invalid, match="another address"):
        works.house.perform(lambda tx: actions.revise_tracker(tx, tracker="web", place=place))
    do(works, lambda tx: actions.replace_tracker_token(tx, tracker="web", token="another"), ADMIN)
    assert github.issues[1]["title"] == "Later" and ticket(works, number).failures == 0
    assert TOKEN not in str(works.house.ask(lambda conn: conn.exec_driver_sql("SELECT data FROM record").all()))


def test_what_people_do_over_there_comes_back_and_nothing_echoes(works: Works, github: GitHub) -> None:
    works.tracker("github", github.url, REPO)
    works.work()
    number = works.agreed(owner="alice")
    works.work()
    github.change(1, state="closed")
    works.forward(minutes=3)
    row = works.house.ask(views.improvement, number)
    assert (row.state, row.doer) == ("done", "tracker/web")
    assert row.shown == "#1 in GitHub example/web was closed by octocat (closed): " + github.issues[1]["html_url"]
    github.change(1, state="open")
    works.forward(minutes=3)
    assert works.house.ask(views.improvement, number).state == "doing"
    github.change(1, title="Ring *much* earlier", body="rewritten by hand")
    works.forward(minutes=3)
    assert ticket(works, number).renamed == "Ring *much* earlier"
    assert not github.made("PATCH") and not github.comments, "nothing was sent back"
    do(works, lambda tx: actions.revise_action(tx, number=number, title="Ring at once"))
    assert github.issues[1]["title"] == "Ring *much* earlier" and github.issues[1]["body"] == "rewritten by hand"
    assert "In Quarterdeck it is called: Ring at once" in github.comments[1][0]["body"]
    github.change(1, state="closed", state_reason="not_planned")
    works.forward(minutes=3)
    assert works.house.ask(views.improvement, number).state == "doing", "closed undone: a person decides"
    told = [one.subject for one in works.house.ask(notify.deliveries, about=f"improvement/{number}")]
    assert told == ["Tracker: Ring at once"]
    github.change(1, state="open")
    github.change(1, state="closed")
    works.forward(minutes=3)
    do(works, lambda tx: actions.verify_action(tx, number=number, found="It rings"), CAROL)
    assert "Verified by Carol: It rings" in github.comments[1][-1]["body"] and github.issues[1]["state"] == "closed"


def test_an_issue_that_was_deleted_or_moved_is_told(works: Works, github: GitHub) -> None:
    works.tracker("github", github.url, REPO)
    works.work()
    first, second = works.agreed(), works.agreed("Second")
    works.forward(seconds=5)
    github.gone[1] = Said(410, {"message": "This issue was deleted"})
    moved = {**github.issues[2], "repository_url": f"{github.url}/repos/example/other", "number": 9}
    github.gone[2] = Said(301, None, {"Location": f"{github.url}/repositories/7/issues/9"})
    works.house.perform(lambda tx: [actions.look_at_ticket(tx, number=one) for one in (first, second)])
    github.elsewhere["/repositories/7/issues/9"] = moved
    works.forward(seconds=5)
    assert (ticket(works, first).state, ticket(works, second).state) == ("lost", "lost")
    assert "example/other" in ticket(works, second).error
    github.gone.clear()
    do(works, lambda tx: actions.send_action(tx, number=first, tracker="web"))
    assert ticket(works, first).key == "#3"


def test_a_webhook_only_makes_us_look_and_a_forged_one_nothing(works: Works, github: GitHub) -> None:
    secret = works.tracker("github", github.url, REPO)
    works.work()
    number = works.agreed()
    works.work()
    github.change(1, state="closed")
    body = json.dumps({"action": "closed", "issue": {"number": 1, "state": "closed"}}).encode()
    signed = "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()
    heads = {"X-GitHub-Event": "issues", "Content-Type": "application/json"}
    with works.house.client() as web:
        at = "/api/trackers/web/events"
        for bad in ("", "sha256=0", signed[:-1] + ("0" if signed[-1] != "0" else "1"), "sha1=x"):
            answer = web.post(at, content=body, headers={**heads, "X-Hub-Signature-256": bad})
            assert answer.status_code == 401, bad
        assert web.post("/api/trackers/none/events", content=body, headers=heads).status_code == 401
        assert works.work() == 0
        github.issues[1]["state"] = "open"  # the webhook lies: what counts is what stands there
        good = {**heads, "X-Hub-Signature-256": signed}
        assert web.post(at, content=body, headers=good).json() == {"looked_at": "A-1"}
        works.work()
        assert works.house.ask(views.improvement, number).state == "agreed"
        github.change(1, state="closed")
        assert web.post(at, content=body, headers=good).status_code == 202
        works.work()
        assert works.house.ask(views.improvement, number).state == "done"
        ping = {**good, "X-GitHub-Event": "ping"}
        assert web.post(at, content=body, headers=ping).json() == {"looked_at": None}
    assert "secret" not in json.dumps(vars(works.house.ask(views.tracker, "web")), default=str)


def test_gitlab_and_jira_are_kept_in_step_the_same_way(works: Works) -> None:
    sides: list[tuple[str, Any, str]] = [
        ("gitlab", gitlab.GitLab(), gitlab.PROJECT),
        ("jira-cloud", jira.Jira(cloud=True), jira.PROJECT),
        ("jira-server", jira.Jira(cloud=False), jira.PROJECT),
    ]
    for kind, server, project in sides:
        with served(server):
            more = {"issue_type": "Task", "account": jira.ACCOUNT}
            works.tracker(kind, server.url, project, id=kind, **more)
            works.work()
            assert works.house.ask(views.tracker, kind).works, works.house.ask(views.tracker, kind).said
            number = works.agreed(f"For {kind}")
            server.drops = ["POST"]  # it is made, and nobody hears of it
            works.work()
            assert ticket(works, number).failures == 1
            works.forward(minutes=3)
            assert len(server.issues) == 1 and ticket(works, number).status in ("open", "To Do")
            own = next(iter(server.issues))
            assert ticket(works, number).due == f"{works.house.ask(views.improvement, number).due:%Y-%m-%d}"
            do(works, lambda tx, n=number: actions.revise_action(tx, number=n, title="Ring at once", details="New."))
            assert "New." in server.text(own)
            server.close(own)
            works.forward(minutes=3)
            row = works.house.ask(views.improvement, number)
            assert (row.state, row.doer) == ("done", f"tracker/{kind}") and server.said(own) == []
            do(works, lambda tx, n=number: actions.stop_ticket(tx, number=n))
            do(works, lambda tx, n=number: actions.return_action(tx, number=n, reason="Not on Sundays"))
            assert not server.said(own), "it stands still"
            do(works, lambda tx, n=number, name=kind: actions.send_action(tx, number=n, tracker=name))
            assert len(server.issues) == 1
            assert ticket(works, number).open and server.said(own) == ["Not done yet, says Alice: Not on Sundays"]
            do(works, lambda tx, n=number: actions.cancel_action(tx, number=n, reason="Too dear"))
            assert not ticket(works, number).open and "Given up: Too dear" in server.said(own)
            do(works, lambda tx, name=kind: actions.remove_tracker(tx, tracker=name), ADMIN)
            assert ticket(works, number).state == "stopped"
