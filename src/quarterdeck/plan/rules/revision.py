"""Revisions of the plan: their lifecycles, the decision to publish, and plan objects kept by content hash."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.events import PlanPublished, Reason, RevisionWritten
from quarterdeck.plan.rules.model import Plan

LONGEST_REASON = 1000


@dataclass(frozen=True)
class PlanHistory:
    """Every publication, the first one first."""

    published: tuple[PlanPublished, ...]

    @property
    def current(self) -> PlanPublished:
        return self.published[-1]


def _published(state: PlanHistory | None, event: Event) -> PlanHistory:
    assert isinstance(event, PlanPublished)
    return PlanHistory((*(state.published if state else ()), event))


def _written(state: RevisionWritten | None, event: Event) -> RevisionWritten:
    assert isinstance(event, RevisionWritten)
    return event


PLAN: Lifecycle[PlanHistory] = Lifecycle("plan", _published)
REVISION: Lifecycle[RevisionWritten] = Lifecycle("revision", _written)


@dataclass(frozen=True)
class InForce:
    """A revision with its plan ready to use."""

    revision: int
    plan: Plan
    content_hash: str
    published_at: Instant
    by: str
    reason: str
    reasons: tuple[Reason, ...] = ()
    authors: tuple[str, ...] = ()
    approved_by: str | None = None
    """None: adopted without an approval."""
    draft: int | None = None


def content_hash(files: Mapping[str, str]) -> str:
    """SHA-256 over names and texts in the order of the names, hexadecimal."""
    text = json.dumps(sorted(files.items()), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def publish(
    history: PlanHistory | None,
    *,
    files: Mapping[str, str],
    document: dict[str, Any],
    reason: str,
    by: str,
    now: Instant,
    based_on: int | None = None,
    meanwhile: str = "",
    reasons: Sequence[Reason] = (),
    authors: Sequence[str] = (),
    approved_by: str | None = None,
    draft: int | None = None,
) -> tuple[RevisionWritten, PlanPublished]:
    """The next revision. Refuses an empty reason, a plan equal to the one in force, and one based on an older one.

    `meanwhile`: what has changed since `based_on`, in words.
    """
    reason = reason.strip()
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Invalid("Say why the plan changes, in 1 to 1,000 characters.", ("reason: is empty or too long",))
    digest = content_hash(files)
    number = history.current.revision if history else 0
    if based_on is not None and based_on != number:
        basis = f"revision {based_on}" if based_on else "no plan at all"
        raise Refused(
            "PlanMovedOn",
            f"This text is based on {basis}, and revision {number} is in force by now. It was not "
            f"published, and nothing of it is lost. Changed meanwhile: {meanwhile or 'see the difference.'} "
            f"Take that in, and say that the text is based on revision {number}.",
        )
    if history and history.current.content_hash == digest:
        raise Refused("NothingChanged", f"This is revision {number} word for word, and it is in force.")
    written = RevisionWritten(
        at=now, revision=number + 1, files=dict(sorted(files.items())), document=document, content_hash=digest
    )
    return written, PlanPublished(
        at=now,
        revision=number + 1,
        content_hash=digest,
        reason=reason,
        by=by,
        reasons=tuple(reasons),
        authors=tuple(authors) or (by,),
        approved_by=approved_by,
        draft=draft,
    )


_KEPT = 32
_plans: dict[str, Plan] = {}


def kept_plan(content_hash: str) -> Plan | None:
    """The plan object of this content, if it is among the last 32 used."""
    return _plans.get(content_hash)


def plan_from(content_hash: str, document: Mapping[str, Any]) -> Plan:
    """The plan of a recorded document, built once for each content hash."""
    plan = kept_plan(content_hash)
    if plan is None:
        plan = Plan.model_validate_json(json.dumps(document))
        while len(_plans) >= _KEPT:
            _plans.pop(next(iter(_plans)), None)
        _plans[content_hash] = plan
    return plan


def in_force_of(event: PlanPublished, plan: Plan) -> InForce:
    return InForce(
        event.revision,
        plan,
        event.content_hash,
        event.at,
        event.by,
        event.reason,
        event.reasons,
        event.authors,
        event.approved_by,
        event.draft,
    )
