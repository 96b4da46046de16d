"""The on-call page: who now, who next, my shifts, gaps, a fortnight of final shifts, cover, and what the paths mean."""

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath
from litestar.response import Redirect, Template

from quarterdeck.catalog.views import services
from quarterdeck.governance.rules import Permission, may
from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant
from quarterdeck.oncall import actions, views
from quarterdeck.oncall.pages.preview import asking
from quarterdeck.oncall.pages.strip import first_hour, for_form, in_zone, sentence, strip
from quarterdeck.oncall.rules.preview import WHY
from quarterdeck.plan import views as plans
from quarterdeck.record import Record

FORTNIGHT = timedelta(days=14)
GAP_DAYS = 60
GAPS_SHOWN = 3
"""How many stand in plain view; a schedule of office hours would fill the screen."""
_FORM = Body(media_type=RequestEncodingType.URL_ENCODED)


class CoverForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Who, from, to: times on the schedule's own clock."""

    person: str
    start: str
    end: str
    reason: str = ""


@get("/on-call", opt={"may": Permission.READ}, sync_to_thread=True)
def on_call_page(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Template:
    """Who is on call, who comes next, where nobody would be paged, and who covers."""
    now = record.clock.now()
    with record.read() as conn:
        names, rows = person_names(conn), views.schedules(conn, now - timedelta(days=31))
        on_call = {row.schedule: row for row in views.on_call_now(conn, now)}
        mine = views.coming_shifts(conn, who.person, now, 60) if who.person else []
        shifts = views.coming_shifts(conn, None, now, 14)
        gaps = views.gaps(conn, now, GAP_DAYS)
        paths, in_force, catalogued = views.paths(conn, now), plans.in_force(conn), services(conn)
        active = [person for person in people(conn) if person.active]
        paged = views.times_paged(conn, now - timedelta(days=30))
    begin = first_hour(now)
    items = [
        {
            "row": row,
            "now": on_call[row.schedule.id],
            "strip": strip(row.schedule, begin, begin + FORTNIGHT, names),
            "shifts": [shift for shift in shifts if shift.schedule == row.schedule.id],
            "covers": [cover for cover in row.schedule.covers if cover.end > now],
            "start": for_form(row.schedule.zone, now),
            "end": for_form(row.schedule.zone, on_call[row.schedule.id].until or now + timedelta(hours=12)),
        }
        for row in rows
    ]
    context: dict[str, Any] = {
        "items": items,
        "names": names,
        "me": who.person,
        "may_schedule": may(who, Permission.SCHEDULE),
        "mine": [
            {"shift": one, "start": for_form(one.zone, max(one.start, now)), "end": for_form(one.zone, one.end)}
            for one in mine[:6]
        ],
        "gaps": [sentence(gap.title, gap.zone, gap.start, gap.end) for gap in gaps],
        "gaps_shown": GAPS_SHOWN,
        "gap_days": GAP_DAYS,
        "paths": paths,
        "why": WHY,
        "preview": asking(in_force.plan, catalogued, now) if in_force else None,
        "people": [(person.login, person.name) for person in active],
        "others": [(person.login, person.name) for person in active if person.id != who.person],
        "paged": sorted(((names.get(id, id), count) for id, count in paged.items()), key=lambda one: (-one[1], one[0])),
    }
    return Template(template_name="oncall/on_call.html", context=context)


@post("/on-call/{schedule:str}/cover", opt={"may": Permission.SCHEDULE}, sync_to_thread=True)
def post_cover(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    schedule: FromPath[str],
    data: Annotated[CoverForm, _FORM],
) -> Redirect:
    """Somebody covers; the times are read on the schedule's own clock."""
    with record.read() as conn:
        row = views.schedule(conn, schedule, record.clock.now())
    if row is None:
        raise NotFound(f"schedule {schedule}")
    start, end = (_instant(row.schedule.zone, name, getattr(data, name)) for name in ("start", "end"))
    record.perform(
        who,
        lambda tx: actions.arrange_cover(
            tx, schedule=schedule, person=data.person, start=start, end=end, reason=data.reason
        ),
    )
    return Redirect("/on-call", status_code=303)


@post("/on-call/{schedule:str}/cover/{cover:str}/cancellation", opt={"may": Permission.SCHEDULE}, sync_to_thread=True)
def post_cancellation(
    record: NamedDependency[Record], who: NamedDependency[Principal], schedule: FromPath[str], cover: FromPath[str]
) -> Redirect:
    """Cover is taken away again, or what is left of it."""
    record.perform(who, lambda tx: actions.cancel_cover(tx, schedule=schedule, cover=cover))
    return Redirect("/on-call", status_code=303)


def _instant(zone: str, name: str, text: str) -> Instant:
    at = in_zone(zone, text)
    if at is None:
        raise Invalid("This is no time.", (f"{name}: a date and a time, as 2026-03-03T18:00",))
    return at


ROUTES = [on_call_page, post_cover, post_cancellation]
