"""Reckoning that takes seconds, in a process of its own, so that no page and no pager waits for it.

One process for each call, ended with it: nothing is kept that could be left behind when the house is killed.
"""

import os
import pickle  # between two processes of ours; nothing from outside is ever loaded
import subprocess
import sys
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

T = TypeVar("T")
_one_at_a_time = Lock()


def apart(function: Callable[..., T], *given: Any) -> T:
    """`function(*given)`, reckoned elsewhere; it raises what the function raises.

    Function, arguments and answer must be picklable. Starting takes about half a second; whoever comes second waits.
    """
    asked = pickle.dumps((function, given))
    with _one_at_a_time:
        done = subprocess.run(  # noqa: S603  # our own interpreter and module, no shell
            [sys.executable, "-m", __name__], input=asked, stdout=subprocess.PIPE, check=False
        )
    if done.returncode != 0:
        raise RuntimeError(f"the reckoning ended with exit code {done.returncode}")
    well, answer = pickle.loads(done.stdout)  # noqa: S301  # from the process that we have just started
    if not well:
        raise answer
    return answer  # type: ignore[no-any-return]  # what `function` returned


def _main() -> None:
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not stand in the answer
    function, given = pickle.load(sys.stdin.buffer)  # noqa: S301  # from the process that has started us
    try:
        answer = (True, function(*given))
    except Exception as error:
        answer = (False, error)
    with out:
        pickle.dump(answer, out)


if __name__ == "__main__":
    _main()
