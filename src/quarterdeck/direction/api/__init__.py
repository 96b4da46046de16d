"""Direction for programs."""

from quarterdeck.direction.api import replaying

ROUTES = [*replaying.ROUTES]
