"""Text from outside on its way into a CSV: a spreadsheet must not take it for a formula. Pure."""

_ACTING = ("=", "+", "-", "@", "\t", "\r")


def harmless(text: str) -> str:
    """The text; behind an apostrophe where a spreadsheet would calculate with it."""
    return f"'{text}" if text.startswith(_ACTING) else text
