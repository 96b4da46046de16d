"""NIST CSF 2.0 tiers for what incident management can show, rung by rung, each with its evidence."""

from dataclasses import dataclass

from quarterdeck.readiness.rules.maturity import UNDERIVABLE, Evidence, Facts


@dataclass(frozen=True)
class Rung:
    """What a tier asks for here, and whether the records show it."""

    tier: int
    asks: str
    met: bool
    evidence: Evidence


@dataclass(frozen=True)
class Tier:
    """`tier` 1 to 4, the highest whose rungs and all below hold; None: `why` not."""

    function: str
    title: str
    tier: int | None
    rungs: tuple[Rung, ...]
    why: str = ""


TIERS = {1: "Partial", 2: "Risk informed", 3: "Repeatable", 4: "Adaptive"}


@dataclass(frozen=True)
class Practice:
    """What the records hold of the plan in use."""

    types: int = 0
    exercised: int = 0
    """Types exercised within their interval."""
    documents: int = 0
    reviews_overdue: int = 0
    reviews_owed: int = 0
    reviews_held: int = 0
    lessons: int = 0
    lessons_in_plan: int = 0
    """Lessons that were closed by a published revision."""
    exercises_after_lessons: int = 0
    """Exercises that tried a revision which a lesson had changed."""


def tiers(facts: Facts, practice: Practice) -> tuple[Tier, ...]:
    """For what incident management can show: Govern, Respond, Improvement. The other functions are not ours to rate."""
    found = [
        _tier("GV.PO, GV.RR", "Policy, roles and authorities", _govern(facts, practice)),
        _tier("RS", "Respond", _respond(facts, practice)),
        _tier("ID.IM", "Improvement", _improve(facts, practice)),
    ]
    others = (("PR", "Protect"), ("DE", "Detect"), ("RC", "Recover"))
    return (*found, *(Tier(id, title, None, (), UNDERIVABLE) for id, title in others))


def _tier(function: str, title: str, rungs: tuple[Rung, ...]) -> Tier:
    reached = 1
    for tier in (2, 3, 4):
        asked = [rung for rung in rungs if rung.tier == tier]
        if not asked or not all(rung.met for rung in asked):
            break
        reached = tier
    return Tier(function, title, reached, rungs)


def _in_force(facts: Facts) -> Evidence:
    href = f"/plan/revisions/{facts.revision}" if facts.revision else "/plan"
    return Evidence(f"Revision {facts.revision} is in force." if facts.revision else "No plan is in force.", href)


def _approved(facts: Facts) -> bool:
    approval = facts.approvals.get("plan")
    return approval is not None and approval.approved_by is not None


def _govern(facts: Facts, practice: Practice) -> tuple[Rung, ...]:
    late = Evidence(
        f"{practice.reviews_overdue} of {practice.documents} documents are overdue for review.", "/plan/library"
    )
    policy = facts.plan is not None and facts.plan.policy is not None
    return (
        Rung(2, "Practices are written down and in force", facts.plan is not None, _in_force(facts)),
        Rung(3, "They are approved and expressed as policy", policy and _approved(facts), _in_force(facts)),
        Rung(3, "They are reviewed when due", practice.documents > 0 and practice.reviews_overdue == 0, late),
        _adapts(practice),
    )


def _respond(facts: Facts, practice: Practice) -> tuple[Rung, ...]:
    share = Evidence(f"{practice.exercised} of {practice.types} incident types were exercised in time.", "/readiness")
    tried = practice.types > 0 and 2 * practice.exercised >= practice.types
    return (
        Rung(
            2,
            "There is a plan, and incidents are worked under it",
            facts.incidents > 0 and facts.plan is not None,
            Evidence(f"Incidents on record: {facts.incidents:,}.", "/incidents?state=all"),
        ),
        Rung(3, "The plan is approved", _approved(facts), _in_force(facts)),
        Rung(3, "At least half of what it prepares for has been exercised in time", tried, share),
        _adapts(practice),
        Rung(
            4,
            "What lessons changed has been tried since",
            practice.exercises_after_lessons > 0,
            Evidence(
                f"Exercises that tried a revision which a lesson changed: {practice.exercises_after_lessons}.",
                "/exercises",
            ),
        ),
    )


def _improve(facts: Facts, practice: Practice) -> tuple[Rung, ...]:
    held = Evidence(
        f"{practice.reviews_held} of {practice.reviews_owed} reviews that were owed have been held.", "/reviews"
    )
    return (
        Rung(2, "What happened is looked back on", practice.reviews_held > 0, held),
        Rung(
            3,
            "Nearly all that is owed is looked back on (nine in ten)",
            practice.reviews_owed > 0 and 10 * practice.reviews_held >= 9 * practice.reviews_owed,
            held,
        ),
        Rung(
            3,
            "What is learnt is kept",
            practice.lessons > 0,
            Evidence(f"Lessons kept: {practice.lessons}.", "/lessons"),
        ),
        _adapts(practice),
    )


def _adapts(practice: Practice) -> Rung:
    """CSF 2.0's fourth tier: the organisation adapts by what it has learnt."""
    shown = f"Lessons closed by a revision of the plan: {practice.lessons_in_plan}."
    return Rung(
        4, "Lessons have changed the plan", practice.lessons_in_plan > 0, Evidence(shown, "/lessons?state=closed")
    )
