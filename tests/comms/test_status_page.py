"""The public status page: what the public was told, all of it, and nothing that it was not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import fromstring

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.comms.channels.status_page import rendered
from quarterdeck.comms.rules.status_page import Board, Facts, Told, Word, board
from quarterdeck.plan.rules import Part, StatusPage

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PAGE = StatusPage(
    title="Status of our shop",
    audience="customers",
    address="https://status.example.com",
    parts=(
        Part(id="paying", title="Ordering and paying", services=("checkout", "payments")),
        Part(id="sign-in", title="Signing in", services=("identity",)),
    ),
)
SAID = Word(NOW - timedelta(minutes=30), "update", "EU customers cannot pay by card.", NOW + timedelta(minutes=10))


def told(*words: Word, service: str | None = "checkout", mitigated: bool = False, over: int | None = None) -> Told:
    """`over`: so many minutes ago."""
    return Told(214, service, mitigated, None if over is None else NOW - timedelta(minutes=over), words or (SAID,))


def page(*incidents: Told, since: datetime = NOW - timedelta(days=400)) -> Board:
    return board(Facts(PAGE, "Europe/Berlin", since, incidents), NOW, 60)


def states(found: Board) -> dict[str, str]:
    return {part.id: part.phase for part in found.parts}


def test_nothing_said_is_nothing_reported_and_not_that_all_works() -> None:
    found = page()
    assert found.sentence == "No trouble is reported."
    text = rendered(found)["index.html"].decode()
    assert "Nothing reported" in text and "unknown" in text and "operational" not in text.lower()


def test_an_open_incident_names_its_part_what_was_said_and_when_the_next_word_comes() -> None:
    found = page(told())
    assert found.sentence == "There is trouble with “Ordering and paying”. We are working on it."
    assert states(found) == {"paying": "trouble", "sign-in": "over"}
    text = rendered(found)["index.html"].decode()
    assert "EU customers cannot pay by card." in text
    assert "Next update by" in text and "Mon 2 Mar, 09:10 UTC (10:10 CET)" in text


def test_a_promise_that_was_not_kept_shows() -> None:
    late = page(told(replace(SAID, next_update=NOW - timedelta(minutes=1))))
    assert late.open[0].late and "is late" in rendered(late)["index.html"].decode()


def test_a_remedy_shows_as_getting_better_unless_something_else_is_in_trouble() -> None:
    better = told(mitigated=True)
    assert states(page(better))["paying"] == "watched" and "watching" in page(better).sentence
    assert page(better, told(service="payments")).parts[0].phase == "trouble"


def test_a_service_behind_no_part_still_shows_that_there_is_trouble() -> None:
    found = page(told(service="warehouse"), told(service=None))
    assert found.phase == "trouble" and [one.heading for one in found.open] == ["Our services"] * 2
    assert found.sentence == "There is trouble with our services. We are working on it."


def test_what_is_over_stays_ninety_days_with_what_was_learned() -> None:
    over = told(SAID, Word(NOW, "review", "We **test** the pool now."), over=5)
    found = page(over)
    assert (found.open, len(found.past), found.sentence) == ((), 1, "No trouble is reported.")
    assert found.past[0].next_update is None and not found.past[0].late
    assert "<strong>test</strong>" in rendered(found)["history.html"].decode()
    untold = page(told(Word(NOW, "review", "We **test** now."), over=5))
    assert len(untold.past) == 1 and untold.parts[0].troubled == 0
    assert "Told afterwards." in rendered(untold)["history.html"].decode()
    long_ago = Word(NOW - timedelta(days=91), "update", "Then.", None)
    assert page(told(long_ago, over=90 * 24 * 60 + 1)).past == ()


def test_the_days_show_trouble_by_the_plans_zone_and_not_known_before_the_page() -> None:
    began = Word(datetime(2026, 2, 27, 23, 30, tzinfo=UTC), "update", "Down.", None)  # the 28th in Berlin
    found = page(told(began, over=24 * 60), since=NOW - timedelta(days=9))
    days = found.parts[0].days
    assert len(days) == 90 and days[-3:] == (True, True, False) and days[-4] is False
    assert days[:80] == (None,) * 80 and found.parts[0].watched_days == 10


def test_the_feed_is_atom_with_an_entry_for_each_text() -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    last = Word(NOW - timedelta(minutes=5), "last", "Resolved. \x0b All pay again.", None)
    root = fromstring(rendered(page(told(SAID, last, Word(NOW, "review", "*Why*"), over=5)))["feed.xml"])
    assert root.tag == f"{atom}feed" and all(
        root.find(f"{atom}{one}") is not None for one in ("id", "title", "updated")
    )
    entries = root.findall(f"{atom}entry")
    assert len({entry.findtext(f"{atom}id") for entry in entries}) == len(entries) == 3
    assert entries[0].findtext(f"{atom}title") == "Ordering and paying: what we learned"
    assert fromstring(rendered(None)["feed.xml"]).findall(f"{atom}entry") == []


@given(st.text(max_size=40), st.sampled_from(["update", "review"]))
def test_whatever_was_typed_becomes_no_markup_and_every_file_stays_readable(typed: str, kind: str) -> None:
    hostile = f"<script>x()</script>{typed}<img src=//evil onerror=y()>"
    made = rendered(page(told(SAID, Word(NOW, kind, hostile), over=None if kind == "update" else 1)))
    fromstring(made["feed.xml"])
    for name in ("index.html", "history.html"):
        text = made[name].decode()
        assert "<script" not in text and "<img" not in text and "style=" not in text
