"""Signals in: read what monitors send, know repeats, put together what belongs together, open groups for command."""
