"""`quarterdeck people`, `team`, `key` and `audit`: who may do what here, and who did."""

import sys
from typing import Annotated, Any

import typer

from quarterdeck.governance import actions, views
from quarterdeck.governance.rules import KEY_ROLES, PERSON_ROLES, Permission
from quarterdeck.governance.state import person_by_login
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.ids import new_id, secret
from quarterdeck.record import Tx
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer()
people = typer.Typer(name="people", help="People: add, list, roles, passwords.", no_args_is_help=True)
team = typer.Typer(name="team", help="Teams and their members.", no_args_is_help=True)
key = typer.Typer(name="key", help="API and intake keys.", no_args_is_help=True)
for group in (people, team, key):
    commands.add_typer(group)

Login = Annotated[str, typer.Argument(help="The person's login.", show_default=False)]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from standard input.")]
NewPassword = Annotated[bool, typer.Option("--new-password", help="Make a password and print it, once.")]


def known(tx: Tx, login: str) -> str:
    """The id of the person with this login."""
    found = person_by_login(tx, login)
    if found is None:
        raise NotFound(f"person with the login {login!r}")
    return found.id


def _password(from_stdin: bool, new: bool) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return secret("qp") if new else None


@people.command("add")
def add_person(
    ctx: typer.Context,
    login: Login,
    home: Home,
    name: Annotated[str, typer.Option(help="As others see it.", show_default=False)],
    email: Annotated[str, typer.Option(help="Where mail reaches the person.", show_default=False)],
    role: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(PERSON_ROLES)}; may be repeated.")] = None,
    zone: Annotated[str, typer.Option(help="IANA time zone.")] = "UTC",
    password_stdin: FromStdin = False,
    new_password: NewPassword = False,
    as_json: AsJson = False,
) -> None:
    """Add a person. Without a password the person can be paged but cannot sign in."""
    clear = _password(password_stdin, new_password)
    hashed = None if clear is None else actions.prepare_password(clear, login)
    desk = open_desk(ctx, home)

    def act(tx: Tx) -> str:
        return actions.add_person(tx, login=login, name=name, email=email, roles=role or (), zone=zone, password=hashed)

    made = {"id": desk.record.perform(desk.who, act), "login": login}
    if new_password and clear is not None:
        made["password"] = clear
    if as_json:
        show(made, True)
    else:
        typer.echo(f"{login} is added." + (f" Password, shown once: {clear}" if "password" in made else ""))


@people.command("list")
def list_people(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """Everybody, inactive people last."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.people(conn)
    show(
        rows if as_json else [_row(one) for one in rows], as_json, ("login", "name", "email", "roles", "teams", "state")
    )


def _row(one: views.PersonRow) -> dict[str, str]:
    return {
        "login": one.login,
        "name": one.name,
        "email": one.email,
        "roles": ", ".join(one.roles),
        "teams": ", ".join(one.teams),
        "state": "active" if one.active else "inactive",
    }


@people.command("grant")
def grant(ctx: typer.Context, login: Login, role: Annotated[str, typer.Argument()], home: Home) -> None:
    """Give a person a role."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.grant_role(tx, person=known(tx, login), role=role))
    typer.echo(f"{login} has the role {role}.")


@people.command("revoke")
def revoke(ctx: typer.Context, login: Login, role: Annotated[str, typer.Argument()], home: Home) -> None:
    """Take a role away from a person."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.revoke_role(tx, person=known(tx, login), role=role))
    typer.echo(f"{login} no longer has the role {role}.")


@people.command("deactivate")
def deactivate(ctx: typer.Context, login: Login, home: Home) -> None:
    """The person may no longer act, sign in or be paged; what they did stays under their name."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.deactivate_person(tx, person=known(tx, login)))
    typer.echo(f"{login} is inactive; open sessions have ended.")


@people.command("reactivate")
def reactivate(ctx: typer.Context, login: Login, home: Home) -> None:
    """Let a person back in."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.reactivate_person(tx, person=known(tx, login)))
    typer.echo(f"{login} is active.")


@people.command("password")
def password(
    ctx: typer.Context, login: Login, home: Home, password_stdin: FromStdin = False, as_json: AsJson = False
) -> None:
    """Set a new password, made here and printed once unless it comes from standard input. Ends open sessions."""
    clear = _password(password_stdin, True) or ""
    hashed = actions.prepare_password(clear, login)
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.set_password(tx, person=known(tx, login), password=hashed))
    if as_json:
        show({"login": login} if password_stdin else {"login": login, "password": clear}, True)
    else:
        typer.echo(f"The password of {login} is set." + ("" if password_stdin else f" Shown once: {clear}"))


@team.command("add")
def add_team(
    ctx: typer.Context,
    id: Annotated[str, typer.Argument(help="A short id such as web.", show_default=False)],
    home: Home,
    name: Annotated[str, typer.Option(help="As others see it.", show_default=False)],
) -> None:
    """Add a team."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.add_team(tx, id=id, name=name))
    typer.echo(f"The team {id} is added.")


@team.command("member")
def member(
    ctx: typer.Context,
    team: Annotated[str, typer.Argument(help="The team's id.", show_default=False)],
    login: Login,
    home: Home,
    remove: Annotated[bool, typer.Option("--remove", help="Take the person out of the team.")] = False,
) -> None:
    """Put a person into a team, or take one out."""
    desk = open_desk(ctx, home)
    act = actions.remove_member if remove else actions.add_member
    desk.record.perform(desk.who, lambda tx: act(tx, team=team, person=known(tx, login)))
    typer.echo(f"{login} is {'no longer ' if remove else ''}in the team {team}.")


@team.command("list")
def list_teams(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """Teams and their members."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.teams(conn)
    plain = [{"id": t.id, "name": t.name, "members": ", ".join(m.login for m in t.members)} for t in rows]
    show(rows if as_json else plain, as_json, ("id", "name", "members"))


@key.command("issue")
def issue(
    ctx: typer.Context,
    label: Annotated[str, typer.Argument(help="What the key is for.", show_default=False)],
    home: Home,
    role: Annotated[list[str], typer.Option(help=f"One of {', '.join(KEY_ROLES)}; may be repeated.")],
    scope: Annotated[
        list[str] | None, typer.Option(help=f"Only this of what the roles allow: {', '.join(Permission)}.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Issue a key and print its secret, once."""
    desk = open_desk(ctx, home)
    id = new_id(desk.record.clock.now())
    clear = desk.record.perform(
        desk.who, lambda tx: actions.issue_key(tx, label=label, roles=role, scopes=scope, id=id)
    )
    if as_json:
        show({"id": id, "secret": clear}, True)
    else:
        typer.echo(f"Key {id}. Its secret, shown once: {clear}")


@key.command("revoke")
def revoke_key(
    ctx: typer.Context, id: Annotated[str, typer.Argument(help="The key's id, from key list.")], home: Home
) -> None:
    """Make a key useless, at once."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.revoke_key(tx, key=id))
    typer.echo(f"The key {id} is revoked.")


@key.command("list")
def list_keys(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """Every key ever issued, without secrets."""
    with open_desk(ctx, home).record.read() as conn:
        rows = views.keys(conn)
    plain = [
        {
            "id": one.id,
            "label": one.label,
            "roles": ", ".join(one.roles),
            "issued": f"{one.issued_at:%Y-%m-%d}",
            "last used": "never" if one.used_at is None else f"{one.used_at:%Y-%m-%d %H:%M}",
            "state": "revoked" if one.revoked_at else "valid",
        }
        for one in rows
    ]
    show(rows if as_json else plain, as_json, ("id", "label", "roles", "issued", "last used", "state"))


@commands.command("audit")
def audit(
    ctx: typer.Context,
    home: Home,
    actor: Annotated[str | None, typer.Option(help="A login, or an actor such as engine or key/….")] = None,
    stream: Annotated[str | None, typer.Option(help="incident/214, or a kind: incident.")] = None,
    type: Annotated[str | None, typer.Option(help="command.IncidentDeclared, or a room: command.")] = None,
    before: Annotated[int | None, typer.Option(help="Only what stands before this position.")] = None,
    limit: Annotated[int, typer.Option(help="How many rows.", min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Who changed what, when; newest first."""
    with open_desk(ctx, home).record.read() as conn:
        person = views.person_by_login(conn, actor) if actor else None
        rows = views.audit(
            conn,
            actor=f"person/{person.id}" if person else actor,
            stream=stream,
            type=type,
            before=before,
            limit=limit,
        )
    plain: list[dict[str, Any]] = [
        {
            "#": row.position,
            "when": f"{row.recorded_at:%Y-%m-%d %H:%M:%S}",
            "who": row.actor_name,
            "what": row.type.partition(".")[2],
            "on": row.stream,
            "says": row.summary,
        }
        for row in rows
    ]
    show(rows if as_json else plain, as_json, ("#", "when", "who", "what", "on", "says"))
