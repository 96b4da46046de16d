"""A whole history, batch by batch: each batch is recorded whole or not at all, so that a killed import can go on."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from quarterdeck.governance.rules import unguarded
from quarterdeck.kernel.errors import Invalid, QuarterdeckError
from quarterdeck.kernel.principal import Principal, history
from quarterdeck.migration.actions.history import Advance, advance, begin_import, end_import
from quarterdeck.migration.rules.asked import Seen
from quarterdeck.migration.rules.told import Rejection, Told
from quarterdeck.record import Record

BATCH = 250
"""Incidents in a transaction: enough to be fast, few enough that a page in between waits a fraction of a second."""
HOPELESS = 1_000
"""So many rejections before the first incident, and the file is taken for something else."""


@unguarded("it performs begin_import, advance and end_import, each under its own permission")
def bring_in_history(
    record: Record,
    who: Principal,
    *,
    items: Iterator[Told | Rejection],
    seen: Seen,
    after: Callable[[Advance], None],
    **beginning: Any,
) -> tuple[str, Advance]:
    """Bring in everything; returns the import's id and what became of it. `after` hears of each batch.

    What breaks it off is recorded with it and raised.
    """
    run: str = record.perform(who, partial(begin_import, **beginning))
    engine, total = history(run), Advance()
    try:
        for told, rejected in batches(items):
            done = record.perform(engine, partial(advance, run=run, told=told, rejected=rejected))
            total += done
            after(done)
    except QuarterdeckError as error:
        record.perform(engine, partial(end_import, run=run, rows=seen.rows, failure=str(error)))
        raise
    unmapped = {name: dict(found.most_common(100)) for name, found in seen.unmapped.items()}
    record.perform(engine, partial(end_import, run=run, rows=seen.rows, unmapped=unmapped))
    return run, total


@unguarded("it only parts a series into batches")
def batches(items: Iterator[Told | Rejection]) -> Iterator[tuple[list[Told], list[Rejection]]]:
    """Incidents and rejections, so many at a time. Raises `Invalid` if nothing but rejections comes."""
    hopeless: Counter[str] | None = Counter()
    while some := list(islice(items, BATCH)):
        told = [one for one in some if isinstance(one, Told)]
        rejected = [one for one in some if isinstance(one, Rejection)]
        if told:
            hopeless = None
        elif hopeless is not None:
            hopeless.update(one.reason for one in rejected if not one.apart)
            if hopeless.total() >= HOPELESS:
                reasons = tuple(f"{count} times: {reason}" for reason, count in hopeless.most_common(3))
                raise Invalid(f"None of the first {hopeless.total():,} rows tells of an incident.", reasons)
        yield told, rejected
