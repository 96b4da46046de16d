"""On-call for people: the on-call page, the page behind a pager's link, the escalation on the incident's page."""

from quarterdeck.oncall.pages import as_typed, calendar, panel, phone, preview

ROUTES = [*as_typed.ROUTES, *calendar.ROUTES, *preview.ROUTES, *phone.ROUTES, *panel.ROUTES]
PANELS = panel.PANELS
