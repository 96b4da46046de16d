"""Routes compiled for speed: the first whose matchers all hold takes the signal."""

from collections.abc import Callable, Mapping, Sequence
from typing import Generic, TypeVar

R = TypeVar("R")
Test = Callable[[Mapping[str, str]], bool]
Match = tuple[str, str, str | tuple[str, ...] | None]
"""Label, operator, value."""


def _test(match: Match) -> Test:
    label, op, value = match
    if op == "exists":
        return lambda labels: label in labels
    if isinstance(value, tuple):
        wanted = frozenset(value)
        if op == "in":
            return lambda labels: labels.get(label, "") in wanted
        return lambda labels: labels.get(label, "") not in wanted
    text = value or ""
    if op == "=":
        return lambda labels: labels.get(label, "") == text
    if op == "!=":
        return lambda labels: labels.get(label, "") != text
    return lambda labels: labels.get(label, "").startswith(text)


class Router(Generic[R]):
    """Finds the first route for a set of labels. A missing label counts as empty, except for `exists`."""

    def __init__(self, routes: Sequence[tuple[R, Sequence[Match]]]) -> None:
        # Cheap exact tests run first: most routes then fail on one dictionary look-up.
        order = ("=", "in", "exists", "prefix", "not_in", "!=")
        self._routes = [
            (route, [_test(m) for m in sorted(matches, key=lambda m: order.index(m[1]))]) for route, matches in routes
        ]

    def find(self, labels: Mapping[str, str]) -> R | None:
        for route, tests in self._routes:
            for test in tests:
                if not test(labels):
                    break
            else:
                return route
        return None
