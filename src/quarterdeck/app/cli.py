"""The command `quarterdeck`: init, serve, web, engine, demo, verify, rebuild, doctor, and every room's own commands."""

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from quarterdeck import __version__
from quarterdeck.app import settings
from quarterdeck.app.commands import Commands
from quarterdeck.kernel.errors import QuarterdeckError
from quarterdeck.kernel.time import Instant
from quarterdeck.record.local import LOCAL, SANDBOX, AsJson, Desk, Home, Sandbox, show

app = typer.Typer(
    name="quarterdeck",
    cls=Commands,
    help="The incident manager's post: plan, detect, respond, learn, direct.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
Port = Annotated[int, typer.Option("--port", help="Port to listen on; 0: any that is free.", min=0, max=65535)]
Host = Annotated[str, typer.Option("--host", help="Address to listen on.")]
FOUND_SOMETHING, MISUSE = 1, 2


@app.callback(invoke_without_command=True)
def root(
    ctx: typer.Context, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """Open homes for the rooms' commands."""
    ctx.obj = open_home
    ctx.meta[SANDBOX] = open_trial
    if version:
        typer.echo(__version__)
        raise typer.Exit


def open_home(home: Path) -> Desk:
    """A home's record, wired, as the local operator."""
    from quarterdeck.app import homes

    chosen = settings.load(home)
    return Desk(homes.open_record(chosen), LOCAL, chosen)


def open_trial(start: Instant) -> AbstractContextManager[Sandbox]:
    """A house on trial, for rehearsals."""
    from quarterdeck.app.virtual import virtual_house

    return virtual_house(start)


@app.command()
def init(
    home: Annotated[Path, typer.Argument(help="A new or empty directory.")],
    database: Annotated[str | None, typer.Option(help="postgresql://… instead of SQLite in the home.")] = None,
    email: Annotated[str, typer.Option(help="The administrator's address, for pages.")] = "admin@localhost",
    admin: Annotated[str, typer.Option(help="The administrator's login.")] = "admin",
    base_url: Annotated[str, typer.Option(help="How people reach this installation.")] = "http://127.0.0.1:8310",
    as_json: AsJson = False,
) -> None:
    """Make a home: settings, the example plan, the database, an administrator and two keys, shown once."""
    from quarterdeck.app import homes

    made = homes.init(home, database=database, email=email, login=admin, base_url=base_url)
    if as_json:
        typer.echo(json.dumps(made))
        return
    typer.echo(f"A home is ready in {home}. These are shown once; keep them:\n")
    for name, value in made.items():
        typer.echo(f"  {name:<11} {value}")
    typer.echo(f"\nStart it:       quarterdeck serve --home {home}")
    typer.echo(f"Send an alert:  quarterdeck signal send --home {home} --title 'Disk full' --severity critical")


@app.command()
def serve(home: Home, port: Port = 8310, host: Host = "127.0.0.1") -> None:
    """Everything in one process: the web face, the intake door and the engine."""
    from quarterdeck.app import run

    run.serve(settings.load(home), host, port, web=True, engine=True)


@app.command()
def web(home: Home, port: Port = 8310, host: Host = "127.0.0.1") -> None:
    """Only the web face and the intake door."""
    from quarterdeck.app import run

    run.serve(settings.load(home), host, port, web=True, engine=False)


@app.command()
def engine(home: Home) -> None:
    """Only the engine: alarms, reactions, deliveries. As many as wanted, on PostgreSQL."""
    from quarterdeck.app import run

    run.serve(settings.load(home), "", 0, web=False, engine=True)


@app.command()
def demo(
    headless: Annotated[bool, typer.Option(help="Tell the story in the terminal and exit.")] = False,
    port: Port = 8310,
    keep: Annotated[bool, typer.Option(help="Keep the temporary home afterwards.")] = False,
) -> None:
    """A small company, a storm of alerts, one page: the first journey, live, in a temporary home."""
    from quarterdeck.app.demo import show

    raise typer.Exit(show.run(headless=headless, port=port, keep=keep))


@app.command(name="verify")
def verify_(home: Home, as_json: AsJson = False) -> None:
    """Check every chain and seal of the record. Exit code 1 if anything was dropped, changed or reordered."""
    from quarterdeck.record.verify import verify

    record = open_home(home).record
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Verifying", total=None)
        verdict = verify(record, lambda done: bar.update(task, completed=done))
    if as_json:
        show(verdict, True)
    else:
        for fault in verdict.faults:
            typer.echo(fault)
        seals = f"{verdict.events} events on {verdict.streams} streams, {verdict.seals} seals"
        typer.echo(f"{'The record is whole' if not verdict.faults else 'THE RECORD IS NOT WHOLE'}: {seals}.")
        typer.echo(f"Head: {verdict.head}")
    if verdict.faults:
        raise typer.Exit(FOUND_SOMETHING)


@app.command()
def seal(home: Home) -> None:
    """Seal what was recorded since the last seal and print the root to keep elsewhere. The engine does so hourly."""
    from quarterdeck.record.verify import add_seal

    desk = open_home(home)
    typer.echo(desk.record.perform(desk.who, add_seal) or "Nothing new to seal.")


@app.command()
def rebuild(
    home: Home,
    measured: Annotated[
        bool, typer.Option("--measured", help="Only what measures are made of: a minute's work.")
    ] = False,
) -> None:
    """Drop every read table and make it again from the record."""
    from quarterdeck.record import schema
    from quarterdeck.record.refold import refold

    record = open_home(home).record
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Rebuilding", total=None)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        done = (
            sum(refold(record.store, one, told) for one in record.foldable)
            if measured
            else schema.rebuild(record, told)
        )
    made = "what is measured was made again" if measured else "every read table and alarm made again"
    typer.echo(f"{done} events read; {made}.")


@app.command()
def doctor(home: Home, as_json: AsJson = False) -> None:
    """Will it page? Plan, posts, schedules, contact methods, the engine's queue. Exit code 1 on a fault."""
    from quarterdeck.app.doctor import examine

    findings = examine(open_home(home))
    if as_json:
        show(findings, True)
    else:
        for finding in findings:
            typer.echo(f"{'ok   ' if finding.ok else 'FAULT'}  {finding.text}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FOUND_SOMETHING)


def main() -> None:
    """Run the command line; errors meant for people are printed as sentences, with exit code 2."""
    try:
        app()
    except QuarterdeckError as error:
        typer.echo(str(error), err=True)
        sys.exit(MISUSE)
    except OSError as error:
        if error.strerror is None or error.filename is None:
            raise
        typer.echo(f"{error.filename}: {error.strerror}. Quarterdeck must be able to write there.", err=True)
        sys.exit(MISUSE)
    except Exception as error:
        reason = _why_the_store_is_down(error)
        if reason is None:
            raise
        typer.echo(f"The database does not answer: {reason}. Look at `database` in {settings.FILE}.", err=True)
        sys.exit(MISUSE)


def _why_the_store_is_down(error: Exception) -> str | None:
    """None: it is not. Imported here: most commands end well, and some never ask a store."""
    from quarterdeck.record import is_down

    return str(getattr(error, "orig", None) or error).splitlines()[0] if is_down(error) else None


if __name__ == "__main__":
    main()
