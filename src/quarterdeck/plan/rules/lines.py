"""How two texts differ in lines, in words; in linear time, since a plan's files may be long and come from outside."""

from collections import Counter


def lines_changed(old: str, new: str) -> str:
    """`2 lines were added and 1 removed, the first at line 14`."""
    before, after = old.splitlines(), new.splitlines()
    if before == after:
        return "only line ends changed"
    pairs = zip(before, after, strict=False)
    first = next((at for at, (a, b) in enumerate(pairs, 1) if a != b), min(len(before), len(after)) + 1)
    came, went = ((Counter(one) - Counter(other)).total() for one, other in ((after, before), (before, after)))
    if not came and not went:
        return f"lines were moved, the first at line {first}"
    added = f"{came} line{'s were' if came != 1 else ' was'} added" if came else ""
    removed = f"{went} {'' if came else 'line was ' if went == 1 else 'lines were '}removed" if went else ""
    return f"{' and '.join(part for part in (added, removed) if part)}, the first at line {first}"
