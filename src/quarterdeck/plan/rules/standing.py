"""What may be done with a draft now, by whom; and if not, why not and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quarterdeck.plan.rules.drafting import DraftState

DeedName = Literal["submit", "return", "approve", "publish", "withdraw"]


@dataclass(frozen=True)
class Deed:
    """One thing to do. `why_not`: a sentence, None if the reader may do it now."""

    name: DeedName
    why_not: str | None = None


@dataclass(frozen=True)
class Standing:
    """A draft as far as it decides what may be done. People are principals' ids → names."""

    state: DraftState
    faults: int
    differs: bool
    """From the revision that it is based on."""
    moved_on: bool
    authors: Sequence[str]
    approvers: Mapping[str, str]
    """Who may approve it."""
    keepers: Mapping[str, str]
    """Everybody who may change the plan."""
    nobody_may: str | None = None
    """Why nobody may approve it."""


def deeds(draft: Standing, by: str) -> tuple[Deed, ...]:
    """What can be done with a draft in this state, the next thing first; nothing of one that is over."""
    if draft.state in ("published", "withdrawn"):
        return ()
    names: dict[DraftState, tuple[DeedName, ...]] = {
        "draft": ("submit", "withdraw"),
        "in review": ("approve", "return", "withdraw"),
        "approved": ("publish", "return", "withdraw"),
    }
    return tuple(Deed(name, _why_not(draft, name, by)) for name in names[draft.state])


def waits_for(draft: Standing) -> str:
    """Whom or what it waits for, in words."""
    match draft.state:
        case "published" | "withdrawn":
            return "nothing"
        case "draft":
            return "its authors"
        case "in review" if draft.approvers:
            return either(draft.approvers)
        case "in review":
            return "somebody who may approve it"
    return "the published revision to be taken in" if draft.moved_on else "whoever publishes it"


def either(people: Mapping[str, str]) -> str:
    """`Alice, Bob or Carol`; nobody if there is none."""
    *rest, last = sorted(people.values()) or ["nobody"]
    return f"{', '.join(rest)} or {last}" if rest else last


def _why_not(draft: Standing, name: DeedName, by: str) -> str | None:
    if by not in draft.keepers:
        return f"Whoever has the permission `plan` may: {either(draft.keepers)}."
    match name:
        case "submit":
            return _why_not_submit(draft)
        case "approve":
            return _why_not_approve(draft, by)
        case "publish" if draft.moved_on:
            return "Another revision came into force meanwhile. Take it in first; then it is read and approved again."
    return None


def _why_not_submit(draft: Standing) -> str | None:
    if draft.faults:
        stand = (
            "One fault stands in the way. Mend it"
            if draft.faults == 1
            else f"{draft.faults} faults stand in the way. Mend them"
        )
        return f"{stand} first."
    if draft.moved_on:
        return "Another revision came into force meanwhile. Take it in first."
    if not draft.differs:
        return "Nothing differs yet from the revision that it is based on."
    return draft.nobody_may


def _why_not_approve(draft: Standing, by: str) -> str | None:
    if by in draft.approvers:
        return None
    if not draft.approvers:
        return draft.nobody_may
    if by in draft.authors:
        return f"You wrote in it, so somebody else approves it: {either(draft.approvers)}."
    return f"{either(draft.approvers)} approves it."
