"""The page of a draft's replay: totals, then every incident that would have gone otherwise."""

from typing import Annotated, Literal

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, Parameter
from litestar.response import Template

from quarterdeck.direction import views
from quarterdeck.direction.rules import KINDS, Kind
from quarterdeck.governance.rules import Permission
from quarterdeck.plan.views import draft, draft_plan
from quarterdeck.record import Record

SHOWN = 100
WORDS: dict[Kind, str] = {
    "type": "another type",
    "severity": "another severity",
    "commander": "another commander at first",
    "procedure": "another procedure",
    "steps": "steps more or fewer",
    "deadline": "a step due at another time",
    "escalation": "another way to page",
    "paging": "more or fewer paged before somebody answered",
    "acknowledgement": "another time to acknowledge",
    "review": "another review",
    "elevation": "others told among the managers",
}


@get("/plan/drafts/{number:int}/replay", opt={"may": Permission.READ}, sync_to_thread=True)
def replay_page(
    record: NamedDependency[Record],
    number: FromPath[int],
    kind: FromQuery[Kind | Literal[""]] = "",
    before: Annotated[int, Parameter(ge=0, le=2**31)] = 2**31,
) -> Template:
    """What would have been otherwise, had the draft been in force."""
    with record.read() as conn:
        found = views.replay(conn, draft_plan(conn, number), record.clock.now())
        keep = views.keeping_their_revision(conn)
    rows = [row for row in found.rows if row.number < before and (not kind or kind in row.kinds)]
    context = {
        "number": number,
        "totals": found.totals,
        "rows": rows[:SHOWN],
        "older": rows[SHOWN - 1].number if len(rows) > SHOWN else None,
        "kind": kind,
        "kinds": [(one, WORDS[one], found.totals.kinds[one]) for one in KINDS if found.totals.kinds[one]],
        "words": WORDS,
        "keep": keep,
    }
    return Template(template_name="direction/replay.html", context=context)


@get("/plan/drafts/{number:int}/keeping", opt={"may": Permission.READ}, sync_to_thread=True)
def keeping_fragment(record: NamedDependency[Record], number: FromPath[int]) -> Template:
    """The open incidents that keep the revision they began with: for the draft's page, which loads it."""
    with record.read() as conn:
        draft(conn, number)
        keep = views.keeping_their_revision(conn)
    return Template(template_name="direction/keeping.html", context={"keep": keep, "shown": 5, "number": number})


ROUTES = [replay_page, keeping_fragment]
