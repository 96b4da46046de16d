"""A new user goes from the log of a ticket system to the executive page on paper, by the tutorial's own commands."""

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from quarterdeck.app.cli import app
from quarterdeck.paper.pdf import pages
from tests.house.tree import ROOT
from tests.migration.real import real

PAGE = ROOT / "docs" / "tutorial" / "from-tickets-to-the-board.md"
NEXT = "## Next"


def commands() -> list[list[str]]:
    """Those that the tutorial asks for, in order, without `bin/quarterdeck`."""
    asked = PAGE.read_text(encoding="utf-8").partition(NEXT)[0]
    return [shlex.split(line)[1:] for line in re.findall(r"^    (bin/quarterdeck .*)$", asked, re.MULTILINE)]


def typed(words: list[str]) -> str:
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_five_commands_lead_from_tickets_to_the_board(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init, look, bring, ask, print_ = commands()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    typed(init)
    assert "132 incidents would be brought in" in typed(look)
    assert "132 incidents brought in" in typed(bring)
    told = typed(ask)
    assert "Nothing in the last 13 weeks" in told
    assert f"--as-of {print_[print_.index('--as-of') + 1]}" in told, "the fourth command names the day of the fifth"
    typed(print_)
    content = (tmp_path / "board.pdf").read_bytes()
    assert b"pdfuaid" in content and pages(content) == 1
    said = typed(print_[: print_.index("--pdf")])
    assert "Half within 7.5 h, before 14.9 h (n 64 and 65)" in said, "the tutorial quotes these figures"
    home = ["--home", "./home"]
    typed(["team", "add", "it", "--name", "IT", *home])
    service = ["service", "add", "order-entry", "--name", "Order entry", "--team", "it", "--tier", "1"]
    typed([*service, "--tolerance", "120", *home])
    assert "5 of 7 interruptions outlasted the 2 h it can bear" in typed(print_[: print_.index("--pdf")])


def test_the_same_commands_print_a_real_help_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = real("tickets-servicenow") / "incident_event_log.sample.csv.gz"
    init, look, bring, ask, print_ = commands()
    monkeypatch.chdir(tmp_path)
    typed(init)
    here = {"examples/tickets.csv": str(log)}
    assert "2,484 incidents would be brought in" in typed([here.get(word, word) for word in look])
    typed([here.get(word, word) for word in bring])
    named = re.search(r"--as-of (\S+)", typed(ask))
    assert named is not None and named[1] == "2016-05-31"
    print_[print_.index("--as-of") + 1] = named[1]
    typed(print_)
    assert pages((tmp_path / "board.pdf").read_bytes()) == 1
    said = typed(print_[: print_.index("--pdf")])
    assert "Group 70: 1,113 of 2,408 incidents, 46 %." in said, "services are known of a few only, groups of most"
    assert "Half within 2.2 h, before 26 h (n 976 and 1,035)." in said, "as a plain count of the file has it"
