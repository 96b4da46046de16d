"""`quarterdeck drill`: scenarios checked, exercises planned, run and judged from the command line."""

from quarterdeck.readiness.cli import contacting, covering, exercising, judging, rehearsing, scenarios
from quarterdeck.readiness.cli.group import commands

__all__ = ["commands", "contacting", "covering", "exercising", "judging", "rehearsing", "scenarios"]
