"""Parts of the longer reports: measures with their intervals, capabilities, lessons, losses, decisions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time
from urllib.parse import urlencode

import msgspec
from sqlalchemy import Connection

from quarterdeck.direction.events.reporting import Wanted
from quarterdeck.direction.rules.exposure.wording import bad_year, range_words, sentence, short
from quarterdeck.direction.rules.measures import Asked, drawing, named
from quarterdeck.direction.rules.measures.wording import left_out
from quarterdeck.direction.rules.measures.wording import sentence as measured
from quarterdeck.direction.rules.reporting.standings import Capability
from quarterdeck.direction.rules.reporting.wording import by_when, linked, referred
from quarterdeck.direction.views.exposing import Exposed
from quarterdeck.direction.views.measuring import Question, members
from quarterdeck.kernel.time import Instant, from_micros, micros
from quarterdeck.paper.charts import Chart
from quarterdeck.paper.charts.distribution import DOTS
from quarterdeck.paper.charts.scales import duration
from quarterdeck.paper.document import Block, Figure, Heading, Paragraph, Row, Span, Table, Words, bullets

WORST = 5
CAPABILITIES = 30
MIDNIGHT = time(0)
EACH = "A dot is one incident; a hollow one is still open. The mark below is the median with its 95 % interval."
MINUS = "\N{MINUS SIGN}"
MANY = "A bar is as many incidents as it is high. The mark below is the median with its 95 % interval."


def evidence(measure: str, asked: Asked) -> str:
    """Where the incidents behind a figure stand, month by month: of the same days, or of as many up to now."""
    since, until = from_micros(asked.since), from_micros(asked.until)
    if since.time() == MIDNIGHT:
        period = {"from": str(since.date()), **({"to": str(until.date())} if until.time() == MIDNIGHT else {})}
    else:
        period = {"days": str(round(asked.days))}
    return f"/insights/{measure}?" + urlencode([*period.items(), ("by", "month"), *asked.filters])


def _letters(letters: str) -> str:
    """Their minus sign breaks no line."""
    return f" ({letters.replace(' - ', MINUS)})" if letters else ""


def measures(conn: Connection, ids: Sequence[str], asked: Asked, now: Instant, then: str) -> Iterator[Block]:
    """A table: each measure, what it says and how sure that is, and against the period before (`then`)."""
    rows: list[tuple[Words, ...]] = []
    notes: dict[str, list[str]] = {}
    for id in ids:
        question = Question(conn, named(id), asked, now)
        answer = question.answer()
        if not answer.figure.n:
            continue
        measure = question.measure
        name = (Span(measure.name, strong=True, href=evidence(id, asked)), Span(_letters(measure.letters)))
        rows.append((name, measured(answer.figure), answer.trend.sentence))
        if note := left_out(answer.figure):
            notes.setdefault(note, []).append(measure.name)
    if not rows:
        yield Paragraph("Nothing to measure in this period.")
        return
    answers = {row[2] for row in rows}
    if len(answers) > 1:
        yield Table(("Measure", "What it says", f"Against {then}"), tuple(rows), widths=(2, 3.4, 2.6))
    else:  # the same of each is said once
        yield Table(("Measure", "What it says"), tuple(row[:2] for row in rows), widths=(2, 6))
        yield Paragraph(answers.pop(), "soft")
    for note, names in notes.items():
        yield Paragraph(f"{', '.join(names)}. {note}", "soft")


def weekly(conn: Connection, asked: Asked, now: Instant) -> Iterator[Block]:
    """Drawn: how many incidents a week, and how long each took."""
    incidents = Question(conn, named("incidents"), asked, now)
    drawn = drawing.weekly(
        incidents.population.columns, incidents.counted(), asked.since, min(asked.until, micros(now))
    )
    figures = [_half(drawn[0], drawn[1])] if drawn is not None else []
    took = Question(conn, named("time-to-mitigate"), asked, now).figure()
    if len(took.values) > 1:
        few = len(took.values) + len(took.ages) <= DOTS
        figures.append(_half(drawing.spread(took), EACH if few else MANY))
    if figures:
        yield Row(tuple((figure,) for figure in figures), widths=(1, 1)[: len(figures)])


def _half(chart: Chart, caption: str) -> Figure:
    """Two stand side by side where there is room."""
    return msgspec.structs.replace(chart.figure(caption, 0.5), width=1.0)


def worst(conn: Connection, asked: Asked, now: Instant) -> Iterator[Block]:
    """The incidents that customers felt longest."""
    found = members(conn, Question(conn, named("time-to-mitigate"), asked, now), WORST).rows
    if found:
        yield bullets(
            *(
                (
                    Span(f"INC-{row.number}", strong=True, href=f"/incidents/{row.number}"),
                    Span(f" {row.title}: {duration(row.seconds or 0.0)}{'' if row.ended else ' and not over'}."),
                )
                for row in found
            )
        )


def capability_table(rows: Sequence[Capability], asked: Asked) -> Iterator[Block]:
    """Every capability against what it can bear."""
    if not rows:
        yield Paragraph("No capability is in the catalogue.")
        return
    worst_first = sorted(rows, key=lambda one: (-one.beyond, one.tier, one.name))
    told = tuple(
        (
            leading(one.name, evidence("time-to-mitigate", only(asked, "service", one.id))),
            duration(one.tolerance) if one.tolerance is not None else "nobody has said",
            f"{one.interruptions}",
            f"{one.beyond}" if one.tolerance is not None else "-",
            referred(f"{duration(one.worst[1])} (INC-{one.worst[0]})") if one.worst else "-",
        )
        for one in worst_first[:CAPABILITIES]
    )
    yield Table(("Capability", "Can bear", "Interruptions", "Outlasted it", "Longest"), told, right=(2, 3))
    yield Paragraph("An incident of SEV1 to SEV3 counts as an interruption, until customers are served again.", "soft")
    if len(rows) > CAPABILITIES:
        yield Paragraph(
            f"{len(rows) - CAPABILITIES} more are not shown; none of them was outlasted more often.", "soft"
        )


def losses(found: Exposed, of: Mapping[str, str] | None = None) -> Iterator[Block]:
    """What incidents cost in a year, and where. `of`: which incidents alone, if not all."""
    address = "/exposure?" + urlencode({"by": found.by, **(of or {})})
    unit = found.ledger.unit
    if found.ledger.too_short:
        yield Paragraph("Less than 4 weeks are on record, of which no year is made.")
        return
    yield Paragraph(linked(f"{sentence(found.whole, unit)} {bad_year(found.whole, unit)}", address))
    rows = tuple(
        (
            leading(row.name, address),
            f"{row.exposure.n}",
            short(row.exposure.annual.value or 0.0, unit),
            "too few"
            if row.exposure.annual.low is None or row.exposure.annual.high is None
            else range_words(row.exposure.annual.low, row.exposure.annual.high, unit),
        )
        for row in found.rows[:10]
    )
    if rows:
        yield Table(("Where", "Incidents", "A year", "95 %"), rows, right=(1,))


def asked_for(wanted: Sequence[Wanted], now: Instant) -> Iterator[Block]:
    """Each decision in a sentence or two."""
    if not wanted:
        yield Paragraph("Nothing.")
        return
    rows = tuple(
        (
            leading(one.question, one.href or "/executive/decisions"),
            by_when(one.due, now),
            referred(one.waiting or "Not known."),
            referred(one.advice or "None yet."),
        )
        for one in wanted
    )
    yield Table(("What", "By when", "Cost of waiting", "Our advice"), rows, widths=(3, 1.3, 2.6, 2.4))


def only(asked: Asked, by: str, value: str) -> Asked:
    return replace(asked, filters=((by, value),))  # type: ignore[arg-type]  # "service" and "team" are of By


def section(title: str, *parts: Iterator[Block] | Block) -> Iterator[Block]:
    yield Heading(title)
    for part in parts:
        if isinstance(part, Iterator):
            yield from part
        else:
            yield part


def leading(text: str, href: str) -> Words:
    """The name of a row, with its evidence behind it."""
    return (Span(text, strong=True, href=href),)
