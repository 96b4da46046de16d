"""What machines execute of the plan, as forms: severities, types, roles, posts, escalation, routing; the plan too."""

from quarterdeck.plan.rules.forms.asking import Ask
from quarterdeck.plan.rules.forms.documents import TEXT
from quarterdeck.plan.rules.forms.section import Section
from quarterdeck.plan.rules.governed import TRIGGERS
from quarterdeck.plan.rules.values import DAYS

PLAN = Section(
    "plan",
    "The plan",
    "plan",
    "Its name and scope, who keeps and approves it, and what a working day is.",
    (),
    (
        Ask("name", "Name", must=True),
        Ask("purpose", "Purpose", "text"),
        Ask("scope", "Scope", "text", "What it covers, and what it does not.", must=True),
        Ask("owner", "Who keeps it current?", "choice", of="posts", must=True),
        Ask("approver", "Who approves it?", "choice", of="posts", must=True),
        Ask("policy", "The policy that it stands under", "choice", of="policies", none="none"),
        Ask("commander", "The role that directs an incident", "choice", of="roles", default="incident-commander"),
        Ask("review_interval_days", "Looked at again after so many days", "number", must=True),
        Ask("review_on", "What opens a review before that", "several", of="triggers", default=TRIGGERS, explicit=True),
        Ask("classification", "Classification", "choice", of="classifications", default="internal"),
        Ask("serves", "Objectives that it serves", "several", of="objectives"),
        Ask(
            "trying.exercise_every_days",
            "Each incident type is exercised every so many days",
            "number",
            default=365,
            group="Trying it",
        ),
        Ask(
            "trying.contact_test_every_days",
            "Whoever may be paged answers a test every so many days",
            "number",
            default=90,
            group="Trying it",
        ),
        Ask("defaults.type", "An incident is taken for", "choice", of="types", must=True, group="Until more is known"),
        Ask("defaults.impact", "with the impact", "choice", of="impacts", must=True, group="Until more is known"),
        Ask("defaults.urgency", "and the urgency", "choice", of="urgencies", must=True, group="Until more is known"),
        Ask("calendar.zone", "Time zone", hint="Europe/Berlin, for example.", default="UTC", group="Working days"),
        Ask(
            "calendar.working_days",
            "Working days",
            "several",
            of="days",
            default=DAYS[:5],
            explicit=True,
            group="Working days",
        ),
        Ask(
            "calendar.opens", "Support hours begin at", hint="08:00. Empty: every page is urgent.", group="Working days"
        ),
        Ask("calendar.closes", "and end at", default="17:00", group="Working days"),
        Ask("calendar.holidays", "Holidays", "lines", "One a line: 2026-12-25.", group="Working days"),
        TEXT,
    ),
    "single",
    "name",
)
POSTS = Section(
    "posts",
    "Posts",
    "post",
    "Named positions, and who holds each now. People change, posts stay: the rest of the plan names only posts.",
    ("posts",),
    (
        Ask("title", "Position", must=True),
        Ask("login", "Held by", "choice", of="people", must=True),
    ),
)
ROLES = Section(
    "roles",
    "Roles",
    "role",
    "What somebody is during an incident: duties, and what they may decide alone.",
    ("roles",),
    (
        Ask("title", "Role", must=True),
        Ask("purpose", "What it is for", "text"),
        Ask("duties", "Duties", "lines", "One a line.", must=True),
        Ask("authority", "May decide alone", "lines", "One a line. A duty without authority is a gap.", must=True),
        Ask("filled_by", "Who takes it when nobody was named", "choice", of="targets", none="nobody"),
        Ask("deputies", "Posts that stand in, in this order", "ordered", of="posts"),
    ),
)
SEVERITY = Section(
    "severity",
    "Severity",
    "severity scheme",
    "How bad is bad: impact and urgency give the severity, and the severity sets in motion who is paged and told.",
    ("severity",),
    (
        Ask(
            "impact",
            "Impact, the greatest first",
            "rows",
            rows=(
                Ask("id", "Id", must=True),
                Ask("title", "Called", must=True),
                Ask("meaning", "Means", "text", must=True),
            ),
            new={"id": "another", "title": "Another", "meaning": "Not written yet."},
        ),
        Ask(
            "urgency",
            "Urgency, the most urgent first",
            "rows",
            rows=(
                Ask("id", "Id", must=True),
                Ask("title", "Called", must=True),
                Ask("meaning", "Means", "text", must=True),
            ),
            new={"id": "another", "title": "Another", "meaning": "Not written yet."},
        ),
    ),
    "single",
)
LEVEL = (
    Ask("title", "Called", must=True),
    Ask("meaning", "Means", "text", must=True),
    Ask("escalation", "Who is paged", "choice", of="escalation", none="nobody"),
    Ask("urgent", "Pages at any hour", "yes", "Otherwise only in support hours.", default=True),
    Ask("acknowledge_within", "Acknowledged within", "span", "15 min, 2 h"),
    Ask("update_every", "Updated every", "span", "30 min, 2 h"),
    Ask("review.due_working_days", "Reviewed within so many working days", "number"),
    Ask("review.facilitator", "Review led by", "choice", of="posts", none="no review"),
)
TYPES = Section(
    "types",
    "Incident types",
    "incident type",
    "Kinds of incident that you have prepared for, and when each is declared.",
    ("types",),
    (
        Ask("title", "Called", must=True),
        Ask("declare_when", "Declared when any of these holds", "lines", "One a line.", must=True),
        Ask("parent", "A kind of", "choice", of="types", none="no other"),
        Ask("procedure", "Worked through by", "choice", of="procedures", none="as its parent"),
        Ask("severity_floor", "Never less severe than", "choice", of="levels", none="no limit"),
        Ask(
            "escalation", "Who is paged, whatever the severity", "choice", of="escalation", none="as the severity says"
        ),
        Ask("commander_post", "Commanded at first by", "choice", of="posts", none="whoever acknowledges"),
        Ask("exercise_every_days", "Exercised every so many days", "number", "Empty: as the plan says."),
    ),
    new={"declare_when": ["Not written yet."]},
)
ESCALATION = Section(
    "escalation",
    "Escalation paths",
    "escalation path",
    "Who is paged, one after another, until somebody acknowledges; at the end stands a senior manager.",
    ("escalation",),
    (
        Ask("title", "Called", must=True),
        Ask(
            "levels",
            "Rungs",
            "rows",
            rows=(
                Ask("notify", "Page at the same time", "targets", of="targets", must=True),
                Ask("acknowledge_within", "and wait for an answer for", "span", "5 min, 1 h", must=True),
            ),
            new={"notify": ["schedule:primary"], "acknowledge_within": "10 min"},
        ),
        Ask("repeat", "Go through the rungs again so many times", "number", default=0),
        Ask("final", "At last", "choice", of="posts", must=True),
    ),
    new={"levels": [{"notify": ["schedule:primary"], "acknowledge_within": "10 min"}]},
)
ROUTING = Section(
    "routing",
    "Routing of signals",
    "route",
    "What becomes of the signals that monitoring sends. The first route that fits takes the signal.",
    ("routing",),
    (
        Ask(
            "match",
            "Takes signals for which all of these hold",
            "rows",
            "None: every signal.",
            rows=(
                Ask("label", "The label", must=True),
                Ask("op", "is", "choice", of="operators", default="="),
                Ask("value", "the text", "matched", "For “one of”: separated by commas."),
            ),
            new={"label": "severity", "op": "=", "value": "critical"},
        ),
        Ask("type", "They open an incident of the type", "choice", of="types", none="as the plan's defaults say"),
        Ask("service", "at the service", hint="An id, or a label in braces: {service}."),
        Ask("impact", "with the impact", "given", of="impacts", none="as the plan's defaults say"),
        Ask("urgency", "and the urgency", "given", of="urgencies", none="as the plan's defaults say"),
        Ask("group_by", "Signals with equal values of these labels are one incident", "lines", "One label a line."),
        Ask("group_window", "A signal joins them for so long after the last", "span", default=60),
        Ask("auto_resolve", "The incident resolves when all have cleared", "yes", default=True),
        Ask("auto_resolve_after", "after", "span", default=5),
        Ask("suppress.reason", "Recorded, but opens no incident, because", "text", group="Quiet"),
        Ask("suppress.days", "only on", "several", of="days", group="Quiet"),
        Ask("suppress.hours", "only from", hint="22:00-06:00", group="Quiet"),
        Ask("suppress.zone", "in the time zone", default="UTC", group="Quiet"),
        Ask("suppress.until", "only until", hint="2026-12-31T18:00:00Z", group="Quiet"),
    ),
    "listed",
    naming="name",
    key_field="name",
    new={"match": [{"label": "severity", "op": "=", "value": "critical"}]},
)
