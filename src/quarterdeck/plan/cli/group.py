"""The group that the commands of the plan hang in, and what several of them share."""

from pathlib import Path
from typing import Annotated

import typer

from quarterdeck.plan.rules.checking import Checked

commands = typer.Typer(
    name="plan", help="The incident management plan: check, publish, compare, keep current.", no_args_is_help=True
)
Directory = Annotated[
    Path, typer.Argument(metavar="DIR", help="The directory that holds plan.yaml.", show_default=False)
]
FOUND_SOMETHING = 1
CANNOT_TELL = 2


def stop_at_faults(checked: Checked, *, quiet: bool = False, code: int = FOUND_SOMETHING) -> None:
    """Print every fault and leave, if there is one."""
    if not checked.faults:
        return
    if not quiet:
        for fault in checked.faults:
            typer.echo(str(fault))
        count = len(checked.faults)
        typer.echo(f"{count} fault{'s' if count > 1 else ''}. Such a plan cannot be published.", err=True)
    raise typer.Exit(code)
