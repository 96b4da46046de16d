"""What direction does of its own accord."""

from quarterdeck.direction.reactions import looking_again

REACTIONS = (*looking_again.REACTIONS,)
