"""Reckoning in a process of its own."""

import os
from math import factorial

import pytest

from quarterdeck.kernel.apart import apart
from quarterdeck.kernel.errors import Invalid
from quarterdeck.oncall.rules.document import read_text


def test_an_answer_and_a_refusal_come_back_from_another_process() -> None:
    assert apart(factorial, 20) == factorial(20)
    assert apart(os.getpid) not in (os.getpid(), apart(os.getpid))
    with pytest.raises(Invalid, match="is not YAML"):
        apart(read_text, "{", "task")
    with pytest.raises(RuntimeError, match="exit code 3"):
        apart(os._exit, 3)
