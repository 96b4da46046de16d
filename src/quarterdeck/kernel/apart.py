"""Reckoning that takes seconds, in a process of its own, so that no page waits for it."""

import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")


def apart(function: Callable[..., T], *given: Any) -> T:
    """`function(*given)`, reckoned elsewhere. Function, arguments and answer must be picklable; one is done at a time.

    The process is kept for the next; if it was killed, a new one begins once more.
    """
    try:
        return _elsewhere().submit(function, *given).result()
    except BrokenProcessPool:
        _elsewhere.cache_clear()
        return _elsewhere().submit(function, *given).result()


@lru_cache(maxsize=1)
def _elsewhere() -> ProcessPoolExecutor:
    # Spawned, not forked: a fork would copy locks that threads of ours hold.
    return ProcessPoolExecutor(1, get_context("spawn"), _leave_the_keyboard_to_our_parent)


def _leave_the_keyboard_to_our_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
