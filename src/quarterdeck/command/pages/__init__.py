"""Incidents for people: the list, declaring, the panels of the incident page, and the forms that change its state."""

from quarterdeck.command.pages import directing, documents, listing, panels, working

ROUTES = [*listing.ROUTES, *directing.ROUTES, *working.ROUTES]
PANELS = panels.PANELS
DOCUMENT_PANELS = documents.PANELS
DOCUMENT_COLUMNS = documents.COLUMNS
REFERENCES = documents.REFERENCES
