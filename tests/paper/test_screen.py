"""A document on the screen: what people typed stays text, drawings stand in both widths, links lead where they may."""

from html.parser import HTMLParser

from quarterdeck.paper.charts import Bar, bars
from quarterdeck.paper.document import Document, Heading, Listing, Paragraph, Row, Span, Table
from quarterdeck.paper.screen import screen
from quarterdeck.paper.source import source
from tests.paper.test_pdf import whole

HOSTILE = "<script>alert(1)</script> & \"x\" 'y' javascript:z"


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]


def test_no_text_becomes_markup_wherever_it_stands() -> None:
    plain, hostile = Tags(screen(whole("Plain"))), Tags(screen(whole(HOSTILE)))
    assert [tag for tag, _ in hostile.seen] == [tag for tag, _ in plain.seen]
    assert [sorted(attributes) for _, attributes in hostile.seen] == [
        sorted(attributes) for _, attributes in plain.seen
    ]
    assert not hostile.of("script")


def test_links_lead_to_the_web_to_mail_and_into_the_console_alone() -> None:
    good = ["https://example.com", "mailto:a@example.com", "/incidents/7"]
    bad = ["javascript:alert(1)", "//evil.example", "/\\evil.example", "data:text/html,x", ""]
    words = tuple(Span("x", href=href) for href in (*good, *bad))
    made = Document(title="T", blocks=(Paragraph(words),))
    assert [one["href"] for one in Tags(screen(made)).of("a")] == good
    assert "incidents/7" not in source(made), "a text that goes round does not know where the console is"


def test_a_drawing_stands_in_both_widths_with_its_title_and_what_it_shows() -> None:
    chart = bars("by", "By service", [Bar("a <b>", 3), Bar("c", 1)], said="a had 3 of 4.")
    drawn = chart.figure("Agreed in reviews.", 0.5)
    made = screen(Document(title="T", blocks=(Row(((drawn,), (Paragraph("Beside it."),))),)))
    tags = Tags(made)
    assert [one["class"] for one in tags.of("svg")] == ["wide", "narrow"]
    assert len(tags.of("title")) == len(tags.of("desc")) == 2 and made.count("a had 3 of 4.") == 2
    assert "<figcaption>By service</figcaption>" in made and "Agreed in reviews." in made
    assert "a &lt;b&gt;" in made and not tags.of("b")


def test_tables_are_told_apart_by_the_heading_above_and_fold_up() -> None:
    table = Table(("What", "Share"), (("Found", "4 %"),), right=(1,))
    listing = Listing(((Paragraph("One."), table),))
    made = screen(Document(title="T", blocks=(Heading("Detection", 3), table, listing)))
    assert '<h2>Detection</h2>\n<table class="fold-rows" aria-label="Detection">' in made
    assert '<td class="num" data-label="Share">4\N{NO-BREAK SPACE}%</td>' in made


def test_names_that_would_be_cut_stand_above_their_bars() -> None:
    long = "What was needed to see it was not recorded"
    chart = bars("by", "By cause", [Bar(long, 3), Bar("Hardware failed", 1)], said="x")
    assert all(f">{long}</text>" in chart.svg(width) for width in (336, 640))
