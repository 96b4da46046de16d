"""The newer rooms by keys alone: what a review teaches, a board's decision, a dry run; every screen walked by Tab."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from quarterdeck.command import actions as command
from tests.console.browsing import DESK, HAND
from tests.console.company import Company, until
from tests.console.conftest import Visits
from tests.console.keyed import folds, named, tab_to, unreachable, walk
from tests.console.screens import SCREENS, Screen

pytestmark = pytest.mark.browser
TICKETS = Path(__file__).parents[2] / "examples" / "tickets.csv"
BAD = """<style>:focus-visible{outline:2px solid} .flat:focus{outline:none} .box{width:50px;overflow:auto}</style>
<a class="skip" href="#main">Skip</a><main id="main"><button class="flat">No ring</button><a>No address</a>
<div class="box"><p style="width:900px">Wide</p></div><button tabindex="2">First</button>
<button tabindex="-1">Never</button>
<div style="display:flex;flex-direction:row-reverse"><button>One</button><button>Two</button></div>
<details class="menu"><summary>Menu</summary><button>In it</button></details></main>"""


def test_what_keys_cannot_do_is_found(browser: Browser) -> None:
    """The eye that the other tests look with is no blind one."""
    page = browser.new_page()
    page.set_content(BAD)
    found = {fault.partition(":")[0] for fault in unreachable(page)}
    assert found == {
        *("the first Tab leads past the way past", "the way past leads nowhere", "no ring", "out of order"),
        *("not for keys", "goes back", "scrolled by hand only"),
    }
    page.set_content(BAD)
    assert {fault.partition(":")[0] for fault in walk(page)} == {"left out by Tab"}
    assert [fault.partition(":")[0] for fault in folds(page)] == ["[True, True, False, False]"], (
        "no Escape without script"
    )
    page.set_content("<button onkeydown='event.preventDefault()'>One</button><button>Two</button>")
    assert walk(page)[-1] == "Tab never leaves the page"
    page.close()


@pytest.mark.long
@pytest.mark.parametrize("size", [{"viewport": DESK}, HAND], ids=["desk", "phone"])
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_is_walked_by_tab(company: Company, passing: Visits, screen: Screen, size: dict[str, object]) -> None:
    visitor = passing(screen.who, **size)
    visitor.open(screen.at(company), screen.status)
    assert not walk(visitor.page)
    assert not folds(visitor.page)


def test_a_dialog_keeps_the_focus_and_gives_it_back(visits: Visits) -> None:
    visitor = visits()
    visitor.open("/readiness")
    page = visitor.page
    for opener, dialog in (("Search or do", "#palette"), ("Help and keys", "#help")):
        for _ in range(30):
            page.keyboard.press("Tab")
            if (page.evaluate("document.activeElement.ariaLabel") or "") == opener:
                break
        page.keyboard.press("Enter")
        expect(page.locator(dialog)).to_be_visible()
        for _ in range(3):
            page.keyboard.press("Tab")
            assert page.evaluate(
                f"document.activeElement === document.body || !!document.activeElement.closest('{dialog}')"
            )
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
        assert page.evaluate("document.activeElement.ariaLabel") == opener


def press(page: Page, name: str, key: str = "Enter") -> None:
    tab_to(page, name)
    page.keyboard.press(key)


def write(page: Page, field: str, text: str) -> None:
    tab_to(page, field)
    page.keyboard.type(text)


def to_be_reviewed(company: Company) -> int:
    """An incident of its own, so that what is written here meets nobody else's text."""
    outage = {"type": "service-outage", "impact": "extensive", "urgency": "high", "service": "identity"}
    number = company.declare("Sign-in is slow for everybody", **outage)
    company.act("alice", command.mitigate, number)
    company.act("alice", command.resolve, number, reason="Rolled back.")
    return until(lambda: number if company.found(number).state == "reviewing" else None)


def test_what_a_review_taught_changes_the_plan_by_keys_alone(company: Company, visits: Visits) -> None:
    visitor = visits("carol")
    page = visitor.page
    visitor.open(f"/reviews/{to_be_reviewed(company)}")
    tab_to(page, "text-helped")
    press(page, "Add an observation")
    write(page, "observed-helped", "The rollback was one button.")
    press(page, "Add it")
    expect(page.locator("#helped .observations")).to_contain_text("The rollback was one button.")
    assert named(page) == "Add an observation", "the focus stays where the work is"
    page.keyboard.press("Shift+Tab")
    assert named(page) == "Change"
    page.keyboard.press("Space")
    press(page, "Make it a lesson")
    page.wait_for_url(re.compile(r"/lessons/\d+$"))
    press(page, "Validate")
    expect(page.locator("#next")).to_contain_text("Decide how it is answered.")
    write(page, "note", "One button for each service.")
    press(page, "Open a draft")
    expect(page.locator("#next")).to_contain_text("It closes by itself when draft")
    press(page, "draft ")
    page.wait_for_url(re.compile(r"/plan/drafts/\d+"))
    expect(page.locator("#main")).to_contain_text("One button for each service.")


def test_a_lesson_is_refused_with_its_reason_by_keys_alone(visits: Visits) -> None:
    visitor = visits("alice")
    page = visitor.page
    visitor.open("/lessons?state=identified")
    press(page, "Nobody had the numbers")
    page.wait_for_url(re.compile(r"/lessons/\d+$"))
    press(page, "Reject it")
    write(page, "reject-why", "They hang beside the radio since.")
    press(page, "Reject")
    expect(page.locator("#next")).to_contain_text("Closed")
    expect(page.locator("#chain")).to_contain_text("They hang beside the radio since.")


def test_a_decision_is_asked_for_and_taken_by_keys_alone(visits: Visits) -> None:
    visitor = visits("alice")
    page = visitor.page
    visitor.open("/executive")
    press(page, "Ask for one")
    page.wait_for_url(re.compile("/executive/decisions$"))
    press(page, "Ask for a decision")
    write(page, "question", "Contract a second card payment provider?")
    write(page, "waiting", "Cards stay declined whenever the first one fails.")
    press(page, "Ask")
    page.wait_for_url(re.compile(r"/executive/decisions/\d+$"))
    write(page, "decision", "Yes, by May.")
    write(page, "decided_by", "The board")
    press(page, "Record it")
    expect(page.locator(".facts")).to_contain_text("Yes, by May. (The board)")
    assert named(page) == "Record what followed", "the next thing to do, where the last one was done"
    page.keyboard.press("Enter")
    write(page, "text", "Signed on 4 May.")
    press(page, "Record it")
    expect(page.locator(".facts")).to_contain_text("Signed on 4 May.")


def test_a_tabletop_is_planned_held_and_ended_by_keys_alone(visits: Visits) -> None:
    visitor = visits("carol")
    page = visitor.page
    visitor.open("/exercises/new")
    press(page, "Ransomware tabletop")
    page.wait_for_url(re.compile("example=ransomware"))
    write(page, page.get_by_label("Who leads it?").get_attribute("id") or "", "Carol")
    press(page, "Plan it")
    page.wait_for_url(re.compile(r"/exercises/\d+$"))
    press(page, "Start the clock")
    expect(page.locator(".stand")).to_contain_text("running")
    expect(page.locator("#main")).to_be_focused()  # and not “End it”, which stands where the button stood
    press(page, "Note a finding")
    write(page, "finding-text", "Nobody knew where the spare laptops are.")
    press(page, "Note it")
    expect(page.locator("#findings")).to_contain_text("Nobody knew where the spare laptops are.")
    page.reload()
    press(page, "End it")
    expect(page.locator(".stand")).to_contain_text("ended")


def test_a_dry_run_is_looked_at_by_keys_alone(visits: Visits) -> None:
    visitor = visits()
    page = visitor.page
    page.on("filechooser", lambda chooser: chooser.set_files(TICKETS))
    visitor.open("/import/history")
    press(page, "file")
    expect(page.locator("#file")).to_have_value(re.compile("tickets.csv$"))
    page.focus("#file")  # as the system's own dialog gives it back
    tab_to(page, "format")
    page.keyboard.type("servicenow")
    press(page, "Look at it first")
    expect(page.get_by_role("heading", name="What would become of tickets.csv")).to_be_visible()
    assert named(page).startswith("What would become of"), "there one goes on reading"
