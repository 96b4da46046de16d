"""For programs: what was learnt in a month, and what somebody should read before going on call."""

from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, Parameter

from quarterdeck.governance.rules import Permission
from quarterdeck.governance.views import person_by_login
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.principal import Principal
from quarterdeck.learning import views
from quarterdeck.record import Record

READ: dict[str, Any] = {"may": Permission.READ}


@get("/api/learned", opt=READ, sync_to_thread=True)
def show_learned(
    record: NamedDependency[Record],
    month: Annotated[str, Parameter(max_length=40)] = "",
    team: Annotated[str, Parameter(max_length=100)] = "",
) -> views.Learned:
    """What was learnt in `month` (`2026-03`; this one unless given), by one team or by everybody."""
    with record.read() as conn:
        return views.learned(conn, month or f"{record.clock.now():%Y-%m}", team or None)


@get("/api/people/{login:str}/reading", opt=READ, sync_to_thread=True)
def show_reading(
    record: NamedDependency[Record], who: NamedDependency[Principal], login: FromPath[str]
) -> views.Reading:
    """What somebody should read before going on call. `me`: whoever asks, if it is a person."""
    with record.read() as conn:
        found = person_by_login(conn, login)
        person = who.person if login == "me" else found.id if found else None
        if person is None:
            raise NotFound(f"person {login[:80]}")
        return views.reading(conn, person, record.clock.now())


ROUTES = [show_learned, show_reading]
