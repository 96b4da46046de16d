"""Parts of the longer reports: measures with their intervals, capabilities, lessons, losses, decisions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from quarterdeck.direction.events.reporting import Wanted
from quarterdeck.direction.rules.exposure.wording import bad_year, range_words, sentence, short
from quarterdeck.direction.rules.measures import Asked, drawing, named
from quarterdeck.direction.rules.measures.wording import left_out
from quarterdeck.direction.rules.measures.wording import sentence as measured
from quarterdeck.direction.rules.reporting.standings import Capability
from quarterdeck.direction.rules.reporting.wording import by_when
from quarterdeck.direction.views.exposing import Exposed
from quarterdeck.direction.views.measuring import Question, members
from quarterdeck.kernel.time import Instant, micros
from quarterdeck.paper.charts.scales import duration
from quarterdeck.paper.document import Block, Heading, Paragraph, Span, Table, Words, bullets, strong

WORST = 5
CAPABILITIES = 30


def measures(conn: Connection, ids: Sequence[str], asked: Asked, now: Instant, then: str) -> Iterator[Block]:
    """A table: each measure, what it says and how sure that is, and against the period before (`then`)."""
    rows: list[tuple[Words, ...]] = []
    notes: list[str] = []
    for id in ids:
        question = Question(conn, named(id), asked, now)
        answer = question.answer()
        if not answer.figure.n:
            continue
        name = (
            f"{question.measure.name} ({question.measure.letters})"
            if question.measure.letters
            else question.measure.name
        )
        rows.append((strong_(name), measured(answer.figure), answer.trend.sentence))
        if note := left_out(answer.figure):
            notes.append(f"{question.measure.name}: {note}")
    if not rows:
        yield Paragraph("Nothing to measure in this period.")
        return
    yield Table(("Measure", "What it says", f"Against {then}"), tuple(rows), widths=(2, 3.4, 2.6))
    if notes:
        yield Paragraph(" ".join(notes), "soft")


def weekly(conn: Connection, asked: Asked, now: Instant) -> Iterator[Block]:
    """How many incidents a week, and how long each took."""
    incidents = Question(conn, named("incidents"), asked, now)
    drawn = drawing.weekly(
        incidents.population.columns, incidents.counted(), asked.since, min(asked.until, micros(now))
    )
    if drawn is not None:
        yield drawn[0].figure(drawn[1], 0.8)
    restored = Question(conn, named("time-to-mitigate"), asked, now).figure()
    if len(restored.values) > 1:
        yield drawing.spread(restored).figure("", 0.8)


def worst(conn: Connection, asked: Asked, now: Instant) -> Iterator[Block]:
    """The incidents that customers felt longest."""
    found = members(conn, Question(conn, named("time-to-mitigate"), asked, now), WORST).rows
    if found:
        yield bullets(
            *(
                (
                    strong(f"INC-{row.number}"),
                    Span(f" {row.title}: {duration(row.seconds or 0.0)}{'' if row.ended else ' and not over'}."),
                )
                for row in found
            )
        )


def capability_table(rows: Sequence[Capability]) -> Iterator[Block]:
    """Every capability against what it can bear."""
    if not rows:
        yield Paragraph("No capability is in the catalogue.")
        return
    worst_first = sorted(rows, key=lambda one: (-one.beyond, one.tier, one.name))
    told = tuple(
        (
            strong_(one.name),
            duration(one.tolerance) if one.tolerance is not None else "nobody has said",
            f"{one.interruptions}",
            f"{one.beyond}" if one.tolerance is not None else "-",
            f"{duration(one.worst[1])} (INC-{one.worst[0]})" if one.worst else "-",
        )
        for one in worst_first[:CAPABILITIES]
    )
    yield Table(("Capability", "Can bear", "Interruptions", "Outlasted it", "Longest"), told, right=(2, 3))
    yield Paragraph("An incident of SEV1 to SEV3 counts as an interruption, until customers are served again.", "soft")
    if len(rows) > CAPABILITIES:
        yield Paragraph(
            f"{len(rows) - CAPABILITIES} more are not shown; none of them was outlasted more often.", "soft"
        )


def losses(found: Exposed) -> Iterator[Block]:
    """What incidents cost in a year, and where."""
    unit = found.ledger.unit
    if found.ledger.too_short:
        yield Paragraph("Less than 4 weeks are on record, of which no year is made.")
        return
    yield Paragraph(f"{sentence(found.whole, unit)} {bad_year(found.whole, unit)}")
    rows = tuple(
        (
            strong_(row.name),
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
        (strong_(one.question), by_when(one.due, now), one.waiting or "Not known.", one.advice or "None yet.")
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


def strong_(text: str) -> Words:
    return (strong(text),)
