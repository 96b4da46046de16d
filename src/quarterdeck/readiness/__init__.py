"""Readiness: exercises on the real path, scored; what has been tried and when; who answers when asked."""
