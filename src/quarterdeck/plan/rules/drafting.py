"""A draft of the next revision: who wrote it, where it stands, and what may be done to it now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from quarterdeck.governance.rules.words import line_fault, refuse_faults
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.events import Event
from quarterdeck.kernel.lifecycle import Lifecycle
from quarterdeck.kernel.time import Instant
from quarterdeck.plan import events as ev
from quarterdeck.plan.events import Reason
from quarterdeck.plan.rules.comparing import compared, told
from quarterdeck.plan.rules.differences import Difference
from quarterdeck.plan.rules.reading import limits
from quarterdeck.plan.rules.reasons import check_reasons, prose
from quarterdeck.plan.rules.revision import content_hash

DraftState = Literal["draft", "in review", "approved", "published", "withdrawn"]
MOST_LEFT, MOST_LEFT_ASIDE = 5_000, 500
DRAFT_STATES: tuple[DraftState, ...] = ("draft", "in review", "approved", "published", "withdrawn")


@dataclass(frozen=True)
class Draft:
    """`authors` wrote some of its text, the first one first; `version` counts texts, from 1."""

    number: int
    title: str
    state: DraftState
    based_on: int | None
    version: int
    files: Mapping[str, str]
    authors: tuple[str, ...]
    reasons: tuple[Reason, ...]
    last_by: str
    approved_by: str | None = None
    revision: int | None = None
    source: ev.Source = ""
    left: Mapping[str, str] = field(default_factory=dict)
    """Findings that were left as they are: key → by whom."""


def evolve(state: Draft | None, event: Event) -> Draft:
    match event:
        case ev.DraftOpened():
            authors = (event.by,) if event.written else ()
            return Draft(
                *(event.number, event.title, "draft", event.based_on, 1, event.files, authors, event.reasons, event.by),
                source=event.source,
            )
        case ev.DraftRevised():
            assert state
            kept = {name: text for name, text in state.files.items() if name not in event.removed}
            return replace(
                state,
                state="draft",
                approved_by=None,
                version=state.version + 1,
                files={**kept, **event.written},
                authors=tuple(dict.fromkeys((*state.authors, event.by))),
                based_on=state.based_on if event.based_on is None else event.based_on,
                last_by=event.by,
            )
        case ev.DraftSubmitted():
            assert state
            return replace(state, state="in review", reasons=event.reasons)
        case ev.DraftReturned():
            assert state
            return replace(state, state="draft", approved_by=None)
        case ev.DraftApproved():
            assert state
            return replace(state, state="approved", approved_by=event.by)
        case ev.DraftFindingsLeft():
            assert state
            return replace(state, left={**state.left, **dict.fromkeys(event.findings, event.by)})
        case ev.DraftWithdrawn():
            assert state
            return replace(state, state="withdrawn")
        case ev.DraftPublished():
            assert state
            return replace(state, state="published", revision=event.revision)
    raise AssertionError(event)


def open_draft(
    number: int,
    by: str,
    now: Instant,
    *,
    title: str,
    based_on: int | None,
    files: Mapping[str, str],
    base: Mapping[str, str] | None,
    note: str = "",
    reasons: Sequence[Reason] = (),
    source: ev.Source = "",
    left_aside: Sequence[str] = (),
) -> ev.DraftOpened:
    """`base`: the files of `based_on`. A text with faults may be kept as a draft; it cannot be submitted."""
    refuse_faults("The title is not right.", [line_fault("title", title)])
    _storable(files)
    return ev.DraftOpened(
        at=now,
        number=number,
        title=title.strip(),
        based_on=based_on,
        files=dict(sorted(files.items())),
        by=by,
        written=files != base,
        note=prose("note", note, 20_000) if note.strip() else "",
        reasons=check_reasons(reasons) if reasons else (),
        source=source,
        left_aside=tuple(one[:300] for one in left_aside[:MOST_LEFT_ASIDE]),
    )


def revise(
    state: Draft, by: str, now: Instant, *, files: Mapping[str, str], seen: int, onto: int | None = None
) -> list[Event]:
    """The next version of the text, or nothing if it is the same. `seen`: the version that the author began from."""
    _alive(state)
    if files == state.files and (onto is None or onto == state.based_on):
        return []
    if seen != state.version:
        raise Refused(
            "DraftMovedOn",
            f"You began from version {seen} of this draft, and version {state.version} has been saved since. Yours was "
            f"not saved: keep it, and take in what differs. In yours, compared with the saved one: "
            f"{told(compared(state.files, files))} Then save it with the version {state.version}.",
        )
    _storable(files)
    written = {name: text for name, text in sorted(files.items()) if state.files.get(name) != text}
    removed = tuple(sorted(set(state.files) - set(files)))
    return [ev.DraftRevised(at=now, by=by, written=written, removed=removed, based_on=onto)]


def submit(
    state: Draft, by: str, now: Instant, *, reasons: Sequence[Reason], changes: Sequence[Difference]
) -> list[Event]:
    """`changes`: what the draft changes in the revision that it is based on."""
    _alive(state)
    if state.state != "draft":
        raise Refused("AlreadySubmitted", f"Draft {state.number} is {state.state}.")
    checked = check_reasons(reasons or state.reasons, changes)
    return [ev.DraftSubmitted(at=now, by=by, reasons=checked, content_hash=content_hash(state.files))]


def send_back(state: Draft, by: str, now: Instant, *, comment: str) -> list[Event]:
    _alive(state)
    if state.state == "draft":
        raise Refused("NotInReview", f"Draft {state.number} has not been submitted: there is nothing to return.")
    return [ev.DraftReturned(at=now, by=by, comment=prose("comment", comment))]


def approve(state: Draft, by: str, now: Instant, *, comment: str, seen: int | None) -> list[Event]:
    """Who may is decided beforehand (`rules.approval`). `seen`: the version that was read."""
    _alive(state)
    if seen is not None and seen != state.version:
        raise Refused(
            "DraftMovedOn",
            f"You read version {seen} of this draft, and version {state.version} has been saved since. "
            "Read that one first.",
        )
    if state.state != "in review":
        problem = "is approved already" if state.state == "approved" else "has not been submitted, or was changed since"
        raise Refused("NotInReview", f"Draft {state.number} {problem}.")
    text = prose("comment", comment) if comment.strip() else ""
    return [ev.DraftApproved(at=now, by=by, content_hash=content_hash(state.files), comment=text)]


def leave(state: Draft, by: str, now: Instant, *, findings: Sequence[str], reason: str) -> list[Event]:
    """Findings of an import stay as they are, on purpose; those that were left before are left already."""
    _alive(state)
    new = tuple(one for one in dict.fromkeys(findings) if one not in state.left)
    if len(new) > MOST_LEFT or any(not 1 <= len(one) <= 300 or "\x00" in one for one in new):
        raise Invalid("These findings cannot be left.", (f"findings: at most {MOST_LEFT:,} keys of 300 characters",))
    said = prose("reason", reason) if reason.strip() else ""
    return [ev.DraftFindingsLeft(at=now, by=by, findings=new, reason=said)] if new else []


def withdraw(state: Draft, by: str, now: Instant, *, reason: str) -> list[Event]:
    _alive(state)
    return [ev.DraftWithdrawn(at=now, by=by, reason=prose("reason", reason))]


def ready_to_publish(state: Draft) -> None:
    """Raises `Refused` unless this very text has been approved."""
    _alive(state)
    if state.state != "approved":
        step = "Submit it, and let the approver read it." if state.state == "draft" else "The approver reads it now."
        raise Refused("NotApproved", f"Draft {state.number} is not approved: it is {_said(state.state)}. {step}")


def _said(state: DraftState) -> str:
    return "a draft" if state == "draft" else state


def _alive(state: Draft) -> None:
    if state.state == "published":
        raise Refused("AlreadyPublished", f"Draft {state.number} was published as revision {state.revision}.")
    if state.state == "withdrawn":
        raise Refused("AlreadyWithdrawn", f"Draft {state.number} was withdrawn. Open a new one.")


def _storable(files: Mapping[str, str]) -> None:
    faults = [str(fault) for fault in limits(files)]
    faults += [
        f"{name[:80]!r}: holds a character that cannot be stored; save the file as UTF-8 without NUL"
        for name, text in files.items()
        if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)
    ]
    if faults:
        raise Invalid("This text cannot be kept.", tuple(faults))


DRAFT: Lifecycle[Draft] = Lifecycle("draft", evolve)
