"""The text of a page fits one segment and keeps what matters."""

from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.notify.rules import fit, gsm, septets, with_more

LINK = "https://im.example/p/7Kq2x7Kq2x7Kq2x7Kq2x7K"
CHECKOUT = (
    "SEV1 INC-214 Checkout API: 38% of EU payments fail since 02:58. You are primary, 5m to ack. "
    "Reply 4a=ack 4e=escalate"
)


def test_a_short_page_is_left_as_it_is() -> None:
    assert fit("SEV1 INC-1 Disk full", LINK) == f"SEV1 INC-1 Disk full {LINK}"


def test_a_long_title_is_shortened_and_nothing_else() -> None:
    title = "Checkout API: " + "payments fail in every region of the world " * 5
    text = f"SEV1 INC-214 {title}. You are primary, 5m to ack."
    short = fit(text, LINK, title)
    assert septets(short) <= 160
    assert short.startswith("SEV1 INC-214 Checkout API")
    assert "You are primary, 5m to ack." in short
    assert short.endswith(LINK)


def test_without_a_title_the_longest_passage_is_shortened() -> None:
    short = fit("SEV2 INC-77 " + "x" * 400, LINK)
    assert septets(short) <= 160
    assert short.startswith("SEV2 INC-77 xxx")
    assert short.endswith(f".. {LINK}")


@given(st.text(max_size=600), st.integers(1, 5), st.integers(1, 99999))
def test_severity_id_and_link_stay_whatever_the_title_is(title: str, level: int, number: int) -> None:
    short = fit(f"SEV{level} INC-{number} {title}: you are primary, 5m to ack.", LINK, title)
    assert septets(short) <= 160
    assert f"SEV{level} INC-{number}" in short
    assert short.endswith(LINK)
    assert "\n" not in short


@given(st.text(max_size=400))
def test_every_character_is_one_that_a_phone_can_show(text: str) -> None:
    assert gsm(gsm(text)) == gsm(text)
    assert all(septets(c) in {1, 2} and gsm(c) == c for c in gsm(text))


def test_look_alikes_replace_what_a_phone_cannot_show() -> None:
    assert gsm("Kr\u00e1l\u2019s caf\u00e9 \u2014 \u201cdown\u201d\u2026") == 'Kral\'s café - "down"...'
    assert gsm("数据库") == "???"
    assert gsm("a\u200bb\u202ec") == "abc"


def test_brackets_and_the_euro_count_twice() -> None:
    assert septets("[€]") == 6


def test_held_messages_are_named_at_the_end() -> None:
    assert with_more("SEV3 INC-2 Disk", ["incident/3", "incident/4"]) == "SEV3 INC-2 Disk and 2 more: INC-3, INC-4"
    many = with_more("SEV3 INC-2 Disk", [f"incident/{n}" for n in range(3, 9)])
    assert many == "SEV3 INC-2 Disk and 6 more: INC-3, INC-4, INC-5 ..."


def test_the_design_s_own_example_keeps_its_order() -> None:
    short = fit(CHECKOUT, LINK, "38% of EU payments fail since 02:58")
    assert septets(short) <= 160
    assert short.index("SEV1") < short.index("INC-214") < short.index("5m to ack") < short.index(LINK)
