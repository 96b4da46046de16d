"""The load of paging, from the pages that went out; drills are left out."""

import numpy as np
from sqlalchemy import Connection

from quarterdeck.direction.projections import measured_page
from quarterdeck.direction.rules.measures import DAY, Asked, Words, chosen
from quarterdeck.direction.rules.measures.load import Load, load
from quarterdeck.direction.views.measuring.held import Held
from quarterdeck.direction.views.measuring.population import joined, population
from quarterdeck.governance.views import people

_PAGES = Held(measured_page)


def paging_load(conn: Connection, asked: Asked, now: int, me: str | None = None) -> Load:
    """Of the pages of a period, with the filters of incidents; `me`: the person who asks, to be told their own."""
    held = _PAGES.columns(conn)
    found = joined(population(conn, "incidents"), held, "at")
    rows = chosen(found.columns, asked, found.causes) & (found.columns["drill"] == 0)
    at = found.columns["at"][rows]
    person = found.columns.words["person"]
    first = int(held["at"].min()) if len(held) else now
    weeks = max(0.0, (min(asked.until, now) - max(asked.since, first)) / (7 * DAY))
    zones = {one.id: one.zone for one in people(conn)}
    return load(at, Words(person.codes[np.flatnonzero(rows)], person.names), zones, weeks, me)


def read_ahead(conn: Connection) -> None:
    """Hold in memory what the pages of measures begin with."""
    for of in ("incidents", "queues"):
        population(conn, of, ("promised", "recurs", "came_back"))
    _PAGES.columns(conn)
