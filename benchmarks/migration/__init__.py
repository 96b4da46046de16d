"""Histories brought in: how fast, beside the same rows without us."""
