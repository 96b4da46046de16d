"""`quarterdeck method` and `pager`: contact methods, a test page, and whether the pager works."""

from typing import Annotated, Any

import typer

from quarterdeck.governance.state import person_by_login
from quarterdeck.governance.views import person_by_login as person_row
from quarterdeck.governance.views import person_names
from quarterdeck.kernel.errors import Invalid, NotFound
from quarterdeck.notify import actions, views
from quarterdeck.record import Tx
from quarterdeck.record.local import AsJson, Home, open_desk, show

commands = typer.Typer()
method = typer.Typer(name="method", help="Contact methods: how people are paged.", no_args_is_help=True)
pager = typer.Typer(name="pager", help="The pager: ring it, and see whether it works.", no_args_is_help=True)
commands.add_typer(method)
commands.add_typer(pager)

Login = Annotated[str, typer.Argument(help="The person's login.", show_default=False)]
CANARY_WITHIN_SECONDS = 180
FOUND_SOMETHING = 1


def _known(tx: Tx, login: str) -> str:
    found = person_by_login(tx, login)
    if found is None:
        raise NotFound(f"person with the login {login!r}")
    return found.id


@method.command("add")
def add(
    ctx: typer.Context,
    login: Login,
    kind: Annotated[str, typer.Argument(help="email, webhook, ntfy, slack or demo.", show_default=False)],
    address: Annotated[str, typer.Argument(help="Where it leads.", show_default=False)],
    home: Home,
    assume_verified: Annotated[bool, typer.Option(help="Page it without a code having come back.")] = False,
    as_json: AsJson = False,
) -> None:
    """Add a contact method; a code is sent through it unless it is assumed to work."""
    desk = open_desk(ctx, home)

    def act(tx: Tx) -> str:
        person = _known(tx, login)
        made = actions.add_method(tx, person=person, kind=kind, address=address, assume_verified=assume_verified)
        if not assume_verified:
            actions.send_verification(tx, method=made)
        return made

    made = desk.record.perform(desk.who, act)
    with desk.record.read() as conn:
        secret = views.webhook_secret(conn, made)
    if as_json:
        show({"id": made, "verified": assume_verified, "secret": secret}, True)
        return
    typer.echo(f"{made} is added." + (f" Its requests are signed with {secret}" if secret else ""))
    if not assume_verified:
        typer.echo(f"A code is on its way. Then: quarterdeck method verify {made} CODE --home {home}")


@method.command("verify")
def verify(
    ctx: typer.Context,
    method_id: Annotated[str, typer.Argument(metavar="METHOD", help="The method's id.", show_default=False)],
    code: Annotated[str, typer.Argument(help="The six digits that came through it.", show_default=False)],
    home: Home,
) -> None:
    """Give back the code. From then on the method gets pages."""
    desk = open_desk(ctx, home)
    if not desk.record.perform(desk.who, lambda tx: actions.verify_method(tx, method=method_id, code=code)):
        raise Invalid("This is not the code. Compare it with the last message; a code has five tries.")
    typer.echo("Verified.")


@method.command("list")
def list_(ctx: typer.Context, login: Login, home: Home, as_json: AsJson = False) -> None:
    """A person's contact methods in the order they are tried."""
    desk = open_desk(ctx, home)
    with desk.record.read() as conn:
        found = person_row(conn, login)
        if found is None:
            raise NotFound(f"person with the login {login!r}")
        rows = views.methods(conn, found.id)
    show(rows, as_json, columns=("id", "kind", "shown", "verified_at"))


@method.command("remove")
def remove(
    ctx: typer.Context,
    method_id: Annotated[str, typer.Argument(metavar="METHOD", help="The method's id.", show_default=False)],
    home: Home,
) -> None:
    """Forget a contact method."""
    desk = open_desk(ctx, home)
    desk.record.perform(desk.who, lambda tx: actions.remove_method(tx, method=method_id))
    typer.echo("Removed.")


@pager.command("test")
def ring(
    ctx: typer.Context,
    home: Home,
    login: Annotated[str, typer.Option(help="Whom to page.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """Page somebody about nothing, to hear it ring. The engine has to be running."""
    desk = open_desk(ctx, home)
    made = desk.record.perform(desk.who, lambda tx: actions.ring(tx, person=_known(tx, login)))
    if as_json:
        show({"delivery": made}, True)
    else:
        typer.echo(f"Delivery {made} is asked for. What became of it: quarterdeck pager health --home {home}")


@pager.command("health")
def health(ctx: typer.Context, home: Home, as_json: AsJson = False) -> None:
    """Will it page? Exit code 1 if no canary has come back within three minutes."""
    desk = open_desk(ctx, home)
    now = desk.record.clock.now()
    with desk.record.read() as conn:
        found = views.health(conn, now)
        names = person_names(conn)
        latest = views.recent(conn, 10)
    arrived = found.canary.arrived_at if found.canary else None
    alive = arrived is not None and (now - arrived).total_seconds() <= CANARY_WITHIN_SECONDS
    if as_json:
        show({"ready": alive, "health": found, "latest": latest}, True)
    else:
        _say(found, names, alive, latest)
    if not alive:
        raise typer.Exit(FOUND_SOMETHING)


def _say(found: views.Health, names: dict[str, str], alive: bool, latest: list[views.DeliveryRow]) -> None:
    arrived: Any = found.canary.arrived_at if found.canary else None
    typer.echo(f"{'ok   ' if alive else 'FAULT'}  last canary: {arrived or 'never'}")
    for channel in found.channels:
        typer.echo(f"       {channel.channel}: last success {channel.succeeded_at}, last failure {channel.failed_at}")
    typer.echo(f"       on their way: {found.pending}, held by pacing: {found.held}")
    if found.abandoned_last_day:
        typer.echo(f"FAULT  not delivered in the last 24 hours: {found.abandoned_last_day}")
    for person in found.unreachable:
        typer.echo(f"FAULT  {names.get(person, person)} has no verified contact method")
    for one in latest:
        typer.echo(
            f"       {one.requested_at:%H:%M:%S} {one.purpose} to {names.get(one.person, one.person)}: {one.state}"
        )
