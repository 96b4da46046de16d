"""A revision as a document on paper: who stands behind it, and every section that the reading view has."""

import re
from collections.abc import Iterator

from sqlalchemy import Connection

from quarterdeck.governance.views import people, person_names
from quarterdeck.kernel.time import Instant
from quarterdeck.paper.document import Block, Definitions, Heading, PageBreak, Paragraph, Span, Words
from quarterdeck.paper.document import Document as Paper
from quarterdeck.paper.markdown import blocks
from quarterdeck.plan.rules import Document, InForce, Plan, documents, procedure_for
from quarterdeck.plan.rules.wording import post
from quarterdeck.plan.views import printing_parts as parts
from quarterdeck.plan.views.keeping import upkeep
from quarterdeck.plan.views.naming import actor
from quarterdeck.plan.views.publications import revision, revisions

_TITLE = re.compile(r"\A\s*#{1,2}\s+(?P<title>[^\n]+?)\s*#*\s*(\n|\Z)")


def untitled(document: Document) -> str:
    """A document's prose without a first heading that only repeats its title."""
    text = document.text or ""
    found = _TITLE.match(text)
    return text[found.end() :] if found and found["title"].casefold() == document.title.casefold() else text


def used_by(plan: Plan) -> dict[str, list[str]]:
    """For each procedure the titles of the types that it serves, in the order of the types; unused ones come last."""
    served: dict[str, list[str]] = {}
    for name, type_ in plan.types.items():
        served.setdefault(procedure_for(plan, name) or "", []).append(type_.title)
    return {**served, **{name: [] for name in plan.procedures if name not in served}}


def printed(conn: Connection, number: int, now: Instant) -> Paper:
    """A revision whole: cover, contents, every section. Raises `NotFound`."""
    found = revision(conn, number)
    return Paper(
        title=found.plan.name,
        subtitle=f"Revision {number}",
        facts=tuple(_facts(conn, found, now)),
        foot=f"{found.plan.name[:80]}, revision {number}, SHA-256 {found.content_hash[:16]}…",
        classification=found.plan.classification,
        cover=True,
        blocks=tuple(_sections(found.plan)),
    )


def _facts(conn: Connection, found: InForce, now: Instant) -> Iterator[tuple[str, Words]]:
    plan, names = found.plan, person_names(conn)
    holders = {one.login: one.name for one in people(conn) if one.active}
    newest = revisions(conn, limit=1)[0]

    def held(id: str) -> str:
        name = holders.get(plan.posts[id].login)
        return f"{plan.posts[id].title}{f' ({name})' if name else ', a post that nobody holds'}"

    yield "Kept by", held(plan.owner)
    yield "To be approved by", held(plan.approver)
    approved = f"Approved by {actor(found.approved_by, names)}" if found.approved_by else "Adopted without an approval"
    yield "This revision", f"{approved}; written by {', '.join(actor(one, names) for one in found.authors)}"
    yield "Published", f"{_day(found.published_at)} by {actor(found.by, names)}"
    if newest.revision == found.revision:
        yield "Status", f"In force when it was printed on {_day(now)}"
    else:
        following = revisions(conn, limit=1, before=found.revision + 2)[0]
        yield "Status", f"Superseded by revision {following.revision} on {_day(following.published_at)}"
    yield "Why it changed", found.reason
    for reason in found.reasons:
        said = f"{reason.kind.replace('-', ' ')}: {reason.text}"
        yield "", f"{said} ({reason.ref})" if reason.ref else said
    yield "Classification", plan.classification
    due = next((row for row in upkeep(conn) if row.document == "plan"), None)
    if due and newest.revision == found.revision:
        yield "Looked at again", f"by {_day(due.next_due)}, and every {plan.review_interval_days} days"
    yield "SHA-256", (Span(found.content_hash[:32], code=True), Span("\n"), Span(found.content_hash[32:], code=True))


def _day(at: Instant) -> str:
    return f"{at.day} {at:%B %Y}"


def _sections(plan: Plan) -> Iterator[Block]:
    every = {one.key: one for one in documents(plan)}
    yield Heading("Purpose and scope")
    if plan.purpose:
        yield Paragraph(plan.purpose, tone="lead")
    yield Paragraph(plan.scope)
    yield Paragraph(kept(plan, every["plan"]))
    if plan.policies:
        yield Heading("Policy" if len(plan.policies) == 1 else "Policies")
        for id in plan.policies:
            yield from _prose(plan, every[f"policy:{id}"])
    if text := untitled(every["plan"]):
        yield Heading("Approach")
        yield from blocks(text, level=2)
    yield from parts.severity(plan)
    yield from parts.types(plan)
    yield from parts.roles(plan)
    yield PageBreak()
    yield Heading("Procedures")
    yield Paragraph(
        "A step marked “must” that is not done needs an explanation before the incident is closed. Steps stand side by "
        "side unless they say what comes before them."
    )
    for place, (id, titles) in enumerate(used_by(plan).items()):
        if place:  # each on a page of its own, so that one can be taken out and handed over
            yield PageBreak()
        yield from _procedure(plan, every[f"procedure:{id}"], titles)
    yield PageBreak()
    if plan.guidelines:
        yield Heading("Guidelines")
        for id in plan.guidelines:
            yield from _prose(plan, every[f"guideline:{id}"])
    yield from parts.escalation(plan)
    yield from parts.communication(plan)
    yield from parts.reviews(plan)
    yield from parts.routing(plan)
    yield from parts.objectives(plan)
    yield from parts.standards(plan)
    yield Heading("Posts")
    yield Definitions(tuple((one.title, one.login) for one in plan.posts.values()))


def _prose(plan: Plan, document: Document) -> Iterator[Block]:
    yield Heading(document.title, 2)
    yield Paragraph(kept(plan, document), tone="soft")
    if document.scope != plan.scope:
        yield Paragraph(f"Scope: {document.scope}", tone="soft")
    yield from blocks(untitled(document), level=3) if document.text else (Paragraph("It has no text.", tone="soft"),)


def _procedure(plan: Plan, document: Document, titles: list[str]) -> Iterator[Block]:
    yield Heading(document.title, 2)
    procedure = plan.procedures[document.id]
    if procedure.purpose:
        yield Paragraph(procedure.purpose)
    used = f"For: {', '.join(titles)}." if titles else "No incident type uses it."
    yield Paragraph(f"{used} {kept(plan, document)}", tone="soft")
    if document.scope != plan.scope:
        yield Paragraph(f"Scope: {document.scope}", tone="soft")
    if document.text:
        yield from blocks(untitled(document), level=3)
    yield from parts.steps(plan, procedure)


def kept(plan: Plan, document: Document) -> str:
    """`Kept by the incident manager, approved by …; internal; looked at again every 365 days. Serves: …`"""
    said = (
        f"Kept by {post(plan, document.owner)}, approved by {post(plan, document.approver)}; "
        f"{document.classification}; looked at again every {document.review_interval_days} days."
    )
    served = [plan.objectives[id].title if id in plan.objectives else id for id in document.serves]
    return f"{said} Serves: {'; '.join(served)}." if served else said
