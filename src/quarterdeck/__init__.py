"""Quarterdeck: the post from which incident management is directed."""

__version__ = "0.1.0"
