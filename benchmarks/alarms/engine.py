"""A real engine process on the benchmark's database, to be killed."""

import sys
import time

from benchmarks.alarms.timer import record_of
from quarterdeck.app.engine import Engine
from quarterdeck.kernel.time import SystemClock
from quarterdeck.record import open_store

if __name__ == "__main__":
    Engine(record_of(open_store(sys.argv[1]), SystemClock()), (), {}).start()
    time.sleep(3600)
