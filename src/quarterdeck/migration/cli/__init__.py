"""`quarterdeck import`: bring in what others hold."""

import typer

from quarterdeck.migration.cli import postmortem

commands = typer.Typer(name="import", help="Bring in what others hold: post-mortems.", no_args_is_help=True)
commands.command("postmortem")(postmortem.postmortem)
