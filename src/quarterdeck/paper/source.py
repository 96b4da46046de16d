"""A document as Markdown: for wikis, mail and version control. What people typed cannot become markup by it."""

import re
from collections.abc import Iterable, Iterator

from quarterdeck.paper.document import (
    Block,
    Code,
    Definitions,
    Document,
    Figure,
    Heading,
    Listing,
    Note,
    PageBreak,
    Paragraph,
    Row,
    Table,
    Words,
    in_order,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|])")
_LEADING = re.compile(r"^(\s*)([#+-]|\d+[.)])(?=\s)")


def source(document: Document) -> str:
    """The whole document. Headings begin below the title; drawings stand as the sentence that says what they show."""
    title = document.title.strip() or "Untitled"
    parts = [f"# {_plain(title)}"]
    if document.subtitle:
        parts.append(_plain(document.subtitle))
    if document.facts:
        parts.append("\n".join(f"- {_plain(name)}: {_words(value)}" for name, value in document.facts))
    parts += _blocks(in_order(document.blocks), 1)
    if document.foot:
        parts.append(f"---\n\n{_plain(document.foot)}")
    return "\n\n".join(parts) + "\n"


def _blocks(blocks: Iterable[Block], level: int) -> Iterator[str]:
    for block in blocks:
        match block:
            case Heading():
                yield f"{'#' * min(level + block.level, 6)} {_words(block.text)}"
            case Paragraph():
                yield _LEADING.sub(r"\1\\\2", _words(block.text))
            case Listing():
                yield "\n".join(_items(block))
            case Table():
                yield "\n".join(_table(block))
            case Definitions():
                yield "\n".join(f"- {_words(term)}: {_words(said)}" for term, said in block.pairs)
            case Note():
                yield _indented("\n\n".join(_blocks(block.blocks, level)), "> ")
            case Code():
                fence = "`" * (max((len(run) for run in re.findall("`+", block.text)), default=0) + 3)
                yield f"{fence}\n{block.text}\n{fence}"
            case Figure():
                yield _plain(block.alt)
            case Row():
                yield from (text for cell in block.cells for text in _blocks(cell, level))
            case PageBreak():
                continue


def _items(block: Listing) -> Iterator[str]:
    for number, item in enumerate(block.items, start=block.start):
        mark = f"{number}. " if block.ordered else "- "
        text = "\n\n".join(_blocks(item, 1))
        yield mark + _indented(text, " " * len(mark))[len(mark) :]


def _table(block: Table) -> Iterator[str]:
    if block.caption:
        yield f"{_plain(block.caption)}\n"
    yield _row(block.columns)
    yield "|" + "|".join("---:" if at in block.right else "---" for at in range(len(block.columns))) + "|"
    yield from (_row(row) for row in block.rows)


def _row(cells: Iterable[Words]) -> str:
    return "| " + " | ".join(" ".join(_words(cell).split()) for cell in cells) + " |"


def _words(words: Words) -> str:
    if isinstance(words, str):
        return _plain(words)
    said = []
    for span in words:
        text = f"`{span.text.replace('`', chr(39))}`" if span.code else _plain(span.text)
        text = f"**{text}**" if span.strong and text.strip() else text
        text = f"*{text}*" if span.emph and text.strip() else text
        # Where the console is, a text that goes round does not know.
        said.append(f"[{text}]({_address(span.href)})" if span.href and not span.href.startswith("/") else text)
    return "".join(said)


def _address(href: str) -> str:
    return re.sub(r"[\s()<>]", lambda found: f"%{ord(found[0]):02X}", href)


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _indented(text: str, by: str) -> str:
    return "\n".join((by + line).rstrip() for line in text.split("\n"))
