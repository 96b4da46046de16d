"""Markdown → headings with their paragraphs and lists, each with its line; and what cannot be made sense of."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

_markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
_MARKS = re.compile(r"!\[([^\]]*)\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|[*_`~]+|<[^>]{1,200}>")


@dataclass(frozen=True)
class Item:
    """A list item. `text`: its first paragraph without marks; `more`: what stands below it, as Markdown."""

    line: int
    text: str
    more: str
    ordered: bool


@dataclass
class Section:
    """A heading (level 0: what stands before the first) with the top-level list items and the words below it."""

    level: int
    title: str
    line: int
    items: list[Item] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Oddity:
    """Something in a text that no part of a plan was made of. It stays in the document's prose."""

    line: int
    what: str


@dataclass(frozen=True)
class Prose:
    """One file, read. `text` is the whole of it without front matter."""

    name: str
    text: str
    offset: int
    """Lines of front matter before the text."""
    sections: tuple[Section, ...]
    oddities: tuple[Oddity, ...]

    @property
    def title(self) -> str:
        return next((one.title for one in self.sections if one.level), "")


def plain(text: str) -> str:
    """Without emphasis, links and tags, on one line."""
    bare = _MARKS.sub(lambda found: found[1] or found[2] or "", text)
    return " ".join(bare.split())


def read_prose(name: str, text: str) -> Prose:
    """Read a Markdown file. Nothing in it is executed or followed."""
    body, offset = _without_front_matter(text)
    tokens = _markdown.parse(body)
    lines = body.split("\n")
    sections = [Section(0, "", 1 + offset)]
    for token, inside in _blocks(tokens):
        line = (token.map[0] if token.map else 0) + 1 + offset
        if token.type == "heading_open":
            sections.append(Section(int(token.tag[1]), plain(inside[0].content if inside else ""), line))
        elif token.type == "paragraph_open" and inside:
            sections[-1].words.append(plain(inside[0].content))
        elif token.type in ("ordered_list_open", "bullet_list_open"):
            sections[-1].items += _items(inside, lines, offset, ordered=token.type == "ordered_list_open")
    return Prose(name, body.strip(), offset, tuple(sections), tuple(_oddities(tokens, lines, offset)))


def _without_front_matter(text: str) -> tuple[str, int]:
    lines = text.replace("\r\n", "\n").split("\n")
    if lines[0].rstrip() == "---":
        end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
        if end is not None:
            return "\n".join(lines[end + 1 :]), end + 1
    return "\n".join(lines), 0


def _blocks(tokens: list[Token]) -> Iterator[tuple[Token, list[Token]]]:
    """Top-level blocks with the tokens inside them."""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = index
        if token.nesting == 1:
            depth = 1
            while depth and end + 1 < len(tokens):
                end += 1
                depth += tokens[end].nesting
        yield token, tokens[index + 1 : end]
        index = end + 1


def _items(inside: list[Token], lines: list[str], offset: int, *, ordered: bool) -> Iterator[Item]:
    for token, content in _blocks(inside):
        if token.type != "list_item_open" or token.map is None:
            continue
        first = next((one for one in content if one.type == "inline"), None)
        start, end = token.map
        after = first.map[1] if first is not None and first.map else start + 1
        yield Item(start + 1 + offset, plain(first.content) if first else "", _outdented(lines[after:end]), ordered)


def _outdented(lines: list[str]) -> str:
    filled = [line for line in lines if line.strip()]
    margin = min((len(line) - len(line.lstrip()) for line in filled), default=0)
    return "\n".join(line[margin:] for line in lines).strip()


def _oddities(tokens: list[Token], lines: list[str], offset: int) -> Iterator[Oddity]:
    for token in tokens:
        line = (token.map[0] if token.map else 0) + 1 + offset
        if token.type == "html_block":
            yield Oddity(line, f"HTML: {plain(token.content)[:60] or token.content.strip()[:60]}")
        elif token.type == "table_open":
            yield Oddity(line, f"a table: {lines[line - 1 - offset].strip()[:60]}")
        elif token.type == "fence":
            yield Oddity(line, f"a block of code: {token.content.strip()[:60]}")
        for child in token.children or ():
            if child.type == "image":
                yield Oddity(line, f"a picture: {child.attrGet('src')}")
        if token.type == "inline" and token.content.startswith("!!!"):
            yield Oddity(line, f"a boxed remark: {token.content[3:].splitlines()[0].strip()[:60]}")
