"""Each other form of history: what it tells, and how a hostile or broken file of it is turned down."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quarterdeck.command import events as ev
from quarterdeck.command.rules import INCIDENT, Incident
from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.told import Rejection, Told, facts, with_doubts
from quarterdeck.migration.sources.files import items as items_of
from quarterdeck.migration.sources.files import markup
from quarterdeck.migration.sources.files.items import items
from quarterdeck.migration.sources.files.opening import opened
from tests.migration.real import real
from tests.migration.tickets import read

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def lived(told: Told) -> Incident:
    state = INCIDENT.fold(with_doubts(facts(told, 1), NOW))
    assert state is not None
    return state


def day(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 1, 13, hour, minute, tzinfo=UTC)


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def bodies(told: Told) -> list[str]:
    return [step.text for step in told.steps if isinstance(step, ev.NoteAdded)]


# -- process mining ----------------------------------------------------------------------------

EVENTS = """
<event><string key="concept:name" value="Queued"/><string key="org:group" value="Desk"/>
 <date key="time:timestamp" value="2025-01-13T10:00:00.000+01:00"/></event>
<event><string key="concept:name" value="Accepted"/><string key="org:group" value="Network"/>
 <string key="org:resource" value="Ann"/><date key="time:timestamp" value="2025-01-13T10:30:00+01:00"/></event>
<event><string key="concept:name" value="Completed"/><string key="org:group" value="Network"/>
 <date key="time:timestamp" value="2025-01-13T12:00:00+01:00"/></event>
"""
XES = f"""<?xml version="1.0"?>
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
<global scope="event"><string key="concept:name" value="none"/></global>
<trace><string key="concept:name" value="1-36"/><string key="severity" value="high"/>{EVENTS}</trace>
<trace><string key="concept:name" value="1-37"/></trace>
<trace><string key="concept:name" value="1-38"/>{EVENTS.replace("2025-01-13T12", "someday")}</trace>
</log>"""


def test_xes_is_read_trace_by_trace(tmp_path: Path) -> None:
    told, rejected = read(written(tmp_path / "log.xes", XES), "xes")
    first = lived(told["1-36"])
    assert (first.declared_at, first.acknowledged_at, first.resolved_at) == (day(9), day(9, 30), day(11))
    assert (first.severity, first.state) == ("SEV2", "resolved")
    teams = [step.team for step in told["1-36"].steps if isinstance(step, ev.TeamAssigned)]
    assert teams == ["Desk", "Network"]
    assert [one.reason[:30] for one in rejected] == ["the trace has no events", "time:timestamp: 'someday:00:00"]
    assert lived(told["1-38"]).state == "active"


BOMB = '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><log>&b;</log>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "document type"),
        ("<log>" + "<list>" * 100, "too deep"),
        ("<log><trace></log>", "no sound XML"),
        ("<html></html>", "no XES"),
        ('<log><trace><string key="a" value="' + "x" * 200_000, "no end"),
        (XES.replace("time:timestamp", "when"), "does not fit"),
    ],
    ids=["entities", "deep", "broken", "other", "endless", "unfit"],
)
def test_hostile_xml_is_refused(tmp_path: Path, text: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "LONGEST_TOKEN", 100_000)
    with pytest.raises(Invalid) as refusal:
        read(written(tmp_path / "log.xes", text), "xes")
    assert words in str(refusal.value)


OCEL: dict[str, Any] = {
    "eventTypes": [{"name": "Create Incident", "attributes": []}],
    "objectTypes": [{"name": "Incident", "attributes": []}, {"name": "Team", "attributes": []}],
    "events": [
        {
            "id": "e2",
            "type": "Resolve Incident",
            "time": "2025-01-13T11:00:00Z",
            "attributes": [],
            "relationships": [{"objectId": "i1", "qualifier": "ends"}, {"objectId": "net", "qualifier": "team"}],
        },
        {
            "id": "e1",
            "type": "Create Incident",
            "time": "2025-01-13T09:00:00Z",
            "attributes": [{"name": "by", "value": "Ann"}],
            "relationships": [{"objectId": "i1", "qualifier": "begins"}],
        },
        {"id": "e3", "type": "Create Incident", "time": "2025-01-13T09:00:00Z", "relationships": []},
    ],
    "objects": [
        {
            "id": "i1",
            "type": "Incident",
            "attributes": [
                {"name": "title", "value": "Mail is slow", "time": "1970-01-01T00:00:00Z"},
                {"name": "severity", "value": "low", "time": "1970-01-01T00:00:00Z"},
                {"name": "severity", "value": "high", "time": "2025-01-13T10:00:00Z"},
            ],
            "relationships": [],
        },
        {"id": "net", "type": "Team", "attributes": [], "relationships": []},
    ],
}
OCEL_XML = """<?xml version="1.0"?><log><object-types><object-type name="Incident"/></object-types>
<objects>
<object id="i1" type="Incident"><attributes><attribute name="title" time="1970-01-01T00:00:00Z">Mail is slow</attribute>
<attribute name="severity" time="1970-01-01T00:00:00Z">low</attribute>
<attribute name="severity" time="2025-01-13T10:00:00Z">high</attribute></attributes></object>
<object id="net" type="Team"><attributes/><objects><relationship object-id="i1" qualifier="has"/></objects></object>
</objects>
<events>
<event id="e2" type="Resolve Incident" time="2025-01-13T11:00:00Z"><objects>
<relationship object-id="i1" qualifier="ends"/><relationship object-id="net" qualifier="team"/></objects></event>
<event id="e1" type="Create Incident" time="2025-01-13T09:00:00Z">
<attributes><attribute name="by">Ann</attribute></attributes>
<objects><relationship object-id="i1" qualifier="begins"/></objects></event>
<event id="e3" type="Create Incident" time="2025-01-13T09:00:00Z"/>
</events></log>"""


def test_ocel_is_read_alike_from_json_and_xml(tmp_path: Path) -> None:
    found: list[Any] = []
    for text in (OCEL, OCEL_XML):
        told, rejected = read(written(tmp_path / "log", text), "ocel")
        assert [one.reason for one in rejected] == ["the event touches no object"]
        state = lived(told["i1"])
        assert (state.title, state.severity, state.declared_by) == ("Mail is slow", "SEV2", "source/")
        assert (state.declared_at, state.resolved_at) == (day(9), day(11))
        found.append([told["i1"].steps, told["i1"].at])
    assert found[0] == found[1]
    kinds = [type(step).__name__ for step in found[0][0]]
    assert kinds == ["StageEntered", "TeamAssigned", "SeverityChanged", "IncidentActivated", "IncidentResolved"]


def test_ocel_wants_to_know_which_objects_are_incidents(tmp_path: Path) -> None:
    twice = {**OCEL, "objects": [*OCEL["objects"], {"id": "t", "type": "Ticket"}]}
    for text, words in ((twice, "'Ticket' (1)"), ({"a": 1}, "neither"), ("<log><objects>", "no sound XML")):
        with pytest.raises(Invalid) as refusal:
            read(written(tmp_path / "log", text), "ocel")
        assert words in str(refusal.value)


# -- status pages ------------------------------------------------------------------------------

ISSUE = """---
title: Websites are down
date: 2025-01-13T09:58:00-00:00
resolved: true
resolvedWhen: 2025-01-13T12:41:00-00:00
severity: down
affected:
  - www.example.com
  - plugins.example.com
section: issue
---

Our network is down.

It is back. {{< track "2025-01-13T11:00:00Z" >}}
"""


def test_cstate_issues_are_incidents_and_maintenance_is_set_apart(tmp_path: Path) -> None:
    for name, text in {
        "down.md": ISSUE,
        "window.md": ISSUE.replace("Websites are down", "Maintenance window").replace(
            "severity: down", "severity: notice"
        ),
        "news.md": ISSUE.replace("section: issue", "informational: true"),
        "undated.md": ISSUE.replace("date: 2025", "was: 2025"),
        "plain.md": "Nothing here.",
    }.items():
        written(tmp_path / name, text)
    told, rejected = read(tmp_path, "cstate")
    assert list(told) == ["down"]
    state = lived(told["down"])
    assert (state.severity, state.service, state.state) == ("SEV1", "www.example.com", "closed")
    assert (state.detected_at, state.resolved_at) == (day(9, 58), day(12, 41))
    assert bodies(told["down"]) == [
        "Affected: www.example.com, plugins.example.com",
        "Our network is down.",
        "It is back.",
    ]
    assert sorted((one.apart, one.reason.split(":")[0]) for one in rejected) == [
        (False, "plain.md"),
        (False, "undated.md"),
        (True, "news.md"),
        (True, "window.md"),
    ]


def test_the_issues_of_a_real_status_page(tmp_path: Path) -> None:
    told, rejected = read(real("status-jenkins/content"), "cstate")
    assert len(told) + len(rejected) == 182
    assert all(one.apart for one in rejected)
    assert not [
        one for one in told.values() if "maintenance" in one.title.lower() and "outage" not in one.title.lower()
    ]
    doubted = [
        one for one in told.values() if any(isinstance(x, ev.DoubtRaised) for x in with_doubts(facts(one, 1), NOW))
    ]
    assert "Puppet Outage on VM-hosted services" in {one.title for one in doubted}


def test_statuspage_and_gcp_tell_what_they_published(tmp_path: Path) -> None:
    page = {
        "page": {"id": "x"},
        "incidents": [
            {
                "id": "abc",
                "name": "API errors",
                "impact": "major",
                "created_at": "2025-01-13T10:00:00.000Z",
                "started_at": "2025-01-13T09:30:00.000Z",
                "monitoring_at": "2025-01-13T11:00:00.000Z",
                "resolved_at": "2025-01-13T12:00:00.000Z",
                "incident_updates": [
                    {"status": "resolved", "body": "Over.", "display_at": "2025-01-13T12:00:00.000Z"},
                    {
                        "status": "investigating",
                        "body": "We look.",
                        "created_at": "2025-01-13T10:00:00.000Z",
                        "affected_components": [{"name": "API"}],
                    },
                ],
            },
            {"id": "m", "name": "Work", "impact": "maintenance", "created_at": "2025-01-13T10:00:00.000Z"},
            {"id": "bad", "created_at": "yesterday"},
            7,
        ],
    }
    told, rejected = read(written(tmp_path / "page.json", page), "statuspage")
    state = lived(told["abc"])
    assert (state.impact_started, state.detected_at, state.mitigated_at) == (day(9, 30), day(10), day(11))
    assert (state.resolved_at, state.severity, state.service) == (day(12), "SEV2", "API")
    assert bodies(told["abc"]) == ["We look.", "Over."]
    assert [(one.apart, one.reason) for one in rejected] == [
        (True, "m: planned maintenance"),
        (False, "bad: created_at: 'yesterday' is no date"),
        (False, "it is no object"),
    ]
    cloud = [
        {
            "id": "xyz",
            "begin": "2025-01-13T09:00:00+00:00",
            "created": "2025-01-13T09:20:00+00:00",
            "end": "2025-01-13T11:00:00+00:00",
            "external_desc": "Cloud storage is slow\n\nmore",
            "severity": "medium",
            "status_impact": "SERVICE_DISRUPTION",
            "service_name": "Multiple Products",
            "affected_products": [{"title": "Storage", "id": "s"}, {"title": "Vertex AI", "id": "v"}],
            "updates": [{"when": "2025-01-13T09:20:00Z", "text": "We see it.", "status": "SERVICE_DISRUPTION"}],
        }
    ]
    told, rejected = read(written(tmp_path / "cloud.json", cloud), "gcp")
    state = lived(told["xyz"])
    assert not rejected
    assert (state.title, state.severity, state.service) == ("Cloud storage is slow", "SEV2", "Storage")
    assert (state.impact_started, state.acknowledged_at, state.resolved_at) == (day(9), day(9, 20), day(11))
    assert bodies(told["xyz"])[0] == "Affected: Storage, Vertex AI"


# -- pagers ------------------------------------------------------------------------------------


def entry(kind: str, hour: int, minute: int, **more: Any) -> dict[str, Any]:
    at = f"2025-01-13T{hour:02}:{minute:02}:00Z"
    return {
        "type": f"{kind}_log_entry",
        "created_at": at,
        "incident": {"id": "P1"},
        "agent": {"summary": "Ann"},
        **more,
    }


def test_pagerduty_tells_who_was_paged_and_who_answered(tmp_path: Path) -> None:
    incident = {
        "id": "P1",
        "incident_number": 42,
        "title": "Disk full",
        "status": "resolved",
        "urgency": "high",
        "created_at": "2025-01-13T10:00:00Z",
        "service": {"summary": "Storage"},
        "teams": [{"summary": "Ops"}],
    }
    folder = tmp_path / "export"
    folder.mkdir()
    written(
        folder / "a-entries.json",
        {
            "log_entries": [
                entry("resolve", 11, 0),
                entry("acknowledge", 10, 5),
                entry("trigger", 10, 0),
                entry("notify", 10, 1, user={"summary": "Bo"}, channel={"notification": {"type": "phone"}}),
                entry("assign", 10, 0, assignees=[{"summary": "Bo"}]),
                entry("escalate", 10, 3, assignees=[{"summary": "Ann"}]),
                entry("annotate", 10, 30, channel={"summary": "Cleaning up"}),
                {"type": "notify_log_entry", "created_at": "2025-01-13T10:00:00Z"},
                entry("trigger", 12, 0) | {"incident": {"id": "P9"}},
            ],
            "more": False,
        },
    )
    written(folder / "b-incidents.json", {"incidents": [incident], "limit": 100})
    told, rejected = read(folder, "pagerduty")
    state = lived(told["42"])
    assert (state.acknowledged_at, state.resolved_at, state.state) == (day(10, 5), day(11), "closed")
    assert (state.severity, state.service, state.roles) == ("SEV2", "Storage", {"assignee": "source/Ann"})
    assert bodies(told["42"]) == ["Paged Bo by phone", "Cleaning up"]
    assert [one.reason for one in rejected] == [
        "a-entries.json: the log entry names no incident",
        "P9: 1 log entries, but the incident itself is not there",
    ]
    alone = {**incident, "acknowledgements": [{"at": "2025-01-13T10:09:00Z"}], "resolved_at": "2025-01-13T10:30:00Z"}
    lines = "\n".join(json.dumps(one) for one in (alone, {**alone, "id": "P2", "incident_number": 43}))
    told, _ = read(written(tmp_path / "lines.json", lines), "pagerduty")
    assert [lived(one).acknowledged_at for one in told.values()] == [day(10, 9)] * 2
    merged = {
        **alone,
        "resolve_reason": {"type": "merge_resolve_reason", "incident": {"id": "P2", "summary": "[#43] Disk full"}},
        "notes": [{"content": "The same disk", "created_at": "2025-01-13T10:20:00Z", "user": {"summary": "Ann"}}],
    }
    told, _ = read(written(tmp_path / "merged.json", [merged]), "pagerduty")
    state = lived(told["42"])
    assert (state.state, state.resolved_at) == ("cancelled", None), "it went on in another: nobody resolved this one"
    assert bodies(told["42"]) == ["The same disk"]


def test_opsgenie_tells_by_its_logs_or_by_its_report(tmp_path: Path) -> None:
    alert = {
        "id": "x-1",
        "tinyId": "17",
        "message": "CPU high",
        "status": "closed",
        "createdAt": "2025-01-13T10:00:00.000Z",
        "priority": "P1",
        "owner": "ann@example.com",
        "report": {"ackTime": 300_000, "closeTime": 3_600_000, "acknowledgedBy": "cy@example.com"},
        "notes": [{"note": "Looking", "owner": "ann@example.com", "createdAt": "2025-01-13T10:10:00Z"}],
    }
    logged = {
        **alert,
        "id": "x-2",
        "logs": [
            {"log": "Alert closed via web", "owner": "bo", "createdAt": "2025-01-13T10:45:00Z"},
            {"log": "Alert acknowledged via web", "owner": "ann", "createdAt": "2025-01-13T10:02:00Z"},
            {"log": "Assigned ownership to [bo]", "owner": "ann", "createdAt": "2025-01-13T10:20:00Z"},
        ],
    }
    incident = {
        "id": "i-1",
        "tinyId": "17",
        "message": "Checkout is down",
        "status": "closed",
        "createdAt": "2025-01-13T10:00:00Z",
        "updatedAt": "2025-01-13T12:00:00Z",
        "impactStartDate": "2025-01-13T09:40:00Z",
        "impactEndDate": "2025-01-13T11:00:00Z",
        "extraProperties": {},
    }
    told, rejected = read(
        written(tmp_path / "a.json", {"data": [alert, logged, {"tinyId": "19"}, incident]}), "opsgenie"
    )
    first, second, third = lived(told["x-1"]), lived(told["x-2"]), lived(told["i-1"])
    by = [one.by for one in told["x-1"].steps if isinstance(one, ev.IncidentAcknowledged)]
    assert by == ["source/cy@example.com"]
    assert (third.impact_started, third.mitigated_at, third.resolved_at) == (day(9, 40), day(11), day(12))
    assert (first.acknowledged_at, first.resolved_at, first.severity) == (day(10, 5), day(11), "SEV1")
    assert first.roles == {"assignee": "source/ann@example.com"}
    assert (second.acknowledged_at, second.resolved_at) == (day(10, 2), day(10, 45))
    assert second.roles == {"assignee": "source/bo"}
    assert [one.reason for one in rejected] == ["a.json: 19: it has no createdAt"]


# -- JSON itself -------------------------------------------------------------------------------


def found(path: Path, text: bytes) -> list[tuple[str, int, Any]]:
    path.write_bytes(text)
    with opened(path) as file:
        return list(items(file, ("rows",)))


def test_json_is_cut_into_its_items_wherever_they_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items_of, "_CHUNK", 7)
    path = tmp_path / "x.json"
    value = {"a": 'q"\\ué}]', "b": [1, {"c": None}], "d": -1.5e3}
    text = json.dumps({"more": {"rows": [0]}, "rows": [value, [], 3, "x", True], "z": [1]}, indent=1).encode()
    assert [one for _, _, one in found(path, text)] == [value, [], 3, "x", True]
    assert found(path, b"\xef\xbb\xbf[1,\n2]")[1] == ("", 2, 2)
    assert [one for _, _, one in found(path, b'{"a":1}\n{"a":2}\n\n3\n')] == [{"a": 1}, {"a": 2}, 3]
    assert found(path, b'{"rows":[]}') == []


@pytest.mark.parametrize(
    "text", [b"[1,", b'{"a" 1}', b"[1 2]", b"]", b'{"rows":[{]}', b"[" * 5000, b'["\\x"]', b"\xff\xfe"]
)
def test_what_is_no_json_is_refused_with_its_line(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(Invalid, match=r"x\.json: line 1"):
        found(tmp_path / "x.json", text)


def test_every_reader_meets_everything_with_a_refusal_or_a_rejection(tmp_path: Path) -> None:
    """No file of any form may end a reader otherwise."""
    texts = [
        "",
        "\x00\x01",
        "null",
        "[]",
        "{}",
        "[[]]",
        "<log/>",
        "a,b\n1,2\n",
        '{"incidents": [{"id": []}]}',
        "---\n---\n",
    ]
    for format in ("servicenow", "csv", "xes", "ocel", "cstate", "statuspage", "gcp", "pagerduty", "opsgenie"):
        for text in texts:
            try:
                told, rejected = read(written(tmp_path / "x.md", text), format)
            except Invalid:
                continue
            assert not told
            assert all(isinstance(one, Rejection) for one in rejected)
