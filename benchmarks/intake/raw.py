"""The raw store: the same signals by `actions.accept` in batches of 1,000, no HTTP, nothing waiting. Prints a rate.

python -m benchmarks.intake.raw HOME KIND SECONDS
"""

import sys
import time
from functools import partial
from pathlib import Path

from benchmarks.intake.requests import maker
from quarterdeck.app import homes, settings
from quarterdeck.intake import actions
from quarterdeck.intake.api.writer import DOOR
from quarterdeck.intake.rules import Arrival
from quarterdeck.intake.sources import pagerduty
from quarterdeck.record import Tx

_BATCH = 1000


def _accept(batch: list[Arrival], tx: Tx) -> None:
    actions.accept(tx, batch)


def main() -> None:
    home, kind, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    record = homes.open_record(settings.load(home))
    make, _ = maker(kind, "key", f"raw{time.time_ns() % 10**6:06}")
    done, spent = 0, 0.0
    while spent < seconds:
        batch = [pagerduty.parse(make().partition(b"\r\n\r\n")[2], "x").arrivals[0] for _ in range(_BATCH)]
        began = time.perf_counter()
        record.perform(DOOR, partial(_accept, batch))
        record.store.maintain()
        spent += time.perf_counter() - began
        done += _BATCH
    record.close()
    print(done / spent)


if __name__ == "__main__":
    main()
