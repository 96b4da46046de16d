"""A draft run against recorded incidents: it says what would have been otherwise, and nothing more."""

import copy
import json
from datetime import timedelta
from typing import Any

import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from quarterdeck.command import actions as command
from quarterdeck.command import views as incidents
from quarterdeck.direction import views
from quarterdeck.direction.cli import replaying as cli
from quarterdeck.direction.rules import answers
from quarterdeck.direction.rules.replay import turns_within
from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.oncall import actions as oncall
from quarterdeck.oncall import views as escalations
from quarterdeck.plan import actions as plan
from quarterdeck.plan import views as plans
from quarterdeck.plan.rules import EscalationPath, Plan
from quarterdeck.record.local import LOCAL, Desk
from tests.cast import ALICE, BOB, CHARLIE
from tests.oncall.world import PLAN, open_house

BROWSER = {"accept": "text/html"}
WORST = {"high": "SEV1", "low": "SEV1"}
STEPS = [
    {"id": "look", "title": "Look", "role": "incident-commander", "within": 10, "mandatory": True},
    {"id": "decide", "title": "Decide", "role": "incident-commander", "after": ["look"], "within": 20,
     "counted_from": "ready", "decides": {"question": "Roll back?", "answers": {"yes": "Yes", "no": "No"}}},
    {"id": "roll-back", "title": "Roll back", "role": "incident-commander", "after": ["decide"],
     "only_if": {"decide": ["yes"]}, "within": 15, "counted_from": "step:decide"},
    {"id": "tell", "title": "Tell", "role": "incident-commander", "within": 30, "counted_from": "acknowledged",
     "on_severity": ["SEV1"]},
]  # fmt: skip


def changed(**paths: Any) -> dict[str, Any]:
    """The plan of these tests, with some of its parts replaced: `severity__matrix__low__low="SEV1"`."""
    document = copy.deepcopy(PLAN)
    document["procedures"]["respond"]["steps"] = copy.deepcopy(STEPS)
    document["escalation"]["minor"]["levels"][0]["acknowledge_within"] = 5
    document["types"]["outage"] = {"title": "Outage", "parent": "incident", "declare_when": ["Down."]}
    for path, value in paths.items():
        *above, last = path.split("__")
        part: Any = document
        for name in above:
            part = part[int(name) if name.isdigit() else name.replace("_", "-") if name not in part else name]
        part[int(last) if last.isdigit() else last] = value
    return document


def opened(house: Any) -> None:
    open_house(house)
    house.perform(lambda tx: plan.adopt(tx, document=changed(), reason="with steps"))


def declare(house: Any, **facts: Any) -> int:
    number: int = house.perform(
        lambda tx: command.declare(tx, **{"title": "Checkout is down", "type": "incident", **facts})
    )
    house.run_until_idle()
    return number


def draft(house: Any, document: dict[str, Any]) -> int:
    text = json.dumps(document)
    number: int = house.perform(lambda tx: plan.open_draft(tx, title="Trial", files={"plan.yaml": text}), by=ALICE)
    return number


def replayed(house: Any, document: dict[str, Any]) -> views.Replay:
    number = draft(house, document)
    found: views.Replay = house.ask(lambda conn: views.replay(conn, plans.draft_plan(conn, number), house.clock.now()))
    return found


def said(found: views.Replay) -> list[tuple[str, str | None, str | None]]:
    return [(change.kind, change.was, change.would) for row in found.rows for change in row.changes]


# -- the plan in force against itself -------------------------------------------------------------

GRADES = st.sampled_from(["high", "low"])
MOVES = st.lists(
    st.tuples(
        st.sampled_from(
            ["ack", "look", "decide-yes", "decide-no", "roll-back", "skip", "tell", "raise", "lower", "override",
             "outage", "mitigate", "resolve", "reopen", "decline"]
        ),
        st.integers(0, 50),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=st.lists(st.tuples(GRADES, GRADES, MOVES), min_size=1, max_size=3))
def test_the_very_plan_in_force_changes_nothing_and_says_what_was_recorded(house: Any, stories: Any) -> None:
    with house.read() as conn:
        fresh = plans.in_force(conn) is None
    if fresh:
        opened(house)
    steady: set[int] = set()
    for impact, urgency, moves in stories:
        number = declare(house, impact=impact, urgency=urgency)
        if not {"raise", "lower", "override", "outage"} & {move for move, _ in moves}:
            steady.add(number)
        for move, minutes in moves:
            house.forward(minutes=minutes)
            perform(house, number, move)
    with house.read() as conn:
        in_force = plans.in_force(conn)
        assert in_force is not None
        plan_ = in_force.plan
        found = views.replay(conn, plan_, house.clock.now())
        facts = list(views.facts(conn))
        assert found.rows == ()
        assert found.totals.otherwise == 0
        assert found.totals.incidents == len(facts) > 0
        for fact in facts:
            answer = answers.answer(plan_, fact, None)
            assert (answer.type, answer.severity) == (fact.type, fact.severity)
            assert set(answer.steps) <= {step.step for step in fact.steps}
            if fact.number in steady:
                escalation = escalations.escalation(conn, fact.number)
                recorded = plan_.escalation[escalation.path] if escalation else None
                assert recorded == answer.path
                due = {step.step: step.due for step in fact.steps}
                assert due["look"] == fact.declared_at + 60_000_000 * (answer.steps["look"].within or 0)


def perform(house: Any, number: int, move: str) -> None:
    """The move, if the incident allows it just now."""
    acts: dict[str, Any] = {
        "ack": lambda tx: oncall.acknowledge(tx, number=number, person="bob"),
        "look": lambda tx: command.complete_task(tx, number=number, task="look"),
        "decide-yes": lambda tx: command.complete_task(tx, number=number, task="decide", answer="yes"),
        "decide-no": lambda tx: command.complete_task(tx, number=number, task="decide", answer="no"),
        "roll-back": lambda tx: command.complete_task(tx, number=number, task="roll-back"),
        "tell": lambda tx: command.complete_task(tx, number=number, task="tell"),
        "skip": lambda tx: command.skip_task(tx, number=number, task="look", reason="no need"),
        "raise": lambda tx: command.change_severity(tx, number=number, impact="high", urgency="high", reason="worse"),
        "lower": lambda tx: command.change_severity(tx, number=number, impact="low", urgency="low", reason="better"),
        "override": lambda tx: command.change_severity(tx, number=number, severity="SEV3", reason="I say so"),
        "outage": lambda tx: command.classify(tx, number=number, type="outage", service=None),
        "mitigate": lambda tx: command.mitigate(tx, number=number),
        "resolve": lambda tx: command.resolve(tx, number=number, reason="over"),
        "reopen": lambda tx: command.reopen(tx, number=number, reason="back"),
        "decline": lambda tx: command.decline(tx, number=number, reason="nothing"),
    }
    try:
        house.perform(acts[move])
    except QuarterdeckError:
        return
    house.run_until_idle()


# -- what differs ---------------------------------------------------------------------------------


def test_another_matrix_gives_another_severity_path_and_steps(house: Any) -> None:
    opened(house)
    number = declare(house, impact="low", urgency="low")
    found = replayed(house, changed(severity__matrix={"high": WORST, "low": WORST}))
    assert [row.number for row in found.rows] == [number]
    kinds = {kind: (was, would) for kind, was, would in said(found)}
    assert kinds["severity"] == ("SEV4", "SEV1")
    assert kinds["steps"] == (None, "Tell")
    assert kinds["escalation"][0] is None
    assert "Major" in (kinds["escalation"][1] or "")
    assert found.totals.kinds["severity"] == 1


def test_a_severity_set_by_hand_stands_unless_a_floor_forbids_it(house: Any) -> None:
    opened(house)
    declare(house, impact="high", urgency="high", severity="SEV3", severity_reason="only a rehearsal of ours")
    assert replayed(house, changed(severity__matrix__low__low="SEV2")).rows == ()
    found = replayed(house, changed(types__incident__severity_floor="SEV2"))
    assert ("severity", "SEV3", "SEV2") in said(found)


def test_a_shorter_deadline_is_missed_by_as_much_as_it_was_late(house: Any) -> None:
    opened(house)
    number = declare(house)
    declared = house.clock.now()
    house.forward(minutes=8)
    house.perform(lambda tx: oncall.acknowledge(tx, number=number, person="bob"))
    house.perform(lambda tx: command.complete_task(tx, number=number, task="look"))
    house.forward(minutes=25)
    house.perform(lambda tx: command.complete_task(tx, number=number, task="decide", answer="no"))
    steps = changed()["procedures"]["respond"]["steps"]
    steps[0]["within"] = 5
    steps[1]["counted_from"] = "declared"
    found = replayed(house, changed(procedures__respond__steps=steps))
    look, decide = found.rows[0].deadlines
    assert (look.due_was, look.due_would) == (declared + timedelta(minutes=10), declared + timedelta(minutes=5))
    assert (look.late_was, look.late_would) == (timedelta(), timedelta(minutes=3))
    assert (decide.due_was, decide.due_would) == (declared + timedelta(minutes=28), declared + timedelta(minutes=20))
    assert (decide.late_was, decide.late_would) == (timedelta(minutes=5), timedelta(minutes=13))
    totals = found.totals
    assert (totals.deadlines, totals.missed_was, totals.missed_would, totals.newly_missed) == (2, 1, 2, 1)


def test_a_step_that_was_never_done_is_late_until_the_incident_ended(house: Any) -> None:
    opened(house)
    number = declare(house)
    house.forward(minutes=60)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="over"))
    house.forward(minutes=600)
    steps = changed()["procedures"]["respond"]["steps"]
    steps[0]["within"] = 40
    found = replayed(house, changed(procedures__respond__steps=steps))
    (look,) = found.rows[0].deadlines
    assert look.settled_at is None
    assert (look.late_was, look.late_would) == (timedelta(minutes=50), timedelta(minutes=20))


def test_a_faster_path_would_have_paged_more_before_somebody_answered(house: Any) -> None:
    opened(house)
    number = declare(house)
    house.forward(minutes=4)
    house.perform(lambda tx: oncall.acknowledge(tx, number=number, person="bob"))
    found = replayed(
        house,
        changed(escalation__major__levels__0__acknowledge_within=1, severity__levels__SEV1__acknowledge_within=3),
    )
    assert (
        "paging",
        "1 turn of the path before somebody answered",
        "2 turns of the path before somebody answered",
    ) in said(found)  # one sentence
    (late,) = [one for one in found.rows[0].deadlines if one.step is None]
    assert late.late_would == timedelta(minutes=1)
    assert ("acknowledgement", None, "within 3 min") in said(found)


def test_turns_come_level_by_level_and_end_with_the_final_post() -> None:
    document = {"title": "Path", "levels": [{"notify": ["person:bob"], "acknowledge_within": 5}], "repeat": 1}
    path = EscalationPath.model_validate_json(json.dumps({**document, "final": "chief"}))
    assert [turns_within(path, minutes) for minutes in (-1, 0, 4.9, 5, 9.9, 10, 5000)] == [0, 1, 1, 2, 2, 3, 3]


def test_elevation_follows_severity_and_how_long_it_lasted(house: Any) -> None:
    opened(house)
    number = declare(house)
    house.forward(minutes=90)
    house.perform(lambda tx: command.resolve(tx, number=number, reason="over"))
    rule = {
        "name": "long", "title": "It lasts", "open_longer_than": 60, "by": "incident-commander", "to": ["chief"],
        "acknowledge_within": 15, "says": "{title}",
    }  # fmt: skip
    found = replayed(house, changed(communication={"elevation": [rule]}))
    assert ("elevation", None, "It lasts: Chief information officer") in said(found)
    rule["open_longer_than"] = 91
    assert replayed(house, changed(communication={"elevation": [rule]})).rows == ()


def test_drills_are_left_out_and_an_unknown_type_falls_back_to_the_default(house: Any) -> None:
    opened(house)
    declare(house, drill=True)
    declare(house, type="outage")
    document = changed()
    del document["types"]["outage"]
    found = replayed(house, document)
    assert found.totals.incidents == 1
    assert said(found) == [("type", "outage", "incident")]


# -- doors ----------------------------------------------------------------------------------------


def test_the_doors_tell_totals_differences_and_who_keeps_the_old_revision(house: Any) -> None:
    opened(house)
    numbers = [declare(house, impact="low", urgency="low") for _ in range(3)]
    one = draft(house, changed(severity__matrix__low__low="SEV2"))
    client = house.client(BOB)
    found = client.get(f"/api/plan/drafts/{one}/replay?limit=2&kind=severity").json()
    assert found["totals"]["otherwise"] == 3
    assert [row["number"] for row in found["items"]] == numbers[:0:-1]
    assert found["items"][0]["changes"][0] == {"kind": "severity", "was": "SEV4", "would": "SEV2"}
    assert [row["plan_revision"] for row in found["keep"]] == [2, 2, 2]
    rest = client.get(f"/api/plan/drafts/{one}/replay?limit=2&cursor={found['next']}").json()
    assert [row["number"] for row in rest["items"]] == numbers[:1]
    assert rest["next"] is None
    assert client.get(f"/api/plan/drafts/{one}/replay?kind=deadline").json()["items"] == []
    page = client.get(f"/plan/drafts/{one}/replay", headers=BROWSER)
    assert page.status_code == 200
    assert f'href="/incidents/{numbers[0]}"' in page.text
    assert "SEV4 → SEV2" in page.text
    assert client.get(f"/plan/drafts/{one}/replay?kind=nonsense", headers=BROWSER).status_code == 400
    assert client.get("/plan/drafts/99/replay", headers=BROWSER).status_code == 404
    broken = house.perform(lambda tx: plan.open_draft(tx, title="Broken", files={"plan.yaml": "name: x"}), by=ALICE)
    assert "faults" in client.get(f"/api/plan/drafts/{broken}/replay").json()["detail"]
    assert house.client(CHARLIE).get(f"/api/plan/drafts/{one}/replay").status_code == 403


def test_the_command_replays_a_directory_or_a_draft(house: Any, tmp_path: Any) -> None:
    opened(house)
    declare(house, impact="low", urgency="low")
    (tmp_path / "trial").mkdir()
    (tmp_path / "trial" / "plan.yaml").write_text(json.dumps(changed(severity__matrix__low__low="SEV2")))
    answer = run(house, str(tmp_path / "trial"))
    assert answer.exit_code == 1
    assert "1 incidents replayed, 1 of them otherwise." in answer.stdout
    assert "severity: SEV4 -> SEV2" in answer.stdout
    assert "open incidents keep their revision: INC-1" in answer.stdout
    (tmp_path / "trial" / "plan.yaml").write_text(json.dumps(changed()))
    answer = run(house, str(tmp_path / "trial"), "--json")
    assert answer.exit_code == 0
    assert json.loads(answer.stdout)["items"] == []
    one = draft(house, changed(severity__matrix__low__low="SEV2"))
    assert run(house, "--draft", str(one)).exit_code == 1
    assert "Name a directory or a draft" in str(run(house).exception)


def run(house: Any, *words: str) -> Any:
    app = typer.Typer()
    app.add_typer(cli.commands)

    @app.callback()
    def root(ctx: typer.Context) -> None:
        ctx.obj = lambda home: Desk(house.record, LOCAL, None)

    return CliRunner().invoke(app, ["replay", *words, "--home", str(house.home)], catch_exceptions=True)


def test_a_published_revision_leaves_running_incidents_alone_and_is_what_the_replay_foretold(house: Any) -> None:
    """The replay said SEV2; after publication the next incident is SEV2 and the running one still SEV4."""
    opened(house)
    before = declare(house, impact="low", urgency="low")
    document = changed(severity__matrix__low__low="SEV2")
    foretold = replayed(house, document)
    house.perform(lambda tx: plan.adopt(tx, document=document, reason="as tried"))
    after = declare(house, impact="low", urgency="low")
    assert house.ask(incidents.incident, before).severity == "SEV4"
    assert ("severity", "SEV4", house.ask(incidents.incident, after).severity) in said(foretold)
    assert Plan.model_validate_json(json.dumps(document)).severity.matrix["low"]["low"] == "SEV2"
