"""Does everything serve something? Objectives without a measure, measures without use, documents that serve nothing."""

from dataclasses import dataclass
from typing import Literal

from quarterdeck.plan.rules.framework import documents
from quarterdeck.plan.rules.model import Plan

Gap = Literal["objective-without-measure", "objective-served-by-nothing", "document-serves-nothing"]


@dataclass(frozen=True)
class AlignmentGap:
    """`subject`: `objectives.learn`, or a document's key."""

    gap: Gap
    subject: str
    title: str
    fix: str


def alignment_gaps(plan: Plan) -> tuple[AlignmentGap, ...]:
    """Every gap between objectives, measures and documents, in that order."""
    measured = {one.objective for one in plan.measures.values()}
    served = {objective for document in documents(plan) for objective in document.serves}
    found = [
        AlignmentGap(
            "objective-without-measure",
            f"objectives.{id}",
            one.title,
            "define a measure for it, or drop it: nobody can say whether it is met",
        )
        for id, one in plan.objectives.items()
        if id not in measured
    ]
    found += [
        AlignmentGap(
            "objective-served-by-nothing",
            f"objectives.{id}",
            one.title,
            "name it under `serves` of the documents that pursue it",
        )
        for id, one in plan.objectives.items()
        if id not in served
    ]
    found += [
        AlignmentGap("document-serves-nothing", document.key, document.title, "say under `serves` what it is for")
        for document in documents(plan)
        if not document.serves and plan.objectives
    ]
    return tuple(found)
