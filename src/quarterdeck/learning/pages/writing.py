"""Forms of a review: observations, factors, comments, and handing it in, back, on and out."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions
from quarterdeck.learning.pages.reviewing import RESPOND, REVIEW, Form, back, only
from quarterdeck.record import Record


def positions(text: str) -> list[int]:
    """`314, 315` as positions. `Invalid` for what is no number."""
    parts = text.replace(",", " ").replace("#", " ").split()
    if faults := [f"evidence: {part[:20]!r} is no entry's number" for part in parts if not _number(part)]:
        raise Invalid("Evidence is given by the numbers of entries.", tuple(faults[:20]))
    return [int(part) for part in parts]


def _number(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) < 17


@post("/reviews/{number:int}/observations", opt=RESPOND, sync_to_thread=True)
def observation_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Add one thing noticed."""
    form = only(data, "prompt", "text", "evidence")
    shown = positions(form["evidence"])
    record.perform(
        who,
        lambda tx: actions.observe(tx, number=number, prompt=form["prompt"], text=form["text"], evidence=shown),
    )
    return back(number, f"#{form['prompt']}" if form["prompt"].isalpha() else "")


@post("/reviews/{number:int}/observations/{observation:str}", opt=RESPOND, sync_to_thread=True)
def observation_revised(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    observation: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    """Say it otherwise; or, by its buttons, make a lesson of it or take it back."""
    form = only(data, "prompt", "text", "evidence", "do")
    if form["do"] == "lesson":
        lesson = record.perform(who, lambda tx: actions.grow_lesson(tx, number=number, observation=observation))
        return Redirect(f"/lessons/{lesson}", status_code=303)
    if form["do"] == "withdraw":
        record.perform(who, lambda tx: actions.withdraw_observation(tx, number=number, observation=observation))
        return back(number)
    shown = positions(form["evidence"])
    record.perform(
        who,
        lambda tx: actions.revise_observation(
            tx, number=number, observation=observation, prompt=form["prompt"], text=form["text"], evidence=shown
        ),
    )
    return back(number)


@post("/reviews/{number:int}/factors", opt=RESPOND, sync_to_thread=True)
def factor_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Name something that contributed."""
    form = only(data, "code", "text", "evidence")
    shown = positions(form["evidence"])
    record.perform(
        who, lambda tx: actions.find_factor(tx, number=number, code=form["code"], text=form["text"], evidence=shown)
    )
    return back(number, "#factors")


@post("/reviews/{number:int}/factors/{factor:str}", opt=RESPOND, sync_to_thread=True)
def factor_revised(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    factor: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    """Say it otherwise; it has to be agreed on again."""
    form = only(data, "code", "text", "evidence")
    shown = positions(form["evidence"])
    record.perform(
        who,
        lambda tx: actions.revise_factor(
            tx, number=number, factor=factor, code=form["code"], text=form["text"], evidence=shown
        ),
    )
    return back(number, "#factors")


@post("/reviews/{number:int}/factors/{factor:str}/agreement", opt=REVIEW, sync_to_thread=True)
def agreement_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], factor: FromPath[str]
) -> Redirect:
    """Those who looked back agree."""
    record.perform(who, lambda tx: actions.agree_factor(tx, number=number, factor=factor))
    return back(number, "#factors")


@post("/reviews/{number:int}/factors/{factor:str}/withdrawal", opt=REVIEW, sync_to_thread=True)
def withdrawal_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    factor: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    """It did not contribute after all."""
    reason = only(data, "reason")["reason"]
    record.perform(who, lambda tx: actions.withdraw_factor(tx, number=number, factor=factor, reason=reason))
    return back(number, "#factors")


@post("/reviews/{number:int}/comments", opt=RESPOND, sync_to_thread=True)
def comment_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Comment on it."""
    form = only(data, "text", "about")
    record.perform(who, lambda tx: actions.comment_review(tx, number=number, text=form["text"], about=form["about"]))
    return back(number, "#comments")


@post("/reviews/{number:int}/comments/{comment:int}/settlement", opt=RESPOND, sync_to_thread=True)
def settlement_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], comment: FromPath[int]
) -> Redirect:
    """What it asked for has been done."""
    record.perform(who, lambda tx: actions.settle_comment(tx, number=number, comment=comment))
    return back(number, "#comments")


@post("/reviews/{number:int}/submission", opt=RESPOND, sync_to_thread=True)
def submission_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]
) -> Redirect:
    """Hand it in."""
    record.perform(who, lambda tx: actions.submit_review(tx, number=number))
    return back(number)


@post("/reviews/{number:int}/return", opt=REVIEW, sync_to_thread=True)
def return_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Give it back."""
    comment = only(data, "comment")["comment"]
    record.perform(who, lambda tx: actions.return_review(tx, number=number, comment=comment))
    return back(number)


@post("/reviews/{number:int}/approval", opt=REVIEW, sync_to_thread=True)
def approval_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Approve the version that the page showed."""
    form = only(data, "seen", "comment")
    if not _number(form["seen"]):
        raise Invalid("The form is not whole.", ("seen: load the page again",))
    record.perform(
        who,
        lambda tx: actions.approve_review(tx, number=number, seen=int(form["seen"]), comment=form["comment"]),
    )
    return back(number)


@post("/reviews/{number:int}/publication", opt=REVIEW, sync_to_thread=True)
def publication_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Make it known: `to-{audience}` for the audiences, `there-{id}` for people."""
    audiences = [name.removeprefix("to-") for name in data if name.startswith("to-")]
    people = [name.removeprefix("there-") for name in data if name.startswith("there-")]
    rest = {name: value for name, value in data.items() if not name.startswith(("to-", "there-"))}
    text = only(rest, "text")["text"]
    record.perform(
        who,
        lambda tx: actions.publish_review(tx, number=number, text=text, audiences=audiences, people=people),
    )
    return back(number)


ROUTES = [
    observation_form,
    observation_revised,
    factor_form,
    factor_revised,
    agreement_form,
    withdrawal_form,
    comment_form,
    settlement_form,
    submission_form,
    return_form,
    approval_form,
    publication_form,
]
