"""Trackers for administrators: add one, see whether it works, say what goes there; an action's ticket as buttons."""

from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody, QueryParameter
from litestar.response import Redirect, Template

from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import teams
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.tracker import KINDS, SENDS, Place
from quarterdeck.record import Record

RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
REVIEW: dict[str, Any] = {"may": Permission.REVIEW}
ADMINISTER: dict[str, Any] = {"may": Permission.ADMINISTER}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
PLACED = ("title", "base_url", "project", "issue_type", "account", "labels", "sends", "teams")
EVENTS = {
    "github": "application/json, events: Issues",
    "gitlab": "trigger: Issues events, confidential ones too",
    "jira-cloud": "events: issue updated and deleted",
    "jira-server": "events: issue updated and deleted",
}


@get("/trackers", opt=ADMINISTER, sync_to_thread=True)
def trackers_page(record: NamedDependency[Record]) -> Template:
    """Every tracker, and whether it works."""
    with record.read() as conn:
        rows = views.trackers(conn)
    return Template(template_name="learning/trackers.html", context={"rows": rows})


@get("/trackers/new", opt=ADMINISTER, sync_to_thread=True)
def new_tracker_page(
    record: NamedDependency[Record], kind: Annotated[str, QueryParameter(max_length=20)] = ""
) -> Template:
    """First which kind, then its fields."""
    with record.read() as conn:
        names = [team.id for team in teams(conn)]
    given = {**dict.fromkeys(PLACED, ""), "sends": "asked"}
    chosen = kind if kind in KINDS else ""
    context = {"kinds": KINDS, "kind": chosen, "given": given, "teams": names, "sends": SENDS.items()}
    return Template(template_name="learning/tracker_new.html", context=context)


@get("/trackers/{tracker:str}", opt=ADMINISTER, sync_to_thread=True)
def tracker_page(record: NamedDependency[Record], settings: NamedDependency[Any], tracker: FromPath[str]) -> Template:
    """One tracker: what it said when it was tried, what goes there, its webhook."""
    return _page(record, settings, tracker)


def _page(record: Record, settings: Any, tracker: str, secret: str = "") -> Template:
    with record.read() as conn:
        row = views.tracker(conn, tracker)
        names = [team.id for team in teams(conn)]
        failing = views.tickets_of(conn, tracker, failing=True)
    place = row.place
    context = {
        "row": row,
        "failing": failing,
        "secret": secret,
        "events": EVENTS[row.kind],
        "hook": f"{settings.base_url}/api/trackers/{row.id}/events",
        "kind": row.kind,
        "teams": names,
        "sends": SENDS.items(),
        "given": {**vars(place), "labels": ", ".join(place.labels), "teams": ", ".join(place.teams)},
    }
    return Template(template_name="learning/tracker.html", context=context)


@post("/trackers", opt=ADMINISTER, sync_to_thread=True)
def tracker_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    settings: NamedDependency[Any],
    data: JSONBody[Form],
) -> Template:
    """Answers with the tracker's page itself, no redirect: the webhook's secret is on it this once and nowhere else."""
    form = _only(data, "tracker", "kind", "token", *PLACED)
    facts: dict[str, Any] = {"tracker": form["tracker"], "kind": form["kind"], "token": form["token"]}
    secret = record.perform(who, lambda tx: actions.add_tracker(tx, place=_place(form), **facts))
    return _page(record, settings, form["tracker"], secret)


@post("/trackers/{tracker:str}/place", opt=ADMINISTER, sync_to_thread=True)
def place_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str], data: JSONBody[Form]
) -> Redirect:
    """Say it otherwise."""
    form = _only(data, "token", *PLACED)
    token = form["token"]
    record.perform(who, lambda tx: actions.revise_tracker(tx, tracker=tracker, place=_place(form), token=token))
    return _there(tracker)


@post("/trackers/{tracker:str}/token", opt=ADMINISTER, sync_to_thread=True)
def token_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str], data: JSONBody[Form]
) -> Redirect:
    """Show another token from now on."""
    token = _only(data, "token")["token"]
    record.perform(who, lambda tx: actions.replace_tracker_token(tx, tracker=tracker, token=token))
    return _there(tracker)


@post("/trackers/{tracker:str}/try", opt=ADMINISTER, sync_to_thread=True)
def try_form(record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str]) -> Redirect:
    """The engine tries it; the page says by itself what came of it."""
    record.perform(who, lambda tx: actions.try_tracker(tx, tracker=tracker))
    return _there(tracker)


@post("/trackers/{tracker:str}/webhook-secret", opt=ADMINISTER, sync_to_thread=True)
def secret_form(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    settings: NamedDependency[Any],
    tracker: FromPath[str],
) -> Template:
    """A new secret, on the page this once."""
    secret = record.perform(who, lambda tx: actions.renew_tracker_secret(tx, tracker=tracker))
    return _page(record, settings, tracker, secret)


@post("/trackers/{tracker:str}/removal", opt=ADMINISTER, sync_to_thread=True)
def removal_form(record: NamedDependency[Record], who: NamedDependency[Principal], tracker: FromPath[str]) -> Redirect:
    """Nothing goes there any more."""
    record.perform(who, lambda tx: actions.remove_tracker(tx, tracker=tracker))
    return Redirect("/trackers", status_code=303)


@post("/actions/{number:int}/ticket", opt=REVIEW, sync_to_thread=True)
def send_form(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: JSONBody[Form]
) -> Redirect:
    """Send it to this tracker."""
    tracker = _only(data, "tracker")["tracker"]
    record.perform(who, lambda tx: actions.send_action(tx, number=number, tracker=tracker))
    return _action(number)


@post("/actions/{number:int}/ticket/now", opt=RESPOND, sync_to_thread=True)
def send_now_form(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Redirect:
    """Compare and send now."""
    record.perform(who, lambda tx: actions.send_ticket_now(tx, number=number))
    return _action(number)


@post("/actions/{number:int}/ticket/stop", opt=REVIEW, sync_to_thread=True)
def stop_form(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Redirect:
    """Send and fetch nothing more of it."""
    record.perform(who, lambda tx: actions.stop_ticket(tx, number=number))
    return _action(number)


def _only(form: dict[str, str], *allowed: str) -> dict[str, str]:
    if unknown := sorted(set(form) - set(allowed)):
        raise Invalid("The form has no such field.", tuple(f"{name[:60]}: unknown" for name in unknown[:20]))
    return {name: form.get(name, "").strip() for name in allowed}


def _place(form: dict[str, str]) -> Place:
    labels, named = (tuple(part.strip() for part in form[name].split(",")) for name in ("labels", "teams"))
    sends, texts = form["sends"] or "asked", (form["issue_type"], form["account"])
    return Place(form["title"], form["base_url"], form["project"], *texts, labels, sends, named)


def _there(tracker: str) -> Redirect:
    return Redirect(f"/trackers/{tracker}", status_code=303)


def _action(number: int) -> Redirect:
    return Redirect(f"/actions/{number}", status_code=303)


ROUTES = [
    trackers_page,
    new_tracker_page,
    tracker_page,
    tracker_form,
    place_form,
    token_form,
    try_form,
    secret_form,
    removal_form,
    send_form,
    send_now_form,
    stop_form,
]
