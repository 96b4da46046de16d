"""Questions about the plan: its revisions, its drafts, and what is due of its documents."""

from quarterdeck.plan.views.drafting import DraftPage, DraftRow, DraftStep, draft, draft_plan, drafts, standing, waiting
from quarterdeck.plan.views.history import change_counts, changed_by, last_touched, published
from quarterdeck.plan.views.keeping import (
    ChangeRow,
    OpenDocumentReview,
    SettledReview,
    UpkeepRow,
    change,
    changes,
    settled_reviews,
    upkeep,
)
from quarterdeck.plan.views.library import Keeper, Library, Shelved, exercised_as_it_stands, library
from quarterdeck.plan.views.naming import actor
from quarterdeck.plan.views.printing import printed, untitled, used_by
from quarterdeck.plan.views.publications import (
    Revision,
    Why,
    as_of,
    changed_between,
    files,
    in_force,
    revision,
    revisions,
    why,
)

__all__ = [
    "ChangeRow",
    "DraftPage",
    "DraftRow",
    "DraftStep",
    "Keeper",
    "Library",
    "OpenDocumentReview",
    "Revision",
    "SettledReview",
    "Shelved",
    "UpkeepRow",
    "Why",
    "actor",
    "as_of",
    "change",
    "change_counts",
    "changed_between",
    "changed_by",
    "changes",
    "draft",
    "draft_plan",
    "drafts",
    "exercised_as_it_stands",
    "files",
    "in_force",
    "last_touched",
    "library",
    "printed",
    "published",
    "revision",
    "revisions",
    "settled_reviews",
    "standing",
    "untitled",
    "upkeep",
    "used_by",
    "waiting",
    "why",
]
