"""What people read of the plan, as forms: procedures with steps, policies, guidelines, who is told, what it is for."""

from quarterdeck.plan.rules.communication import FIELDS
from quarterdeck.plan.rules.forms.asking import Ask
from quarterdeck.plan.rules.forms.section import Section
from quarterdeck.plan.rules.values import SEVERITIES

_OWNED = (
    Ask("owner", "Who keeps it current?", "choice", of="posts", must=True),
    Ask("approver", "Who approves it?", "choice", of="posts", none="as the plan says", group="Terms"),
    Ask("review_interval_days", "Looked at again after so many days", "number", group="Terms"),
    Ask("classification", "Classification", "choice", of="classifications", none="as the plan says", group="Terms"),
    Ask(
        "review_on",
        "What opens a review before that",
        "several",
        "None: as the plan says.",
        of="triggers",
        group="Terms",
    ),
    Ask("scope", "Whom and what it concerns", "text", "Where it differs from the plan's scope.", group="Terms"),
    Ask("serves", "Objectives that it serves", "several", of="objectives", group="Terms"),
)
TEXT = Ask("text", "Text for people (Markdown)", "markdown")
_BRACES = f"Words in braces are filled in: {', '.join(f'{{{name}}}' for name in FIELDS)}."
PROCEDURES = Section(
    "procedures",
    "Procedures",
    "procedure",
    "What is done, by whom, by when, with what evidence.",
    ("procedures",),
    (Ask("title", "Called", must=True), Ask("purpose", "What it is for", "text"), *_OWNED, TEXT),
    folder=True,
    new={"steps": [{"id": "look", "title": "Look", "role": ""}]},
)
STEP = (
    Ask("title", "What is done", must=True),
    Ask("role", "By whom", "choice", of="roles", must=True),
    Ask("within", "Due within", "span", "15 min, 2 h; empty: no deadline", group="Deadline"),
    Ask("counted_from", "counted from", "choice", of="anchors", default="declared", group="Deadline"),
    Ask("mandatory", "It must be done", "yes", "If it is not, that is explained before the incident is closed."),
    Ask("skip", "Who may skip it", "choice", of="skipping", default="with-reason"),
    Ask("evidence", "What is noted or linked when it is done", "text"),
    Ask("after", "After these steps", "several", "None: it can begin at once, beside the others.", of="steps"),
    Ask("on_severity", "Only at these severities", "several", "None: at every one.", of="levels"),
    Ask("decides.question", "A question that this step answers", "text", group="Decision"),
    Ask(
        "decides.answers",
        "Its answers",
        "pairs",
        "One a line: yes: Data has left the house. The steps of the other answers then do not apply.",
        group="Decision",
    ),
    Ask("details", "How (Markdown)", "markdown"),
)
AUDIENCES = Section(
    "audiences",
    "Who is told",
    "audience",
    "People who must know, how soon and how often at each severity, and in which words.",
    ("communication", "audiences"),
    (
        Ask("title", "Who", must=True),
        Ask("by", "Told by the role", "choice", of="roles", must=True),
        Ask("to", "Sent to", "targets", of="targets"),
        Ask("outside", "Or told outside Quarterdeck, by", "text"),
        *(
            Ask(f"cadence.{severity}.{name}", label, "span", group=severity)
            for severity in SEVERITIES
            for name, label in (("first_within", "first within"), ("every", "then every"))
        ),
        Ask("approver", "Agreed to beforehand by", "choice", of="roles", none="nobody"),
        Ask("subject", "Subject", default="{severity} {number}: {title}"),
        Ask("says", "Says", "text", _BRACES, must=True),
    ),
    new={"says": "{severity} {title}: {impact} Next update: {next_update}."},
)
ELEVATION = Section(
    "elevation",
    "Elevation",
    "elevation rule",
    "When an incident is brought before senior management, with one paragraph and the decision wanted.",
    ("communication", "elevation"),
    (
        Ask("title", "Called", must=True),
        Ask("severities", "At these severities", "several", "None: at every one.", of="levels"),
        Ask("open_longer_than", "Open for longer than", "span", "2 h"),
        Ask("tolerance_breached", "Longer than the service's owner tolerates", "yes", default=False),
        Ask("update_overdue_by", "An update is overdue by", "span"),
        Ask("by", "The role that answers for it", "choice", of="roles", must=True),
        Ask("to", "Told, one after another, until somebody acknowledges", "ordered", of="posts", must=True),
        Ask("acknowledge_within", "each has", "span", "15 min", must=True),
        Ask("says", "Says, in one paragraph", "text", _BRACES, must=True),
        Ask("decision", "The decision wanted, where it is known beforehand", "text"),
    ),
    "listed",
    key_field="name",
    new={"says": "{severity} {number}: {impact}", "acknowledge_within": "15 min"},
)
STATUS_PAGE = Section(
    "status-page",
    "Status page",
    "status page",
    "What anybody may read. Nothing is public unless it is asked for here.",
    ("communication", "status_page"),
    (
        Ask("title", "Called", must=True),
        Ask("audience", "Shows what is said to", "choice", of="audiences", must=True),
        Ask("address", "Where the public finds it", hint="https://status.example.com; may stay empty."),
        Ask(
            "parts",
            "Parts, in the public's words",
            "rows",
            rows=(
                Ask("id", "Id", must=True),
                Ask("title", "Called", must=True),
                Ask(
                    "services", "Stands on the services", "lines", "One id a line; nobody outside sees them.", must=True
                ),
            ),
            new={"id": "another", "title": "Another", "services": ["checkout"]},
        ),
    ),
    "single",
)
POLICIES = Section(
    "policies",
    "Policies",
    "policy",
    "What the organisation has decided, and why. The plan stands under one.",
    ("policies",),
    (Ask("title", "Called", must=True), *_OWNED, TEXT),
    folder=True,
)
GUIDELINES = Section(
    "guidelines",
    "Guidelines",
    "guideline",
    "How to do something well. Each explains one procedure, and binds nobody.",
    ("guidelines",),
    (
        Ask("title", "Called", must=True),
        Ask("procedure", "Explains", "choice", of="procedures", must=True),
        *_OWNED,
        TEXT,
    ),
    folder=True,
)
OBJECTIVES = Section(
    "objectives",
    "Objectives",
    "objective",
    "What the organisation wants of incident management, in its own words.",
    ("objectives",),
    (
        Ask("title", "Called", must=True),
        Ask("statement", "What is wanted", "text", must=True),
        Ask("owner", "Who answers for it?", "choice", of="posts", must=True),
    ),
)
MEASURES = Section(
    "measures",
    "Measures",
    "measure",
    "How each objective is measured, so exactly that two people get the same figure.",
    ("measures",),
    (
        Ask("title", "Called", must=True),
        Ask("objective", "Shows whether this is met", "choice", of="objectives", must=True),
        Ask("definition", "What is counted, from when to when, and what is left out", "text", must=True),
        Ask("unit", "Unit", must=True),
        Ask("statistic", "Statistic", "choice", of="statistics", must=True),
        Ask("better", "Better is", "choice", of="directions", must=True),
        Ask("target", "Target", "decimal", "In its unit; a share is between 0 and 1.", must=True),
        Ask("window_days", "Over so many days", "number", must=True),
        Ask("minimum_n", "No verdict on fewer cases than", "number", must=True),
        Ask("owner", "Who keeps it?", "choice", of="posts", must=True),
        Ask("version", "Version of the definition", "number", "Counts up when the definition changes.", default=1),
        Ask("measured_by", "Figure computed here", "choice", "None: it is measured elsewhere.", of="figures"),
        Ask("severities", "Only of these severities", "several", of="levels"),
        Ask("types", "Only of these types", "several", of="types"),
        Ask("services", "Only of these services", "lines", "One a line; none: of all."),
    ),
)
STANDARDS = Section(
    "standards",
    "Standards",
    "standard",
    "Which standards and laws the plan is checked against, and why one does not apply.",
    ("standards",),
    (
        Ask("applies", "It applies here", "yes", default=True),
        Ask("why", "Why it does, or does not", "text"),
        Ask("exceptions", "Requirements met elsewhere, or not met", "pairs", "One a line: requirement: why."),
    ),
)
