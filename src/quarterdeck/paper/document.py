"""A document as data: what a report, a plan or a review consists of, whatever it is printed with."""

from collections.abc import Sequence
from typing import Literal

import msgspec


class Span(msgspec.Struct, frozen=True, omit_defaults=True):
    """A run of text in one style.

    `href` leads to http(s) or mail, or to a page of the console (`/incidents/7`) where the document says where that
    is; any other is printed as plain text.
    """

    text: str
    strong: bool = False
    emph: bool = False
    code: bool = False
    href: str | None = None


Words = str | tuple[Span, ...]
"""A line of text: plain, or in several styles."""


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """`level` from 1; a level may not be skipped (readers for the blind rely on it): `pdf` mends what skips."""

    text: Words
    level: int = 1


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    text: Words
    tone: Literal["", "soft", "lead"] = ""


class Listing(msgspec.Struct, frozen=True, tag="listing"):
    """Items, each of blocks of its own, with bullets or numbers. `bullets` and `numbered` make simple ones."""

    items: tuple[tuple["Block", ...], ...]
    ordered: bool = False
    start: int = 1


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table that says what it shows (`caption`) and repeats its header on each page.

    `widths`: shares of the width, one a column; 0 takes what the content needs. `right`: columns set flush right.
    """

    columns: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    caption: str = ""
    widths: tuple[float, ...] = ()
    right: tuple[int, ...] = ()


class Definitions(msgspec.Struct, frozen=True, tag="definitions"):
    """Terms and what they stand for, side by side."""

    pairs: tuple[tuple[Words, Words], ...]


class Note(msgspec.Struct, frozen=True, tag="note"):
    """A remark set off by a rule in the margin; `act` is for what somebody has to do something about."""

    blocks: tuple["Block", ...]
    kind: Literal["note", "act"] = "note"


class Code(msgspec.Struct, frozen=True, tag="code"):
    text: str


class Figure(msgspec.Struct, frozen=True, tag="figure"):
    """A drawing of our own. `svg` never comes from outside; `alt` says in a sentence what it shows."""

    svg: str
    alt: str
    caption: str = ""
    width: float = 1.0
    """Share of the width of the column."""
    title: str = ""
    on_screen: str = ""
    """The same drawing as HTML of our own, for the console's width and theme; without it a screen shows `alt`."""


class Row(msgspec.Struct, frozen=True, tag="row"):
    """Blocks side by side. `widths`: shares, one a cell; none: equal ones."""

    cells: tuple[tuple["Block", ...], ...]
    widths: tuple[float, ...] = ()


class PageBreak(msgspec.Struct, frozen=True, tag="page_break"):
    pass


Block = Heading | Paragraph | Listing | Table | Definitions | Note | Code | Figure | Row | PageBreak


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed. `facts` stand below the title; `foot` at the foot of each page, left of its number.

    `base_url`: where the console is, if whoever prints knows it, so that on paper each figure leads to its evidence.
    """

    title: str
    blocks: tuple[Block, ...]
    subtitle: str = ""
    facts: tuple[tuple[str, Words], ...] = ()
    foot: str = ""
    classification: str = ""
    cover: bool = False
    """A page of its own for title and facts, and a table of contents."""
    compact: bool = False
    """Smaller type and margins: for what has to fit on one page."""
    language: str = "en"
    base_url: str = ""


def bullets(*items: Words) -> Listing:
    """A list of one-paragraph items."""
    return Listing(tuple((Paragraph(item),) for item in items))


def numbered(*items: Words) -> Listing:
    """The same, with numbers."""
    return Listing(tuple((Paragraph(item),) for item in items), ordered=True)


def strong(text: str) -> Span:
    """Words that stand out in a line: `(strong("Due"), Span(" on Monday"))`."""
    return Span(text, strong=True)


def line(*parts: str | Span) -> Words:
    """Words put together: `line("Due ", strong("Monday"))`."""
    return tuple(part if isinstance(part, Span) else Span(part) for part in parts)


def plain(words: Words) -> str:
    """The text without its styles."""
    return words if isinstance(words, str) else "".join(span.text for span in words)


def in_order(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The same blocks with headings that begin at 1, go down one level at a time and are never empty."""
    depth, mended = 0, list[Block]()
    for block in blocks:
        if isinstance(block, Heading):
            if not plain(block.text).strip():
                continue
            depth = max(1, min(block.level, depth + 1))
            block = Heading(block.text, depth)
        mended.append(block)
    return tuple(mended)
