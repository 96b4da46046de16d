"""What differs between two plans, leaf by leaf and whole: nothing that changed is left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quarterdeck.plan.rules.difference_words import Change, sentence
from quarterdeck.plan.rules.model import Plan

_KEYED: Mapping[tuple[str, ...], str] = {
    ("severity", "impact"): "id",
    ("severity", "urgency"): "id",
    ("procedures", "*", "steps"): "id",
    ("routing",): "name",
    ("communication", "elevation"): "name",
    ("communication", "status_page", "parts"): "id",
}
"""Lists whose items have a name of their own: an item that moved is not one that changed."""
_NUMBERED = (("escalation", "*", "levels"),)
"""Lists whose items are told by their place, from 1."""
_MISSING = object()


@dataclass(frozen=True)
class Difference:
    """One change. `clause`: its dotted path, items of lists by their names; values are JSON, None if there is none."""

    clause: str
    before: Any
    after: Any
    sentence: str


def differences(old: Plan | None, new: Plan) -> tuple[Difference, ...]:
    """Every change from `old` to `new`, in the order of the plan; none for equal plans. `old` None: all is new."""
    after = new.model_dump(mode="json")
    before = _empty(after) if old is None else old.model_dump(mode="json")
    found = _walk((), before, after)
    return tuple(
        Difference(
            ".".join(path),
            None if was is _MISSING else was,
            None if becomes is _MISSING else becomes,
            sentence(Change(path, was, becomes, was is _MISSING, becomes is _MISSING, old or new, new)),
        )
        for path, was, becomes in found
    )


def document_of(clause: str) -> str:
    """The key of the document that a clause belongs to: `procedure:fix` for `procedures.fix.steps.look.within`."""
    section, _, rest = clause.partition(".")
    kind = {"policies": "policy", "procedures": "procedure", "guidelines": "guideline"}.get(section)
    return f"{kind}:{rest.partition('.')[0]}" if kind else "plan"


def clauses(plan: Plan) -> Mapping[str, Any]:
    """Every clause of a plan, at every depth, with its JSON value: what `why` can be asked of."""
    found: dict[str, Any] = {}

    def gather(path: tuple[str, ...], value: Any) -> None:
        found[".".join(path)] = value
        entries = value if isinstance(value, dict) else None
        if isinstance(value, list) and (pair := _named(path, value, value)):
            entries = pair[0]
        for name, inner in (entries or {}).items():
            gather((*path, name), inner)

    gather((), plan.model_dump(mode="json"))
    del found[""]
    return found


Found = tuple[tuple[str, ...], Any, Any]


def _walk(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Found]:
    if type(old) is type(new) and old == new:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _entries(path, old, new)
    elif isinstance(old, list) and isinstance(new, list) and (pair := _named(path, old, new)):
        yield from _entries(path, *pair)
        order = [[name for name in one if name in other] for one, other in (pair, pair[::-1])]
        if order[0] != order[1]:
            yield (*path, "order"), order[0], order[1]
    else:
        yield path, old, new


def _entries(path: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Found]:
    for name in (*new, *(name for name in old if name not in new)):
        was, becomes = old.get(name, _MISSING), new.get(name, _MISSING)
        if was is _MISSING or becomes is _MISSING:
            yield (*path, name), was, becomes
        else:
            yield from _walk((*path, name), was, becomes)


def _named(path: tuple[str, ...], *lists: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Two lists as maps by name or number; None if their items have none that tells them apart."""
    if any(_fits(path, pattern) for pattern in _NUMBERED):
        old, new = ({str(number): item for number, item in enumerate(items, 1)} for items in lists)
        return old, new
    field = next((field for pattern, field in _KEYED.items() if _fits(path, pattern)), None)
    if field is None:
        return None
    old, new = ({item[field]: item for item in items} for items in lists)
    return (old, new) if [len(old), len(new)] == [len(items) for items in lists] else None


def _fits(path: Sequence[str], pattern: Sequence[str]) -> bool:
    return len(path) == len(pattern) and all(want in ("*", part) for part, want in zip(path, pattern, strict=True))


def _empty(document: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with nothing in it, of the same outline, so that everything in the other is told as new."""
    blank: dict[str, Any] = {}
    for name, value in document.items():
        blank[name] = {} if isinstance(value, dict) else [] if isinstance(value, list) else None
    blank["severity"] = {"impact": [], "urgency": [], "matrix": {}, "levels": {}}
    blank["communication"] = {"audiences": {}, "elevation": [], "status_page": None}
    return blank
