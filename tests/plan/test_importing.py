"""A plan written in Markdown becomes a draft that passes the check; nothing is dropped, and what is open is listed."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.example import example_files
from quarterdeck.plan.sources.importing import Imported, imported

DATA = Path(os.environ.get("QUARTERDECK_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))

DURING = """# Incident response plan for {{COMPANY}}

## Assess

1. **Stay calm** and look.
1. Decide whether it is an incident. `TODO: say who decides`
   * If in doubt, it is.
1. Call the commander.

| a | b |
|---|---|
| 1 | 2 |
"""
SCRIBE = """## Role: Scribe

### Duties

1. Note what happens.
2. Note *when*.

### Authority

* Interrupt anybody.
"""
COMMANDER = "## Role: Incident Commander (IC)\n\n### Duties\n\n1. Decide.\n"
PHISHING = "## Playbook: Phishing\n\n1. Find who got it.\n2. Remove it everywhere.\n3. Change the passwords.\n"
STUB = "## Playbook: Supply chain\n\n1. TODO\n\n![A picture](x.png)\n"
TEXTS = {
    "during.md": DURING,
    "roles/scribe.md": SCRIBE,
    "roles/commander.md": COMMANDER,
    "playbooks/playbook-phishing.md": PHISHING,
    "playbooks/playbook-supply-chain.md": STUB,
    "reference/glossary.md": "# Glossary\n\nWords, and what they mean.\n",
    "info.yml": "COMPANY: '{{COMPANY}}'\n",
}


def brought_in(texts: dict[str, str] | None = None) -> Imported:
    return imported(TEXTS if texts is None else texts, example=example_files(), login="admin")


def test_the_draft_passes_the_check() -> None:
    plan = check(brought_in().files).sound()
    assert plan.name == "Incident response plan"
    assert set(plan.procedures) == {"during", "phishing", "supply-chain"}
    assert set(plan.roles) == {"incident-commander", "scribe"}
    assert plan.commander == "incident-commander"
    assert plan.roles["scribe"].duties == ("Note what happens.", "Note when.")
    assert plan.roles["scribe"].authority == ("Interrupt anybody.",)


def test_numbered_items_become_steps_with_what_stands_below_them() -> None:
    steps = check(brought_in().files).sound().procedures["during"].steps
    assert [step.title for step in steps] == [
        "Stay calm and look",
        "Decide whether it is an incident",
        "Call the commander",
    ]
    assert steps[1].details == "* If in doubt, it is."


def test_every_text_is_kept_word_for_word() -> None:
    plan = check(brought_in().files).sound()
    assert plan.procedures["during"].text == DURING.strip()
    assert plan.guidelines["reference-glossary"].text == "# Glossary\n\nWords, and what they mean."
    assert plan.guidelines["roles-scribe"].text == SCRIBE.strip()


def test_blanks_stubs_and_what_was_not_understood_are_listed_with_their_place() -> None:
    found = {(one.what, one.place): one.text for one in brought_in().findings}
    assert found["blank", "during.md:1"] == "{{COMPANY}}"
    assert found["blank", "during.md:6"] == "TODO: say who decides"
    assert found["blank", "info.yml:1"] == "{{COMPANY}}"
    assert "is a stub" in found["stub", "procedures.supply-chain"]
    assert found["not-understood", "during.md:10"].startswith("a table")
    assert found["not-understood", "playbooks/playbook-supply-chain.md:5"] == "a picture: x.png"
    assert "nothing says what the role may decide" in found["missing", "roles/commander.md:1"]
    assert ("taken-from-example", "severity") in found


def test_severities_are_taken_from_a_text_that_has_them() -> None:
    more = {**TEXTS, "severity.md": "# Severities\n\n## SEV-1: Critical\n\nNobody can pay.\n"}
    result = brought_in(more)
    assert check(result.files).sound().severity.levels["SEV1"].meaning == "Nobody can pay."
    assert ("taken-from-example", "severity") not in {(one.what, one.place) for one in result.findings}


def test_no_text_at_all_gives_the_example_and_says_so() -> None:
    result = brought_in({"hello.md": "Hello."})
    assert check(result.files).sound().procedures
    assert ("taken-from-example", "procedures") in {(one.what, one.place) for one in result.findings}


NAMES = st.from_regex(r"[a-z]{1,8}/?[a-z]{1,8}\.md", fullmatch=True)


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(NAMES, st.text(max_size=400), min_size=1, max_size=4))
def test_whatever_is_written_nothing_breaks_and_nothing_is_lost(texts: dict[str, str]) -> None:
    result = brought_in({name: text.replace("\x00", "") for name, text in texts.items()})
    assert result.files["plan.yaml"]


@pytest.mark.parametrize(
    ("folder", "stubs", "least_steps"),
    [
        ("plan-counteractive", {"procedures.identity-and-access", "procedures.supply-chain"}, 150),
        ("plan-pagerduty", set(), 100),
    ],
)
def test_plans_that_others_wrote_come_in_whole(folder: str, stubs: set[str], least_steps: int) -> None:
    root = DATA / folder
    if not root.is_dir():
        pytest.skip(f"{folder} is not beside this clone")
    texts: dict[str, Any] = {
        str(path.relative_to(root)): path.read_text(errors="replace")
        for path in root.rglob("*")
        if path.suffix in (".md", ".yml")
    }
    result = brought_in(texts)
    plan = check(result.files).sound()
    kinds = Counter(one.what for one in result.findings)
    assert {one.place for one in result.findings if one.what == "stub"} == stubs
    assert sum(len(one.steps) for one in plan.procedures.values()) >= least_steps
    assert kinds["blank"]
    assert kinds["not-understood"]
    kept = "".join(result.files.values())
    for name, text in texts.items():
        if name.endswith(".md"):
            assert text.split("---\n")[-1].strip()[:200] in kept, name
