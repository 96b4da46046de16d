"""What direction does of its own accord."""

from quarterdeck.direction.reactions import looking_again, owing

REACTIONS = (
    *owing.REACTIONS,
    *looking_again.REACTIONS,
)
