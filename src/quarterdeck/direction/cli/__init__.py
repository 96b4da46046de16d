"""The commands of direction; each group stands at the root."""

import typer

from quarterdeck.direction.cli import replaying

commands = typer.Typer(no_args_is_help=True)
commands.add_typer(replaying.commands)
