"""A review as a document: for paper, for Markdown, with people's names or without."""

from collections.abc import Iterator

from quarterdeck.learning.rules.prompts import PROMPTS
from quarterdeck.learning.rules.saying import clock, span
from quarterdeck.learning.views.account import Account
from quarterdeck.learning.views.drafting import Draft, ToldRow
from quarterdeck.learning.views.factoring import EvidenceRow
from quarterdeck.paper.document import (
    Block,
    Document,
    Heading,
    Listing,
    Note,
    Paragraph,
    Table,
    Words,
    bullets,
    line,
    numbered,
    strong,
)
from quarterdeck.paper.markdown import blocks

_KEEPS = 400
"""Characters of a body that stand in a table; the console shows the whole."""


def document(account: Account, names: dict[str, str], *, root_cause: bool = False) -> Document:
    """The whole review. `root_cause`: with a section of that name, rendered from the factors that were agreed on."""
    review, draft = account.review, account.draft
    return Document(
        title=f"Review of INC-{review.number}: {draft.incident.title}",
        subtitle=draft.lead,
        facts=tuple(_facts(account, names)),
        blocks=(
            *_written(account),
            *_factors(account, root_cause),
            *_times(draft),
            *_story(draft),
            *_decisions(draft),
            *_plan(draft),
            *_told(draft),
            *_people(draft),
            *_open(draft),
        ),
        foot=f"INC-{review.number}, version {review.version}, {review.state}",
    )


def _facts(account: Account, names: dict[str, str]) -> Iterator[tuple[str, Words]]:
    review = account.review
    yield "Severity", account.draft.incident.severity + (", drill" if account.draft.incident.drill else "")
    yield "State", review.state + (f", due {clock(review.due)}" if review.owed else "")
    if review.facilitator:
        yield "Led by", review.facilitator
    if review.meets_at:
        yield "Held", clock(review.meets_at)
    if review.participants:
        yield "Took part", ", ".join(names.get(one, one) for one in review.participants)
    if review.approved_at:
        by = review.approved_by or "nobody else: held elsewhere and recorded in one step"
        yield "Approved", f"{clock(review.approved_at)} by {by}"


def _written(account: Account) -> Iterator[Block]:
    for prompt, (title, _) in PROMPTS.items():
        mine = [one for one in account.observations if one.prompt == prompt]
        found = account.texts.get(prompt)
        if found is None and not mine:
            continue
        yield Heading(title)
        yield from blocks(found.text if found else "", level=2)
        if mine:
            items = (line(one.text, *_shown(account, one.evidence)) for one in mine)
            yield Listing(tuple((Paragraph(item),) for item in items))


def _shown(account: Account, evidence: tuple[EvidenceRow, ...]) -> tuple[str, ...]:
    if not evidence:
        return ()
    facts = (f"{account.shown.get(link.position, link.stream)} (#{link.position})" for link in evidence)
    return (f" Shown by: {'; '.join(facts)}.",)


def _factors(account: Account, root_cause: bool) -> Iterator[Block]:
    if account.factors:
        yield Heading("What contributed")
        yield Table(
            ("Factor", "Kind", "What contributed, and what shows it", "State"),
            tuple(
                (one.id, f"{one.kind_title}: {one.words}", line(one.text, *_shown(account, one.evidence)), one.state)
                for one in account.factors
            ),
            widths=(0, 1, 3, 0),
        )
    if root_cause:
        yield Heading("Root cause")
        agreed = account.agreed
        if agreed:
            said = "Rendered from the contributing factors that were agreed on, because a rule asks for this section:"
            yield Paragraph(said, tone="soft")
            yield numbered(*(one.text for one in agreed))
        else:
            yield Note((Paragraph("No contributing factor has been agreed on yet."),), "act")


def _times(draft: Draft) -> Iterator[Block]:
    yield Heading("Impact and times")
    if draft.statements:
        yield bullets(*(f"{clock(one.at)}: {one.text} ({one.by})" for one in draft.statements))
    yield Table(
        ("", "Instant", "Occurred", "Recorded"),
        tuple(
            (
                one.letter,
                one.title,
                clock(one.occurred_at) if one.occurred_at else "not known",
                clock(one.recorded_at) if one.recorded_at else "",
            )
            for one in draft.moments
        ),
        caption="Instants, when they occurred and when they were recorded",
        widths=(0, 2, 2, 2),
    )
    yield Table(
        ("", "Time", "As it occurred", "As it was known"),
        tuple(
            (
                one.formula,
                one.title,
                one.why if one.occurred is None else span(one.occurred),
                "" if one.known is None else span(one.known),
            )
            for one in draft.measures
        ),
        caption="Response times, each between its own instants",
        widths=(0, 2, 2, 2),
    )


def _story(draft: Draft) -> Iterator[Block]:
    if not draft.story:
        return
    yield Heading("The story")
    rows = []
    for one in draft.story:
        body = f" {one.body[:_KEEPS]}{'…' if len(one.body) > _KEEPS else ''}" if one.body else ""
        rows.append((clock(one.at), line(strong(one.title), _correction(one), body)))
    yield Table(("When", "What"), tuple(rows), widths=(1, 5))


def _correction(one: ToldRow) -> str:
    if not one.corrected or one.changed is None:
        return ""
    return f" [recorded as {clock(one.occurred_at)}: {one.changed.reason}]"


def _decisions(draft: Draft) -> Iterator[Block]:
    if not draft.decisions:
        return
    yield Heading("Decisions, and what was known then")
    rows: list[tuple[Words, ...]] = []
    for row in draft.decisions:
        one = row.decision
        known = [one.known.severity, one.known.impact or "no impact stated", one.known.update, one.known.note]
        unknown = "; ".join(later.sentence for later in one.unknown)
        rows.append((clock(one.at), _said(one.sentence, one.body), ". ".join(part for part in known if part), unknown))
    yield Table(("When", "Decision", "Known then", "Not known then"), tuple(rows), widths=(1, 2, 2, 2))


def _said(sentence: str, body: str | None) -> str:
    return f"{sentence}: {body}" if body else sentence


def _plan(draft: Draft) -> Iterator[Block]:
    if not draft.conformance.steps:
        return
    yield Heading("The plan, step by step")
    share = draft.conformance.mandatory
    if share.n:
        yield Paragraph(f"{share.followed} of {share.n} mandatory steps were done in time and in order.")
    yield Table(
        ("Step", "How it went", "Why"),
        tuple(
            (
                one.title + (" (mandatory)" if one.mandatory else ""),
                one.state.replace("-", " ") + (f" by {span(one.late)}" if one.late else ""),
                one.why or one.outcome or "",
            )
            for one in draft.conformance.steps
        ),
        widths=(3, 1, 2),
    )


def _told(draft: Draft) -> Iterator[Block]:
    if not draft.paces:
        return
    yield Heading("Who was told, and whether in time")
    yield Table(
        ("Audience", "In time", "Worst delay"),
        tuple((one.title, f"{one.kept} of {one.due}", span(one.worst) if one.worst else "") for one in draft.paces),
        widths=(3, 1, 1),
    )


def _people(draft: Draft) -> Iterator[Block]:
    if draft.present:
        yield Heading("Who was there")
        yield bullets(*(f"{one.name}: {', '.join(one.why)}" for one in draft.present))
    if draft.paged:
        yield Heading("Who was woken")
        night = ((one, f", {one.at_night} at night" if one.at_night else "") for one in draft.paged)
        yield bullets(*(f"{one.name}: paged {one.pages} times{at_night}" for one, at_night in night))


def _open(draft: Draft) -> Iterator[Block]:
    if draft.gaps:
        yield Heading("What the record leaves open")
        yield bullets(*(gap.sentence for gap in draft.gaps))
