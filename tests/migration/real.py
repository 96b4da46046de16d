"""Public data that nobody in this project wrote, if it lies beside the checkout; tests without it skip aloud."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("QUARTERDECK_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


def real(name: str) -> Path:
    """A file or folder of it."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is not here; set QUARTERDECK_DATA to the folder that holds {name}")
    return path
