"""Places in a text that somebody still has to fill in: blanks with a name, and what is marked as to do."""

import re
from collections.abc import Mapping

BLANK = re.compile(r"\{\{\s*([A-Za-z][A-Za-z0-9_ ]{0,60})\s*\}\}|\{([A-Z][A-Z0-9_]{1,60})\{\}\}")
"""`{{COMPANY_NAME}}`; a single pair of braces is a field of a template, and no blank."""
TO_DO = re.compile(r"\bTODO\b:?([^`\n]{0,120})|\bT\.?B\.?[DA]\b")
UNFILLED = re.compile(f"{BLANK.pattern}|{TO_DO.pattern}")


def blank_name(match: re.Match[str]) -> str:
    """`COMPANY_NAME` for `{{ COMPANY_NAME }}`."""
    return (match[1] or match[2]).strip()


def to_do_words(match: re.Match[str]) -> str:
    return " ".join(match[0].strip(" `*_").split())[:160]


def filled_in(files: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The files with every blank of these names filled in, wherever it stands."""

    def put(match: re.Match[str]) -> str:
        return values.get(blank_name(match)) or match[0]

    return {name: BLANK.sub(put, text) for name, text in files.items()}
