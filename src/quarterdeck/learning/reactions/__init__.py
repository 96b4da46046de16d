"""What learning does of its own accord."""

from quarterdeck.learning.reactions import reviewing

REACTIONS = (*reviewing.REACTIONS,)
