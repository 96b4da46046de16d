"""Maturity as far as records show it: SIM3 levels, each with its evidence, as a vector and no score.

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
