"""Does the same thing hurt us twice? A factor that the service had met in another incident not long before."""

import numpy as np

from quarterdeck.direction.rules.measures.columns import MISSING
from quarterdeck.direction.rules.measures.slicing import DAY
from quarterdeck.direction.rules.statistics import Counts

WITHIN_DAYS = 180


def recurrences(rows: Counts, codes: Counts, service: Counts, when: Counts) -> Counts:
    """For each incident 1 if one of its factors had come before, 0 if none had, and missing if it has no factor.

    `rows` and `codes` (a number): an agreed factor each. `service` (a code) and `when` are columns of all incidents.
    """
    found = np.full(len(when), MISSING, dtype=np.int64)
    order = np.lexsort((rows, when[rows], codes, service[rows]))
    rows, codes = rows[order], codes[order]
    owner = service[rows]
    same = (owner[1:] == owner[:-1]) & (codes[1:] == codes[:-1])
    fresh = np.append(True, ~same | (rows[1:] != rows[:-1]))[: len(rows)]
    rows, codes, owner = rows[fresh], codes[fresh], owner[fresh]  # found twice in one incident is no recurrence
    met = (owner[1:] == owner[:-1]) & (codes[1:] == codes[:-1]) & (owner[1:] >= 0)
    again = met & (when[rows[1:]] - when[rows[:-1]] <= WITHIN_DAYS * DAY)
    found[rows] = 0
    found[rows[1:][again]] = 1
    return found
