"""`quarterdeck plan`: check a directory, publish it, compare, show and export revisions, see what is due of it."""

from quarterdeck.plan.cli import files, keeping, printing, publications
from quarterdeck.plan.cli.group import commands

__all__ = ["commands", "files", "keeping", "printing", "publications"]
