"""What learning does of its own accord."""

from quarterdeck.learning.reactions import improving, lessoning, reviewing

REACTIONS = (*reviewing.REACTIONS, *lessoning.REACTIONS, *improving.REACTIONS)
