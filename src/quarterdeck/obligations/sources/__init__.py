"""The regimes that Quarterdeck ships: one data file each, with its source and worked examples."""

from functools import cache
from importlib.resources import files

from quarterdeck.obligations.events import Regime
from quarterdeck.obligations.rules.loading import Pack, pack_from


@cache
def packs() -> tuple[Pack, ...]:
    """All of them, by id."""
    folder = files("quarterdeck.obligations") / "packs"
    found = [
        pack_from(one.read_text(encoding="utf-8"), one.name) for one in folder.iterdir() if one.name.endswith(".yaml")
    ]
    return tuple(sorted(found, key=lambda pack: pack.regime.id))


@cache
def shipped() -> dict[str, Regime]:
    """Id → regime."""
    return {pack.regime.id: pack.regime for pack in packs()}
