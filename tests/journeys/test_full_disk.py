"""A full disk: alerts are refused with 503, nothing acknowledged is lost, and with room again it goes on by itself."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.installed import Installed, Provider, ask, await_, quarterdeck

SIZE = 8 * 1024 * 1024


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-o", f"size={SIZE}", "none", str(folder)]
    if subprocess.run(["mount", "-t", "tmpfs", *options], capture_output=True, check=False).returncode:
        pytest.skip("a full disk is tested on a small tmpfs, and mounting one needs root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_refuses_and_then_goes_on(small_disk: Path) -> None:
    provider = Provider()
    house = Installed(small_disk / "home", provider)
    try:
        _story(house, small_disk / "ballast")
    finally:
        house.stop()
        provider.stop()


def _story(house: Installed, ballast: Path) -> None:
    house.start()
    accepted = [f"a{i}" for i in range(3)]
    assert [house.alert(key).status for key in accepted] == [202] * 3
    await_("the first pages", lambda: house.paged(*accepted))
    _fill(ballast)
    answer, count = house.alert("b0"), 0
    while answer.status == 202:  # what was reserved already may still be written
        accepted.append(f"b{count}")
        count += 1
        assert count < 2000, "the disk is full"
        answer = house.alert(f"b{count}")
    assert answer.status == 503, answer.text
    assert answer.headers["Retry-After"]
    declared = house.post("/api/incidents", {"title": "Disk full"})
    assert (declared.status, declared.headers["Content-Type"]) == (503, "application/problem+json"), declared.text
    assert declared.headers["Retry-After"]
    assert ask(f"{house.base}/healthz").status == 200
    ballast.unlink()
    await_("alerts to be accepted again", lambda: house.alert("c0").status == 202)
    accepted.append("c0")
    await_("every accepted alert to be paged", lambda: house.paged(*accepted), 40)
    assert house.started[0].poll() is None, "the same process, not a new one"
    done = quarterdeck("verify", "--home", house.home)
    assert done.returncode == 0, done.stdout


def _fill(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
