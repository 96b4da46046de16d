"""A document on the screen: HTML for the console, drawings in both themes, tables that fold up on a phone."""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

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
    Span,
    Table,
    Words,
    in_order,
    plain,
)

_SCHEMES = ("http://", "https://", "mailto:")
_NOTHING = Markup("")


def screen(document: Document, level: int = 2) -> Markup:
    """All below the title, which the page has as its own. `level`: what the greatest heading becomes.

    A page that shows it links `charts.css`. Texts are escaped; links lead to http(s), mail and pages of the console.
    """
    parts = [_in("p", document.subtitle, "soft")] if document.subtitle else []
    if document.facts:
        parts.append(_terms(document.facts))
    parts += _blocks(in_order(document.blocks), level, document.title)
    if document.foot:
        parts.append(_in("p", document.foot, "small soft"))
    return Markup("\n").join(parts)


def _blocks(blocks: Iterable[Block], level: int, beneath: str) -> Iterator[Markup]:
    """`beneath`: the heading above, by which tables are told apart by ear."""
    for block in blocks:
        match block:
            case Heading():
                beneath = plain(block.text)
                yield _in(f"h{min(level + block.level - 1, 6)}", block.text)
            case Paragraph():
                yield _in("p", block.text, block.tone)
            case Listing():
                yield _listing(block, level)
            case Table():
                yield _table(block, beneath)
            case Definitions():
                yield _terms(block.pairs)
            case Note():
                inner = _NOTHING.join(_blocks(block.blocks, level, beneath))
                yield Markup('<div class="note {}">{}</div>').format(block.kind, inner)
            case Code():
                yield Markup('<pre tabindex="0">{}</pre>').format(block.text)
            case Figure():
                yield _figure(block)
            case Row():
                cells = (_NOTHING.join(_blocks(cell, level, beneath)) for cell in block.cells)
                yield Markup('<div class="beside">{}</div>').format(_each("div", cells))
            case PageBreak():
                continue


def _listing(block: Listing, level: int) -> Markup:
    items = (_NOTHING.join(_item(item, level)) for item in block.items)
    if block.ordered:
        return Markup('<ol start="{}">{}</ol>').format(block.start, _each("li", items))
    return Markup("<ul>{}</ul>").format(_each("li", items))


def _item(blocks: Sequence[Block], level: int) -> Iterator[Markup]:
    """A single paragraph stands in its item as it is."""
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        yield _words(blocks[0].text)
    else:
        yield from _blocks(blocks, level, "")


def _table(block: Table, beneath: str) -> Markup:
    """On a phone each row folds up: its first cell on a line of its own, the others after their column's name."""
    kinds = ["num" if at in block.right else "" for at in range(len(block.columns))]
    head = (
        Markup('<th class="{}">{}</th>').format(*one) for one in zip(kinds, map(_words, block.columns), strict=True)
    )
    rows = (_row(row, block.columns, kinds) for row in block.rows)
    return Markup(
        '<table class="fold-rows" aria-label="{}"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>'
    ).format(block.caption or beneath, _NOTHING.join(head), _each("tr", rows))


def _row(cells: Sequence[Words], columns: Sequence[Words], kinds: Sequence[str]) -> Markup:
    first = Markup('<td class="main-cell">{}</td>').format(_words(cells[0]))
    rest = (
        Markup('<td class="{}" data-label="{}">{}</td>').format(kind, plain(column), _words(cell))
        for cell, column, kind in zip(cells[1:], columns[1:], kinds[1:], strict=True)
    )
    return _NOTHING.join((first, *rest))


def _figure(block: Figure) -> Markup:
    if not block.on_screen:
        return _in("p", block.alt)
    return Markup("<figure>{}{}{}</figure>").format(
        _in("figcaption", block.title) if block.title else "",
        Markup(block.on_screen),  # noqa: S704  # a drawing of our own, whose texts `Chart` has escaped
        _in("p", block.caption, "small soft") if block.caption else "",
    )


def _terms(pairs: Iterable[tuple[str | Words, Words]]) -> Markup:
    told = (Markup("<dt>{}</dt><dd>{}</dd>").format(_words(term), _words(said)) for term, said in pairs)
    return Markup("<dl>{}</dl>").format(_NOTHING.join(told))


def _each(tag: str, bodies: Iterable[Markup]) -> Markup:
    return _NOTHING.join(Markup("<{0}>{1}</{0}>").format(tag, body) for body in bodies)


def _in(tag: str, words: Words, kind: str = "") -> Markup:
    shown = Markup(' class="{}"').format(kind) if kind else ""
    return Markup("<{0}{1}>{2}</{0}>").format(tag, shown, _words(words))


def _words(words: Words) -> Markup:
    return _text(words) if isinstance(words, str) else _NOTHING.join(map(_span, words))


def _text(text: str) -> Markup:
    """A share's sign does not begin a line."""
    return Markup("{}").format(text.replace(" %", "\N{NO-BREAK SPACE}%"))


def _span(span: Span) -> Markup:
    said = _text(span.text)
    for tag, wanted in (("code", span.code), ("strong", span.strong), ("em", span.emph)):
        said = Markup("<{0}>{1}</{0}>").format(tag, said) if wanted else said
    if span.href and leads(span.href):
        return Markup('<a href="{}">{}</a>').format(span.href, said)
    return said


def leads(href: str) -> bool:
    """Whether an address leads to http(s), mail, or a page of the console, and nowhere by way of a script."""
    return href.startswith(_SCHEMES) or (href.startswith("/") and not href.startswith(("//", "/\\")))
