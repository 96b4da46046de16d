"""Plans to test with: the shipped example, and a small one whose lines can be counted."""

from pathlib import Path

from quarterdeck.plan.rules import Plan
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.directory import read_directory

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "plan"

SMALL = """\
name: Small plan
owner: boss
approver: boss
scope: Everything
review_interval_days: 365
defaults: {type: outage, impact: large, urgency: high}
posts:
  boss: {title: Boss, login: dana}
roles:
  incident-commander:
    title: Incident commander
    duties: [Decide]
    authority: [Anything]
severity:
  impact:
    - {id: large, title: Large, meaning: Many}
    - {id: small, title: Small, meaning: Few}
  urgency:
    - {id: high, title: High, meaning: Now}
    - {id: low, title: Low, meaning: Later}
  matrix:
    large: {high: SEV1, low: SEV2}
    small: {high: SEV2, low: SEV3}
  levels:
    SEV1:
      title: Critical
      meaning: Bad
      escalation: main
    SEV2: {title: Major, meaning: Less bad}
    SEV3: {title: Minor, meaning: Hardly bad}
types:
  outage:
    title: Outage
    declare_when: [It is down]
    procedure: fix
procedures:
  fix:
    title: Fix it
    owner: boss
    steps:
      - id: look
        title: Look
        role: incident-commander
        within: 10
      - id: mend
        title: Mend
        role: incident-commander
        mandatory: true
escalation:
  main:
    title: Main
    levels:
      - notify: ["schedule:primary"]
        acknowledge_within: 5
    final: boss
routing:
  - name: page
    match:
      - {label: severity, op: "=", value: page}
    service: "{service}"
  - name: rest
"""


def small(*changes: tuple[str, str]) -> dict[str, str]:
    """The small plan as one file, with each first occurrence of `old` replaced by `new` (which must occur)."""
    text = SMALL
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {"plan.yaml": text}


def plan_from(*changes: tuple[str, str]) -> Plan:
    return check(small(*changes)).sound()


def example_files() -> dict[str, str]:
    texts, faults = read_directory(EXAMPLE)
    assert not faults
    return texts


def example_plan() -> Plan:
    return check(example_files()).sound()


def faults_of(files: dict[str, str]) -> list[str]:
    return [str(fault) for fault in check(files).faults]
