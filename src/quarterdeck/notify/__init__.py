"""A mechanism: deliver this to that person by the ways they can be reached, and tell what became of it."""
