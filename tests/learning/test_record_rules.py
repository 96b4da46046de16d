"""What the record says of an incident: times on both clocks, decisions with what was known, promises, pages, gaps."""

from datetime import timedelta
from typing import Any

from quarterdeck.learning.rules import clocks, known, presence, promises
from quarterdeck.learning.rules.gaps import gaps
from tests.learning.situations import NOON, Entry, at, facts

DECLARED: dict[str, Any] = {"severity": "SEV1", "commander": "alice", "detected_at": at(0), "by": "alice"}


def measure(found: list[Entry], formula: str) -> clocks.Measure:
    return next(one for one in clocks.measures(clocks.moments(found)) if one.formula == formula)


def test_each_time_is_counted_between_its_own_letters_on_both_clocks() -> None:
    found = facts(
        ("command.IncidentDeclared", 2, {**DECLARED, "impact_started": at(-4)}),
        ("oncall.PageRequested", 3, {"person": "bob"}),
        ("oncall.PageRequested", 8, {"person": "carol"}),
        ("command.IncidentAcknowledged", 9, {"by": "bob"}),
        ("command.IncidentMitigated", 30, {"by": "bob"}, 70),
        ("command.IncidentResolved", 80, {"by": "bob"}),
    )
    assert measure(found, "D - S").occurred == timedelta(minutes=4)
    assert measure(found, "A - P").occurred == timedelta(minutes=6), "from the first page"
    assert measure(found, "M - S").occurred == timedelta(minutes=34)
    late = measure(found, "M - D")
    assert (late.occurred, late.known) == (timedelta(minutes=30), timedelta(minutes=68)), "entered 40 minutes late"


def test_a_time_that_is_not_known_says_which_instant_is_missing() -> None:
    found = facts(("command.IncidentDeclared", 0, DECLARED))
    assert measure(found, "D - S").why == "Not known when: impact began."


def test_resolved_before_detected_is_a_contradiction_and_no_time() -> None:
    found = facts(
        ("command.IncidentDeclared", 0, DECLARED),
        ("command.IncidentResolved", 10, {}),
        ("command.TimesCorrected", 20, {"detected_at": at(15), "reason": "the logs", "by": "bob"}),
    )
    resolve = measure(found, "F - D")
    assert resolve.occurred is None and resolve.contradicts
    detected = clocks.moments(found)["D"]
    assert [(one.was, one.reason) for one in detected.corrections] == [(NOON, "the logs")]
    told = gaps(found, clocks.moments(found), statement="x", paces=(), pages=(), unexplained=())
    assert any(gap.contradicts and "“resolved” (F" in gap.sentence for gap in told)


def test_after_a_reopening_the_last_ending_counts_and_says_how_often() -> None:
    ending: tuple[str, float, dict[str, Any]] = ("command.IncidentResolved", 10, {})
    found = facts(
        ("command.IncidentDeclared", 0, DECLARED),
        ending,
        ("command.IncidentReopened", 20, {"by": "bob"}),
    )
    assert clocks.moments(found)["F"].occurred_at is None
    again = facts(
        ("command.IncidentDeclared", 0, DECLARED),
        ending,
        ("command.IncidentReopened", 20, {"by": "bob"}),
        ("command.IncidentResolved", 50, {}),
    )
    assert (clocks.moments(again)["F"].times, measure(again, "F - D").occurred) == (2, timedelta(minutes=50))


def test_a_decision_is_shown_with_what_was_known_and_what_was_not_yet() -> None:
    found = facts(
        ("command.IncidentDeclared", 0, DECLARED),
        ("command.ImpactStated", 5, {"statement": "A few users.", "by": "bob"}),
        ("command.SeverityChanged", 10, {"severity": "SEV3", "by": "alice"}),
        ("command.ImpactStated", 12, {"statement": "Everybody.", "by": "bob"}),
        ("command.NoteAdded", 8, {"text": "Vendor red.", "by": "bob"}, 20),
    )
    (lowered,) = known.decisions(found)
    assert (lowered.known.severity, lowered.known.impact) == ("SEV1", "A few users.")
    assert [later.position for later in lowered.unknown] == [5], "it had happened, and nobody had written it down"


def test_a_decision_that_was_entered_late_is_judged_by_its_own_instant() -> None:
    found = facts(
        ("command.IncidentDeclared", 0, DECLARED),
        ("command.ImpactStated", 30, {"statement": "Everybody.", "by": "bob"}),
        ("command.IncidentMitigated", 20, {"by": "alice"}, 40),
    )
    (mitigated,) = known.decisions(found)
    assert mitigated.known.impact == ""


def test_promises_to_audiences_are_kept_late_or_missed() -> None:
    found = facts(
        ("comms.CommunicationBegun", 0, {"audiences": {"it": {"title": "IT"}}, "due": {"it": at(10)}}),
        ("comms.UpdateSent", 8, {"update": 1, "texts": {"it": {}}, "next_update": at(38)}),
        ("comms.UpdateSent", 50, {"update": 2, "texts": {"it": {}}, "next_update": at(80)}),
        ("comms.UpdateSent", 55, {"update": 3, "texts": {"it": {"waits_for": "lead"}}, "next_update": at(70)}),
        ("comms.CommunicationStopped", 95, {"reason": "resolved"}),
    )
    (pace,) = promises.paces(found)
    assert [(one.first, one.late, one.sent_at is None) for one in pace.promises] == [
        (True, timedelta(), False),
        (False, timedelta(minutes=12), False),
        (False, timedelta(minutes=15), True),
    ]
    assert (pace.kept, pace.due, pace.worst) == (1, 3, timedelta(minutes=15))


def test_pages_are_counted_by_the_night_where_the_person_lives() -> None:
    found = facts(
        ("oncall.PageRequested", 0, {"person": "bob"}),
        ("oncall.PageRequested", 5, {"person": "bob"}),
        ("oncall.PageRequested", 5, {"person": "carol"}),
        ("oncall.EscalationAcknowledged", 6, {"by": "bob"}),
    )
    bob, carol = presence.paged(found, {"bob": "Asia/Tokyo", "carol": "Europe/Berlin"})
    assert (bob.pages, bob.at_night, bob.acknowledged) == (2, 0, True), "21:00 in Tokyo"
    assert (carol.at_night, carol.acknowledged) == (0, False)
    assert presence.at_night(NOON, "America/Los_Angeles"), "04:00"


def test_those_who_were_there_are_people_with_their_reasons() -> None:
    found = facts(
        ("command.IncidentDeclared", 0, {**DECLARED, "commander_by_default": True, "by": "engine"}),
        ("command.CommandTransferred", 1, {"to": "alice", "by": "alice"}),
        ("oncall.PageRequested", 1, {"person": "bob"}),
        ("command.NoteAdded", 5, {"text": "x", "by": "carol"}),
        ("learning.ReviewApproved", 900, {"by": "dana"}),
    )
    there = {one.person: one.why for one in presence.present(found[:1] and found, {})}
    assert there["alice"][-1] == "commanded" and there["bob"] == ("paged",) and there["carol"] == ("took notes",)
    assert "dana" not in there, "who approves the review was not therefore there"


def test_gaps_are_told_in_sentences() -> None:
    found = facts(
        ("command.IncidentDeclared", 0, DECLARED),
        ("command.NoteAdded", 30, {"text": "x", "by": "bob"}, 40),
        ("command.IncidentResolved", 200, {}),
    )
    told = gaps(found, clocks.moments(found), statement=" ", paces=(), pages=(), unexplained=["Tell IT"] * 5)
    kinds = {gap.kind for gap in told}
    assert kinds == {
        *("NoStart", "NoMitigation", "NoImpact", "NoAcknowledgement", "NoUpdates"),
        *("Unexplained", "Silence", "LateEntries"),
    }
    silence = next(gap for gap in told if gap.kind == "Silence")
    assert silence.sentence.startswith("Nothing was recorded for 2 h 50 min")
    assert "and 2 more" in next(gap for gap in told if gap.kind == "Unexplained").sentence
