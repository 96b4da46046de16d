"""What a page says fits one text message, whatever the incident is called."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.notify.rules import septets
from quarterdeck.oncall.rules import messages
from tests.oncall.making import at

FIVE = timedelta(minutes=5)


def text(what: str, **changes: object) -> str:
    values = {
        "number": 214,
        "severity": "SEV1",
        "service": "checkout",
        "what": messages.lead(what),
        "since": at("2026-03-02 01:58"),
        "zone": "Europe/Berlin",
        "role": "on call (primary)",
        "acknowledge_within": FIVE,
        **changes,
    }
    return messages.page_text(**values)  # type: ignore[arg-type]  # the keywords are right; their values vary by test


def test_a_page_says_the_worst_first_and_the_hour_where_its_reader_is() -> None:
    assert text("38% of EU payments fail.") == (
        "SEV1 checkout: 38% of EU payments fail since 02:58. You are on call (primary), 5m to ack. INC-214"
    )


def test_a_drill_says_so_first() -> None:
    assert text("Checkout is down", drill=True).startswith("DRILL SEV1 ")


@given(st.text(min_size=1, max_size=400), st.sampled_from(["UTC", "Asia/Kolkata", "Australia/Lord_Howe"]))
def test_a_page_fits_one_text_message_and_keeps_severity_deadline_and_id(what: str, zone: str) -> None:
    found = text(what, zone=zone)
    assert septets(found) <= 160
    assert found.startswith("SEV1 ")
    assert found.endswith("INC-214")
    assert "5m to ack" in found


@given(st.text(max_size=300), st.text(max_size=80))
def test_the_end_fits_too_and_names_the_incident(what: str, by: str) -> None:
    found = messages.ended_text(
        number=9, ended="resolved", service="checkout", what=messages.lead(what), after=FIVE, by=by
    )
    assert septets(found) <= 95
    assert found.startswith("RESOLVED INC-9")


def test_a_page_and_its_end_are_as_short_as_was_promised_and_ask_for_no_reply() -> None:
    page = f"{text('38% of EU payments fail.')} https://im.example/p/{22 * '7'}"
    assert len(page) <= 143
    assert "Reply" not in page
    end = messages.ended_text(
        number=214,
        ended="resolved",
        service="checkout",
        what="Down",
        after=timedelta(minutes=41),
        by="Rachel Okafor",
    )
    assert end == "RESOLVED INC-214 checkout after 41m by R.Okafor. No action. Sleep."


def test_whose_incident_merely_went_elsewhere_is_not_sent_to_bed() -> None:
    end = messages.ended_text(number=9, ended="merged", service=None, what="Slow", after=FIVE, by=None)
    assert end == "MERGED INC-9 Slow after 5m. No action."


def test_lengths_are_said_as_people_say_them() -> None:
    assert [messages.lasted(timedelta(minutes=m)) for m in (0, 41, 125, 4560)] == ["0m", "41m", "2h 05m", "3d 4h"]


def test_a_role_is_named_by_how_the_person_was_found() -> None:
    assert messages.role_of("schedule:primary", 1, "Chief") == "on call (primary)"
    assert messages.role_of("person:bob", 2, "Chief") == "level 2"
    assert messages.role_of("post:chief", 0, "Chief") == "Chief"
