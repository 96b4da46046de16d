"""How a page or a paper names who did something."""

from collections.abc import Mapping


def actor(by: str, names: Mapping[str, str]) -> str:
    """A person's name; what acted without a person is said plainly."""
    if by == "engine":
        return "Quarterdeck itself"
    if by.startswith("local"):
        return "the operator at the host"
    return names.get(by.removeprefix("person/"), by)
