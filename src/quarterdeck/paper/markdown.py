"""Markdown from people: as HTML that can do no harm, and as the blocks of a document."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from quarterdeck.paper.document import Block, Code, Heading, Listing, Note, Paragraph, Span, Table, Words

_TAGS = {
    *("p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li"),
    *("table", "thead", "tbody", "tr", "th", "td", "h3", "h4", "h5", "h6", "a", "s", "del"),
}
_SCHEMES = ("http://", "https://", "mailto:")
_DEEPEST = 8
"""Lists and quotes nested further are printed flat."""

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 200}).enable(
    "table"
)


@lru_cache(maxsize=512)
def html(text: str, level: int = 3) -> Markup:
    """Markdown as safe HTML: no raw HTML, images or scripts; links lead to http(s) and mail addresses only.

    `level`: what its greatest heading becomes; from 3, since a page has its own two above.
    """
    tokens = _markdown.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    greatest = min((int(token.tag[1]) for token in headings), default=1)
    for token in headings:
        token.tag = f"h{min(int(token.tag[1]) - greatest + max(level, 3), 6)}"
    clean = nh3.clean(
        _markdown.renderer.render(tokens, _markdown.options, {}),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"pre": {"tabindex": "0"}},  # it is scrolled sideways, by keys as well
    )
    return Markup(clean)  # noqa: S704  # the one place where text becomes HTML: nh3 has just cleaned it


def blocks(text: str, level: int = 1) -> tuple[Block, ...]:
    """Markdown as blocks. `level`: what its greatest heading becomes."""
    tokens = _markdown.parse(text)
    greatest = min((int(token.tag[1]) for token in tokens if token.type == "heading_open"), default=1)
    return tuple(_blocks(SyntaxTreeNode(tokens).children, level - greatest + 1, 0))


def _blocks(nodes: Iterable[SyntaxTreeNode], level: int, depth: int) -> Iterator[Block]:
    for node in nodes:
        match node.type:
            case "heading":
                yield Heading(_line(node), level + int(node.tag[1]) - 1)
            case "paragraph":
                yield Paragraph(_line(node))
            case "bullet_list" | "ordered_list":
                items = tuple(tuple(_blocks(item.children, level, depth + 1)) for item in node.children)
                if depth >= _DEEPEST:
                    yield from (block for item in items for block in item)
                else:
                    start = node.attrs.get("start", 1)
                    yield Listing(items, node.type == "ordered_list", int(start))
            case "blockquote":
                inner = tuple(_blocks(node.children, level, depth + 1))
                if depth >= _DEEPEST:
                    yield from inner
                else:
                    yield Note(inner)
            case "fence" | "code_block":
                yield Code(node.content.rstrip("\n"))
            case "table":
                yield _table(node)
            case _:
                continue  # a rule between paragraphs: the headings part a document already


def _table(node: SyntaxTreeNode) -> Table:
    rows = [tuple(_line(cell) for cell in row.children) for part in node.children for row in part.children]
    return Table(rows[0], tuple(rows[1:]))


def _line(node: SyntaxTreeNode) -> Words:
    spans = [span for child in node.children for span in _spans(child.children, Span(""))]
    if all(span == Span(span.text) for span in spans):
        return "".join(span.text for span in spans)
    return tuple(spans)


def _spans(nodes: Sequence[SyntaxTreeNode], like: Span) -> Iterator[Span]:
    for node in nodes:
        match node.type:
            case "text":
                yield Span(node.content, like.strong, like.emph, like.code, like.href)
            case "code_inline":
                yield Span(node.content, like.strong, like.emph, True, like.href)
            case "softbreak" | "hardbreak":
                yield Span(" ", like.strong, like.emph, like.code, like.href)
            case "strong":
                yield from _spans(node.children, Span("", True, like.emph, like.code, like.href))
            case "em":
                yield from _spans(node.children, Span("", like.strong, True, like.code, like.href))
            case "link":
                href = str(node.attrs.get("href", ""))
                safe = href if href.lower().startswith(_SCHEMES) else None
                yield from _spans(node.children, Span("", like.strong, like.emph, like.code, safe))
            case _:  # an image: its words stand for it
                yield Span(node.content, like.strong, like.emph, like.code, like.href)
