"""What learning does of its own accord."""

from quarterdeck.learning.reactions import lessoning, reviewing

REACTIONS = (*reviewing.REACTIONS, *lessoning.REACTIONS)
