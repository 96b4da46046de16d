"""CSV of every dialect → incidents; what cannot be read is named with its line, and nothing is dropped."""

import gzip
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from quarterdeck.command import events as ev
from quarterdeck.command.rules import INCIDENT, Incident
from quarterdeck.kernel.errors import Invalid
from quarterdeck.migration.rules.mapping import mapping_of
from quarterdeck.migration.rules.told import Told, facts, with_doubts
from quarterdeck.migration.sources.files import opening
from tests.migration.tickets import HEADER, LOG, asked, read, row, write

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def lived(told: Told) -> Incident:
    state = INCIDENT.fold(with_doubts(facts(told, 1), NOW))
    assert state is not None
    return state


def names(told: Told) -> list[str]:
    return [type(step).__name__ for step in told.steps]


def day(month: int, day_: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2016, month, day_, hour, minute, tzinfo=UTC)


def test_a_log_is_told_change_by_change(tmp_path: Path) -> None:
    told, rejected = read(write(tmp_path / "log.csv", HEADER, *LOG))
    assert not rejected
    first = told["INC1"]
    assert names(first) == [
        "TeamAssigned",
        "ReassignmentsCounted",
        "StageEntered",
        "TeamAssigned",
        "ReassignmentsCounted",
        "RoleAssigned",
        "IncidentAcknowledged",
        "IncidentActivated",
        "StageEntered",
        "StageEntered",
        "RoleReleased",
        "RoleAssigned",
        "IncidentResolved",
        "ServiceLevelJudged",
        "IncidentClosed",
    ]
    state = lived(first)
    assert (state.state, state.declared_at, state.acknowledged_at) == ("closed", day(2, 29, 8), day(2, 29, 9, 30))
    assert (state.resolved_at, state.closed_at) == (day(3, 1, 10), day(3, 6, 10))
    assert (state.severity, state.type, state.source) == ("SEV3", "Category 8", "servicenow:INC1")
    waits = [step.waiting for step in first.steps if isinstance(step, ev.StageEntered)]
    assert waits == [False, False, True]
    passed = [step for step in first.steps if isinstance(step, ev.TeamAssigned)]
    assert [(step.was, step.team) for step in passed] == [(None, "Group 70"), ("Group 70", "Group 20")]


def test_the_last_row_decides_about_the_end_and_an_unknown_end_stays_unknown(tmp_path: Path) -> None:
    told, _ = read(write(tmp_path / "log.csv", HEADER, *LOG))
    back = lived(told["INC2"])
    assert (back.reopened, back.resolved_at) == (1, day(3, 3, 8, 30))
    levels = [step.made for step in told["INC2"].steps if isinstance(step, ev.ServiceLevelJudged)]
    assert levels == [True, False]
    unknown = lived(told["INC3"])
    assert (unknown.resolved_at, unknown.closed_at, unknown.severity) == (None, day(3, 5, 15), "SEV1")


def test_clocks_that_disagree_are_kept_as_told_and_named(tmp_path: Path) -> None:
    told, _ = read(write(tmp_path / "log.csv", HEADER, *LOG))
    state = lived(told["INC4"])
    assert (state.declared_at, state.resolved_at) == (day(3, 2, 8), day(3, 1, 8))
    doubts = [one for one in with_doubts(facts(told["INC4"], 1), NOW) if isinstance(one, ev.DoubtRaised)]
    assert [one.doubt for one in doubts] == ["resolved-before-declared"]
    assert doubts[0].text == "Resolved 2016-03-01 08:00 UTC, which is before it was opened (2016-03-02 08:00 UTC)."


def test_rows_of_one_incident_need_not_stand_together(tmp_path: Path) -> None:
    apart, _ = read(write(tmp_path / "apart.csv", HEADER, *sorted(LOG, key=lambda line: line.split(",")[1])))
    assert list(apart) == ["INC1", "INC2", "INC3", "INC4"] or set(apart) == {"INC1", "INC2", "INC3", "INC4"}
    assert apart["INC1"].at == day(2, 29, 8)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", "|"), ("utf-8", ",")]
)
def test_encodings_and_delimiters_are_found_out(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [line.replace(",", delimiter).replace("Category 8", "Störung") for line in (HEADER, *LOG)]
    how = asked()
    told, rejected = read(write(tmp_path / "log.csv", *lines, encoding=encoding), how=how)
    assert not rejected
    assert told["INC1"].type == "Störung"
    assert how.seen.delimiter == delimiter


def test_a_table_has_one_row_an_incident_and_excels_first_line_is_passed_over(tmp_path: Path) -> None:
    path = write(
        tmp_path / "table.csv",
        "sep=;",
        "ID;Title;Severity;Status;Created;Acknowledged;Resolved;Assignee;Team;SLA",
        'T-1;"Disk; full";P1;Closed;13/01/2025 10:00;13/01/2025 10:05;13/01/2025 12:00;Ann;Storage;yes',
        "T-2;Slow;low;Open;14/01/2025 10:00;;;;;no",
        "T-3;Odd;P2;Melting;15/01/2025 10:00;;15/01/2025 11:00;;;",
        "T-2;Slower;low;Open;14/01/2025 10:00;;;;;no",
    )
    how = asked("csv")
    told, rejected = read(path, "csv", how)
    assert [(one.line, one.reason) for one in rejected] == [
        (6, "T-2 stands in line 4 already; this one says something else and is left out")
    ]
    first, second, third = (lived(told[number]) for number in ("T-1", "T-2", "T-3"))
    assert (first.title, first.severity, first.state, first.roles) == (
        "Disk; full",
        "SEV1",
        "closed",
        {"assignee": "source/Ann"},
    )
    assert first.acknowledged_at == datetime(2025, 1, 13, 10, 5, tzinfo=UTC)
    assert (second.severity, second.state) == ("SEV4", "active")
    assert (third.state, third.severity) == ("resolved", "SEV2")
    assert how.seen.unmapped == {"state": {"Melting": 1}}
    assert how.seen.dates == "D/M/Y"


def test_every_row_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    lines = [
        HEADER,
        LOG[0],
        "too,short",
        row("INC9", "New", "31/2/2016 08:00"),
        row("", "New", "1/2/2016 08:00"),
        row("N" * 101, "New", "1/2/2016 08:00"),
        row("INC8", "Sl\u00f6w", "1/2/2016 08:00"),
    ]
    path.write_bytes("\n".join(lines).encode("cp1252") + b"\n")
    told, rejected = read(path, how=asked(encoding="ascii"))
    assert list(told) == ["INC1"]
    assert sorted((one.line, one.reason) for one in rejected) == [
        (3, "it has 2 cells, the header 16"),
        (4, "sys_updated_at: '31/2/2016 08:00' is no date in D/M/Y"),
        (5, "it has no number"),
        (6, "its number is longer than 100 characters"),
        (7, "the byte 0xF6 is not in ascii: give the right encoding"),
    ]


def test_a_huge_cell_and_a_line_without_an_end_cost_their_rows_alone(tmp_path: Path) -> None:
    huge = row("INC5", '"' + "x" * 1_500_000 + '"', "1/2/2016 08:00")
    endless = "y" * 2_500_000
    told, rejected = read(write(tmp_path / "log.csv", HEADER, huge, endless, *LOG))
    assert set(told) == {"INC1", "INC2", "INC3", "INC4"}
    assert {one.line for one in rejected} == {2, 3}


def wrong_files(folder: Path) -> dict[str, tuple[bytes, str]]:
    book, several = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    with zipfile.ZipFile(several, "w") as archive:
        archive.writestr("a.csv", "a")
        archive.writestr("b.csv", "b")
    whole = gzip.compress(b"x" * 100_000)
    return {
        "empty": (b"", "The file is empty"),
        "blank": (b"\n\n  \n", "The file is empty"),
        "binary": (b"\x00\x01\x02" * 1000, "That is no text"),
        "workbook": (book.getvalue(), "That is an Excel workbook"),
        "several": (several.getvalue(), "Which file of the archive"),
        "damaged": (whole[: len(whole) // 2], "breaks off or is damaged"),
        "bomb": (gzip.compress(HEADER.encode() + b"\n" + b"0" * 8_000_000), "unfolds into too much"),
        "other": (b"colour,shape\nred,round\n", "The mapping does not fit"),
    }


@pytest.mark.parametrize("kind", wrong_files(Path()))
def test_a_file_that_is_none_is_refused_with_the_way_out(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "FREE", 1_000_000)
    data, words = wrong_files(tmp_path)[kind]
    path = tmp_path / kind
    path.write_bytes(data)
    with pytest.raises(Invalid) as refusal:
        read(path)
    assert words in str(refusal.value)
    if kind == "other":
        assert "looked for 'Number', 'number'" in str(refusal.value)
        assert "the file has: 'colour', 'shape'" in str(refusal.value)
    with pytest.raises(Invalid, match="no such file"):
        read(tmp_path / "nothing")


def test_packed_files_are_unpacked(tmp_path: Path) -> None:
    text = "".join(f"{line}\n" for line in (HEADER, *LOG)).encode()
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "log.zip", "w") as archive:
        archive.writestr("log.csv", text)
    for name in ("log.csv.gz", "log.zip"):
        assert set(read(tmp_path / name)[0]) == {"INC1", "INC2", "INC3", "INC4"}


def test_names_become_pseudonyms_that_only_this_home_can_repeat(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv",
        "id,title,created,assignee,reporter,severity",
        "1,Ann Lee and bob@example.com cannot log in,2025-01-13,Ann Lee,Bo,P1",
    )
    told = read(path, "csv", asked("csv", key=b"one"))[0]["1"]
    again = read(path, "csv", asked("csv", key=b"one"))[0]["1"]
    other = read(path, "csv", asked("csv", key=b"two"))[0]["1"]
    assert told == again
    assert told.by.startswith("source/p-") and told.by != other.by
    everything = repr(told)
    assert not any(name in everything for name in ("Ann", "Lee", "example.com", "source/Bo"))
    assert told.title.endswith("cannot log in")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: log\n", "columns"),
        ("kind: book\ncolumns: {number: a}\n", "kind"),
        ("kind: table\ncolumns: {number: a, colour: b}\n", "colour"),
        ("kind: table\ncolumns: {number: a}\nvalues: {priority: {a: SEV9}}\n", "SEV9"),
        ("kind: table\ncolumns: {number: a}\nvalues: {state: {a: melted}}\n", "melted"),
        ("kind: table\ncolumns: {number: a}\nzone: Mars/Olympus\n", "Mars"),
        ("kind: [table\n", "not YAML"),
        ("kind: table\ncolumns: {number: a}\nvalues: {service_level: {true: met}}\n", "put it in quotes"),
        ("", "columns: is missing"),
    ],
)
def test_a_mapping_that_is_none_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(Invalid) as refusal:
        mapping_of(text)
    assert words in str(refusal.value)
