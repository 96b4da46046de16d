"""What readiness does of its own accord."""

from quarterdeck.readiness.reactions import exercising

REACTIONS = (*exercising.REACTIONS,)
