"""The framework as documents: policy → plan → procedure → guideline, what each leaves out taken from the plan."""

from collections.abc import Iterator
from dataclasses import dataclass

from quarterdeck.plan.rules.governed import Classification, Governed, Kind, Trigger
from quarterdeck.plan.rules.model import Plan


@dataclass(frozen=True)
class Document:
    """One document. `key` is `plan`, or kind and id: `procedure:service-outage`; `owner` and `approver` are posts."""

    kind: Kind
    id: str
    title: str
    owner: str
    approver: str
    parent: str | None
    """The key of the document that it stands under."""
    scope: str
    classification: Classification
    review_interval_days: int
    review_on: tuple[Trigger, ...]
    serves: tuple[str, ...]
    text: str | None

    @property
    def key(self) -> str:
        return "plan" if self.kind == "plan" else f"{self.kind}:{self.id}"


def documents(plan: Plan) -> tuple[Document, ...]:
    """Every document of the framework, each parent before its children."""
    return tuple(_documents(plan))


def _documents(plan: Plan) -> Iterator[Document]:
    for id, policy in plan.policies.items():
        yield _document(plan, "policy", id, policy.title, policy, None)
    yield Document(
        kind="plan",
        id="plan",
        title=plan.name,
        owner=plan.owner,
        approver=plan.approver,
        parent=f"policy:{plan.policy}" if plan.policy else None,
        scope=plan.scope,
        classification=plan.classification,
        review_interval_days=plan.review_interval_days,
        review_on=plan.review_on,
        serves=plan.serves,
        text=plan.text,
    )
    for id, procedure in plan.procedures.items():
        yield _document(plan, "procedure", id, procedure.title, procedure, "plan")
    for id, guideline in plan.guidelines.items():
        yield _document(plan, "guideline", id, guideline.title, guideline, f"procedure:{guideline.procedure}")


def _document(plan: Plan, kind: Kind, id: str, title: str, given: Governed, parent: str | None) -> Document:
    return Document(
        kind=kind,
        id=id,
        title=title,
        owner=given.owner,
        approver=given.approver or plan.approver,
        parent=parent,
        scope=given.scope or plan.scope,
        classification=given.classification or plan.classification,
        review_interval_days=given.review_interval_days or plan.review_interval_days,
        review_on=plan.review_on if given.review_on is None else given.review_on,
        serves=given.serves,
        text=given.text,
    )
