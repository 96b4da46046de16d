"""Revisions of the plan: the lifecycle, the decision to publish, and plan objects kept by content hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.plan.events import PlanPublished
from quarterdeck.plan.rules.model import Plan


@dataclass(frozen=True)
class PlanHistory:
    """Every revision, the first one first."""

    published: tuple[PlanPublished, ...]

    @property
    def current(self) -> PlanPublished:
        return self.published[-1]


def _evolve(state: PlanHistory | None, event: Event) -> PlanHistory:
    assert isinstance(event, PlanPublished)
    return PlanHistory((*(state.published if state else ()), event))


PLAN: Lifecycle[PlanHistory] = Lifecycle("plan", _evolve)
LIFECYCLES = (PLAN,)


@dataclass(frozen=True)
class InForce:
    """A revision with its plan ready to use."""

    revision: int
    plan: Plan
    content_hash: str
    published_at: Instant
    by: str
    reason: str


def content_hash(files: Mapping[str, str]) -> str:
    """SHA-256 over names and texts in the order of the names, hexadecimal."""
    text = json.dumps(sorted(files.items()), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def publish(
    current: PlanPublished | None,
    *,
    files: Mapping[str, str],
    document: dict[str, Any],
    reason: str,
    by: str,
    now: Instant,
) -> list[PlanPublished]:
    """The next revision. Refuses an empty reason and a plan equal to the one in force."""
    reason = reason.strip()
    if not reason or len(reason) > 1000:
        raise Invalid("Say why the plan changes, in 1 to 1,000 characters.", ("reason: is empty or too long",))
    digest = content_hash(files)
    if current and current.content_hash == digest:
        raise Refused("NothingChanged", f"This is revision {current.revision} word for word, and it is in force.")
    return [
        PlanPublished(
            at=now,
            revision=current.revision + 1 if current else 1,
            files=dict(sorted(files.items())),
            document=document,
            content_hash=digest,
            reason=reason,
            by=by,
        )
    ]


_KEPT = 32
_plans: dict[str, Plan] = {}


def in_force_of(event: PlanPublished) -> InForce:
    """The event's plan, built once for each content hash; the last 32 are kept."""
    plan = _plans.get(event.content_hash)
    if plan is None:
        plan = Plan.model_validate_json(json.dumps(event.document))
        while len(_plans) >= _KEPT:
            _plans.pop(next(iter(_plans)), None)
        _plans[event.content_hash] = plan
    return InForce(event.revision, plan, event.content_hash, event.at, event.by, event.reason)
