"""What can be recorded of the plan: revisions, drafts, the reviews its documents are due, and changes around it."""

from typing import Any, Literal

import msgspec

from quarterdeck.kernel.events import Event
from quarterdeck.kernel.time import Instant

ReasonKind = Literal["lesson", "review", "environment-change", "obligation", "exercise", "adoption", "correction"]
ChangeKind = Literal["organisation", "system", "supplier", "law", "threat"]
Outcome = Literal["no-change", "revision"]
Source = Literal["", "import", "example"]


class Reason(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why the plan changes. `clauses`: which changes it accounts for; none: all of the revision."""

    kind: ReasonKind
    ref: str | None = None
    """Where to read on: `INC-214`, `change:3`, `procedure:service-outage`, a law's article."""
    text: str
    clauses: tuple[str, ...] = ()


# -- revisions: stream `revision/{n}` and `plan/main` ------------------------------------------------


class RevisionWritten(Event, frozen=True, kw_only=True):
    """The whole of a revision: the text people wrote, and the document machines read from it. Stream `revision/{n}`."""

    revision: int
    files: dict[str, str]
    """File name → text, as written, comments included."""
    document: dict[str, Any]
    """The checked plan as JSON: an old revision loads without being parsed and checked again."""
    content_hash: str
    """SHA-256 of the files, hexadecimal."""


class PlanPublished(Event, frozen=True, kw_only=True):
    """A revision came into force. Stream `plan/main`; small, since every signal and incident asks for the last one."""

    revision: int
    """1, 2, 3 …: gapless."""
    content_hash: str
    reason: str
    by: str
    """The principal's id, as are all of the following."""
    reasons: tuple[Reason, ...] = ()
    authors: tuple[str, ...] = ()
    approved_by: str | None = None
    """None: adopted without an approval (installation, or the operator at the host)."""
    draft: int | None = None


# -- drafts: stream `draft/{number}` -----------------------------------------------------------------


class DraftOpened(Event, frozen=True, kw_only=True):
    """Somebody began a new revision. Its first text is version 1."""

    number: int
    title: str
    based_on: int | None
    """The revision that it began from; None: there was none yet."""
    files: dict[str, str]
    by: str
    written: bool
    """False: the text is that of `based_on`, untouched, so that nobody is its author yet."""
    note: str = ""
    reasons: tuple[Reason, ...] = ()
    source: Source = ""
    """Where the text came from, if neither from a person nor from a revision."""
    left_aside: tuple[str, ...] = ()
    """What an import could make nothing of, with why."""


class DraftRevised(Event, frozen=True, kw_only=True):
    """Another version of the text. An approval or a submission of the version before falls."""

    by: str
    written: dict[str, str]
    """The files that changed, whole."""
    removed: tuple[str, ...] = ()
    based_on: int | None = None
    """The revision whose changes have been taken in; None: as before."""


class DraftSubmitted(Event, frozen=True, kw_only=True):
    by: str
    reasons: tuple[Reason, ...]
    content_hash: str


class DraftReturned(Event, frozen=True, kw_only=True):
    """The approver wants something else; it is a draft again."""

    by: str
    comment: str


class DraftApproved(Event, frozen=True, kw_only=True):
    by: str
    content_hash: str
    """What was approved: this text and no other."""
    comment: str = ""


class DraftFindingsLeft(Event, frozen=True, kw_only=True):
    """Somebody looked at findings of an import and leaves them as they are, on purpose."""

    by: str
    findings: tuple[str, ...]
    """Their keys: `blank:COMPANY_NAME`, `stub:phishing`."""
    reason: str = ""


class DraftWithdrawn(Event, frozen=True, kw_only=True):
    by: str
    reason: str


class DraftPublished(Event, frozen=True, kw_only=True):
    by: str
    revision: int


# -- upkeep: stream `document/{key}` -----------------------------------------------------------------


class DocumentKept(Event, frozen=True, kw_only=True):
    """A publication set down who keeps a document and how often it is looked at again."""

    document: str
    """Its key: `plan`, `procedure:service-outage` …"""
    title: str
    owner: str
    """A post, as is `approver`."""
    approver: str
    interval_days: int
    revision: int
    counted_from: Instant
    """The next review is due so many days after this: the publication that changed it, or its last review."""


class DocumentRetired(Event, frozen=True, kw_only=True):
    """The revision has this document no longer: nothing is due of it."""

    document: str
    revision: int


class DocumentReviewReminded(Event, frozen=True, kw_only=True):
    """A review comes due on its date: 30 and 7 days before, and on the day."""

    document: str
    due: Instant
    days_left: int
    owner: str
    approver: str


class DocumentReviewOpened(Event, frozen=True, kw_only=True):
    """A document is to be looked at: `trigger` is `review-date`, or one of the plan's triggers (`review_on`)."""

    document: str
    trigger: str
    why: str
    ref: str | None = None


class DocumentReviewOverdue(Event, frozen=True, kw_only=True):
    """An open review has waited for another 30 days."""

    document: str
    trigger: str
    why: str
    opened_at: Instant
    days: int
    """Since it was opened: 30, 60, 90 …"""
    owner: str
    approver: str


class DocumentReviewSettled(Event, frozen=True, kw_only=True):
    """The document was looked at; this settles every open review of it, and its next date counts from here."""

    document: str
    outcome: Outcome
    reason: str
    by: str
    revision: int | None = None


# -- what changed around the plan: stream `environment/{number}` -------------------------------------


class EnvironmentChangeLogged(Event, frozen=True, kw_only=True):
    """Something changed that the plan rests on."""

    number: int
    kind: ChangeKind
    text: str
    happened_at: Instant
    documents: tuple[str, ...]
    """Keys of the documents that may have to follow."""
    by: str


class EnvironmentChangeClosed(Event, frozen=True, kw_only=True):
    """Either `no_impact` says why the plan need not follow, or `revision` is the one that does."""

    by: str
    no_impact: str | None = None
    revision: int | None = None
