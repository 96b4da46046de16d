"""One file per way out of the house; they know nothing of one another. Each has `send(message, address, settings)`."""
