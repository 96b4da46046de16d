"""What we learned in a month, and one's own reading list before going on call."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import Parameter
from litestar.response import Template

from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import team_names
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}


@get("/learned", opt=READ, sync_to_thread=True)
def learned_page(
    record: NamedDependency[Record],
    month: Annotated[str, Parameter(max_length=40)] = "",
    team: Annotated[str, Parameter(max_length=100)] = "",
) -> Template:
    """A month: what was reviewed, what lessons changed, what is new."""
    now = record.clock.now()
    with record.read() as conn:
        found = views.learned(conn, month or f"{now:%Y-%m}", team or None)
        context = {"found": found, "months": views.months(conn, now), "teams": sorted(team_names(conn).items())}
    return Template("learning/learned.html", context=context)


@get("/me/reading", opt=READ, sync_to_thread=True)
def reading_page(record: NamedDependency[Record], who: NamedDependency[Principal]) -> Template:
    """What is new since one's last shift. A key has no shifts, and is told so."""
    with record.read() as conn:
        found = views.reading(conn, who.person, record.clock.now()) if who.person else None
    return Template("learning/reading.html", context={"found": found})


ROUTES = [learned_page, reading_page]
