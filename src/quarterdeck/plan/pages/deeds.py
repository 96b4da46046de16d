"""What is done with a draft: submitted with its reasons, returned, approved, published, withdrawn."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from quarterdeck.kernel.principal import Principal
from quarterdeck.plan import actions, views
from quarterdeck.plan.pages.drafts import reasons_in
from quarterdeck.plan.pages.forms import PLAN, Form, fields, number_in
from quarterdeck.record import Record


def _back(number: int) -> Redirect:
    return Redirect(f"/plan/drafts/{number}", status_code=303)


@post("/plan/drafts/{number:int}/submission", opt=PLAN, sync_to_thread=True)
def submit(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect:
    """Hand it to its approver. Without a reason those count that it was proposed with."""
    with record.read() as conn:
        reasons = reasons_in(data, views.draft(conn, number))
    record.perform(who, lambda tx: actions.submit_draft(tx, draft=number, reasons=reasons))
    return _back(number)


@post("/plan/drafts/{number:int}/return", opt=PLAN, sync_to_thread=True)
def give_back(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect:
    """Give it back to its authors, with what is wanted."""
    given = fields(data, "comment")
    record.perform(who, lambda tx: actions.return_draft(tx, draft=number, comment=given["comment"] or ""))
    return _back(number)


@post("/plan/drafts/{number:int}/approval", opt=PLAN, sync_to_thread=True)
def approve(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect:
    """Approve the version that was read, and no other."""
    seen, comment = number_in(data, "seen"), data.get("comment", "")
    record.perform(who, lambda tx: actions.approve_draft(tx, draft=number, comment=comment, seen=seen))
    return _back(number)


@post("/plan/drafts/{number:int}/publication", opt=PLAN, sync_to_thread=True)
def publish(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Redirect:
    """Bring it into force for the next incident."""
    record.perform(who, lambda tx: actions.publish_draft(tx, draft=number))
    return _back(number)


@post("/plan/drafts/{number:int}/withdrawal", opt=PLAN, sync_to_thread=True)
def withdraw(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Redirect:
    """Give it up; its text stays in the record."""
    given = fields(data, "reason")
    record.perform(who, lambda tx: actions.withdraw_draft(tx, draft=number, reason=given["reason"] or ""))
    return _back(number)


ROUTES = [submit, give_back, approve, publish, withdraw]
