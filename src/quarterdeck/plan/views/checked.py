"""The check of a text that is asked for again and again: done once for each text, and kept for the last few."""

from collections.abc import Mapping

from quarterdeck.plan.rules.checking import Checked, check

_KEPT = 16
_known: dict[str, Checked] = {}


def checked_text(content_hash: str, files: Mapping[str, str]) -> Checked:
    """The check of these files. `content_hash`: theirs. Whoever asks must not change what it gets."""
    found = _known.get(content_hash)
    if found is None:
        found = check(files)
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)), None)
        _known[content_hash] = found
    return found
