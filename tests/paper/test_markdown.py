"""Markdown from people: harmless as HTML, and whole as the blocks of a document."""

import pytest

from quarterdeck.paper.document import Code, Heading, Listing, Note, Paragraph, Span, Table
from quarterdeck.paper.markdown import blocks, html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://example.com/spy.png)",
        '<a href="https://example.com" onclick="alert(1)">x</a>',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_in_a_text_runs_or_calls_home(text: str) -> None:
    made = html(text)
    assert "<script" not in made
    assert "<img" not in made
    assert 'href="javascript' not in made
    assert 'href="data' not in made
    assert "<a href" not in made or "onclick" not in made


def test_html_keeps_what_helps_reading() -> None:
    made = html("# Big\n\n|a|\n|-|\n|b|\n\n1. *x*\n\n![i](http://x/y.png) [l](https://example.com) `c`")
    for part in ("<table>", "<em>x</em>", "<code>c</code>"):
        assert part in made
    assert '<a href="https://example.com" rel="noopener noreferrer nofollow">l</a>' in made
    assert "<h3>Big</h3>" in made
    assert html("## Two\n\n#### Four", level=4) == "<h4>Two</h4>\n<h6>Four</h6>\n"


def test_blocks_keep_every_word_and_the_shape() -> None:
    prose = "# One\n\nA **bold** [link](https://example.com).\n\n- a\n  1. b\n\n> told\n\n"
    text = prose + "```\nx = 1\n```\n\n|k|v|\n|-|-|\n|a|*b*|\n"
    assert blocks(text, level=2) == (
        Heading("One", 2),
        Paragraph(
            (
                Span("A "),
                Span("bold", strong=True),
                Span(" "),
                Span("link", href="https://example.com"),
                Span("."),
            )
        ),
        Listing(((Paragraph("a"), Listing(((Paragraph("b"),),), ordered=True)),)),
        Note((Paragraph("told"),)),
        Code("x = 1"),
        Table(("k", "v"), (("a", (Span("b", emph=True),)),)),
    )


def test_a_link_elsewhere_is_printed_as_plain_text() -> None:
    assert blocks("[x](ftp://example.com)") == (Paragraph("x"),)


def test_nesting_without_end_is_printed_flat() -> None:
    deep = "\n".join("  " * depth + "- x" for depth in range(40))
    assert str(blocks(deep)).count("Paragraph(") == 40
    assert str(blocks("> " * 60 + "x")).count("Note(") <= 9
