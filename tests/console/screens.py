"""Every screen there is: where it stands, who looks, and what it answers. A new one is a line in `SCREENS`."""

from dataclasses import dataclass

from tests.console.company import Company


@dataclass(frozen=True)
class Screen:
    """`path` may name an incident's state (`{active}`), or the link of the page (`{link}`)."""

    name: str
    path: str
    who: str | None = "you"
    status: int = 200

    def at(self, company: Company) -> str:
        link = company.page_of(company.numbers["triage"]) if "{link}" in self.path else ""
        return self.path.format(link=link, person=company.id_of("bob"), **company.numbers)


STATES = ("triage", "active", "mitigated", "reviewing", "resolved", "closed", "declined", "cancelled", "merged")
SCREENS = (
    Screen("sign-in", "/sign-in", who=None),
    Screen("now", "/"),
    Screen("now-viewer", "/", who="dana"),
    Screen("incidents", "/incidents"),
    *(Screen(f"incident-{state}", f"/incidents/{{{state}}}") for state in STATES),
    Screen("incident-viewer", "/incidents/{active}", who="dana"),
    Screen("timeline", "/incidents/{active}/timeline"),
    Screen("update-new", "/incidents/{active}/updates/new"),
    Screen("declare", "/incidents/new"),
    Screen("status-page", "/status-page"),
    Screen("plan", "/plan"),
    Screen("plan-revisions", "/plan/revisions"),
    Screen("plan-revision", "/plan/revisions/1"),
    Screen("plan-changed", "/plan/revisions/1/changes"),
    Screen("plan-why", "/plan/why?clause=procedures.service-outage"),
    Screen("plan-library", "/plan/library"),
    Screen("plan-document", "/plan/documents/procedure:service-outage"),
    Screen("plan-changes-around", "/plan/changes"),
    Screen("plan-standards", "/plan/standards"),
    Screen("plan-objectives", "/plan/alignment"),
    Screen("plan-drafts", "/plan/drafts"),
    Screen("plan-draft", "/plan/drafts/{draft}"),
    Screen("legal-clocks", "/obligations"),
    Screen("legal-scope", "/obligations/scope"),
    Screen("legal-regime", "/obligations/regimes/dora-19"),
    Screen("legal-history", "/obligations/history"),
    Screen("legal-question", "/incidents/{active}/obligations/nis2-23"),
    Screen("legal-notice", "/incidents/126/obligations/nis2-23/final"),
    Screen("legal-notice-viewer", "/incidents/119/obligations/nis2-23/final", who="dana"),
    Screen("conformance", "/conformance"),
    Screen("conformance-by-team", "/conformance?by=team"),
    Screen("paths", "/paths?detail=everything&cover=100"),
    Screen("exposure", "/exposure"),
    Screen("portfolio", "/portfolio"),
    Screen("executive", "/executive"),
    Screen("reports", "/reports"),
    Screen("report-programme", "/reports/programme"),
    Screen("report-service", "/reports/services/checkout"),
    Screen("executive-issues", "/executive/issues"),
    Screen("executive-issue", "/executive/issues/1"),
    Screen("executive-decisions", "/executive/decisions"),
    Screen("executive-decision", "/executive/decisions/1"),
    Screen("on-call", "/on-call"),
    Screen("services", "/services"),
    Screen("service", "/services/checkout"),
    Screen("people", "/people"),
    Screen("person", "/people/bob"),
    Screen("me", "/me"),
    Screen("methods", "/me/methods"),
    Screen("keys", "/keys"),
    Screen("trackers", "/trackers"),
    Screen("tracker-new", "/trackers/new?kind=jira-cloud"),
    Screen("audit", "/audit"),
    Screen("signals", "/signals"),
    Screen("reviews", "/reviews"),
    Screen("review", "/reviews/{reviewing}"),
    Screen("review-viewer", "/reviews/{reviewing}", who="dana"),
    Screen("review-log", "/reviews/{reviewing}/log"),
    Screen("lessons", "/lessons"),
    Screen("lesson", "/lessons/1"),
    Screen("lesson-new", "/lessons/new"),
    Screen("guideline-new", "/guidelines/new"),
    Screen("actions", "/actions"),
    Screen("action", "/actions/3"),
    Screen("action-new", "/actions/new"),
    Screen("patterns", "/patterns"),
    Screen("debt", "/debt"),
    Screen("duties", "/debt/duties"),
    Screen("learned", "/learned"),
    Screen("reading", "/me/reading"),
    Screen("exercises", "/exercises"),
    Screen("exercise", "/exercises/1"),
    Screen("exercise-to-come", "/exercises/2"),
    Screen("exercise-new", "/exercises/new"),
    Screen("readiness", "/readiness"),
    Screen("maturity", "/readiness/maturity"),
    Screen("insights", "/insights"),
    Screen("measure", "/insights/time-to-restore"),
    Screen("objectives", "/objectives"),
    Screen("rosters", "/rosters"),
    Screen("roster-new", "/rosters/new"),
    Screen("roster-text", "/rosters/new/text"),
    Screen("what-if", "/what-if"),
    Screen("staffing", "/staffing"),
    Screen("imports", "/imports"),
    Screen("import-history", "/import/history"),
    Screen("import-postmortem", "/import/postmortem"),
    Screen("plan-edit", "/plan/drafts/{draft}/edit"),
    Screen("plan-edit-severity", "/plan/drafts/{draft}/edit/severity"),
    Screen("plan-edit-step", "/plan/drafts/{draft}/edit/steps/service-outage/scope"),
    Screen("plan-edit-file", "/plan/drafts/{draft}/edit/file?name=plan.md"),
    Screen("pager", "/pager"),
    Screen("help", "/help"),
    Screen("search", "/search?q=checkout"),
    Screen("search-nothing", "/search?q=zzzz"),
    Screen("page", "{link}", who=None),
    Screen("page-unknown", "/p/nothing", who=None, status=404),
    Screen("not-found", "/nowhere", status=404),
    Screen("forbidden", "/keys", who="dana", status=403),
)
