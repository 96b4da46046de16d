"""A document on paper: tagged, alike each time, and unmoved by what stands in its texts."""

from datetime import UTC, datetime

import pytest

from quarterdeck.paper import pdf as printing
from quarterdeck.paper.document import (
    Code,
    Definitions,
    Document,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Row,
    Span,
    Table,
    bullets,
    in_order,
    line,
    numbered,
    strong,
)
from quarterdeck.paper.pdf import TooLarge, pdf

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BAR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 2"><rect width="6" height="2" fill="#0b5a82"/></svg>'


def whole(text: str) -> Document:
    """Every kind of block, with this text in every place that takes one."""
    words = line(text, strong(text), Span(text, code=True), Span(text, href="https://example.com"))
    return Document(
        title=text,
        subtitle=text,
        facts=((text, words),),
        foot=text,
        classification=text,
        cover=True,
        blocks=(
            Heading(words),
            Heading(text, 4),
            Paragraph(words, "lead"),
            bullets(text, words),
            numbered(text),
            Table((text, words), ((words, text),), text, (1, 0), (1,)),
            Definitions(((text, words),)),
            Note((Paragraph(text),), "act"),
            Code(text),
            Figure(BAR, text or "A bar.", text, 0.5),
            PageBreak(),
            Row(((Paragraph(text),), (bullets(text),))),
        ),
    )


def test_a_document_is_tagged_for_reading_aloud_and_the_same_each_time() -> None:
    made = pdf(whole("Plain"), NOW)
    assert made.startswith(b"%PDF-1.7")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert pdf(whole("Plain"), NOW) == made


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x") #eval("1") $x$ *a* _b_ `c` \\ @ref <label> // /* ] } "',
        "日本語 🔥 שלום \u202e \u0000\u0001\u009f \ue000 \ud800 \U0010ffff",
        "  ",
        "x" * 3000,
        "a\r\nb\tc",
    ],
)
def test_no_text_keeps_a_document_from_being_printed(text: str) -> None:
    assert pdf(whole(text), NOW).startswith(b"%PDF")


def test_a_sign_that_no_font_has_is_printed_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    print_ = printing._printed

    def watched(content: str, made_at: datetime, everywhere: bool) -> bytes:
        sent.append(content)
        return print_(content, made_at, everywhere=False)

    monkeypatch.setattr(printing, "_printed", watched)
    pdf(Document(title="T", blocks=(Paragraph("🔥 in 東"),)), NOW)
    assert "[fire] in [cjk unified ideograph-6771]" in sent[-1]


def test_headings_go_down_one_level_at_a_time_and_none_is_empty() -> None:
    given = (Heading("a", 3), Heading(" "), Heading("b", 4), Heading("c", 1))
    assert in_order(given) == (Heading("a", 1), Heading("b", 2), Heading("c", 1))


def test_a_document_without_end_is_refused_in_words() -> None:
    with pytest.raises(TooLarge, match="more than can be printed"):
        pdf(Document(title="T", blocks=(Paragraph("x" * (printing.LARGEST + 1)),)), NOW)
