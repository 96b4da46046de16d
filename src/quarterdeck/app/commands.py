"""The rooms' commands on the command line: a room is imported only when one of its commands is asked for."""

import importlib
import importlib.util
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from quarterdeck.app.wiring import ROOMS


@dataclass(frozen=True)
class Offered:
    """A command or a group of them; `help` stands here too, so that `--help` need not import the room."""

    room: str
    help: str


OFFERED = {
    "audit": Offered("governance", "Who changed what, when; newest first."),
    "people": Offered("governance", "People: add, list, roles, passwords."),
    "team": Offered("governance", "Teams and their members."),
    "key": Offered("governance", "API and intake keys."),
    "service": Offered("catalog", "The services that can break: add, list, retire."),
    "plan": Offered("plan", "The incident management plan: check, publish, compare, keep current."),
    "method": Offered("notify", "Contact methods: how people are paged."),
    "pager": Offered("notify", "The pager: ring it, and see whether it works."),
    "signal": Offered("intake", "Signals: send one, list what stands."),
    "incident": Offered("command", "Incidents: list, show, declare, work on."),
    "oncall": Offered("oncall", "On-call: who now, who next, schedules, cover."),
    "comms": Offered("comms", "Updates and elevation: who must know what, by when."),
    "obligations": Offered("obligations", "Legal and contractual clocks: what is owed to whom, until when."),
    "review": Offered("learning", "Reviews: what is owed, write, approve, publish, print."),
    "factor": Offered("learning", "Contributing factors: find, agree, withdraw."),
    "lesson": Offered("learning", "Lessons: keep, validate, change the plan, close."),
    "learned": Offered(
        "learning",
        "What was learnt in a month: reviews, lessons and what answered them, verified actions, changes of the plan.",
    ),
    "reading": Offered(
        "learning",
        "What to read before going on call: the plan's changes, incidents and lessons since the last shift.",
    ),
    "guideline": Offered("learning", "Guidelines grown from lessons: groups, draft."),
    "search": Offered(
        "learning",
        "Find incidents, reviews, lessons and documents of the plan. Exit code 1 if nothing has these words.",
    ),
    "similar": Offered(
        "learning",
        "Past incidents like this one, why they are alike, and what ended them. Exit code 1 if there are none.",
    ),
    "pattern": Offered("learning", "What recurs: list it, and the monthly checks."),
    "action": Offered("learning", "Improvement actions: propose, agree, do, verify."),
    "tracker": Offered("learning", "Trackers: send actions to GitHub, GitLab or Jira, and hear of them."),
    "drill": Offered("readiness", "Exercises: check scenarios, plan, run, score; what was exercised when."),
    "import": Offered("migration", "Bring in what others hold: histories, post-mortems."),
    "objective": Offered("direction", "Objectives: list, show."),
    "measure": Offered("direction", "Measures: list, show, incidents, load."),
    "paths": Offered("direction", "Paths of incidents: show, incidents."),
    "exposure": Offered(
        "direction",
        "Show the loss to expect of a year by service, type or factor, how sure that is, and what a bad year takes.",
    ),
    "portfolio": Offered(
        "direction",
        "Choose the improvements that avoid most loss within the budget; the optimum is proved, or its gap is said.",
    ),
    "export": Offered("migration", "Take the incidents out: XES, OCEL, CSV, Parquet."),
    "replay": Offered("direction", "Run a plan against the incidents on record: what would have been otherwise."),
    "simulate": Offered(
        "direction",
        "Run the own history again under another plan or staffing: what would change, and how sure is that.",
    ),
    "debt": Offered("direction", "What is overdue and whose it is; the duties behind it."),
    "report": Offered("direction", "What senior management is told: the executive page, decisions, mail."),
    "roster": Offered("direction", "Rosters: build, show, accept."),
}
"""In the order of `--help`. A test holds it against what the rooms' `cli.py` bring."""


class Commands(TyperGroup):
    """The app's own commands, and those of the rooms, looked up by name."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(dict.fromkeys([*self.commands, *OFFERED]))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = super().get_command(ctx, cmd_name)
        offered = OFFERED.get(cmd_name)
        if found is None and offered is not None:
            self._take_from(offered.room)
            found = super().get_command(ctx, cmd_name)
        return found

    def _take_from(self, room: str) -> None:
        for name, command in commands_of(room).items():
            self.commands.setdefault(name, command)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Only what is not there has every room imported: to suggest what was meant."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            for room in ROOMS:
                self._take_from(room)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """One line for each, as Typer writes it."""
        names = self.list_commands(ctx)
        limit = formatter.width - 6 - max(map(len, names))
        rows = []
        for name in names:
            own = self.commands.get(name) or typer.core.TyperCommand(name, help=OFFERED[name].help)
            if not own.hidden:
                rows.append((name, own.get_short_help_str(limit)))
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def commands_of(room: str) -> dict[str, Any]:
    """What a room's `cli.py` puts at the root: its group, or several where its own group has no name."""
    path = f"quarterdeck.{room}.cli"
    if importlib.util.find_spec(path) is None:
        return {}
    root = typer.Typer(callback=lambda: None, rich_markup_mode=None, pretty_exceptions_enable=False)
    root.add_typer(importlib.import_module(path).commands)
    found: Any = get_command(root)
    return dict(found.commands)
