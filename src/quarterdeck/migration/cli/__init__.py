"""`quarterdeck import`: bring in what others hold."""

import typer

from quarterdeck.migration.cli import history, postmortem

commands = typer.Typer(name="import", help="Bring in what others hold: histories, post-mortems.", no_args_is_help=True)
for _name, _says, _function in history.commands():
    commands.command(_name, help=_says)(_function)
commands.command("mapping")(history.mapping)
commands.command("postmortem")(postmortem.postmortem)
