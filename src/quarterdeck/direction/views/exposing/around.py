"""What stands on the pages of others: the loss that one improvement should avoid, and what one service costs a year."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection

from quarterdeck.direction.rules.exposure import Exposure, weigh
from quarterdeck.direction.rules.exposure.wording import amount, figures
from quarterdeck.direction.rules.portfolio import Effect, cells
from quarterdeck.direction.rules.statistics import CONFIDENCE, Estimate
from quarterdeck.direction.views.exposing.afterwards import After, after_action
from quarterdeck.direction.views.exposing.exposure import SEED
from quarterdeck.direction.views.exposing.ledger import Ledger, ledger
from quarterdeck.direction.views.exposing.portfolio import NO_EFFECT, NO_EFFORT
from quarterdeck.direction.views.exposing.touching import Touching, touched_words
from quarterdeck.kernel.errors import NotFound
from quarterdeck.kernel.time import Instant
from quarterdeck.learning.events.effects import Expectation
from quarterdeck.learning.views import improvement

_DRAWS = 1_000


@dataclass(frozen=True)
class Worth:
    """`sentence`: what it should avoid, or why nobody can say. `lacking`: what has to be named. `after`: since."""

    sentence: str
    lacking: tuple[str, ...]
    after: After | None


def worth(conn: Connection, number: int, now: Instant) -> Worth | None:
    """Of an improvement that is to be done or was verified; None of any other."""
    try:
        row = improvement(conn, number)
    except NotFound:
        return None
    if row.verified_at is not None:
        since = after_action(conn, number, now)
        return Worth(since.sentence, (), since) if since else None
    if not row.to_do:
        return None
    lacking = tuple(
        why
        for why, there in ((NO_EFFORT, row.person_days is not None), (NO_EFFECT, row.falls_by is not None))
        if not there
    )
    if row.expects is None or row.falls_by is None:
        return Worth("", lacking, None)
    book = ledger(conn, now)
    found = _avoided(book, Touching(conn, book), row.expects, row.falls_by)
    about = touched_words(row.expects)
    if found is None:
        why = "less than 4 weeks are on record" if book.too_short else f"no loss is on record of {about}"
        return Worth(f"Nobody can say yet what it avoids: {why}.", lacking, None)
    counted = "one incident" if found.n == 1 else f"{found.n:,} incidents"
    said = f"It should avoid {_a_year(found, book.unit)}"
    if row.person_days and found.value:
        said += f", {figures(found.value / row.person_days)} for each person-day"
    which = " of all kinds" if about == "every incident" else about.removeprefix("incidents")
    return Worth(f"{said}. Reckoned from {counted}{which}.", lacking, None)


def _avoided(
    book: Ledger, touching: Touching, expects: Expectation, falls: tuple[float, float, float]
) -> Estimate | None:
    """The loss a year that it should avoid by itself; None where the record holds nothing to reckon it from."""
    touched = touching.losses(expects)
    n = int(np.count_nonzero(touched))
    if book.too_short or n == 0:
        return None
    die, effect = np.random.default_rng(SEED), Effect(*falls)
    parted = cells([touched], book.losses.values, book.years)
    drawn = parted.drawn(die, _DRAWS).sum(axis=1) * effect.drawn(die, _DRAWS)
    err = (1 - CONFIDENCE) / 2
    low, high = (float(one) for one in np.quantile(drawn, [err, 1 - err]))
    return Estimate(float(parted.annual.sum()) * effect.mean, low, high, n)


def _a_year(found: Estimate, unit: str) -> str:
    assert found.value is not None and found.low is not None and found.high is not None
    return f"about {amount(found.value, unit)} a year (95 %: {figures(found.low)} to {figures(found.high)})"


@dataclass(frozen=True)
class ServiceLoss:
    """What the service's incidents cost a year; `priced`: the catalogue says what an hour costs."""

    ledger: Ledger
    exposure: Exposure
    priced: bool


def service_loss(conn: Connection, id: str, now: Instant) -> ServiceLoss | None:
    """None: no incident of it is on record."""
    book = ledger(conn, now, filters={"service": id})
    if not len(book.losses.rows):
        return None
    found = weigh(book.losses.values, max(book.years, 1e-9), np.random.default_rng(SEED), simulate=not book.too_short)
    return ServiceLoss(book, found, id in book.rates)
