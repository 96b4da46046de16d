"""Direction for people."""

from quarterdeck.direction.pages import replaying

ROUTES = [*replaying.ROUTES]
