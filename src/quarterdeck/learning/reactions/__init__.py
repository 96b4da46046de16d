"""What learning does of its own accord."""

from quarterdeck.learning.reactions import digesting, improving, judging, lessoning, preparing, recurring, reviewing

REACTIONS = (
    *recurring.REACTIONS,
    *reviewing.REACTIONS,
    *lessoning.REACTIONS,
    *improving.REACTIONS,
    *judging.REACTIONS,
    *digesting.REACTIONS,
    *preparing.REACTIONS,
)
