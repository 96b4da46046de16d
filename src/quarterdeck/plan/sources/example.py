"""The plan that Quarterdeck ships: where a new home starts from, and what an import falls back on."""

from functools import cache
from importlib.resources import files
from pathlib import Path

from quarterdeck.plan.sources.directory import read_directory


def example_folder() -> Path:
    """Inside an installed package, or beside the source."""
    packaged = Path(str(files("quarterdeck"))) / "plan" / "example"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[4] / "examples" / "plan"


def example_files() -> dict[str, str]:
    """Its files, by name relative to its folder. Every post is held by `admin`."""
    return dict(_example())


@cache
def _example() -> dict[str, str]:
    texts, faults = read_directory(example_folder())
    assert not faults, faults
    return texts
