"""Does the same thing hurt us twice? A factor that the service had met in another incident not long before."""

from collections.abc import Sequence

import numpy as np

from quarterdeck.direction.rules.measures.columns import MISSING
from quarterdeck.direction.rules.measures.slicing import DAY
from quarterdeck.direction.rules.statistics import Counts

WITHIN_DAYS = 180


def recurrences(rows: Counts, codes: Sequence[str], service: Counts, when: Counts) -> Counts:
    """For each incident 1 if one of its factors had come before, 0 if none had, and missing if it has no factor.

    `rows` and `codes`: an agreed factor each. `service` (a code) and `when` are columns of all incidents.
    """
    found = np.full(len(when), MISSING, dtype=np.int64)
    last: dict[tuple[int, str], int] = {}
    order = sorted(range(len(codes)), key=lambda i: (int(when[rows[i]]), int(rows[i])))
    met: dict[tuple[int, str], int] = {}
    for i in order:
        row = int(rows[i])
        key, at = (int(service[row]), codes[i]), int(when[row])
        before = last.get(key)
        if met.get(key) != row:  # the same factor found twice in one incident is no recurrence
            last[key], met[key] = at, row
        else:
            before = None
        again = key[0] >= 0 and before is not None and at - before <= WITHIN_DAYS * DAY
        found[row] = max(int(found[row]), int(again)) if found[row] != MISSING else int(again)
    return found
