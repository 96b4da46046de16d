"""How long the check of a large plan takes, and its replay over many incidents."""
