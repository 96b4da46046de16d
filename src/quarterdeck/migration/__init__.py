"""Bring in what others hold: histories of incidents, and what was written about them."""
