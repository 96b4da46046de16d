"""Sign-in, one's own profile, people and teams, keys, and the audit view, for people."""

from quarterdeck.governance.pages import audit, keys, own, people, sign_in

ROUTES = [*sign_in.ROUTES, *own.ROUTES, *people.ROUTES, *keys.ROUTES, *audit.ROUTES]

__all__ = ["ROUTES"]
