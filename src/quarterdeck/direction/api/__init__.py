"""Direction for programs."""

from quarterdeck.direction.api import replaying, rostering

ROUTES = [*replaying.ROUTES, *rostering.ROUTES]
