"""The scenarios that Quarterdeck ships for its example plan."""

from functools import cache
from importlib.resources import files
from pathlib import Path


def example_folder() -> Path:
    """Inside an installed package, or beside the source."""
    packaged = Path(str(files("quarterdeck"))) / "readiness" / "example"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[4] / "examples" / "scenarios"


@cache
def example_scenarios() -> dict[str, str]:
    """Their texts, by name without its ending."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(example_folder().glob("*.yaml"))}
