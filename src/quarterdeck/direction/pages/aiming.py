"""Objectives for people: met, missed or cannot tell yet; with the procedures, actions and incidents that move each."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from quarterdeck.direction.views.objectives import objectives
from quarterdeck.governance.rules import Permission
from quarterdeck.plan.rules import wording
from quarterdeck.record import Record

LOOKS = {"met": ("circle-check", "good"), "missed": ("circle-x", "now"), "cannot tell yet": ("circle-dashed", "")}


@get("/objectives", opt={"may": Permission.READ}, sync_to_thread=True)
def objectives_page(record: NamedDependency[Record]) -> Template:
    """What the organisation wants of incident management, and whether it gets it."""
    with record.read() as conn:
        found = objectives(conn, record.clock.now())
    counted = {verdict: sum(one.verdict == verdict for one in found.rows) for verdict in LOOKS}
    context: dict[str, Any] = {"found": found, "counted": counted, "looks": LOOKS, "say": wording}
    return Template(template_name="direction/objectives.html", context=context)


ROUTES = [objectives_page]
