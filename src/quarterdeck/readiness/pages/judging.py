"""The evaluation form of an exercise: judgements, ratings, findings, the verdict."""

from typing import cast

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from quarterdeck.kernel.principal import Principal
from quarterdeck.readiness import actions
from quarterdeck.readiness.events.exercising import Rating
from quarterdeck.readiness.pages.forms import REVIEW, Form, changed, fields
from quarterdeck.record import Record


@post("/exercises/{number:int}/expectations/{expectation:str}/judgement", opt=REVIEW, sync_to_thread=True)
def judge_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    expectation: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    """What a person saw."""
    form = fields(data, "met", "note")
    return changed(
        record,
        who,
        number,
        lambda tx: actions.judge_expectation(
            tx, number=number, expectation=expectation, met=form["met"] == "yes", note=form["note"]
        ),
    )


@post("/exercises/{number:int}/objectives/{objective:str}/rating", opt=REVIEW, sync_to_thread=True)
def rate_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    objective: FromPath[str],
    data: JSONBody[Form],
) -> Redirect:
    """The evaluator's rating and why."""
    form = fields(data, "rating", "text")
    rating = cast(Rating, form["rating"])  # the rule refuses any other
    return changed(
        record,
        who,
        number,
        lambda tx: actions.rate_objective(tx, number=number, objective=objective, rating=rating, text=form["text"]),
    )


@post("/exercises/{number:int}/findings", opt=REVIEW, sync_to_thread=True)
def finding_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """A strength, or something to improve."""
    form = fields(data, "kind", "text", "objective")
    return changed(
        record,
        who,
        number,
        lambda tx: actions.note_finding(
            tx, number=number, kind=form["kind"], text=form["text"], objective=form["objective"] or None
        ),
    )


@post("/exercises/{number:int}/evaluation", opt=REVIEW, sync_to_thread=True)
def evaluate_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """The verdict on the whole."""
    summary = fields(data, "summary")["summary"]
    return changed(record, who, number, lambda tx: actions.evaluate_exercise(tx, number=number, summary=summary))


@post("/exercises/{number:int}/closure", opt=REVIEW, sync_to_thread=True)
def close_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Nothing is left to be done about it."""
    fields(data)
    return changed(record, who, number, lambda tx: actions.close_exercise(tx, number=number))


ROUTES = [judge_form, rate_form, finding_form, evaluate_form, close_form]
