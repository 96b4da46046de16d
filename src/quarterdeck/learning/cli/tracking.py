"""`quarterdeck tracker`: where issues stand, what goes there, and whether it works."""

import sys
from typing import Annotated, Any

import typer

from quarterdeck.kernel.errors import Invalid
from quarterdeck.learning import actions, views
from quarterdeck.learning.rules.tracker import Place
from quarterdeck.record.local import AsJson, Desk, Home, open_desk, show

commands = typer.Typer(
    name="tracker", help="Trackers: send actions to GitHub, GitLab or Jira, and hear of them.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="The tracker's short name.", show_default=False)]
Number = Annotated[int, typer.Argument(help="The action's number: 7 for A-7.", show_default=False)]
Project = Annotated[str, typer.Option(help="owner/repository, group/project, or Jira's project key.")]
BaseUrl = Annotated[
    str, typer.Option(help="Where its interface stands; may be left out for github.com and gitlab.com.")
]
IssueType = Annotated[str, typer.Option(help="Jira: the type of issue.")]
Account = Annotated[str, typer.Option(help="Jira Cloud: the mail address that the token belongs to.")]
Labels = Annotated[list[str] | None, typer.Option("--label", help="A label that each issue gets; may be repeated.")]
Sends = Annotated[str, typer.Option(help="What goes there by itself: all, team or asked.")]
Teams = Annotated[list[str] | None, typer.Option("--team", help="With team: whose actions; may be repeated.")]
COLUMNS = ("id", "kind", "title", "works", "said", "tickets")


@commands.command("list")
def list_(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """List the trackers and whether they work."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        rows = [_facts(row) for row in views.trackers(conn)]
    show(rows, as_json, COLUMNS)


@commands.command("show")
def show_(ctx: typer.Context, tracker: Name, home: Home, as_json: AsJson = False) -> None:
    """Show one tracker; its token is never shown."""
    _tell(open_desk(ctx, home), tracker, as_json)


@commands.command("add")
def add(
    ctx: typer.Context,
    tracker: Name,
    kind: Annotated[str, typer.Argument(help="github, gitlab, jira-cloud or jira-server.", show_default=False)],
    home: Home,
    project: Project,
    base_url: BaseUrl = "",
    title: Annotated[str, typer.Option(help="What people call it.")] = "",
    issue_type: IssueType = "Task",
    account: Account = "",
    label: Labels = None,
    sends: Sends = "asked",
    team: Teams = None,
    as_json: AsJson = False,
) -> None:
    """Add a tracker. Its token is read from the first line of standard input, so that no list of processes shows it."""
    desk = open_desk(ctx, home)
    place = Place(title, base_url, project, issue_type, account, tuple(label or ()), sends, tuple(team or ()))
    token = _token()
    secret = desk.record.perform(
        desk.who, lambda tx: actions.add_tracker(tx, tracker=tracker, kind=kind, place=place, token=token)
    )
    _tell(desk, tracker, as_json, {"webhook_secret": secret})


@commands.command("token")
def token_(ctx: typer.Context, tracker: Name, home: Home, as_json: AsJson = False) -> None:
    """Replace the token by the one on standard input."""
    desk, token = open_desk(ctx, home), _token()
    desk.record.perform(desk.who, lambda tx: actions.replace_tracker_token(tx, tracker=tracker, token=token))
    _tell(desk, tracker, as_json)


@commands.command("secret")
def secret_(ctx: typer.Context, tracker: Name, home: Home, as_json: AsJson = False) -> None:
    """Make a new secret for its webhook; it is shown this once."""
    desk = open_desk(ctx, home)
    secret = desk.record.perform(desk.who, lambda tx: actions.renew_tracker_secret(tx, tracker=tracker))
    _tell(desk, tracker, as_json, {"webhook_secret": secret})


@commands.command("try")
def try_(ctx: typer.Context, tracker: Name, home: Home, as_json: AsJson = False) -> None:
    """Ask the engine to try it; `tracker show` tells what came of it."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.try_tracker(tx, tracker=tracker))
    _tell(desk, tracker, as_json)


@commands.command("remove")
def remove(ctx: typer.Context, tracker: Name, home: Home, as_json: AsJson = False) -> None:
    """Send nothing there any more and delete its secrets; the issues stay."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.remove_tracker(tx, tracker=tracker))
    _tell(desk, tracker, as_json)


@commands.command("send")
def send(ctx: typer.Context, number: Number, tracker: Name, home: Home, as_json: AsJson = False) -> None:
    """Send an action to a tracker: one issue, however often it is asked for."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.send_action(tx, number=number, tracker=tracker))
    _tell_ticket(desk, number, as_json)


@commands.command("ticket")
def ticket(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Show how the issue of an action stands and what happened to it."""
    _tell_ticket(open_desk(ctx, home), number, as_json)


@commands.command("stop")
def stop(ctx: typer.Context, number: Number, home: Home, as_json: AsJson = False) -> None:
    """Send and fetch nothing more of this action; the issue stays."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.stop_ticket(tx, number=number))
    _tell_ticket(desk, number, as_json)


def _token() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Token", hide_input=True))
    token = sys.stdin.readline(2000).strip()
    if not token:
        raise Invalid("There is no token on standard input.", ("Give it as: quarterdeck tracker … < FILE",))
    return token


def _facts(row: views.TrackerRow) -> dict[str, Any]:
    facts = {name: value for name, value in vars(row).items() if name != "place"}
    return {**facts, **vars(row.place), "said": "being tried" if row.trying else row.said}


def _tell(desk: Desk, tracker: str, as_json: bool, more: dict[str, str] | None = None) -> None:
    with desk.record.read() as conn:
        facts = _facts(views.tracker(conn, tracker)) | (more or {})
    if as_json:
        show(facts, True)
        return
    show([facts], False, COLUMNS)
    for name in ("project", "base_url", "sends", "teams", "labels", "fault", "webhook_secret"):
        if value := facts.get(name):
            typer.echo(f"{name}: {', '.join(value) if isinstance(value, tuple) else value}")


def _tell_ticket(desk: Desk, number: int, as_json: bool) -> None:
    with desk.record.read() as conn:
        views.improvement(conn, number)
        row, steps = views.ticket(conn, number), views.ticket_steps(conn, number)
    if as_json:
        show({**vars(row), "steps": steps} if row else None, True)
    elif row is None:
        typer.echo(f"A-{number} has not been sent to a tracker. quarterdeck tracker send {number} TRACKER")
    else:
        show([row], False, ("tracker", "state", "key", "status", "url", "error"))
        show(steps, False, ("at", "what", "text"))
