"""What can be done with a draft of the next revision until it is published."""

from collections.abc import Mapping, Sequence
from functools import partial

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import people_who_may, person_by_login
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.plan.actions.publishing import sound
from quarterdeck.plan.events import Reason, Source
from quarterdeck.plan.rules import DRAFT, REVISION, Plan, drafting
from quarterdeck.plan.rules.approval import Approver, demand_approver, demand_some
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.differences import differences
from quarterdeck.plan.rules.revision import content_hash
from quarterdeck.plan.state import in_force, revision
from quarterdeck.record import Tx


@permitted(Permission.PLAN)
def open_draft(
    tx: Tx,
    *,
    title: str,
    files: Mapping[str, str] | None = None,
    based_on: int | None = None,
    note: str = "",
    source: Source = "",
    left_aside: Sequence[str] = (),
) -> int:
    """Begin the next revision; returns the draft's number. Without files it begins with the text of `based_on`.

    `based_on`: a revision; None: the one in force. A text with faults may be kept, but not submitted. `source`,
    `left_aside`: of an imported text, and what the import could make nothing of.
    """
    return _open(tx, title=title, files=files, based_on=based_on, note=note, source=source, left_aside=left_aside)


@permitted(Permission.RESPOND)
def propose_revision(
    tx: Tx, *, title: str, reasons: Sequence[Reason], note: str, more: Mapping[str, str] | None = None
) -> int:
    """Ask for a change: a draft with the text in force, the reasons for it and a note on what to change.

    `more`: files to be added to it; without them the text is untouched.
    """
    standing = in_force(tx)
    if standing is None:
        raise Refused("NoPlan", "No plan is in force, so there is nothing to change yet.")
    files = {**_exists(tx, standing.revision), **more} if more else None
    return _open(tx, title=title, note=note, reasons=reasons, files=files)


@permitted(Permission.PLAN)
def revise_draft(tx: Tx, *, draft: int, files: Mapping[str, str], seen: int, based_on: int | None = None) -> int:
    """Save the next version of the text; returns its number. Any submission or approval of the one before falls.

    `seen`: the version that the author began from; `Refused` (`DraftMovedOn`) with what differs if somebody has saved
    since. `based_on`: the later revision whose changes the text has taken in.
    """
    if based_on is not None:
        _exists(tx, based_on)
    rule = partial(drafting.revise, by=tx.by.id, now=tx.now, files=files, seen=seen, onto=based_on)
    return tx.decide(DRAFT, draft, rule).version


@permitted(Permission.PLAN)
def submit_draft(tx: Tx, *, draft: int, reasons: Sequence[Reason] = ()) -> None:
    """Hand the draft to its approver. It has to be sound, to change something and to cite its reasons.

    Without reasons those count that the draft was proposed with. Raises `Refused` if nobody may approve it.
    """
    found = tx.existing(DRAFT, draft)
    plan = sound(tx, found.files).sound()
    base = revision(tx, found.based_on) if found.based_on else None
    if base and base.content_hash == content_hash(found.files):
        raise Refused("NothingChanged", f"Draft {draft} is revision {base.revision} word for word.")
    changes = differences(base.plan if base else None, plan)
    events = drafting.submit(found, tx.by.id, tx.now, reasons=reasons, changes=changes)
    demand_some(draft, _approver(tx, plan), found.authors, _able(tx))
    tx.append(DRAFT, draft, events)


@permitted(Permission.PLAN)
def return_draft(tx: Tx, *, draft: int, comment: str) -> None:
    """Give the draft back to its authors with what is wanted."""
    tx.decide(DRAFT, draft, partial(drafting.send_back, by=tx.by.id, now=tx.now, comment=comment))


@permitted(Permission.PLAN)
def approve_draft(tx: Tx, *, draft: int, comment: str = "", seen: int | None = None) -> None:
    """Approve this very text. The holder of the plan's approver post does, or another if that one wrote in it.

    `seen`: the version that was read.
    """
    if tx.by.person is None:
        raise Refused("ApproverIsNoPerson", "A plan is approved by a person, not by a key or a program.")
    found = tx.existing(DRAFT, draft)
    events = drafting.approve(found, tx.by.id, tx.now, comment=comment, seen=seen)
    demand_approver(tx.by.id, draft, _approver(tx, check(found.files).sound()), found.authors, _able(tx))
    tx.append(DRAFT, draft, events)


@permitted(Permission.PLAN)
def leave_findings(tx: Tx, *, draft: int, findings: Sequence[str], reason: str = "") -> None:
    """Leave findings of an imported text as they are, on purpose; whoever approves it sees them, and who left them."""
    tx.decide(DRAFT, draft, partial(drafting.leave, by=tx.by.id, now=tx.now, findings=findings, reason=reason))


@permitted(Permission.PLAN)
def withdraw_draft(tx: Tx, *, draft: int, reason: str) -> None:
    """Give the draft up; its text stays in the record."""
    tx.decide(DRAFT, draft, partial(drafting.withdraw, by=tx.by.id, now=tx.now, reason=reason))


def _open(
    tx: Tx,
    *,
    title: str,
    files: Mapping[str, str] | None = None,
    based_on: int | None = None,
    note: str = "",
    reasons: Sequence[Reason] = (),
    source: Source = "",
    left_aside: Sequence[str] = (),
) -> int:
    if based_on is None:
        found = in_force(tx)
        based_on = found.revision if found else None
    base = _exists(tx, based_on) if based_on is not None else None
    if files is None and base is None:
        raise Invalid("No plan is in force yet.", ("files: give the text of the first one",))
    number = tx.next_number("draft")
    opened = drafting.open_draft(
        number,
        tx.by.id,
        tx.now,
        title=title,
        based_on=based_on,
        files=files if files is not None else base or {},
        base=base,
        note=note,
        reasons=reasons,
        source=source,
        left_aside=left_aside,
    )
    tx.append(DRAFT, number, [opened])
    return number


def _exists(tx: Tx, number: int) -> Mapping[str, str]:
    return tx.existing(REVISION, number).files


def _approver(tx: Tx, draft: Plan) -> Approver:
    """By the plan in force: a draft does not choose its own approver. The first plan has to."""
    found = in_force(tx)
    plan = found.plan if found else draft
    post = plan.posts[plan.approver]
    holder = person_by_login(tx, post.login)
    return Approver(post.title, f"person/{holder.id}" if holder and holder.active else None)


def _able(tx: Tx) -> dict[str, str]:
    return {f"person/{one.id}": one.name for one in people_who_may(tx, Permission.PLAN)}
