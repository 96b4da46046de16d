"""Telling people, in the console: the composer, the incident's panels, and the brief for one who decides."""

from quarterdeck.comms.pages import composer, panels, public, reading

ROUTES = [*composer.ROUTES, *panels.ROUTES, *reading.ROUTES, *public.ROUTES]
PANELS = panels.PANELS
