"""Readiness for people: exercises and their run sheets, and what a drill's incident belongs to."""

from quarterdeck.readiness.pages import contacting, documents, exercising, judging, panel, standing

ROUTES = [*exercising.ROUTES, *judging.ROUTES, *standing.ROUTES, *contacting.ROUTES]
PANELS = panel.PANELS
DOCUMENT_PANELS = documents.PANELS
DOCUMENT_COLUMNS = documents.COLUMNS
REFERENCES = documents.REFERENCES
