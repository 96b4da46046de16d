"""Rosters for people: what was built, one roster week by week with what is proved about it, and building another."""

from collections.abc import Mapping
from io import StringIO
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery
from litestar.response import Redirect, Template
from ruamel.yaml import YAML

from quarterdeck.direction import actions, views
from quarterdeck.direction.rules.rostering.document import NeedsText, read
from quarterdeck.direction.rules.rostering.example import example
from quarterdeck.direction.rules.rostering.filling import fields_of, task_of
from quarterdeck.direction.rules.rostering.making import STEPS, make
from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import PersonRow, people
from quarterdeck.kernel.apart import apart
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.oncall.rules.document import read_text
from quarterdeck.plan.views import in_force
from quarterdeck.record import Record

_READ: dict[str, Any] = {"may": Permission.READ}
_SCHEDULE: dict[str, Any] = {"may": Permission.SCHEDULE}
_FORM = Body(media_type=RequestEncodingType.URL_ENCODED)
Form = Annotated[dict[str, str], _FORM]
DAY_NAMES = (
    ("mon", "Monday"),
    ("tue", "Tuesday"),
    ("wed", "Wednesday"),
    ("thu", "Thursday"),
    ("fri", "Friday"),
    ("sat", "Saturday"),
    ("sun", "Sunday"),
)
THOROUGH = {"quick": STEPS // 4, "usual": STEPS, "thorough": 4 * STEPS}
"""How long to search: about 1, 5 and 20 s."""


_SEARCH = ("search", "seed")


class TaskForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    task: str
    search: str = "usual"
    seed: str = "1"


class AcceptanceForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    gaps: str = ""


class GivingUpForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    reason: str


@get("/rosters", opt=_READ, sync_to_thread=True)
def rosters_page(record: NamedDependency[Record]) -> Template:
    """What was built, the latest first."""
    with record.read() as conn:
        rows = views.rosters(conn)
    return Template("direction/rosters.html", context={"rows": rows})


@get("/rosters/new", opt=_SCHEDULE, sync_to_thread=True)
def new_roster_page(record: NamedDependency[Record], like: FromQuery[int] = 0) -> Template:
    """A form to fill in: of an earlier task, or of one for the people who are here."""
    task, known = _task(record, like)
    here = [login for login, one in known.items() if _serves(one)]
    context = {
        "filled": fields_of(task, here),
        "names": {login: one.name for login, one in known.items()},
        "like": like,
    }
    return Template("direction/new_roster.html", context={**context, "days": DAY_NAMES})


@get("/rosters/new/text", opt=_SCHEDULE, sync_to_thread=True)
def roster_text_page(record: NamedDependency[Record], like: FromQuery[int] = 0) -> Template:
    """The same as text, for those who keep theirs in a file."""
    with record.read() as conn:
        earlier = _written(views.roster(conn, like)) if like else ""
    return Template("direction/roster_text.html", context={"task": earlier or _example(record), "like": like})


def _task(record: Record, like: int) -> tuple[Mapping[str, Any], dict[str, PersonRow]]:
    with record.read() as conn:
        known = {one.login: one for one in people(conn)}
        earlier = views.roster(conn, like).task.model_dump(mode="json") if like else None
    return earlier or read_text(_example(record), "task"), known


def _example(record: Record) -> str:
    with record.read() as conn:
        standing = in_force(conn)
        logins = [one.login for one in people(conn) if _serves(one)]
    return example(logins, record.clock.now().date(), standing.plan.calendar.zone if standing else "UTC")


def _serves(person: PersonRow) -> bool:
    return person.active and bool({"responder", "manager"} & set(person.roles))


@post("/rosters", opt=_SCHEDULE, sync_to_thread=True)
def build_form(record: NamedDependency[Record], who: NamedDependency[Principal], data: Form) -> Redirect:
    """Build one and show it. Nothing pages by it until it is accepted."""
    task = task_of({name: value for name, value in data.items() if name not in _SEARCH})
    return _build(record, who, task, data.get("search", "usual"), data.get("seed", "1"))


@post("/rosters/text", opt=_SCHEDULE, sync_to_thread=True)
def build_text_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], data: Annotated[TaskForm, _FORM]
) -> Redirect:
    """The same of a task as text."""
    return _build(record, who, read(data.task), data.search, data.seed)


def _build(record: Record, who: Principal, task: NeedsText, search: str, seed: str) -> Redirect:
    if search not in THOROUGH or not (seed.isascii() and seed.isdigit() and len(seed) < 10):
        raise Invalid("The search is not right.", ("search: quick, usual or thorough; seed: a whole number",))
    made = apart(make, task, THOROUGH[search], int(seed))
    number = record.perform(who, lambda tx: actions.keep_roster(tx, task=task, made=made))
    return Redirect(f"/rosters/{number}", status_code=303)


@get("/rosters/{number:int}", opt=_READ, sync_to_thread=True)
def roster_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """Who serves when, how the load is shared, how near it is to the best there can be."""
    with record.read() as conn:
        whole = views.roster(conn, number)
        known = {one.login: one.name for one in people(conn)}
    heaviest = max((max(one.load, one.fair) for one in whole.shares), default=0) or 1
    context = {
        "row": whole.row,
        "task": whole.task,
        "weeks": whole.weeks,
        "heavy": whole.task.needs().heavy,
        "shares": whole.shares,
        "scale": heaviest,
        "names": known,
    }
    return Template("direction/roster.html", context=context)


@post("/rosters/{number:int}/acceptance", opt=_SCHEDULE, sync_to_thread=True)
def acceptance_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: Annotated[AcceptanceForm, _FORM],
) -> Redirect:
    record.perform(who, lambda tx: actions.accept_roster(tx, number=number, gaps=data.gaps == "yes"))
    return Redirect(f"/rosters/{number}", status_code=303)


@post("/rosters/{number:int}/withdrawal", opt=_SCHEDULE, sync_to_thread=True)
def withdrawal_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    number: FromPath[int],
    data: Annotated[GivingUpForm, _FORM],
) -> Redirect:
    record.perform(who, lambda tx: actions.give_up_roster(tx, number=number, reason=data.reason))
    return Redirect(f"/rosters/{number}", status_code=303)


def _written(whole: views.Whole) -> str:
    """The task as YAML again."""
    out = StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = None
    yaml.dump(whole.task.model_dump(mode="json", exclude_defaults=True), out)
    return out.getvalue()


ROUTES = [
    rosters_page,
    new_roster_page,
    roster_text_page,
    build_form,
    build_text_form,
    roster_page,
    acceptance_form,
    withdrawal_form,
]
