"""What administrators do with a tracker: add it, say what goes there, renew its secrets, try it, remove it."""

from functools import partial

from sqlalchemy import delete, insert, update

from quarterdeck.governance.rules import Permission, permitted
from quarterdeck.governance.state import team
from quarterdeck.kernel.errors import Invalid
from quarterdeck.kernel.ids import secret as new_secret
from quarterdeck.learning.actions.people import actor
from quarterdeck.learning.kept import tracker_reading, tracker_secret
from quarterdeck.learning.rules import TRACKER, Tracker
from quarterdeck.learning.rules import tracker as rules
from quarterdeck.learning.rules.tracker import Place
from quarterdeck.record import Tx


@permitted(Permission.ADMINISTER)
def add_tracker(tx: Tx, *, tracker: str, kind: str, place: Place, token: str) -> str:
    """Add it and have it tried; returns the secret that its webhook has to sign with, shown this once."""
    tx.lock()
    token = token.strip()
    events = rules.add(tx.load(TRACKER, tracker), tracker, kind, place, token, actor(tx), tx.now)
    _known_teams(tx, place)
    tx.append(TRACKER, tracker, events)
    secret = new_secret("qh")
    tx.connection.execute(insert(tracker_secret).values(tracker=tracker, token=token, secret=secret))
    tx.connection.execute(insert(tracker_reading).values(tracker=tracker, since="", etag="", fault=""))
    return secret


@permitted(Permission.ADMINISTER)
def revise_tracker(tx: Tx, *, tracker: str, place: Place, token: str = "") -> None:
    """Say it otherwise, and have it tried. What would show the token to another host has to bring the token anew."""
    tx.lock()
    state = tx.existing(TRACKER, tracker)
    events = rules.revise(state, place, actor(tx), tx.now)
    _known_teams(tx, place)
    after = tx.append(TRACKER, tracker, events)
    if token.strip():
        _put_token(tx, after, token)
    elif after.place.base_url != state.place.base_url:
        raise Invalid("The token would go to another address.", ("token: give it again, for the new base address",))
    if after.place != state.place:
        _read_anew(tx, tracker)


@permitted(Permission.ADMINISTER)
def replace_tracker_token(tx: Tx, *, tracker: str, token: str) -> None:
    """Show another token from now on, and have it tried."""
    tx.lock()
    _put_token(tx, tx.existing(TRACKER, tracker), token)


def _put_token(tx: Tx, state: Tracker, token: str) -> None:
    token = token.strip()
    tx.append(TRACKER, state.id, rules.replace_token(state, token, actor(tx), tx.now))
    mine = tracker_secret.c.tracker == state.id
    tx.connection.execute(update(tracker_secret).where(mine).values(token=token))
    tx.connection.execute(
        update(tracker_reading).where(tracker_reading.c.tracker == state.id).values(paused_until=None)
    )


@permitted(Permission.ADMINISTER)
def renew_tracker_secret(tx: Tx, *, tracker: str) -> str:
    """A new secret for the webhook; the old one is void at once. Returns it, shown this once."""
    tx.lock()
    tx.decide(TRACKER, tracker, partial(rules.replace_secret, by=actor(tx), now=tx.now))
    secret = new_secret("qh")
    tx.connection.execute(update(tracker_secret).where(tracker_secret.c.tracker == tracker).values(secret=secret))
    return secret


@permitted(Permission.ADMINISTER)
def try_tracker(tx: Tx, *, tracker: str) -> None:
    """The engine tries it and says what works."""
    tx.decide(TRACKER, tracker, partial(rules.try_it, by=actor(tx), now=tx.now))
    tx.connection.execute(update(tracker_reading).where(tracker_reading.c.tracker == tracker).values(paused_until=None))


@permitted(Permission.ADMINISTER)
def remove_tracker(tx: Tx, *, tracker: str) -> None:
    """Nothing goes there any more; its secrets are deleted. Issues that stand there are left alone."""
    tx.lock()
    tx.decide(TRACKER, tracker, partial(rules.remove, by=actor(tx), now=tx.now))
    for table in (tracker_secret, tracker_reading):
        tx.connection.execute(delete(table).where(table.c.tracker == tracker))


def _read_anew(tx: Tx, tracker: str) -> None:
    mine = tracker_reading.c.tracker == tracker
    tx.connection.execute(update(tracker_reading).where(mine).values(since="", etag="", paused_until=None, fault=""))


def _known_teams(tx: Tx, place: Place) -> None:
    unknown = [one for one in place.teams if place.sends == "team" and team(tx, one) is None]
    if unknown:
        raise Invalid("There is no such team.", tuple(f"teams: {one[:60]!r}" for one in unknown))
