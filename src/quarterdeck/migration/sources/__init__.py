"""Readers of what others hold, one per form; they know nothing of one another."""
