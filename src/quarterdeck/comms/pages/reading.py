"""The brief: one incident in a paragraph, for somebody who has a minute and a decision to take."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Template

from quarterdeck.comms import views
from quarterdeck.governance.rules import Permission, may
from quarterdeck.kernel.principal import Principal
from quarterdeck.record import Record


@get("/incidents/{number:int}/brief", opt={"may": Permission.READ}, sync_to_thread=True)
def brief_page(record: NamedDependency[Record], who: NamedDependency[Principal], number: FromPath[int]) -> Template:
    """At most 60 words, no component names, one decision; and a button to answer, for whoever was asked."""
    with record.read() as conn:
        row, brief, latest = views.brief(conn, number)
        stands = views.communication(conn, number)
        raised = views.elevations(conn, number)
    mine = next((one for one in raised if any(told.person == who.person for told in one.told)), None)
    waits = next((one for one in raised if one.decision and not one.decided), None)
    context = {
        "incident": row,
        "number": number,
        "brief": brief,
        "latest": latest,
        "stands": stands,
        "mine": mine,
        "raised": mine or waits,
        "may_answer": mine is not None or may(who, Permission.COMMAND),
    }
    return Template("comms/brief.html", context=context)


ROUTES = [brief_page]
