"""Maturity as far as records show it: SIM3 levels and NIST CSF tiers, each with its evidence, as a vector and no score.

SIM3 (Open CSIRT Foundation) rates each of 44 parameters: 2 written down, 3 formalised on the authority of the team's
head, 4 assessed on the authority of governance above. Whether something is unknown (0) or known but unwritten (1) no
record can tell: that is said. The titles are SIM3's own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from quarterdeck.kernel.time import Instant
from quarterdeck.plan.rules import Plan, procedure_for

SIM3: dict[str, str] = {
    "O-1": "Mandate",
    "O-2": "Constituency",
    "O-3": "Authority",
    "O-4": "Responsibility",
    "O-5": "Service description",
    "O-7": "Service level description",
    "O-8": "Incident classification",
    "O-9": "Integration in existing CSIRT systems",
    "O-10": "Organisational framework",
    "O-11": "Security policy",
    "H-1": "Code of conduct, practice or ethics",
    "H-2": "Personal resilience",
    "H-3": "Skillset description",
    "H-4": "Internal training",
    "H-5": "External technical training",
    "H-6": "External communication training",
    "H-7": "External networking",
    "T-1": "IT resources list",
    "T-2": "Information sources list",
    "T-3": "Consolidated e-mail system",
    "T-4": "Incident tracking system",
    "T-5": "Resilient phone",
    "T-6": "Resilient e-mail",
    "T-7": "Resilient internet access",
    "T-8": "Incident prevention toolset",
    "T-9": "Incident detection toolset",
    "T-10": "Incident resolution toolset",
    "P-1": "Escalation to governance level",
    "P-2": "Escalation to press function",
    "P-3": "Escalation to legal function",
    "P-4": "Incident prevention process",
    "P-5": "Incident detection process",
    "P-6": "Incident resolution process",
    "P-7": "Specific incident processes",
    "P-8": "Audit and feedback process",
    "P-9": "Emergency reachability process",
    "P-10": "Best practice e-mail and web presence",
    "P-11": "Secure information handling process",
    "P-12": "Information sources process",
    "P-13": "Outreach process",
    "P-14": "Reporting process",
    "P-15": "Statistics process",
    "P-16": "Meeting process",
    "P-17": "Peer-to-peer process",
}
LEVELS = {2: "written", 3: "approved by whoever answers for it", 4: "reviewed by governance above"}
UNDERIVABLE = "No record of ours can show it."


@dataclass(frozen=True)
class Evidence:
    """One fact and where it stands."""

    text: str
    href: str


@dataclass(frozen=True)
class Approval:
    """How a document came into force as it stands: the revision that last touched it, and who approved that."""

    revision: int
    published_at: Instant
    approved_by: str | None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Assessment:
    """A review of a document that was settled."""

    at: Instant
    by: str


@dataclass(frozen=True)
class Facts:
    """What the records hold. `seniors`: ids of those at whom the plan's paths end; `intervals`: days, by document."""

    plan: Plan | None
    revision: int | None
    now: Instant
    approvals: Mapping[str, Approval]
    assessments: Mapping[str, tuple[Assessment, ...]]
    intervals: Mapping[str, int]
    seniors: frozenset[str]
    names: Mapping[str, str]
    services: int = 0
    incidents: int = 0
    signals: int = 0


@dataclass(frozen=True)
class Rated:
    """A parameter: `level` 2 to 4, or None. Evidence for each level reached, and what is missing for the next."""

    id: str
    title: str
    level: int | None
    evidence: tuple[Evidence, ...]
    missing: str


@dataclass(frozen=True)
class _Written:
    """In which document it would be written, and what shows that it is: a sentence, or None."""

    document: Callable[[Plan], str | None]
    shows: Callable[[Plan], str | None]
    clause: str


def _plan(plan: Plan) -> str:
    return "plan"


def _counted(count: int, one: str, many: str) -> str | None:
    return None if count == 0 else f"{count} {one if count == 1 else many}"


def _own(plan: Plan) -> list[str]:
    """The procedures that types name, apart from the one that everything falls back on."""
    general = procedure_for(plan, plan.defaults.type)
    return [id for id in plan.procedures if id != general and any(one.procedure == id for one in plan.types.values())]


def _seniors_told(plan: Plan) -> str | None:
    finals = {f"post:{path.final}" for path in plan.escalation.values()}
    told = [one.title for one in plan.communication.audiences.values() if finals & set(one.to)]
    return f"told of incidents: {', '.join(told)}" if told else None


_WRITTEN: dict[str, _Written] = {
    "O-1": _Written(
        lambda plan: f"policy:{plan.policy}" if plan.policy else None,
        lambda plan: f"the policy “{plan.policies[plan.policy].title}”" if plan.policy in plan.policies else None,
        "policy",
    ),
    "O-2": _Written(_plan, lambda plan: "the plan's scope", "scope"),
    "O-3": _Written(
        _plan,
        lambda plan: (
            _counted(len(plan.roles), "role with", "roles with") and f"{len(plan.roles)} roles, each with its authority"
        ),
        "roles",
    ),
    "O-4": _Written(_plan, lambda plan: f"{len(plan.roles)} roles, each with its duties", "roles"),
    "O-7": _Written(
        _plan,
        lambda plan: _counted(
            sum(level.acknowledge_within is not None for level in plan.severity.levels.values()),
            "severity with a time to acknowledge",
            "severities with a time to acknowledge",
        ),
        "severity",
    ),
    "O-8": _Written(_plan, lambda plan: f"a matrix of severities and {len(plan.types)} incident types", "severity"),
    "O-10": _Written(
        _plan, lambda plan: f"{len(plan.posts)} posts and {len(plan.procedures)} procedures under one plan", "posts"
    ),
    "T-9": _Written(
        _plan, lambda plan: _counted(len(plan.routing), "route for signals", "routes for signals"), "routing"
    ),
    "P-1": _Written(
        _plan,
        lambda plan: (
            f"{len(plan.escalation)} escalation paths that end with a senior manager, "
            f"{len(plan.communication.elevation)} elevation rules"
        ),
        "escalation",
    ),
    "P-2": _Written(
        _plan,
        lambda plan: next(
            (
                f"the audience “{one.title}” is told outside"
                for one in plan.communication.audiences.values()
                if one.outside
            ),
            None,
        ),
        "communication.audiences",
    ),
    "P-5": _Written(
        _plan,
        lambda plan: (
            _counted(len(plan.routing), "route decides", "routes decide")
            and f"{len(plan.routing)} routes decide what a signal means"
        ),
        "routing",
    ),
    "P-6": _Written(
        lambda plan: f"procedure:{procedure_for(plan, plan.defaults.type)}",
        lambda plan: (
            f"the procedure “{plan.procedures[procedure_for(plan, plan.defaults.type) or ''].title}”"
            if procedure_for(plan, plan.defaults.type) in plan.procedures
            else None
        ),
        "procedures",
    ),
    "P-8": _Written(
        _plan,
        lambda plan: _counted(
            sum(level.review is not None for level in plan.severity.levels.values()),
            "severity owes a review",
            "severities owe a review",
        ),
        "severity",
    ),
    "P-9": _Written(_plan, lambda plan: f"{len(plan.escalation)} paths say who is called after whom", "escalation"),
    "P-14": _Written(_plan, _seniors_told, "communication.audiences"),
    "P-15": _Written(_plan, lambda plan: _counted(len(plan.measures), "measure", "measures"), "measures"),
}


def sim3(facts: Facts) -> tuple[Rated, ...]:
    """Every parameter in SIM3's order: a level with its evidence, or why none can be derived."""
    return tuple(_rated(facts, id, title) for id, title in SIM3.items())


def _rated(facts: Facts, id: str, title: str) -> Rated:
    if id == "T-1":
        return _kept(id, title, facts.services, "service in the catalogue", "services in the catalogue", "/services")
    if id == "T-4":
        return _kept(id, title, facts.incidents, "incident on record", "incidents on record", "/incidents?state=all")
    if id == "P-7":
        return _specific(facts, id, title)
    written = _WRITTEN.get(id)
    if written is None:
        return Rated(id, title, None, (), UNDERIVABLE)
    if facts.plan is None:
        return Rated(id, title, None, (), "No plan is in force.")
    document, shown = written.document(facts.plan), written.shows(facts.plan)
    if document is None or shown is None:
        return Rated(id, title, None, (), "The plan in force says nothing of it.")
    href = f"/plan/revisions/{facts.revision}"
    first = Evidence(f"Written in revision {facts.revision}, {written.clause}: {shown}.", href)
    return _climbed(facts, id, title, document, first)


def _kept(id: str, title: str, count: int, one: str, many: str, href: str) -> Rated:
    if count == 0:
        return Rated(id, title, None, (), "Nothing of the kind is on record.")
    shown = (Evidence(f"{count:,} {one if count == 1 else many}.", href),)
    return Rated(id, title, 2, shown, "Nobody approves this in our records, so it stays at 2.")


def _climbed(facts: Facts, id: str, title: str, document: str, first: Evidence) -> Rated:
    """From written to approved to reviewed above."""
    approval = facts.approvals.get(document)
    if approval is None or approval.approved_by is None:
        by = f"revision {approval.revision}" if approval else "its revision"
        missing = f"For 3: {by} came into force without an approval. Publish it through a draft that somebody approves."
        return Rated(id, title, 2, (first,), missing)
    name = facts.names.get(approval.approved_by, approval.approved_by)
    second = Evidence(
        f"Revision {approval.revision} was approved by {name} on {approval.published_at:%d %B %Y}.",
        f"/plan/revisions/{approval.revision}",
    )
    days = facts.intervals.get(document, 365)
    above = next(
        (
            one
            for one in facts.assessments.get(document, ())
            if one.by in facts.seniors - set(approval.authors)
            and one.at >= approval.published_at
            and facts.now - one.at <= timedelta(days=days)
        ),
        None,
    )
    if above is None:
        missing = f"For 4: a review of it, settled within {days} days by somebody at whom the plan's paths end."
        return Rated(id, title, 3, (first, second), missing)
    who = facts.names.get(above.by, above.by)
    third = Evidence(f"{who} settled its review on {above.at:%d %B %Y}.", f"/plan/documents/{document}")
    return Rated(id, title, 4, (first, second, third), "")


def _specific(facts: Facts, id: str, title: str) -> Rated:
    """The weakest of the procedures for particular types: a chain is as strong as that."""
    own = _own(facts.plan) if facts.plan else []
    if facts.plan is None or not own:
        return Rated(id, title, None, (), "No incident type has a procedure of its own.")
    rated = []
    for procedure in own:
        said = f"Written in revision {facts.revision}: the procedure “{facts.plan.procedures[procedure].title}”."
        first = Evidence(said, f"/plan/documents/procedure:{procedure}")
        rated.append(_climbed(facts, id, title, f"procedure:{procedure}", first))
    weakest = min(rated, key=lambda one: one.level or 0)
    count = Evidence(f"{len(own)} procedures are for types of their own; this is the weakest of them.", "/plan/library")
    return Rated(id, title, weakest.level, (count, *weakest.evidence), weakest.missing)


# -- NIST CSF --------------------------------------------------------------------------------------


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
