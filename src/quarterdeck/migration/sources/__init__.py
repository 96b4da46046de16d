"""Readers of what others hold, one per form; they know nothing of one another."""

import importlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from quarterdeck.migration.rules.asked import Asked
from quarterdeck.migration.rules.formats import FORMATS, Format
from quarterdeck.migration.rules.mapping import Mapping, mapping_of
from quarterdeck.migration.rules.told import Rejection, Told


def read_history(format: Format, path: Path, asked: Asked) -> Iterator[Told | Rejection]:
    """The incidents of a file, and a rejection for whatever is none. Raises `Invalid` for a file as a whole."""
    source: Any = importlib.import_module(f"quarterdeck.migration.sources.{format.source}")
    found: Iterator[Told | Rejection] = source.read(path, asked)
    return found


def mapping_text(name: str) -> str:
    """A mapping that Quarterdeck ships, as its file."""
    return (resources.files("quarterdeck.migration") / "mappings" / f"{name}.yaml").read_text(encoding="utf-8")


def shipped_mapping(format: Format) -> Mapping | None:
    return None if format.mapping is None else mapping_of(mapping_text(format.mapping), f"{format.mapping}.yaml")


__all__ = ["FORMATS", "mapping_text", "read_history", "shipped_mapping"]
