"""A web client against the wired house, signed in as one of the cast."""

from typing import Any

from litestar.testing import TestClient

from quarterdeck.app.gate import COOKIE
from quarterdeck.app.settings import Settings
from quarterdeck.app.web import create_app
from quarterdeck.governance import actions as governance
from quarterdeck.kernel.principal import ENGINE, Principal
from tests.people import id_of, settle


def settings_of(house: Any) -> Settings:
    return Settings(home=house.home, database=house.record.store.url, secret_key="test-secret-key-of-the-house")


def client(house: Any, who: Principal | None = None) -> Any:
    """`who` None: nobody is signed in. Unsafe requests carry the header that browsers send from the console itself."""
    made: Any = TestClient(
        create_app(house.record, settings_of(house), house.wired), base_url="http://testserver.local"
    )
    made.headers["sec-fetch-site"] = "same-origin"
    if who is not None:
        settle(house.record)
        token = house.record.perform(ENGINE, lambda tx: governance.open_session(tx, person=id_of(who)))
        made.cookies.set(COOKIE, token, domain="testserver.local")
    return made
