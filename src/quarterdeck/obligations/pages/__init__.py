"""Legal clocks in the console: what runs, the scope, the past, one notice, and the section on an incident's page."""

from quarterdeck.obligations.pages import answering, looking, scoping

ROUTES = [*looking.ROUTES, *scoping.ROUTES, *answering.ROUTES]
PANELS = looking.PANELS
