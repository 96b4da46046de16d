"""What is still to be looked at in a draft, against the shipped example and the revision that it is based on."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection

from quarterdeck.plan import views
from quarterdeck.plan.rules.outstanding import Outstanding, outstanding, remaining
from quarterdeck.plan.rules.reading import read
from quarterdeck.plan.sources.example import example_files


@cache
def example_document() -> Mapping[str, Any]:
    """The shipped plan, as read."""
    return read(example_files()).document


def findings(conn: Connection, text: views.DraftText) -> tuple[Outstanding, ...]:
    """Those that nobody left on purpose; of an ordinary draft only what its revision does not have already."""
    document = text.checked.reading.document
    found = outstanding(text.files, document, example_document(), text.source)
    before: tuple[Outstanding, ...] = ()
    if text.based_on and not text.source:
        files = views.files(conn, text.based_on)
        before = outstanding(files, read(files).document, example_document(), "")
    return remaining(found, text.left, before)
