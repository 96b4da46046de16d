"""What readiness does of its own accord."""

from quarterdeck.readiness.reactions import contacting, exercising

REACTIONS = (*exercising.REACTIONS, *contacting.REACTIONS)
