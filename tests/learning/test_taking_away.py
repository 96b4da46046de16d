"""A review to take away: nobody is named in it who should not be, and what people typed stays text."""

import json
from typing import Any

from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.anonymising import ADDRESS, Hiding, Somebody
from quarterdeck.paper.document import Document, Heading, Paragraph, Table, bullets
from quarterdeck.paper.source import source
from tests.cast import BOB, CAROL
from tests.learning.situations import reviewed

OKAFOR = Somebody("0f3k9", "r.okafor", "Ruth Okafor", "ruth@example.com", there=True)
WILL = Somebody("77aa1", "will", "Will Smith", "will@example.com")
ROOT = Somebody("admin", "admin", "Root Admin", "root@example.com")
LI = Somebody("88bb2", "liwei", "李伟", "li@example.com", there=True)


def hidden(text: str) -> str:
    return Hiding((OKAFOR, WILL, ROOT, LI), {"0f3k9": "the commander"}).text(text)


def test_names_logins_ids_and_addresses_become_roles_and_letters_wherever_they_stand() -> None:
    assert hidden("Ruth\nOkafor rolled back") == "The commander rolled back"
    assert (
        hidden("Ask r.okafor or RUTH OKAFOR, Okafors idea.")
        == "Ask the commander or the commander, the commander idea."
    )
    assert hidden("mail Ruth@Example.com or x@y.org") == f"mail the commander or {ADDRESS}"
    assert hidden("person/0f3k9") == "person/the commander"
    assert hidden("昨晚李伟重启了") == "昨晚person A重启了"


def test_everyday_words_stay_words() -> None:
    assert hidden("The admin page will fail; ruthless.") == "The admin page person A fail; ruthless."
    assert hidden("It will") == "It person A", "a login is replaced even where it is a word: rather one too many"
    assert hidden("admin") == "person A", "whole, it is somebody"


def test_a_document_becomes_markdown_that_what_people_typed_cannot_break() -> None:
    made = source(
        Document(
            title="A *page* <script>",
            blocks=(
                Heading("One"),
                Paragraph("# no heading [x](javascript:1)"),
                bullets("a", "b"),
                Table(("A|B", "C"), (("1\n2", "`"),)),
            ),
        )
    )
    assert made.splitlines()[0] == r"# A \*page\* \<script\>"
    assert r"\# no heading \[x\](javascript:1)" in made
    assert "- a\n- b" in made
    assert r"| A\|B | C |" in made and r"| 1 2 | \` |" in made


def test_an_anonymous_export_names_nobody_and_a_root_cause_is_rendered_only_when_asked_for(house: Any) -> None:
    number = reviewed(house)

    def write(tx: Any) -> None:
        actions.write_review(tx, number=number, texts={"helped": "Alice knew; **Bob** asked carol@example.com"}, seen=0)
        actions.observe(tx, number=number, prompt="worse", text="bob was alone.", evidence=[1])
        actions.find_factor(tx, number=number, code="staffing.few", text="Only Alice knew it.", evidence=[1])

    house.perform(write, by=BOB)
    house.perform(lambda tx: actions.agree_factor(tx, number=number, factor=f"INC-{number}-F1"), by=CAROL)
    named = house.ask(views.taken_away, number)
    assert "Alice" in named.markdown and "Root cause" not in named.markdown
    hidden_ = house.ask(views.taken_away, number, anonymous=True, root_cause=True)
    for text in (hidden_.markdown, json.dumps(hidden_.data)):
        assert not [name for name in ("alice", "bob", "carol", "@example") if name in text.casefold()]
    assert "Only the commander knew it." in hidden_.data["root_cause"]
    assert "## Root cause" in hidden_.markdown and "1. Only the commander knew it." in hidden_.markdown
    client, base = house.client(CAROL), f"/api/incidents/{number}/review"
    assert client.get(f"{base}/export?format=json&anonymous=true").json()["review"]["commander"] == "the commander"
    assert client.get(f"{base}/pdf").content.startswith(b"%PDF")
    assert "## What helped?" in client.get(f"{base}/export").text
    assert client.get(f"/reviews/{number}/review.pdf?anonymous=true").content.startswith(b"%PDF")
    assert client.get("/api/incidents/99/review/export").status_code == 404
