"""Hostile text through every door into every screen and every message: shown as it was written, never obeyed."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from quarterdeck.app.web import create_app
from quarterdeck.command import actions as command
from quarterdeck.governance import actions as governance
from quarterdeck.notify.channels import email, slack
from quarterdeck.notify.rules import Message
from quarterdeck.record import Tx, open_store
from tests.cast import ADMIN, ALICE
from tests.conftest import House
from tests.house import permissions
from tests.journeys.town import Town, furnish, raised
from tests.web import settings_of

CORPUS = (
    'zq<script>alert("zq")</script>',
    'zq"><img src=zq onerror=alert(1)>',
    "zq' onmouseover='alert(1)",
    "zq</title></textarea></script><svg onload=alert(1)>",
    "zq{{7*7}}zq ${7*7} #{7*7} <%= 7*7 %>",
    "zq{title}zq {0.__class__} %(title)s %s",
    "zq[click](javascript:alert(1)) ![x](javascript:alert(1)) <javascript:alert(1)>",
    "zq\u202egnp.exe\u202c \u2066hidden\u2069 \u200bzero",
    "zq\x00nul \x1b[2J\x1b]0;owned\x07 \x9b31m \x08\x7f",
    "zq\r\nBcc: everybody@example.com\r\n\r\nX-Injected: 1",
    "=cmd|'/c calc'!A1 zq",
    "@SUM(1+1)*cmd zq",
    "zq <!channel> <!here> <@U0123> <https://evil.example.com|the runbook>",
    "zq'; DROP TABLE incident; --",
    "zq" + "\u0300" * 50 + "A" * 400,
)
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What acts on a terminal or on the direction of text: shown nowhere, by nothing."""
LINKS = ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", 'https://ok.example.com/"><script>zq']


class Obeyed(HTMLParser):
    """What a browser would make of a page: everything in it that only hostile text could have put there."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.found += [f"<{tag} {name}>" for name in given if name.startswith("on") or name == "srcdoc"]
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            if re.match(r"\s*(javascript|data|vbscript):", given.get(name, ""), re.I) and tag != "img":
                self.found.append(f"<{tag} {name}={given[name][:60]}>")
        if tag in {"script", "img", "iframe", "object"} and "zq" in str(given):
            self.found.append(f"<{tag} {given}>")
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(f"<script {given}>")


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, Town]]:
    """A house into which everybody has put the whole corpus."""
    home = tmp_path_factory.mktemp("hostile")
    house = House(open_store(f"sqlite:///{home / 'quarterdeck.db'}"), home)
    town = Town(house.record, house.clock)
    key = furnish(house.record)
    with house.client() as door:
        for n, text in enumerate(CORPUS):
            _signal(door, key, n, text)
    town.settle()
    for text in CORPUS:
        house.perform(lambda tx, text=text: _by_people(tx, text.replace("\x00", "")), ALICE)  # type: ignore[misc]  # mypy: a default in a lambda
    for n, text in enumerate(CORPUS):
        house.perform(lambda tx, n=n, text=text: _by_administrators(tx, n, text), ADMIN)  # type: ignore[misc]  # the same
    town.settle()
    town.forward(hours=1)
    yield house, town
    house.record.close()


def _signal(door: Any, key: str, n: int, text: str) -> None:
    own = {"service": "checkout", "severity": "critical", "alertname": f"A{n}"}
    event = raised(f"k{n}{text[:50]}", text, **{**own, f"l{text[:40]}": text[:200]})
    event |= {"routing_key": key, "client": text, "links": [{"href": link, "text": text} for link in LINKS]}
    assert door.post("/v2/enqueue", json=event).status_code == 202
    change = {"routing_key": key, "payload": {"summary": text, "source": text[:100]}, "links": event["links"]}
    assert door.post("/v2/change/enqueue", json=change).status_code == 202
    alert = {"labels": {**own, "x": text}, "annotations": {"summary": text, "runbook_url": LINKS[0]}}
    assert door.post(f"/intake/alertmanager/{key}", json={"alerts": [{**alert, "generatorURL": LINKS[1]}]}).is_success
    generic = {"title": text, "dedup_key": text[:255], "labels": {"a": text}, "links": LINKS, "details": {"d": text}}
    assert door.post(f"/intake/generic/{key}", json=generic).is_success


def _by_people(tx: Tx, text: str) -> None:
    number = command.declare(tx, title=text[:150], impact=None, urgency=None, service="checkout", summary=text)
    command.note(tx, number=number, text=f"{text}\n\n# {text}\n\n> {text}\n\n- {text}\n\n    {text}")
    command.state_impact(tx, number=number, statement=text[:200])
    task = command.add_task(tx, number=number, title=text[:100], details=text)
    command.skip_task(tx, number=number, task=task, reason=text)
    command.resolve(tx, number=number, reason=text)


def _by_administrators(tx: Tx, n: int, text: str) -> None:
    line = " ".join(UNSEEN.sub("", text).split())[:60]
    governance.add_team(tx, id=f"team-{n}", name=line)
    governance.add_person(tx, login=f"h{n}", name=line, email=f"h{n}@example.com", roles=("viewer",))
    governance.issue_key(tx, label=line, roles=("viewer",))


def screens(house: House) -> Iterator[str]:
    """Every page that is read, with numbers and names that exist."""
    with house.read() as conn:
        highest = conn.exec_driver_sql("SELECT max(number) FROM incident").scalar_one()
    app = create_app(house.record, settings_of(house), house.wired)
    known = {"login": ["bob", "h0", "h7"], "id": ["checkout"], "name": [panel.name for panel in house.wired.panels]}
    known["key"] = ["plan", "policy:incident-management", "procedure:service-outage"]
    for route in permissions.routes(app):
        if route.method != "GET" or route.path.startswith(("/live", "/static", "/openapi", "/metrics", "/readyz")):
            continue
        paths = [route.path]
        for parameter in re.findall(r"{(\w+)(?::\w+)?}", route.path):
            values = known.get(parameter, [str(n) for n in range(1, highest + 1)] if parameter == "number" else ["x"])
            paths = [re.sub(rf"{{{parameter}(:\w+)?}}", value, path) for path in paths for value in values]
        yield from paths
    yield from (f"/search?q={term}" for term in ("zq", "zq%3Cscript%3E", "%7B%7B7*7%7D%7D"))


def test_every_screen_shows_hostile_text_and_obeys_none(struck: tuple[House, Town]) -> None:
    house, _ = struck
    faults, shown = [], set()
    with house.client(ADMIN) as reader:
        for path in screens(house):
            answer = reader.get(path, headers={"accept": "text/html"}, follow_redirects=False)
            assert answer.status_code < 500, path
            if "pdf" in answer.headers.get("content-type", ""):
                continue  # bytes of its own form; what text becomes on paper is held by tests/paper
            text = answer.text
            shown |= {path.split("?")[0]} if "zq" in text else set()
            if "html" in answer.headers.get("content-type", ""):
                page = Obeyed()
                page.feed(text)
                faults += [f"{path}: {one}" for one in page.found]
            faults += [f"{path}: {match!r}" for match in set(UNSEEN.findall(text))]
            faults += [f"{path}: a template ran" for ran in ("zq49zq", "zqzqzq") if ran in text]
    told = {f"/incidents/{n}" for n in range(1, len(CORPUS) + 1)}
    told |= {"/", "/incidents", "/signals", "/people", "/search", "/audit"}
    assert told <= shown, f"the corpus has to be on the screens, or this proves nothing: {told - shown}"
    assert not faults, "\n".join(sorted(set(faults))[:60])


def test_every_message_carries_hostile_text_and_obeys_none(struck: tuple[House, Town]) -> None:
    _, town = struck
    messages = town.provider.log
    assert len(messages) >= 3 and any("zq" in message.text for message in messages)
    for message in messages:
        _holds_nothing_that_acts(message)


@pytest.mark.parametrize("text", CORPUS)
def test_a_message_of_any_text_stays_text_on_every_channel(text: str, struck: tuple[House, Town]) -> None:
    _, town = struck
    shape = town.provider.log[0]
    mail = email.compose(
        Message(shape.key, shape.delivery, shape.about, "page", 0, text, text, text[:160]),
        "b@example.com",
        town.settings,
    )
    assert set(mail.keys()) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Quarterdeck-About", "X-Priority"),
        *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
    }
    assert mail.get_content_type() == "text/plain" and "\n" not in mail["Subject"] and "\r" not in mail["Subject"]
    assert mail.as_bytes().partition(b"\r\n\r\n")[0].count(b"\nBcc:") == 0
    assert "<" not in slack._plain(text), "Slack would read a mention"


def _holds_nothing_that_acts(message: Message) -> None:
    for part in (message.subject, message.text, message.short, message.link):
        assert not UNSEEN.search(part), (part, UNSEEN.findall(part))
        assert "zq49zq" not in part and "zqzqzq" not in part
    assert "\n" not in message.subject and "\r" not in message.subject
    assert message.link.startswith("http://testserver.local/") or not message.link


def test_nothing_is_handed_out_as_a_table_that_would_calculate(struck: tuple[House, Town]) -> None:
    """There is no CSV yet; whoever adds one is held to this by the content type."""
    house, _ = struck
    with house.client(ADMIN) as reader:
        for path in screens(house):
            answer = reader.get(path, follow_redirects=False)
            if "csv" in answer.headers.get("content-type", ""):
                cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
                assert not [cell for cell in cells if cell[:1] in "=+-@\t\r" and cell], path
