"""The commands of learning; each group stands at the root."""

import typer

from quarterdeck.learning.cli import (
    digesting,
    exporting,
    factoring,
    finding,
    guiding,
    improving,
    lessoning,
    recurring,
    reviewing,
    tracking,
    writing,
)

commands = typer.Typer(no_args_is_help=True)
commands.add_typer(reviewing.commands)
commands.add_typer(factoring.commands)
commands.add_typer(lessoning.commands)
commands.add_typer(finding.commands)
commands.add_typer(guiding.commands)
commands.add_typer(digesting.commands)
commands.add_typer(improving.commands)
commands.add_typer(recurring.commands)
commands.add_typer(tracking.commands)

__all__ = ["commands", "exporting", "factoring", "finding", "lessoning", "reviewing", "writing"]
