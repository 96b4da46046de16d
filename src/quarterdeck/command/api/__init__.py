"""Incidents for programs: read them, declare them, and change their state by posting to what the change is called."""

from quarterdeck.command.api import directing, reading, working

ROUTES = [*reading.ROUTES, *directing.ROUTES, *working.ROUTES]
