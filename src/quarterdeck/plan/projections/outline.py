"""Reasons as the plain values that a JSON column takes, and back."""

from collections.abc import Iterable
from typing import Any

import msgspec

from quarterdeck.plan.events import Reason


def as_json(reasons: Iterable[Reason]) -> list[Any]:
    return [msgspec.to_builtins(reason) for reason in reasons]


def reasons_from(stored: Iterable[Any]) -> tuple[Reason, ...]:
    return msgspec.convert(list(stored), tuple[Reason, ...])
