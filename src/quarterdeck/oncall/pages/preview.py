"""The page that answers: who is paged if this fires now, or on Saturday at three in the morning?"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, Parameter, QueryParameter
from litestar.response import Template

from quarterdeck.catalog.views import ServiceRow, services
from quarterdeck.governance.rules import Permission
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.principal import Principal
from quarterdeck.kernel.time import Instant, reachable
from quarterdeck.oncall import views
from quarterdeck.oncall.pages.strip import for_form, in_zone
from quarterdeck.oncall.rules import instant_of, local
from quarterdeck.oncall.views.preview import plan_asked
from quarterdeck.plan.rules import Plan
from quarterdeck.record import Record

SATURDAY, NIGHT = 5, 3 * 60
"""The hour that nobody likes to be asked about: Saturday, 03:00."""


@dataclass(frozen=True)
class Asking:
    """What the form offers, and what was asked last. Times are on the plan's clock."""

    types: tuple[tuple[str, str], ...]
    severities: tuple[tuple[str, str], ...]
    services: tuple[tuple[str, str], ...]
    zone: str
    at: str
    draft: int | None = None
    asked: dict[str, str] = field(default_factory=dict)


def asking(plan: Plan, catalogued: list[ServiceRow], at: Instant, **more: Any) -> Asking:
    levels = ((str(id), f"{id}: {level.title}") for id, level in plan.severity.levels.items())
    return Asking(
        types=tuple((id, type_.title) for id, type_ in plan.types.items()),
        severities=(("", "As the plan's defaults give it"), *levels),
        services=(("", "None"), *((one.id, one.name) for one in catalogued)),
        zone=plan.calendar.zone,
        at=for_form(plan.calendar.zone, at),
        **more,
    )


def saturday_night(zone: str, now: Instant) -> Instant:
    """The next Saturday, 03:00 on this zone's clock."""
    today = local(zone, now).date()
    day = today + timedelta(days=(SATURDAY - today.weekday()) % 7)
    at = instant_of(zone, day, NIGHT)
    return at if at > now else instant_of(zone, day + timedelta(days=7), NIGHT)


@get("/on-call/preview", opt={"may": Permission.READ}, sync_to_thread=True)
def preview_page(
    record: NamedDependency[Record],
    who: NamedDependency[Principal],
    kind: Annotated[str, QueryParameter(name="type")] = "",
    severity: FromQuery[str] = "",
    service: FromQuery[str] = "",
    at: FromQuery[str] = "",
    when: FromQuery[str] = "",
    draft: Annotated[int | None, Parameter(ge=1, le=2**31 - 1)] = None,
) -> Template:
    """`when` is `now`, `saturday`, or empty for `at`, which is read on the plan's clock."""
    now = record.clock.now()
    with record.read() as conn:
        plan, catalogued = plan_asked(conn, draft), services(conn)
        instant = _instant(plan.calendar.zone, when, at, now)
        found = views.who_would_be_paged(
            conn, plan, type=kind or None, severity=severity or None, service=service or None, at=instant
        )
    asked = {"type": found.type or "", "severity": severity, "service": service}
    context = {
        "found": found,
        "preview": asking(plan, catalogued, instant, draft=draft, asked=asked),
        "type_title": plan.types[found.type].title if found.type else "",
        "me": who.person,
    }
    return Template(template_name="oncall/preview.html", context=context)


def _instant(zone: str, when: str, text: str, now: Instant) -> Instant:
    if when == "saturday":
        return saturday_night(zone, now)
    if when == "now" or (not when and not text):
        return now
    at = in_zone(zone, text)
    if at is None or when:
        raise Invalid("This is no time.", ("at: a date and a time, as 2026-03-07T03:00; or when: now, saturday",))
    return reachable("at", at)


ROUTES = [preview_page]
