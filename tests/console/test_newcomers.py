"""A newcomer with a plan in Markdown: imported, settled and published in the console, by what the screen asks for."""

import io
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from quarterdeck.plan import views
from tests.cast import ALICE, CAROL
from tests.console.browsing import HAND, Visitor, breaches, overflow, small_targets, visit
from tests.console.newcomers import NewHome, new_home
from tests.plan.test_importing import TEXTS

pytestmark = pytest.mark.browser
DATA = Path(os.environ.get("QUARTERDECK_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


@pytest.fixture
def home() -> Iterator[NewHome]:
    with new_home() as made:
        yield made


def data(folder: str) -> Path:
    if not (DATA / folder).is_dir():
        pytest.skip(f"{folder} is not beside this clone")
    return DATA / folder


def heading(page: Page) -> str:
    return page.locator("#step h2").inner_text()


def settle_all(page: Page) -> list[str]:
    """At each step what a newcomer does who fills in little: the steps, in the order in which they came."""
    steps = []
    while (step := heading(page)) != "Nothing is left to settle":
        steps.append(step)
        assert len(steps) <= 12, steps
        form = page.locator("#settling")
        match step:
            case "Who holds each post":
                form.get_by_label("Held by").nth(2).select_option("carol")
                form.get_by_role("button", name="Save and go on").click()
            case "When each kind of incident is declared":
                form.get_by_label("Declared when any of these holds").first.fill("Somebody tells us so.")
                form.get_by_label("What it is").nth(1).select_option("guideline")
                form.get_by_role("button", name="leave the empty ones open").click()
            case "Who may decide what":
                form.get_by_role("textbox").last.fill("Ask anybody for facts.")
                form.get_by_role("button", name="leave the empty ones open").click()
            case "Procedures that are hardly begun":
                form.get_by_label("Leave it as a named stub").first.check()
                form.get_by_role("button", name="Go on").click()
            case "Blanks to fill in":
                form.get_by_label("Company", exact=False).first.fill("Acme")
                form.get_by_role("button", name="leave the rest open").click()
            case "What a plan usually has beside this":
                form.get_by_label("Put the example's in place").first.check()
                form.get_by_role("button", name="Go on").click()
            case _:
                form.get_by_role("button").last.click()
        expect(page.locator("#step h2")).not_to_have_text(step)
    return steps


def publish(page: Page, home: NewHome, browser: Browser) -> None:
    """Handed in by Alice, approved and published by Carol."""
    page.get_by_label("In a sentence").first.fill("The first plan")
    page.get_by_role("button", name="Hand it in").click()
    page.wait_for_url(re.compile(r"/plan/drafts/1$"))
    expect(page.locator("#next")).to_contain_text("It waits for")
    reader = visit(browser, home.origin, home.session(CAROL))
    reader.open("/plan/drafts/1")
    assert breaches(reader.page) == []
    reader.page.get_by_role("button", name=re.compile("Approve version")).click()
    reader.page.get_by_role("button", name="Publish").click()
    expect(reader.page.locator("#next")).to_contain_text("It came into force as revision 1")
    assert reader.complaints == []
    reader.page.context.close()


def in_force(home: NewHome) -> views.Revision:
    with home.record.read() as conn:
        return views.revisions(conn)[0]


def brought(browser: Browser, home: NewHome) -> Visitor:
    visitor = visit(browser, home.origin, home.session(ALICE))
    visitor.open("/plan")
    visitor.page.get_by_role("link", name="Import a plan").click()
    visitor.page.get_by_label("What is it?").fill("Our plan")
    return visitor


def test_a_small_plan_of_texts_is_published_by_two_people(browser: Browser, home: NewHome) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in TEXTS.items():
            archive.writestr(f"ours/{name}", text)
    visitor = brought(browser, home)
    page = visitor.page
    chosen: FilePayload = {"name": "ours.zip", "mimeType": "application/zip", "buffer": packed.getvalue()}
    page.get_by_label("Files: Markdown, or one zip of them").set_input_files(chosen)
    page.get_by_role("button", name="Import it").click()
    page.wait_for_url(re.compile(r"/plan/drafts/1/next$"))
    assert breaches(page) == []
    phone = visit(browser, home.origin, home.session(ALICE), **HAND, color_scheme="dark")
    for what in ("posts", "example"):
        phone.open(f"/plan/drafts/1/next?at={what}")
        assert (breaches(phone.page, "color-contrast"), overflow(phone.page), small_targets(phone.page)) == (
            [],
            0,
            [],
        ), what
    phone.page.context.close()
    assert len(settle_all(page)) == 10
    publish(page, home, browser)
    assert in_force(home).approved_by == CAROL.id
    assert visitor.complaints + phone.complaints == []
    page.context.close()


@pytest.mark.parametrize("folder", ["plan-counteractive", "plan-pagerduty"])
def test_a_plan_that_others_wrote_is_brought_to_publication_by_a_newcomer(
    browser: Browser, home: NewHome, folder: str
) -> None:
    visitor = brought(browser, home)
    page = visitor.page
    page.get_by_label("Or a whole folder").set_input_files(data(folder))
    page.get_by_role("button", name="Import it").click()
    page.wait_for_url(re.compile(r"/plan/drafts/1/next$"), timeout=30_000)
    settle_all(page)
    publish(page, home, browser)
    assert in_force(home).authors == (ALICE.id,)
    assert visitor.complaints == []
    page.context.close()
