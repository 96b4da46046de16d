"""Where a plan's files come from."""
