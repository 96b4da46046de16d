"""Whom an id means, in words for people: ours by name, those of other systems as these call them."""

from collections.abc import Mapping

SOURCE = "source/"
UNTOLD = "not told"


def called(names: Mapping[str, str], id: str) -> str:
    """The name; of an unknown person the id; of nobody that a history names, “not told”."""
    if id in names or not id.startswith(SOURCE):
        return names.get(id, id)
    return id.removeprefix(SOURCE) or UNTOLD
