"""What senior management is told: what goes on the page, when it goes out, and what was decided. Pure."""
