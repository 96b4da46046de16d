"""How ready are we: what has been exercised, by whom, on which revision, and what wants an exercise next."""

from datetime import timedelta

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Template

from quarterdeck.readiness import views
from quarterdeck.readiness.pages.forms import READ
from quarterdeck.readiness.rules.maturity import LEVELS, UNDERIVABLE
from quarterdeck.readiness.rules.tiers import TIERS
from quarterdeck.record import Record

YEAR = timedelta(days=365)


@get("/readiness", opt=READ, sync_to_thread=True)
def readiness_page(record: NamedDependency[Record]) -> Template:
    """Coverage by type and team with its decay, and who answers when asked."""
    now = record.clock.now()
    with record.read() as conn:
        people, tests = views.tested(conn, now), views.contact_tests(conn, limit=5)[0]
        context = {
            "coverage": views.coverage(conn, now),
            "people": people,
            "overdue": sum(one.overdue for one in people),
            "tests": tests,
            "answered": views.answered_since(conn, now - YEAR),
            "groups": views.GROUPS,
        }
    return Template(template_name="readiness/readiness.html", context=context)


@get("/readiness/maturity", opt=READ, sync_to_thread=True)
def maturity_page(record: NamedDependency[Record]) -> Template:
    """What the records show of our maturity, parameter by parameter, and what they cannot."""
    with record.read() as conn:
        found = views.maturity(conn, record.clock.now())
    context = {
        "found": found,
        "levels": LEVELS,
        "tier_words": TIERS,
        "shown": [one for one in found.sim3 if one.level is not None],
        "unwritten": [one for one in found.sim3 if one.level is None and one.missing != UNDERIVABLE],
        "underivable": [one for one in found.sim3 if one.missing == UNDERIVABLE],
    }
    return Template(template_name="readiness/maturity.html", context=context)


ROUTES = [readiness_page, maturity_page]
