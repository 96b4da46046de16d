"""The executive page as a document: one sheet of A4, in print and for a screen reader."""

from collections.abc import Iterator, Sequence

from quarterdeck.direction.events.reporting import ExecutivePage, Line, Standing, TrendSaid, Wanted
from quarterdeck.direction.rules.reporting.shortening import STEPS, shortened
from quarterdeck.direction.rules.reporting.standings import NO_CATALOGUE
from quarterdeck.direction.rules.reporting.wording import ARROWS, by_when, day, linked
from quarterdeck.direction.views.reporting.drawn import on_paper, weekly
from quarterdeck.kernel.time import Instant
from quarterdeck.paper.document import (
    Block,
    Document,
    Heading,
    Listing,
    Note,
    Paragraph,
    Row,
    Span,
    Table,
    Words,
    bullets,
    strong,
)
from quarterdeck.paper.pdf import pages, pdf

TITLE = "Incident management: the executive page"


def sheet(page: ExecutivePage, made_at: Instant, base_url: str = "", number: int | None = None) -> bytes:
    """One A4 of PDF, cut step by step where it would not fit.

    `base_url`: where the console is, so that each figure leads to its evidence; `number`: of the page as issued.
    """
    content = pdf(printed(page, base_url, number), made_at=made_at)
    for step in STEPS:
        if pages(content) == 1:
            break
        content = pdf(printed(shortened(page, *step), base_url, number), made_at=made_at)
    return content


def printed(page: ExecutivePage, base_url: str = "", number: int | None = None) -> Document:
    """The sheet as a document."""
    issued = f"Page {number} as issued. " if number is not None else ""
    return Document(
        title=TITLE,
        subtitle=f"{day(page.as_of)}; the last 13 weeks, {page.incidents:,} incidents",
        blocks=tuple(_blocks(page)),
        foot=f"{issued}As of {page.as_of:%Y-%m-%d %H:%M} UTC. Figures lead to their evidence in the console. {LEGEND}",
        compact=True,
        base_url=base_url,
    )


def _blocks(page: ExecutivePage) -> Iterator[Block]:
    yield Paragraph(page.headline, "lead")
    if page.note:
        yield Note((Paragraph(page.note),))
    yield Row(
        (
            (Heading("At risk then" if page.past else "At risk now"), *_standings(page)),
            (Heading("Is it getting better?"), *_trends(page)),
        ),
    )
    yield Heading("Decisions needed")
    yield from _decisions(page)
    chart = weekly(page)
    since = (Heading(_since(page)), _lines(page.since_last, "Nothing."))
    drawn = ((Heading("Incidents a week"), on_paper(chart)),) if chart else ()
    yield Row((since, *drawn))
    yield Row(
        (
            (
                Heading("Overdue after severe incidents"),
                _lines(page.overdue, "No improvement that follows from a severe incident is overdue."),
                *_more(page.overdue_of - len(page.overdue)),
            ),
            (Heading("Debt"), _lines(page.debt, "Nothing is overdue.")),
            (Heading("Legal clocks"), _lines(page.clocks, NO_CLOCK)),
        ),
    )


WHERE = "Where most incidents were:"
KEPT = "Nothing stands beyond what can be borne."
UNTOLD = "Nothing is known that could be compared."
LEGEND = "95 %: in 95 of 100 cases the true figure lies in this range. n: how many a figure rests on."
NO_CLOCK = "No notice to an authority or a partner is owed."


def _standings(page: ExecutivePage) -> Iterator[Block]:
    items = tuple((Paragraph(_standing(one)), *(_beneath(each) for each in one.beneath)) for one in page.standings)
    if items:
        yield Listing(items)
    elif not page.hurting and page.at_ease != NO_CATALOGUE:
        yield Paragraph(KEPT)
    if page.hurting:
        yield Paragraph(WHERE)
        yield _lines(page.hurting, "")
    if page.exposure:
        yield Paragraph(linked(page.exposure.text, page.exposure.href))
    if page.at_ease:
        yield Paragraph(page.at_ease, "soft")


def _standing(one: Standing) -> Words:
    return (strong(f"{one.name}: "), *linked(one.text, one.href))


def _beneath(one: Line) -> Paragraph:
    return Paragraph(linked(one.text, one.href), "soft")


def _trends(page: ExecutivePage) -> Iterator[Block]:
    if page.trends:
        yield bullets(*(_trend(one) for one in page.trends))
    elif not page.incidents:
        yield Paragraph(UNTOLD)
    yield Paragraph(page.trend_of, "soft")


def _trend(one: TrendSaid) -> Words:
    return (strong(f"{ARROWS[one.direction]} {one.title}: {one.word}. "), *linked(one.text, one.href))


def _decisions(page: ExecutivePage) -> Iterator[Block]:
    if not page.decisions:
        yield Paragraph("None.")
        return
    rows = tuple(_decision(one, page) for one in page.decisions)
    columns = ("What", "By when", "Cost of waiting", "Our advice")
    yield Table(columns, rows, widths=(3, 1.3, 2.6, 2.4))
    if page.more_decisions:
        yield Paragraph(f"{page.more_decisions} more in the console.", "soft")


def _decision(one: Wanted, page: ExecutivePage) -> tuple[Words, ...]:
    what = (Span(one.question, strong=True, href=one.href or None),)
    return (what, by_when(one.due, page.as_of), one.waiting or "Not known.", one.advice or "None yet.")


def _since(page: ExecutivePage) -> str:
    return f"Since {day(page.last_at)}" if page.last_at else "In the 30 days before"


def _more(count: int) -> tuple[Block, ...]:
    return (Paragraph(f"{count} more in the console.", "soft"),) if count > 0 else ()


def _lines(lines: Sequence[Line], nothing: str) -> Block:
    return bullets(*(linked(one.text, one.href) for one in lines)) if lines else Paragraph(nothing)
