"""The commands of direction; each group stands at the root."""

import typer

from quarterdeck.direction.cli import (
    aiming,
    exposing,
    longer,
    measuring,
    owing,
    paths,
    replaying,
    rostering,
    simulating,
)

commands = typer.Typer(no_args_is_help=True)
commands.add_typer(aiming.commands)
commands.add_typer(exposing.commands)
commands.add_typer(measuring.commands)
commands.add_typer(paths.commands)
commands.add_typer(replaying.commands)
commands.add_typer(longer.commands)
commands.add_typer(rostering.commands)
commands.add_typer(simulating.commands)
commands.add_typer(owing.commands)
