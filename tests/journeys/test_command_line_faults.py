"""What can be wrong before it runs is said in one line, with the remedy and exit code 2; SIGTERM ends it cleanly."""

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.journeys.installed import COMMAND, await_, quarterdeck


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("faults") / "home"
    assert quarterdeck("init", made).returncode == 0
    return made


def refused(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    assert done.returncode == 2, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    for word in words:
        assert word in line
    assert "Traceback" not in done.stdout


def test_a_port_that_is_taken(home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = quarterdeck("serve", "--home", home, "--port", str(port))
    refused(done, f"127.0.0.1:{port}", "--port")
    assert "Quarterdeck is at" not in done.stdout


def test_no_home_there(tmp_path: Path) -> None:
    refused(quarterdeck("serve", "--home", tmp_path / "none"), "quarterdeck init")


def test_a_home_is_not_made_twice(home: Path) -> None:
    refused(quarterdeck("init", home), "is a home already", "quarterdeck serve")


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("mysql://x", "postgresql://"),
        ("postgresql://a:b:c:d/", "postgresql://"),
        ("postgresql://nobody@127.0.0.1:1/none", "`database`"),
        ("sqlite:////proc/none/quarterdeck.db", "/proc/none"),
    ],
)
def test_a_wrong_database_leaves_no_half_home(url: str, word: str, tmp_path: Path) -> None:
    refused(quarterdeck("init", tmp_path / "home", "--database", url), word)
    assert not (tmp_path / "home" / "quarterdeck.toml").exists(), "the directory can be used once the address is right"


def test_a_file_where_the_home_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(quarterdeck("init", tmp_path / "file"), "File exists")


def test_a_home_that_may_not_be_written(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "quarterdeck.toml").write_text('secret_key = "s"')
    home.chmod(0o500)
    command = [*COMMAND, "serve", "--home", str(home), "--port", "0"]
    if os.geteuid() == 0:  # root may write anywhere: drop the capability that lets it
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--", *command]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    refused(done, "Permission denied", "write")


@pytest.mark.parametrize("what", ["serve", "engine"])
def test_sigterm_ends_it_cleanly(what: str, home: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    port = [] if what == "engine" else ["--port", "0"]
    with log.open("wb") as stream:
        process = subprocess.Popen([*COMMAND, what, "--home", str(home), *port], stdout=stream, stderr=stream)
    await_("its first line", lambda: "runs" in log.read_text() or "is at http" in log.read_text())
    time.sleep(0.5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0, log.read_text()
    assert "Traceback" not in log.read_text()
