"""The questions that screens and programs ask about learning."""

from quarterdeck.learning.views.account import Account, account
from quarterdeck.learning.views.digesting import Learned, learned, months
from quarterdeck.learning.views.drafting import Draft, ToldRow, draft
from quarterdeck.learning.views.effects import Evidence, effect_of, returned, waiting_for
from quarterdeck.learning.views.exporting import Taken, taken_away
from quarterdeck.learning.views.factoring import EvidenceRow, FactorRow, factors, factors_like
from quarterdeck.learning.views.guiding import Group, lesson_groups
from quarterdeck.learning.views.improving import (
    ACTION_STATES,
    ActionRow,
    ActionStep,
    improvement,
    improvement_steps,
    improvements,
    open_actions_of,
)
from quarterdeck.learning.views.lessoning import (
    LESSON_STATES,
    LessonPage,
    LessonRow,
    LessonStep,
    lesson,
    lessons,
    lessons_at,
    lessons_of_draft,
    lessons_of_revision,
)
from quarterdeck.learning.views.preparing import Reading, reading
from quarterdeck.learning.views.proposing import AudienceChoice, Candidate, audiences, candidates
from quarterdeck.learning.views.recurring import (
    LOOK_BACK,
    Again,
    RecurrenceCheckRow,
    again,
    patterns,
    recurrence_check,
    recurrence_checks,
)
from quarterdeck.learning.views.reviewing import MOST, STATES, Publication, ReviewRow, review, reviews
from quarterdeck.learning.views.searching import Found, search
from quarterdeck.learning.views.similar import Remedy, Similar, similar_incidents, similar_to
from quarterdeck.learning.views.writing import (
    CommentRow,
    EntryRow,
    ObservationRow,
    TextRow,
    comments,
    entries_told,
    observations,
    texts,
)

__all__ = [
    "ACTION_STATES",
    "LESSON_STATES",
    "LOOK_BACK",
    "MOST",
    "STATES",
    "Account",
    "ActionRow",
    "ActionStep",
    "Again",
    "AudienceChoice",
    "Candidate",
    "CommentRow",
    "Draft",
    "EntryRow",
    "Evidence",
    "EvidenceRow",
    "FactorRow",
    "Found",
    "Group",
    "Learned",
    "LessonPage",
    "LessonRow",
    "LessonStep",
    "ObservationRow",
    "Publication",
    "Reading",
    "RecurrenceCheckRow",
    "Remedy",
    "ReviewRow",
    "Similar",
    "Taken",
    "TextRow",
    "ToldRow",
    "account",
    "again",
    "audiences",
    "candidates",
    "comments",
    "draft",
    "effect_of",
    "entries_told",
    "factors",
    "factors_like",
    "improvement",
    "improvement_steps",
    "improvements",
    "learned",
    "lesson",
    "lesson_groups",
    "lessons",
    "lessons_at",
    "lessons_of_draft",
    "lessons_of_revision",
    "months",
    "observations",
    "open_actions_of",
    "patterns",
    "reading",
    "recurrence_check",
    "recurrence_checks",
    "returned",
    "review",
    "reviews",
    "search",
    "similar_incidents",
    "similar_to",
    "taken_away",
    "texts",
    "waiting_for",
]
