"""One regime of one incident: answer the question, attest instants, write a notice and record that it went out."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Template
from sqlalchemy import Connection

from quarterdeck.command.views import headline
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.obligations import actions, views
from quarterdeck.obligations.pages.forms import Form, Typed, instant, only, said, status
from quarterdeck.obligations.sources import shipped
from quarterdeck.paper.markdown import html
from quarterdeck.paper.pdf import TooLarge, pdf
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}
PLAN: dict[str, Any] = {"may": Permission.PLAN}
AT = "/incidents/{number:int}/obligations/{regime:str}"
Number = FromPath[int]
Of = FromPath[str]


def may_answer(conn: Connection, who: Principal, row: views.DutyRow) -> bool:
    """Whoever commands, and the holder of the post that answers for the regime."""
    return may(who, Permission.COMMAND) or (who.person is not None and who.person == views.answers(conn, row.duty.post))


@get(AT, opt=READ, sync_to_thread=True)
def duty_page(record: NamedDependency[Record], who: NamedDependency[Principal], number: Number, regime: Of) -> Template:
    """The question with its criteria, the instants that count, and each clock."""
    return _duty(record, who, number, regime, {})


@post(AT + "/question", opt=READ, sync_to_thread=True)
def question_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: Number, regime: Of
) -> Redirect:
    """Ask it although it is not severe enough to be asked by itself."""
    with record.read() as conn:
        found = views.regime_row(conn, shipped(), regime, record.clock.now().date()).regime
    record.perform(who, lambda tx: actions.ask_by_hand(tx, number=number, regime=found))
    return Redirect(f"/incidents/{number}/obligations/{regime}", status_code=303)


@post(AT + "/assessment", opt=READ, sync_to_thread=True)
def assessment_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: Number, regime: Of, data: Form
) -> Template | Redirect:
    """Has it to be notified, and why; with the instants that are known. A refusal shows the form as it was typed."""
    form = only(data, "notifiable", "reason", prefixes=("at-", "how-"))
    try:
        if form["notifiable"] not in ("yes", "no"):
            raise Invalid("Has it to be notified?", ("notifiable: yes or no",))
        anchors = {}
        if form["notifiable"] == "yes":
            for name, value in form.items():
                at = instant(name, value) if name.startswith("at-") else None
                if at is not None:
                    id = name.removeprefix("at-")
                    anchors[id] = (at, form.get(f"how-{id}", "") or "As the incident's record has it.")
        with record.read() as conn:
            found = views.regime_row(conn, shipped(), regime, record.clock.now().date()).regime
        record.perform(
            who,
            lambda tx: actions.assess(
                tx,
                number=number,
                regime=found,
                notifiable=form["notifiable"] == "yes",
                reason=form["reason"],
                anchors=anchors,
            ),
        )
    except (Invalid, Refused) as error:
        return _duty(record, who, number, regime, form, error)
    return Redirect(f"/incidents/{number}/obligations/{regime}", status_code=303)


@post(AT + "/anchors/{anchor:str}", opt=READ, sync_to_thread=True)
def anchor_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: Of,
    anchor: Of,
    data: Form,
) -> Redirect:
    """Stand for an instant, or correct it; or, by the other button, say that it did not happen."""
    form = only(data, "instant", "source", "do")
    if form["do"] == "withdraw":
        record.perform(
            who, lambda tx: actions.withdraw(tx, number=number, regime=regime, anchor=anchor, reason=form["source"])
        )
    else:
        at = instant("instant", form["instant"])
        if at is None:
            raise Invalid("When was it?", ("instant: give a day and a time, in UTC",))
        record.perform(
            who,
            lambda tx: actions.attest(
                tx, number=number, regime=regime, anchor=anchor, instant=at, source=form["source"]
            ),
        )
    return Redirect(f"/incidents/{number}/obligations/{regime}", status_code=303)


@get(AT + "/{clock:str}", opt=READ, sync_to_thread=True)
def notice_page(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: Number, regime: Of, clock: Of
) -> Template:
    """The draft beside the form that records that it went out."""
    return _notice(record, who, number, regime, clock, {})


@get(AT + "/{clock:str}/notice.pdf", opt=READ, sync_to_thread=True, media_type="application/pdf")
def notice_pdf(record: NamedDependency[Record], number: Number, regime: Of, clock: Of) -> Response[bytes]:
    """The draft, or what was handed in, on paper."""
    now = record.clock.now()
    with record.read() as conn:
        found = views.document(views.draft(conn, number, regime, clock, now))
    try:
        content = pdf(found, made_at=now)
    except TooLarge as error:
        raise Refused("TooLargeToPrint", str(error)) from error
    headers = {"content-disposition": f'inline; filename="INC-{number}-notice.pdf"'}
    return Response(content, media_type="application/pdf", headers=headers)


@post(AT + "/{clock:str}/hand-in", opt=READ, sync_to_thread=True)
def hand_in_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: Of,
    clock: Of,
    data: Form,
) -> Template | Redirect:
    """It went out. What was typed is kept when it is refused."""
    form = only(data, "instant", "reference", "text", "corrects")
    try:
        at = instant("instant", form["instant"])
        record.perform(
            who,
            lambda tx: actions.hand_in(
                tx,
                number=number,
                regime=regime,
                clock=clock,
                instant=at,
                reference=form["reference"],
                text=form["text"],
                corrects=form["corrects"] == "yes",
            ),
        )
    except (Invalid, Refused) as error:
        return _notice(record, who, number, regime, clock, form, error)
    return Redirect(f"/incidents/{number}/obligations/{regime}", status_code=303)


@post(AT + "/{clock:str}/waiver", opt=PLAN, sync_to_thread=True)
def waiver_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: Number,
    regime: Of,
    clock: Of,
    data: Form,
) -> Redirect:
    """It is not owed after all."""
    reason = only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.waive(tx, number=number, regime=regime, clock=clock, reason=reason))
    return Redirect(f"/incidents/{number}/obligations/{regime}", status_code=303)


def _duty(
    record: Record,
    who: Principal,
    number: int,
    regime: str,
    typed: dict[str, str],
    error: Invalid | Refused | None = None,
) -> Template:
    with record.read() as conn:
        row, incident = views.duty_row(conn, number, regime, record.clock.now()), headline(conn, number)
        entitled = may_answer(conn, who, row) and row.duty.over is None
        post = views.post_title(conn, row.duty.post)
    context = {
        "row": row,
        "number": number,
        "incident": incident,
        "typed": Typed(typed),
        "may_answer": entitled,
        "post": post,
        **said(error),
    }
    return Template("obligations/duty.html", context=context, status_code=status(error))


def _notice(
    record: Record,
    who: Principal,
    number: int,
    regime: str,
    clock: str,
    typed: dict[str, str],
    error: Invalid | Refused | None = None,
) -> Template:
    now = record.clock.now()
    with record.read() as conn:
        found = views.draft(conn, number, regime, clock, now)
        row = found.row
        answered = row.duty.answer is not None and row.duty.answer.notifiable and row.duty.over is None
        entitled = may_answer(conn, who, row) and answered
    context = {
        "draft": found,
        "items": [(item, html(item.text) if item.text else None) for item in found.items],
        "row": row,
        "clock": found.clock,
        "number": number,
        "typed": Typed(typed),
        "may_answer": entitled,
        "at_instant": f"{now:%Y-%m-%dT%H:%M}",
        **said(error),
    }
    return Template("obligations/notice.html", context=context, status_code=status(error))


ROUTES = [duty_page, question_form, assessment_form, anchor_form, notice_page, notice_pdf, hand_in_form, waiver_form]
