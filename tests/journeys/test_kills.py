"""The short form of benchmarks/crash: real processes, killed at random, three books compared."""

from pathlib import Path

from benchmarks.crash.bench import run


def test_three_hundred_kills_lose_no_acknowledged_event_and_no_page(tmp_path: Path) -> None:
    home = tmp_path / "home"
    outcome = run(f"sqlite:///{home}/quarterdeck.db", home, kills=300, seed=20261124)
    assert outcome.acknowledged > 50, "alerts flowed in between the kills"
    assert outcome.lost == 0
    assert outcome.pages_lost == 0
    assert outcome.pages >= outcome.acknowledged
    assert outcome.duplicates <= outcome.kills
    assert outcome.most_often <= 3
    assert outcome.whole
