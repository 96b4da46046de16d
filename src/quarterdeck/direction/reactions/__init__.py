"""What direction does of its own accord."""

from quarterdeck.direction.reactions import looking_again, owing, reporting

REACTIONS = (
    *owing.REACTIONS,
    *looking_again.REACTIONS,
    *reporting.REACTIONS,
)
DOCUMENTS = reporting.DOCUMENTS
"""What goes along by mail."""
