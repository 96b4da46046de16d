"""The commands of migration; each group stands at the root."""

import typer

from quarterdeck.migration.cli import history, postmortem, taking_out

bringing = typer.Typer(name="import", help="Bring in what others hold: histories, post-mortems.", no_args_is_help=True)
for _name, _says, _function in history.commands():
    bringing.command(_name, help=_says)(_function)
bringing.command("mapping")(history.mapping)
bringing.command("postmortem")(postmortem.postmortem)
commands = typer.Typer(no_args_is_help=True)
commands.add_typer(bringing)
commands.add_typer(taking_out.commands)

__all__ = ["commands"]
