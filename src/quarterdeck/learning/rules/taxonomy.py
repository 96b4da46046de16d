"""The kinds of contributing factors, by code: what to look for beyond the first thing that broke.

Built in and versioned. Codes are for ever: one that is no longer offered keeps its words here, so that factors filed
under it can still be read. Everything is a condition that made the incident likelier, longer or worse; none is a
person, and none is "human error".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from quarterdeck.kernel.errors import Invalid

VERSION = 1


@dataclass(frozen=True)
class Kind:
    """`asks`: the question that finds factors of this kind. `codes`: what follows the dot → words."""

    title: str
    asks: str
    codes: Mapping[str, str]


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "change": Kind(
            "Change",
            "What had been changed before, on purpose or not?",
            {
                "release": "A release of software",
                "configuration": "A change of configuration or of a feature flag",
                "infrastructure": "A change of infrastructure or network",
                "data": "A migration or change of data",
                "undo": "The change could not be undone quickly",
            },
        ),
        "capacity": Kind(
            "Capacity",
            "What ran out, or was asked for more than it can give?",
            {
                "demand": "More demand than was planned for",
                "limit": "A quota or limit that nobody watched",
                "exhaustion": "A resource that leaked or filled up",
                "overload": "Overload that fed itself: retries, queues, stampedes",
            },
        ),
        "dependency": Kind(
            "Dependency",
            "Which part failed because another one did?",
            {
                "internal": "Another service of ours failed",
                "hidden": "A dependency that nobody knew of",
                "shared": "A shared part took several down together",
                "expiry": "A certificate, licence, key or domain expired",
            },
        ),
        "third-party": Kind(
            "Third party",
            "What did somebody outside do, or not do?",
            {
                "outage": "A provider was down or degraded",
                "change": "A provider changed something",
                "support": "A provider was slow to answer, or had nobody to answer",
            },
        ),
        "design": Kind(
            "Design",
            "What about the way it is built let this happen or spread?",
            {
                "single-point": "One part without a second",
                "fallback": "A fallback was missing, or did not work when needed",
                "coupling": "A fault spread further than it had to",
                "assumption": "Something was taken for granted that did not hold",
            },
        ),
        "software": Kind(
            "Software",
            "Which defect came to light, and why only now?",
            {
                "defect": "A defect in our own code",
                "latent": "A defect that had slept until conditions changed",
                "component": "A defect in a component from elsewhere",
                "test-gap": "Tests could not have found it",
            },
        ),
        "infrastructure": Kind(
            "Infrastructure",
            "What failed underneath?",
            {
                "hardware": "Hardware failed",
                "network": "The network failed or was slow",
                "facility": "Power, cooling or the building failed",
            },
        ),
        "data": Kind(
            "Data",
            "What was wrong with the data?",
            {
                "corrupt": "Data was wrong or damaged",
                "lost": "Data was lost, or could not be restored in time",
                "unexpected": "Data came in a form or size nobody expected",
            },
        ),
        "security": Kind(
            "Security",
            "What was open, and who used it?",
            {
                "attack": "Somebody attacked",
                "vulnerability": "A known weakness had not been closed",
                "access": "Access was too wide, or missing when it was needed",
                "disclosure": "Something confidential got out",
            },
        ),
        "detection": Kind(
            "Detection",
            "Who noticed, and could we have noticed sooner?",
            {
                "missing": "Nothing watched for this",
                "late": "An alert came too late, or its threshold was wrong",
                "noise": "The alert drowned among others",
                "by-users": "Users noticed before we did",
            },
        ),
        "diagnosis": Kind(
            "Diagnosis",
            "What made it hard to understand?",
            {
                "blind": "What was needed to see it was not recorded",
                "misleading": "What we saw pointed elsewhere",
                "knowledge": "Few people knew how this part works",
            },
        ),
        "procedure": Kind(
            "Procedure",
            "Where did plan and work part?",
            {
                "missing": "There was no procedure",
                "outdated": "The procedure was out of date",
                "unfit": "The procedure did not fit the case",
                "unfollowed": "The procedure was not followed, for reasons that made sense then",
            },
        ),
        "communication": Kind(
            "Communication",
            "Who should have known what, and when?",
            {
                "untold": "Somebody who had to know was not told",
                "late": "Word came late",
                "unclear": "What was said was understood otherwise",
            },
        ),
        "staffing": Kind(
            "Staffing and handover",
            "Who was there, who was missing, who was tired?",
            {
                "absent": "Nobody could be reached, or nobody was on call",
                "handover": "Something was lost in a handover",
                "fatigue": "Those at work had been at it too long",
                "few": "It all hung on one or two people",
            },
        ),
        "coordination": Kind(
            "Coordination and authority",
            "Who waited for whom?",
            {
                "unclear-lead": "It was not clear who led or decided",
                "waiting": "A decision or permission had to be waited for",
                "cross-purposes": "People worked against one another without knowing",
            },
        ),
        "interface": Kind(
            "People and systems",
            "What did the system invite people to do?",
            {
                "confusing": "A screen or tool showed something that was easily misread",
                "unguarded": "A dangerous step looked like a harmless one",
                "automation": "Automation did something that nobody expected",
            },
        ),
        "organisation": Kind(
            "Organisation",
            "Which trade-off had been made before?",
            {
                "deferred": "Work that would have prevented it had been put off",
                "pressure": "Time or cost weighed more than safety",
                "ownership": "Nobody owned the part",
                "lesson-lost": "It had happened before, and nothing was changed",
            },
        ),
        "environment": Kind(
            "Environment",
            "What happened around us?",
            {
                "event": "Weather, holiday, event or news",
                "regulation": "A law, an authority or a market changed something",
            },
        ),
    }
)

OTHER = "other"
"""Every kind has it, for what its codes do not name: `change.other`."""


def codes() -> dict[str, str]:
    """Every code that may be given → its words, kind by kind."""
    return {
        f"{name}.{code}": words
        for name, kind in KINDS.items()
        for code, words in (*kind.codes.items(), (OTHER, f"{kind.title}: something else"))
    }


def kind_of(code: str) -> str:
    return code.partition(".")[0]


def words_for(code: str) -> str:
    """What a code means; the code itself if a later version of the taxonomy brought it."""
    return codes().get(code, code)


def checked(code: str) -> str:
    """The code. `Invalid` names the kind's codes, or the kinds."""
    if code in codes():
        return code
    kind = KINDS.get(kind_of(code))
    known = [f"{kind_of(code)}.{one}" for one in (*kind.codes, OTHER)] if kind else [f"{name}.…" for name in KINDS]
    raise Invalid(
        "The taxonomy has no such factor.", (f"code: {code[:60]!r} is not known; use one of {', '.join(known)}",)
    )
