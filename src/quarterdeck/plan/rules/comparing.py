"""Two texts of a plan compared in words, whether or not they can be read as plans."""

from collections.abc import Mapping, Sequence

from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.differences import differences
from quarterdeck.plan.rules.lines import lines_changed

MOST_TOLD = 20


def compared(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """What `new` says differently, a sentence for each change; of texts that only differ as texts, which lines."""
    if dict(old) == dict(new):
        return ()
    before, after = check(old).plan, check(new).plan
    if before and after and (changes := differences(before, after)):
        return tuple(change.sentence for change in changes)
    names = sorted({*old, *new})
    return tuple(_of_file(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))


def told(sentences: Sequence[str], most: int = MOST_TOLD) -> str:
    """The sentences in a row; of a long list the first ones and how many there are beside them."""
    if not sentences:
        return "nothing."
    rest = len(sentences) - most
    return "; ".join(sentences[:most]) + (f"; and {rest} more." if rest > 0 else ".")


def _of_file(name: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{name} is new"
    if new is None:
        return f"{name} is no longer there"
    return f"{name}: {lines_changed(old, new)}"
