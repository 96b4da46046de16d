"""Homes made and run with the real command line, ended when the journey ends."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.postgres import Server
from tests.journeys.installed import Installed, Make, Provider


@pytest.fixture
def make(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Make]:
    """`make("sqlite")` or `make("postgresql")`: a home with its own database and provider."""
    provider, made = Provider(), []

    def one(store: str) -> Installed:
        server: Server | None = request.getfixturevalue("postgres_server") if store == "postgresql" else None
        made.append(Installed(tmp_path / "home", provider, server.create_database() if server else None))
        return made[-1]

    yield one
    for house in made:
        house.stop()
    provider.stop()
