"""What is recorded of the organisation's debt: once a week, how much is overdue and whose it is."""

import msgspec

from quarterdeck.kernel.events import Event


class DebtOf(msgspec.Struct, frozen=True, kw_only=True):
    """One owner's part. `owner`: a person's id; None: what nobody looks after."""

    owner: str | None
    count: int
    oldest_days: int


class DebtNotesBegun(Event, frozen=True, kw_only=True):
    """From now on a note goes out every week. Stream `debt/main`."""


class DebtNoteDue(Event, frozen=True, kw_only=True):
    """A week has begun."""

    week: str
    """The ISO week: `2026-W10`."""


class DebtTold(Event, frozen=True, kw_only=True):
    """What was overdue at the beginning of the week; nothing is worth recording, too."""

    week: str
    count: int
    owners: tuple[DebtOf, ...] = ()
