"""Direction for programs."""

from quarterdeck.direction.api import measuring, replaying, rostering

ROUTES = [*measuring.ROUTES, *replaying.ROUTES, *rostering.ROUTES]
