"""Pages on time, and a storm: a real `quarterdeck serve` over HTTP, paging a fake provider that keeps its own log.

python -m benchmarks.paging.bench         [--store sqlite|postgresql|both] [--alerts 3000] [--per-second 50]
python -m benchmarks.paging.bench --storm [--store …] [--alerts 100000] [--seconds 300] [--watch 900]
python -m benchmarks.paging.bench --storm --short     # 10,000 alerts in 30 s, watched for 45 s
"""

import argparse
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.paging import latency, storm

say = Console(width=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--storm", action="store_true", help="instead of latency")
    parser.add_argument("--short", action="store_true", help="500 alerts; the storm: 10,000 in 30 s, watched for 45 s")
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="sqlite")
    parser.add_argument("--alerts", type=int, help="3,000; the storm: 100,000")
    parser.add_argument("--per-second", type=float, default=50, help="latency only")
    parser.add_argument("--seconds", type=float, help="storm only: how long the alerts go on (300)")
    parser.add_argument("--watch", type=float, help="storm only: seconds from the first alert on (900)")
    given = parser.parse_args()
    for store in ("sqlite", "postgresql") if given.store == "both" else (given.store,):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder) / "home"
            if given.storm:
                alerts, seconds, watch = (10_000, 30.0, 45.0) if given.short else (100_000, 300.0, 900.0)
                alerts, seconds = given.alerts or alerts, given.seconds or seconds
                say.print(storm.measure(store, home, alerts, seconds, given.watch or watch))
            else:
                alerts = given.alerts or (500 if given.short else 3000)
                say.print(latency.measure(store, home, alerts, given.per_second))


if __name__ == "__main__":
    main()
