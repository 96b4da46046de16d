"""Words of any language, what of a text is shown, and how alike two incidents are: no I/O."""

import pytest

from quarterdeck.learning.rules.likeness import Known, Question, Statistics, known
from quarterdeck.learning.rules.wording import LONGEST, MOST_TEXT, MOST_WORDS, counted, snippet, words, written


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Certificates expired; the certificate is expiring", ["certificat", "expir", "certificat", "expir"]),
        ("KubePodNotReady on db-1.eu", ["kubepodnotready", "kube", "pod", "ready", "db-1.eu", "db", "eu"]),
        ("Störung: ZAHLUNGEN schlagen fehl", ["storung", "zahlungen", "schlagen", "fehl"]),
        ("Сбой платежей", ["сбои", "платежеи"]),
        ("支付失败", ["支付", "付失", "失败"]),
        ("503 errors", ["503", "error"]),
        ("the of and a", []),
        ("=service:checkout", ["service:checkout", "servic", "checkout"]),
    ],
)
def test_words_are_found_however_they_are_written(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_a_huge_text_is_bounded_in_words_and_length() -> None:
    assert len(counted(" ".join(f"w{n}" for n in range(9_000)))) == MOST_WORDS
    assert words("x" * 1000) == [] and len("x" * 1000) > LONGEST
    assert "end" not in counted("word " * (MOST_TEXT // 5) + " end")
    assert written("Certificates of db-1") == {"certificat": "Certificates", "db-1": "db-1", "db": "db"}


def test_a_snippet_shows_the_densest_place_and_marks_what_was_looked_for() -> None:
    text = "lorem ipsum " * 50 + "the disk of the mail relay was full " + "dolor sit " * 50
    pieces = snippet(text, frozenset({"disk", "full", "rel*"}))
    shown = "".join(piece for piece, _ in pieces)
    assert [piece for piece, hit in pieces if hit] == ["disk", "relay", "full"]
    assert shown.startswith("… ") and shown.endswith(" …") and len(shown) < 250
    assert snippet("", frozenset({"disk"})) == () and snippet("no hit", frozenset({"disk"})) == (("no hit", False),)


RARE = Statistics(1000, 10, {"disk": 3, "slow": 400, "service:mail": 10, "service:web": 600, "type:outage": 500})


def incident(title: str, *facts: str) -> Known:
    return known(title, counted(title), frozenset(facts))


def degree(asked: Known, other: Known) -> float:
    return Question(asked, RARE).likeness(other).degree


def test_rare_words_and_rare_facts_say_more_than_common_ones() -> None:
    asked = incident("disk slow", "service:mail", "type:outage")
    assert degree(asked, incident("disk")) > degree(asked, incident("slow"))
    assert degree(asked, incident("x", "service:mail")) > 0 == degree(asked, incident("x", "service:web"))
    assert degree(asked, asked) == 1.0 > degree(asked, incident("disk slow"))
    assert degree(incident("zeppelin disk"), incident("disk")) == 1.0, "what stands in no other cannot agree"
    assert degree(incident(""), asked) == 0


def test_a_likeness_says_why_with_the_weightiest_reason_first() -> None:
    asked = incident("disk slow again", "service:mail")
    found = Question(asked, RARE).likeness(asked)
    assert [one.fact for one in found.because] == ["words", "service"]
    assert found.because[0].what == ("disk", "slow")
    assert found.points == pytest.approx(sum(one.points for one in found.because))
