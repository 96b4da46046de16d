"""The machine's clock is set under running processes (libfaketime): pages climb on, none is missed, and it is shown."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from quarterdeck.governance import actions as governance
from quarterdeck.plan import actions as plan
from quarterdeck.record import Tx
from tests.journeys.installed import Installed, Provider, await_
from tests.journeys.town import plan_files

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
pytestmark = pytest.mark.skipif(LIBRARY is None, reason="no libfaketime here: apt install libfaketime")


class Faked(Installed):
    """Its processes read the wall clock through a file; the monotonic clock is left alone, as a set clock leaves it."""

    def turn(self, seconds: int) -> None:
        """Set the clock so far from the true time."""
        fresh = self.home / "clock.new"
        fresh.write_text(f"{seconds:+d}\n")
        fresh.rename(self.home / "clock")

    def fake(self) -> None:
        self.turn(0)
        self.environment = {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.home / "clock"),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Faked]:
    provider = Provider()
    made = Faked(tmp_path / "home", provider)
    made.fake()
    yield made
    made.stop()
    provider.stop()


def _cast(tx: Tx) -> None:
    for login in ("alice", "carol", "dana"):
        governance.add_person(tx, login=login, name=login.title(), email=f"{login}@example.com", roles=("manager",))
    plan.adopt(tx, files=plan_files(), reason="For the journeys")


def test_an_unanswered_page_climbs_to_the_senior_manager(house: Faked) -> None:
    house.furnish(_cast)
    for login in ("alice", "carol", "dana"):
        house.reach(login)
    house.start()
    assert house.alert("db").status == 202
    await_("the first level", lambda: house.pages("admin"))
    assert not house.pages("alice")
    ahead = 0
    for minutes, login in ((5, "alice"), (5, "carol"), (10, "dana")):
        assert not house.pages(login), f"{login} is not paged before her time"
        ahead += minutes * 60 + 1
        house.turn(ahead)
        await_(f"the page to {login}", partial(house.pages, login))


def test_jumps_miss_no_page_and_are_shown(house: Faked) -> None:
    house.start()
    assert house.alert("before").status == 202
    await_("a page before", lambda: house.paged("before"))
    assert house.get("/api/pager")["clock_jump"] is None
    hour, day = 3600, 86400
    for name, ahead in (("hour-on", hour), ("hour-back", 0), ("day-on", day), ("day-back", 0), ("day-before", -day)):
        house.turn(ahead)
        assert house.alert(name).status == 202
        await_(f"the page after {name}", partial(house.paged, name))
        assert house.get("/api/pager")["clock_jump"] is not None
    most = max(Counter(page["id"] for page in house.pages()).values())
    assert most <= 2, "at most one duplicate of a page"
