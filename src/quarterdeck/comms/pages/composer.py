"""The composer: one form, and what each audience will read beside it, as it is typed. Nothing typed is ever lost."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from quarterdeck.command.views import headline
from quarterdeck.comms import actions, views
from quarterdeck.comms.rules import ASKED, cadence, clock
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid, Refused
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.record import Record

RESPOND: dict[str, Any] = {"may": Permission.RESPOND}
Form = Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)]
LONG = ("impact", "workaround", "doing", "decision")
"""Fields that get room for more than a line."""


@get("/incidents/{number:int}/updates/new", opt=RESPOND, sync_to_thread=True)
def composer_page(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """The form, filled with what the latest update said, or with what the incident knows."""
    now = record.clock.now()
    with record.read() as conn:
        row, stands = headline(conn, number), views.communication(conn, number)
        latest = next(iter(views.updates(conn, number, limit=1)), None)
    fields = dict(latest.fields) if latest else {"impact": row.statement}
    if stands is not None:
        fields.setdefault("since", clock(stands.zone, row.impact_started or row.detected_at, now))
        limit = cadence.pace_allows((one.every for one in stands.audiences), now)
        fields["next_update"] = f"{limit:%Y-%m-%dT%H:%M}"
    chosen = {one.audience for one in stands.audiences} if stands else set()
    return _page(record, number, fields, chosen)


@post("/incidents/{number:int}/updates/new", opt=RESPOND, sync_to_thread=True)
def compose(
    record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int], data: Form
) -> Template | Redirect:
    """Send it; or, by the button Preview, show what it would say. A refusal shows the form again as it was typed."""
    audiences = sorted(name.removeprefix("to-") for name in data if name.startswith("to-"))
    typed = {name: value for name, value in data.items() if not name.startswith("to-") and name != "do"}
    if data.get("do") == "preview":
        return _page(record, number, typed, set(audiences))
    try:
        at = _instant(typed.get("next_update", ""))
        fields = {name: value for name, value in typed.items() if name != "next_update"}
        record.perform(
            who,
            lambda tx: actions.send_update(tx, number=number, fields=fields, next_update=at, audiences=audiences),
        )
    except (Invalid, Refused) as error:
        return _page(record, number, typed, set(audiences), error)
    return Redirect(f"/incidents/{number}", status_code=303)


@post("/incidents/{number:int}/updates/preview", opt=RESPOND, sync_to_thread=True, status_code=200)
def preview_fragment(record: NamedDependency[Record], number: FromPath[int], data: Form) -> Template:
    """The texts alone, for the place beside the form."""
    with record.read() as conn:
        headline(conn, number)
        shown = views.previews(conn, number, data, _instant_if_any(data), record.clock.now())
    return Template("comms/previews.html", context={"previews": shown})


def _page(
    record: Record, number: int, typed: Mapping[str, str], chosen: set[str], error: Invalid | Refused | None = None
) -> Template:
    now = record.clock.now()
    with record.read() as conn:
        row, stands = headline(conn, number), views.communication(conn, number)
        shown = views.previews(conn, number, typed, _instant_if_any(typed), now)
    faults = error.errors if isinstance(error, Invalid) else ()
    by_field = {name: said.strip() for name, _, said in (fault.partition(":") for fault in faults)}
    limit = cadence.pace_allows((one.every for one in stands.audiences), now) if stands else now
    context = {
        "incident": row,
        "number": number,
        "stands": stands,
        "asked": ASKED,
        "long": LONG,
        "typed": typed,
        "chosen": chosen,
        "previews": shown,
        "detail": error.detail if error else None,
        "faults": faults,
        "fault": by_field,
        "limit": f"{limit:%Y-%m-%dT%H:%M}",
    }
    status = 200 if error is None else 400 if isinstance(error, Invalid) else 409
    return Template("comms/composer.html", context=context, status_code=status)


def _instant(text: str) -> Instant | None:
    """What a `datetime-local` input sends, taken as UTC; an offset that is given is honoured."""
    if not text.strip():
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Invalid("A time is not right.", ("next_update: write it as 2026-03-02T09:00",)) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _instant_if_any(typed: Mapping[str, str]) -> Instant | None:
    try:
        return _instant(typed.get("next_update", ""))
    except Invalid:
        return None


ROUTES = [composer_page, compose, preview_fragment]
