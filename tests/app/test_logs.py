"""The log: what went wrong and where, never a secret, and nothing that acts on the reader's terminal."""

from collections.abc import Iterator

import pytest
import structlog

from quarterdeck.app import logs


@pytest.fixture
def configured() -> Iterator[None]:
    logs.configure()
    yield
    structlog.reset_defaults()


def _break(password: str) -> None:
    raise RuntimeError(f"broken, {len(password)} characters long")


@pytest.mark.usefixtures("configured")
def test_a_fault_is_logged_with_its_place_and_without_the_values_of_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    secret = "correct horse battery"
    try:
        _break(secret)
    except RuntimeError as error:
        structlog.get_logger("test").error("unexpected error", path="/sign-in", exc_info=error)
    written = capsys.readouterr().out
    assert "_break" in written and "broken, 21 characters long" in written
    assert "correct horse" not in written


@pytest.mark.usefixtures("configured")
def test_a_hostile_value_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("test").warning("refused", path="/x\n2026-01-01 [info] all is well\x1b[2J")
    written = capsys.readouterr().out
    assert written.count("\n") == 1 and "\x1b" not in written
