"""A web client against the wired house, signed in as one of the cast."""

from functools import cache
from typing import Any

from litestar import Litestar
from litestar.testing import TestClient
from litestar.types import Receive, Scope, Send

from quarterdeck.app import wiring
from quarterdeck.app.gate import COOKIE
from quarterdeck.app.settings import Settings
from quarterdeck.app.web import routed, serving
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE, Principal
from tests.people import id_of, settle


def settings_of(house: Any) -> Settings:
    return Settings(home=house.home, database=house.record.store.url, secret_key="test-secret-key-of-the-house")


@cache
def _routes() -> Litestar:
    """Made once: every test of this process serves its own record by them, one request after another."""
    return routed(wiring.house())


def app_of(house: Any) -> Any:
    """The web face of this house; another's requests in between do not matter."""
    router = _routes()
    inner, state = serving(router, house.record, settings_of(house)), router.state

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        router.state = state
        await inner(scope, receive, send)

    app.router = router  # type: ignore[attr-defined]  # as `create_app` has it
    return app


def client(house: Any, who: Principal | None = None) -> Any:
    """`who` None: nobody is signed in. Unsafe requests carry the header that browsers send from the console itself."""
    made: Any = TestClient(app_of(house), base_url="http://testserver.local")
    made.headers["sec-fetch-site"] = "same-origin"
    if who is not None:
        settle(house.record)
        token = house.record.perform(ENGINE, lambda tx: governance.open_session(tx, person=id_of(who)))
        made.cookies.set(COOKIE, token, domain="testserver.local")
    return made
