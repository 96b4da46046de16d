"""Markdown post-mortems: what is understood, what contradicts itself, what is listed; brought in once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from quarterdeck.command import views as incidents
from quarterdeck.kernel.errors import Forbidden, Invalid, Refused
from quarterdeck.learning import views as learning
from quarterdeck.migration import actions
from quarterdeck.migration.rules.filing import UNFILED, filed
from quarterdeck.migration.rules.postmortem import Times, Written, said, times
from quarterdeck.migration.sources.postmortem import read
from tests.cast import ADMIN, ALICE, BOB
from tests.command.situations import furnish
from tests.migration.real import real

DFDS = """\
# Certificate of the token service expired

## Summary

The certificate expired and nobody could sign in.

## Timeline

All times in CET.

| Time             | Event                                     |
| :--------------- | ----------------------------------------- |
| 2020-01-21 15:36 | Certificate expires                       |
| 2020-01-21 16:02 | First alert, from a service that needs it |
| 2020-01-21 16:30 | Alert that the pods crash                 |
| 2020-01-21 --:-- | Somebody tried something                  |
| 2020-01-2x 17:00 | More was tried                            |
| 2020-01-21 18:04 | New certificate made, service restored    |

## Contributing Factors

- Insufficient monitoring of the server
  - The metric was there all the time
- Nothing else fits this

## Action Items

- Write down how certificates are made

## Lessons Learned

We should be reminded of what expires.

## Weather

Rain.

## Stats

- Category: Kubernetes
- Time to detection: 54 minutes
- Time to recovery: 148 minutes
- Mood: bad
"""

PLAIN = """\
# Störung bei Zahlungen

- Date: 2026-02-03
- Severity: SEV2
- Started: 09:00
- Detected: 09:05
- Mitigated: 09:20
- Resolved: 10:00
- Time to detect: 5 min

## Zeitleiste

- 09:05 Kunden melden Fehler
- 09:20 Auf die alte Version zurück
- ungefähr mittags

## Ursachen

1. Die neue Version wurde nicht getestet
"""


def settled(text: str, name: str = "PM2020-002 - x.md") -> tuple[Written, Times]:
    written = read(text, name)
    found = times(written)
    assert found is not None
    return written, found


def test_the_dfds_template_is_understood_and_what_was_not_is_listed_with_its_line() -> None:
    written, found = settled(DFDS)
    assert (written.name, written.title) == ("PM2020-002", "Certificate of the token service expired")
    assert [row.at.hour for row in written.rows] == [14, 15, 15, 17], "CET is one hour ahead of UTC"
    assert written.factors == (
        "Insufficient monitoring of the server\n  - The metric was there all the time",
        "Nothing else fits this",
    )
    assert (written.actions, written.lessons) == (
        ("Write down how certificates are made",),
        ("We should be reminded of what expires.",),
    )
    assert [(one.line, one.why) for one in written.misread] == [
        (16, "not on the timeline: a day without a time of day"),
        (17, "not on the timeline: '2020-01-2x 17:00' is no instant"),
        (34, "no section that is known here"),
        (43, "no fact that is known here"),
    ]
    assert found.began == datetime(2020, 1, 21, 14, 36, tzinfo=UTC)


def test_a_stated_time_that_the_timeline_denies_is_shown_beside_it_and_says_which_row_is_meant() -> None:
    _, found = settled(DFDS)
    assert found.detected == datetime(2020, 1, 21, 15, 30, tzinfo=UTC)
    assert found.ended == datetime(2020, 1, 21, 17, 4, tzinfo=UTC)
    assert len(found.contradictions) == 1
    clash = found.contradictions[0]
    assert (clash.about, clash.stated) == ("Time to detect", "54 min")
    assert clash.computed.startswith("26 min from 2020-01-21 14:36 to 2020-01-21 15:02 (“First alert")
    assert "which fits what is stated" in clash.taken


@pytest.mark.parametrize(
    ("detect", "recover", "began", "clashes"),
    [
        ("54 minutes", "148 minutes", 36, 1),
        ("26 min", "2 h 28 min", 36, 0),
        ("N/A", "?", 36, 0),
        ("28 min", "2 hours 2 min", 62, 2),
        ("7 min", "9 min", 36, 2),
    ],
)
def test_lengths_are_held_against_the_rows(detect: str, recover: str, began: int, clashes: int) -> None:
    text = DFDS.replace("54 minutes", detect).replace("148 minutes", recover)
    _, found = settled(text)
    assert found.began == datetime(2020, 1, 21, 14, 0, tzinfo=UTC) + timedelta(minutes=began)
    assert len(found.contradictions) == clashes
    assert found.began <= found.detected <= found.ended


def test_the_plain_one_in_another_language_gives_its_times_outright() -> None:
    written, found = settled(PLAIN, "zahlungen.md")
    assert (written.name, written.severity, len(written.rows)) == ("zahlungen", "SEV2", 2)
    at = [one.strftime("%H:%M") for one in (found.began, found.detected, found.mitigated, found.ended) if one]
    assert at == ["09:00", "09:05", "09:20", "10:00"]
    assert not found.contradictions and written.factors == ("Die neue Version wurde nicht getestet",)
    assert [one.line for one in written.misread] == [0, 15], "no zone is named; a row without a time"


def test_half_written_empty_and_hostile_texts_are_read_without_harm() -> None:
    assert times(read("", "empty.md")) is None
    assert times(read("# Only a title\n\n## Timeline\n\n| Time | Event |\n", "x")) is None
    day = times(read("# T\n\n- Date: 2026-02-03\n", "x"))
    assert day is not None and "Only its day is known" in day.assumed[0]
    for text in ("|" * 5000, "#" * 5000, "- " * 5000, "## Timeline\n" + "| 2020-01-01 00:00 | x |\n" * 1500):
        read(text, "x")
    backwards = read("## Timeline\n- 2020-01-01 10:00 b\n- 2020-01-01 09:00 a\n", "x")
    assert "which is later" in str(settled(backwards.text)[1].contradictions[0])
    with pytest.raises(Invalid):
        read("x" * 200_001, "x")
    with pytest.raises(Invalid):
        read("a\x00b", "x")


def test_factors_are_filed_by_their_words_and_lengths_are_said_in_words() -> None:
    assert filed("Insufficient monitoring of the server") == "detection.missing"
    assert filed("The certificate expired") == "dependency.expiry"
    assert filed("Zeppelin") == UNFILED
    assert [said(timedelta(minutes=m)) for m in (0, 54, 148, 3250)] == [
        "0 min",
        "54 min",
        "2 h 28 min",
        "2 d 6 h 10 min",
    ]


def test_it_becomes_an_incident_with_its_review_and_proposals_and_twice_is_once(house: Any) -> None:
    furnish(house)

    def bring(text: str = DFDS) -> Any:
        written = read(text, "PM2020-002.md")
        return house.perform(lambda tx: actions.bring_in_postmortem(tx, written=written), by=ADMIN)

    first = bring()
    assert first.news and not bring().news and bring().number == first.number
    with pytest.raises(Refused, match="another text"):
        bring(DFDS + "\nMore.")
    with pytest.raises(Forbidden):
        house.perform(lambda tx: actions.bring_in_postmortem(tx, written=read(PLAIN, "p")), by=BOB)
    house.forward(days=20)
    row = house.ask(incidents.incident, first.number)
    assert (row.state, row.severity, row.source) == ("closed", "SEV3", "postmortem:PM2020-002")
    assert row.resolved_at - row.impact_started == timedelta(minutes=148)
    told = house.ask(incidents.timeline, first.number)
    assert "Certificate expires" in [entry.body for entry in told]
    assert [one.text.strip() for one in house.ask(learning.texts, first.number).values()] == [DFDS.strip()]
    found = house.ask(learning.factors, [first.number])
    assert [(one.code, one.state) for one in found] == [("detection.missing", "found"), (UNFILED, "found")]
    assert len(first.lessons) == 2
    later = house.clock.now() + timedelta(days=400)
    assert not [one.ref for one in house.ask(learning.owed, later) if one.ref.startswith("L-")], "nobody here is late"
    assert [one.number for one in house.ask(learning.similar_to, "the token service certificate is gone")] == [1]
    with house.read() as conn:
        types = set(conn.exec_driver_sql("SELECT type FROM record").scalars())
        about = conn.exec_driver_sql("SELECT about FROM delivery").scalars().all()
    assert not [name for name in types if name.startswith(("oncall.", "comms."))]
    assert not [one for one in about if one.startswith("incident/")], "what is told is of the house's calendar"


def test_the_doors_show_before_they_do(house: Any) -> None:
    furnish(house)
    with house.client(ADMIN) as admin:
        body = {"name": "PM2020-002", "text": DFDS}
        looked = admin.post("/api/imports/postmortems", json={**body, "dry_run": True}).json()
        assert looked["outcome"]["number"] == 1 and len(looked["not_understood"]) == 4 and looked["contradictions"]
        assert admin.get("/api/incidents/1").status_code == 404
        page = admin.post("/import/postmortem", data=body).text
        assert "It contradicts itself" in page and "Line 16" in page and "Bring it in" in page
        assert "Bring in a post-mortem" in admin.get("/import/postmortem").text
        done = admin.post("/import/postmortem", data={**body, "sure": "yes"}, follow_redirects=False)
        assert (done.status_code, done.headers["location"]) == (303, "/incidents/1")
        assert admin.post("/api/imports/postmortems", json=body).json()["outcome"]["news"] is False
        assert "is here already" in admin.post("/import/postmortem", data=body).text
        assert admin.post("/api/imports/postmortems", json={"name": "x", "text": "nothing"}).status_code == 400
    with house.client(ALICE) as alice:
        assert alice.post("/api/imports/postmortems", json=body).status_code == 403


def test_the_command_reads_a_folder_and_says_what_it_did(tmp_path: Path) -> None:
    from quarterdeck.app.cli import app

    run = CliRunner()
    home, texts = tmp_path / "home", tmp_path / "texts"
    texts.mkdir()
    (texts / "PM2020-002 - x.md").write_text(DFDS)
    (texts / "README.md").write_text("# Not one")
    (texts / "bad.md").write_bytes(b"\xff\xfe\x00")
    assert run.invoke(app, ["init", str(home)]).exit_code == 0
    told = run.invoke(app, ["import", "postmortem", str(texts), "--home", str(home), "--dry-run"])
    assert told.exit_code == 1 and "CONTRADICTION" in told.stdout and "line 16" in told.stdout
    assert "1 would be brought in, 0 were here already, 1 refused." in told.stdout
    (texts / "bad.md").unlink()
    assert run.invoke(app, ["import", "postmortem", str(texts), "--home", str(home)]).exit_code == 0
    again = run.invoke(app, ["import", "postmortem", str(texts), "--home", str(home), "--json"])
    assert again.exit_code == 0 and '"news": false' in again.stdout


def test_all_real_post_mortems_are_understood_or_say_why_not() -> None:
    understood = {
        path.name: times(read(path.read_text(), path.name)) for path in sorted(real("postmortems-dfds").glob("PM20*"))
    }
    assert len(understood) == 32
    silent = [name for name, found in understood.items() if found is None]
    assert [name[:10] for name in silent] == ["PM2020-003"], "its dates have five digits in the year"
    clashing = [name for name, found in understood.items() if found and found.contradictions]
    assert len(clashing) >= 10
