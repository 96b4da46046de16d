"""What a change is expected to do, as it is written down with the change: which measure, where, and when to look."""

import msgspec


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """`measure`: `step:PROCEDURE/STEP`, `factor:CODE`, `acknowledge`, `mitigate` or `resolve`.

    It is looked for in incidents of this type and service (None: any), after so many of them or so many days,
    whichever comes first.
    """

    measure: str
    type: str | None = None
    service: str | None = None
    uses: int = 5
    days: int = 90
