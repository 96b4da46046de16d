"""The reference pages say what the program does today: they are made from it, or held against it."""

import subprocess
import sys
from dataclasses import fields

from quarterdeck.app import commands
from quarterdeck.app import settings as app_settings
from quarterdeck.app.wiring import ROOMS
from quarterdeck.comms.channels.folder import Publishing
from quarterdeck.intake.api.limits import Limits
from quarterdeck.notify.rules import NotifySettings
from tests.house import command_line
from tests.house.tree import ROOT

SETTINGS = ROOT / "docs" / "reference" / "settings.md"


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    written = command_line.PAGE.read_text(encoding="utf-8") if command_line.PAGE.exists() else ""
    assert written == command_line.page(), (
        "run `python -m tests.house.command_line` and commit docs/reference/command-line.md"
    )


def test_every_command_says_what_it_does() -> None:
    silent = [section.splitlines()[0] for section in command_line.page().split("\n### ")[1:] if not _body(section)]
    assert not silent, f"give these a docstring: {silent}"


def _body(section: str) -> str:
    return section.partition("\n\n")[2].lstrip().partition("\n")[0].removeprefix("- ")


def test_the_root_offers_what_the_rooms_bring_in_their_own_words() -> None:
    brought: dict[str, tuple[str, str | None]] = {}
    for room in ROOMS:
        brought |= {name: (room, command.help) for name, command in commands.commands_of(room).items()}
    offered = {name: (one.room, one.help) for name, one in commands.OFFERED.items()}
    assert offered == {name: (room, " ".join((help or "").split())) for name, (room, help) in brought.items()}


def test_help_imports_no_room() -> None:
    asked = "import sys; from quarterdeck.app.cli import app; app(['--help'], standalone_mode=False)"
    asked += (
        f"; print([name for name in sys.modules if name.startswith({tuple(f'quarterdeck.{room}' for room in ROOMS)})])"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.splitlines()[-1] == "[]"


def test_every_setting_stands_on_the_page_of_settings() -> None:
    page = SETTINGS.read_text(encoding="utf-8")
    names = {key for key in app_settings._KEYS if key not in {"notify", "intake", "status_page", "demo"}}
    names |= {each.name for each in fields(NotifySettings)} - {"secret_key", "base_url", "demo_seconds"}
    names |= {each.name for each in (*fields(Limits), *fields(Publishing))}
    missing = sorted(name for name in names if f"`{name}`" not in page)
    assert not missing, f"docs/reference/settings.md does not mention {missing}"
