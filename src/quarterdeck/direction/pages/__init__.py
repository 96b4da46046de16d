"""Direction for people."""

from quarterdeck.direction.pages import replaying, rostering

ROUTES = [*replaying.ROUTES, *rostering.ROUTES]
