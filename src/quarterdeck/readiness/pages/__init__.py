"""Readiness for people: exercises and their run sheets, and what a drill's incident belongs to."""

from quarterdeck.readiness.pages import exercising, judging, panel, standing

ROUTES = [*exercising.ROUTES, *judging.ROUTES, *standing.ROUTES]
PANELS = panel.PANELS
