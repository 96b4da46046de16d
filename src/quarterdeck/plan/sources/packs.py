"""The rule packs that Quarterdeck ships: data files of requirements with their citations."""

from functools import cache
from importlib.resources import files

from ruamel.yaml import YAML

from quarterdeck.plan.rules.completeness import Pack


@cache
def packs() -> tuple[Pack, ...]:
    """All of them, by id."""
    folder = files("quarterdeck.plan") / "packs"
    found = [
        Pack.model_validate(YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8")), strict=False)
        for path in folder.iterdir()
        if path.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda pack: pack.id))
