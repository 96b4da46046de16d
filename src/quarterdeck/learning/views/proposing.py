"""Whom could one ask: who might lead a review, which audiences might hear of it?"""

from dataclasses import dataclass

from sqlalchemy import Connection

from quarterdeck.comms.views import begun
from quarterdeck.governance.rules import ROLES, Permission
from quarterdeck.governance.views import PersonRow, people
from quarterdeck.learning.views.drafting import Draft
from quarterdeck.learning.views.reviewing import ReviewRow
from quarterdeck.plan.views import in_force


@dataclass(frozen=True)
class Candidate:
    """Somebody who may lead, and why they come to mind; the likeliest first."""

    person: str
    name: str
    why: str


@dataclass(frozen=True)
class AudienceChoice:
    """An audience of the communication plan. `outside`: where somebody has to carry the text."""

    audience: str
    title: str
    outside: str | None
    reaches: bool
    """False: nobody is sent the text by Quarterdeck."""
    public: bool = False
    """It reads the public status page."""


def candidates(conn: Connection, review: ReviewRow, draft: Draft) -> list[Candidate]:
    """The holder of the plan's post, then reviewers who were not there, then other reviewers, then everybody else."""
    standing = in_force(conn)
    post = standing.plan.posts.get(review.facilitator_post or "") if standing else None
    there = {one.person for one in draft.present}
    found = []
    for person in people(conn):
        if not person.active or (person.id == review.commander and not review.commander_may_lead):
            continue
        if post is not None and person.login == post.login:
            found.append((0, Candidate(person.id, person.name, f"holds the post {post.title}, which the plan names")))
        elif _reviews(person):
            absent = person.id not in there
            why = "may approve reviews and was not there" if absent else "may approve reviews"
            found.append((1 if absent else 2, Candidate(person.id, person.name, why)))
        else:
            found.append((3, Candidate(person.id, person.name, "")))
    return [one for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].name.casefold()))]


def _reviews(person: PersonRow) -> bool:
    return any(Permission.REVIEW in ROLES[role] for role in person.roles)


def audiences(conn: Connection, number: int) -> list[AudienceChoice]:
    """Those of the plan that the incident was run under; none where it told nobody."""
    copied = begun(conn, number)
    if copied is None:
        return []
    return [
        AudienceChoice(name, one.title, one.outside, bool(one.to), name in copied.public)
        for name, one in copied.audiences.items()
    ]
