"""Writes docs/reference/standards.md from the rule packs and the example plan: `python -m tests.house.standards`."""

from collections.abc import Iterator
from datetime import date

from quarterdeck.plan.rules.completeness import Finding, Pack, examine
from quarterdeck.plan.sources.packs import packs
from tests.house.tree import ROOT
from tests.plan.texts import example_plan

PAGE = ROOT / "docs" / "reference" / "standards.md"
ON = date(2026, 3, 2)

_HEAD = """\
# Standards

Made from the rule packs and the example plan by `python -m tests.house.standards`; a test fails when it is out of date.
This is what `quarterdeck plan check examples/plan --pack all` finds in the files, requirement by requirement. The
console's page `/plan/standards` says the same of the plan in force, and knows from the record what files cannot say.

- **met**: the plan says or has it; *found* says where.
- **answered**: it is not met in the plan, and the plan says why, or where else it is met (`standards.PACK.exceptions`).
- **the record knows**: files do not show it. It is met once the revision in force was approved, or a procedure was
  exercised as it stands.
- A pack that does not apply is left out with the reason that the plan gives.

Some checks only look whether something is said: they find what is missing, and cannot tell whether what is said is any
good. Not legal advice: read it against the texts."""


def page() -> str:
    """The whole page, as it should stand in docs."""
    return "\n".join([_HEAD, *(line for pack in packs() for line in _pack(pack)), ""])


def _pack(pack: Pack) -> Iterator[str]:
    findings = examine(example_plan(), [pack], ON)
    yield f"\n## {pack.title}\n"
    yield f"`{pack.id}`. Source: {pack.source}. In effect since {pack.effective_from}."
    if findings[0].status == "not-applicable":
        yield f"\nThe example plan leaves it out: {findings[0].where} If you need it, it asks:\n"
        yield "| requirement | cited from |\n|---|---|"
        for item in pack.items:
            yield f"| {_cell(item.asks)} | {_cell(item.cite)} |"
        return
    yield "\n| requirement | cited from | | found |\n|---|---|---|---|"
    for one in findings:
        yield f"| {_cell(one.asks)} | {_cell(one.cite)} | {_status(one)} | {_cell(one.where)} |"


def _status(finding: Finding) -> str:
    return "the record knows" if finding.status == "unknown" else finding.status


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
