"""Scripted tasks with step counts: how many fields, taps and pages it takes to do what people come for."""

import re

import pytest
from playwright.sync_api import expect

from tests.console.browsing import PHONE
from tests.console.company import Company, until
from tests.console.conftest import Visits

pytestmark = pytest.mark.browser


def test_declaring_takes_one_field_and_one_press(company: Company, visits: Visits) -> None:
    visitor = visits()
    visitor.open("/incidents/new")
    page = visitor.page
    assert page.locator("#main [required]").count() <= 2
    expect(page.locator("#title")).to_be_focused()
    page.keyboard.type("The label printer in hall 3 is mute")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/incidents/\d+$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("The label printer in hall 3 is mute")


def test_acknowledging_from_now_takes_one_press(company: Company, visits: Visits) -> None:
    number = company.declare(
        "Catalogue is empty", type="service-outage", impact="extensive", urgency="high", service="catalogue"
    )
    company.page_of(number)
    visitor = visits("you", viewport=PHONE, has_touch=True)
    visitor.open(f"/incidents/{number}")
    visitor.page.get_by_role("button", name="Acknowledge").tap()
    until(lambda: company.found(number).acknowledged_at)
    expect(visitor.page.get_by_role("button", name="Acknowledge")).to_have_count(0)


def test_who_is_on_call_is_said_where_everybody_arrives(company: Company, visits: Visits) -> None:
    for viewport in ({"width": 1440, "height": 900}, PHONE):
        visitor = visits("dana", viewport=viewport)
        visitor.open("/")
        row = visitor.page.locator('[data-row="schedule/primary"]')
        expect(row).to_be_visible()
        expect(row).to_contain_text("You")  # the first of the rota, by name
