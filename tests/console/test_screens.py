"""Every screen in both themes, on a desk and on a phone: axe finds nothing, nothing overflows, nothing leaves."""

import pytest

from tests.console.browsing import DESK, HAND, PHONE, breaches, clipped, overflow, small_targets
from tests.console.company import Company
from tests.console.conftest import Visits
from tests.console.keyed import unreachable
from tests.console.screens import SCREENS, STATES, Screen

pytestmark = pytest.mark.browser
KILOBYTE = 1024


def named(screen: Screen) -> str:
    return screen.name


@pytest.mark.parametrize("screen", SCREENS, ids=named)
def test_a_screen_is_for_everybody(company: Company, passing: Visits, screen: Screen) -> None:
    """By day on a desk every rule and every key, at night on a phone what depends on the colours and on the size."""
    desk = passing(screen.who, viewport=DESK)
    desk.open(screen.at(company), screen.status)
    assert not breaches(desk.page)
    assert overflow(desk.page) <= 0
    assert not unreachable(desk.page)
    phone = passing(screen.who, **HAND, color_scheme="dark")
    phone.open(screen.at(company), screen.status)
    assert not breaches(phone.page, "color-contrast")
    assert not small_targets(phone.page)
    assert not clipped(phone.page)
    assert overflow(phone.page) <= 0


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE, {"width": 320, "height": 640}, {"width": 768, "height": 1024}], ids=str)
@pytest.mark.parametrize("screen", SCREENS, ids=named)
def test_a_screen_is_for_everybody_everywhere(
    company: Company, visits: Visits, screen: Screen, size: dict[str, int], theme: str
) -> None:
    visitor = visits(screen.who, viewport=size, color_scheme=theme)
    visitor.open(screen.at(company), screen.status)
    assert not breaches(visitor.page)
    assert overflow(visitor.page) <= 0


def test_each_incident_stands_in_the_state_it_is_looked_at_for(company: Company) -> None:
    assert {state: company.found(company.numbers[state]).state for state in STATES} == {
        state: state for state in STATES
    }


@pytest.mark.parametrize("path", ["/", "/incidents", "/incidents/{active}", "/plan", "/on-call"])
def test_a_first_load_stays_below_200_kilobytes(company: Company, visits: Visits, path: str) -> None:
    visitor = visits()
    visitor.open(path.format(**company.numbers))
    visitor.page.wait_for_function("document.fonts.status === 'loaded'")
    assert 0 < sum(visitor.transferred.values()) <= 200 * KILOBYTE, visitor.transferred


def test_nothing_is_red_once_an_incident_is_over(company: Company, visits: Visits) -> None:
    """Roles that nobody holds, tasks that nobody did: red is for what can still be done something about."""
    visitor = visits()
    for state in ("resolved", "reviewing", "closed", "declined", "cancelled", "merged"):
        visitor.open(f"/incidents/{company.numbers[state]}")
        red = visitor.page.locator("#main .act, #bar .act, #main .late").filter(visible=True)
        assert red.all_inner_texts() == [], state
        assert visitor.page.locator("#bar [data-due]").count() == 0, "no deadline hurries what is solved"


def test_every_deed_of_an_incident_is_within_a_phone(company: Company, visits: Visits) -> None:
    visitor = visits(**HAND)
    for state in ("triage", "active", "mitigated", "reviewing", "resolved", "closed"):
        visitor.open(f"/incidents/{company.numbers[state]}")
        deeds = visitor.page.locator("#bar .do .button").filter(visible=True)
        assert deeds.count() >= 1, state
        for deed in deeds.all():
            box = deed.bounding_box()
            assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"], (state, box)
            assert box["height"] >= 44, (state, box)
