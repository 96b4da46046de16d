"""What a newcomer sees first: the demo runs from its first alert to the review that is due, and ends well."""

import re
import subprocess
import sys


def test_the_demo_tells_its_whole_story_in_the_terminal() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "quarterdeck", "demo", "--headless"], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr
    for said in (
        "1,240 alerts accepted",
        "They are one incident",
        "Your phone rang once",
        "was killed (-9)",
        "0 are lost",
        "Resolved.",
        "A review is due",
        "every chain holds",
    ):
        assert said in run.stdout
    assert len(re.findall(r"^ +\$ (quarterdeck|curl|kill)", run.stdout, re.MULTILINE)) >= 8, (
        "each line names the command that does the same"
    )
    assert "Traceback" not in run.stderr
