"""The communication plan: who must know what, how soon and how often, and when higher management is told."""

from typing import Annotated

from pydantic import Field

from quarterdeck.plan.rules.values import SERVICE_ID, Frozen, Minutes, Severity, Slug, Target, Text, Title

FIELDS = {
    "impact": "what does not work",
    "scope": "who is affected, and how many",
    "since": "since when",
    "symptom": "what is measured",
    "suspect": "what is suspected",
    "doing": "what is being done",
    "confidence": "how sure we are",
    "workaround": "what those concerned can do meanwhile",
    "decision": "the decision wanted",
    "decide_by": "by when it is wanted",
    "next_update": "when the next update comes",
    "number": "the incident's reference",
    "title": "the incident's title",
    "severity": "its severity",
    "service": "the service concerned",
    "owner": "who directs the response",
}
"""What a template may name in braces; all else in braces is a fault. The first eleven are written in an update."""

INTERNAL = ("title", "service", "owner", "suspect", "decision", "decide_by")
"""Fields that hold names and words of the house: no text for the public status page may name them."""


class Pace(Frozen):
    """How soon an audience hears first, and how often afterwards, until the incident is over."""

    first_within: Minutes
    every: Minutes


class Audience(Frozen):
    """People who must know, in their words."""

    title: Title
    by: Slug
    """The role that tells them."""
    to: tuple[Target, ...] = Field(default=(), max_length=50)
    """Who is sent each update; nobody: they are told outside Quarterdeck, by the channel that `outside` names."""
    outside: Text | None = None
    cadence: dict[Severity, Pace] = Field(min_length=1)
    """A severity that is missing here: this audience is not told."""
    subject: Text = "{severity} {number}: {title}"
    says: Text
    """The rendering of an update for this audience; `{field}` stands for a field's value."""
    approver: Slug | None = None
    """The role that agrees to an update before this audience gets it."""


class Elevation(Frozen):
    """When and to whom an incident is brought before higher management. All the conditions given must hold.

    Elevation tells those who answer for the organisation and asks for a decision; escalation asks for more hands
    (NIST SP 800-61r3, section 2.3, keeps the two apart).
    """

    name: Slug
    title: Title
    severities: tuple[Severity, ...] | None = Field(default=None, min_length=1)
    open_longer_than: Minutes | None = None
    tolerance_breached: bool = False
    """The incident has lasted longer than the service's owner tolerates (catalog: tolerance)."""
    update_overdue_by: Minutes | None = None
    by: Slug
    """The role that answers for the paragraph and the decision wanted."""
    to: tuple[Slug, ...] = Field(min_length=1, max_length=9)
    """Posts, told one after another until somebody acknowledges."""
    acknowledge_within: Minutes
    says: Text
    """One paragraph; `{field}` stands for a field's value."""
    decision: Text | None = None
    """The decision wanted, where it can be known beforehand."""


class Part(Frozen):
    """One thing that the public uses, in its words, and the services that it stands on."""

    id: Slug
    title: Title
    services: tuple[Annotated[str, Field(pattern=SERVICE_ID)], ...] = Field(min_length=1, max_length=100)
    """Ids of services; the public sees none of them."""


class StatusPage(Frozen):
    """The public status page. Without it nothing is public."""

    title: Title
    audience: Slug
    """The audience whose updates anybody may read, in its words."""
    parts: tuple[Part, ...] = Field(min_length=1, max_length=50)
    address: str | None = Field(default=None, max_length=500, pattern=r"^https?://[^\s<>\"']+$")
    """Where the public finds it; the feed names it."""


class Communication(Frozen):
    """The communication plan."""

    audiences: dict[Slug, Audience] = Field(default_factory=dict)
    elevation: tuple[Elevation, ...] = ()
    status_page: StatusPage | None = None

    def is_public(self, audience: str) -> bool:
        """Whether what this audience is told stands on the status page."""
        return self.status_page is not None and self.status_page.audience == audience
