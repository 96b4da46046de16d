"""Markdown files in the tree: one document each, its keys in the front matter, every fault at its place."""

from pathlib import Path

import pytest

from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.rules.framework import documents
from quarterdeck.plan.sources.directory import read_directory
from tests.plan.texts import example_plan, faults_of, small

POLICY = "---\ntitle: Policy\nowner: boss\n---\n\n# We care\n\nAbout **this**.\n"


def test_a_policy_is_a_markdown_file_with_its_keys_in_front() -> None:
    plan = check(small() | {"policies/main.md": POLICY}).sound()
    assert plan.policies["main"].title == "Policy"
    assert plan.policies["main"].text == "# We care\n\nAbout **this**."


def test_a_procedure_has_its_steps_in_yaml_and_its_prose_beside_them() -> None:
    files = small() | {"procedures/fix.md": "---\nscope: Machines\n---\nFirst breathe.\n"}
    procedure = check(files).sound().procedures["fix"]
    assert (procedure.scope, procedure.text, len(procedure.steps)) == ("Machines", "First breathe.", 2)


def test_a_file_without_front_matter_is_all_text() -> None:
    assert check(small() | {"plan.md": "Why we do this.\n"}).sound().text == "Why we do this."


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (
            "policies/main.md",
            "---\ntitle: Policy\nowner: bos\n---\n",
            "policies/main.md:3:8: policies.main.owner: there is no post `bos`; did you mean `boss`?",
        ),
        (
            "policies/main.md",
            "---\ntitle: Policy\nowner: boss\ntitel: x\n---\n",
            "policies/main.md:4:1: policies.main.titel: unknown key; did you mean `title`? Otherwise remove it",
        ),
        (
            "policies/main.md",
            "---\ntitle: Policy\n",
            "policies/main.md:1:1: policies.main: the front matter has no end; close it with a line `---`",
        ),
        (
            "policies/main.md",
            "---\n- a\n---\n",
            (
                "policies/main.md:2:1: policies.main: the front matter is no map; "
                "write `key: value` lines between the `---`"
            ),
        ),
        (
            "policies/main.md",
            "---\ntitle: &a Policy\nowner: boss\n---\n",
            (
                "policies/main.md:2:8: policies.main.title: anchors (`&name`) are not allowed; "
                "remove it and write values out"
            ),
        ),
        (
            "procedures/fix.md",
            "---\ntitle: Fix\n---\n",
            (
                "procedures/fix.md:2:1: procedures.fix.title: the key occurs twice (first at plan.yaml:38:5); "
                "keep one of the two"
            ),
        ),
        (
            "notes/fix.md",
            "Hello",
            (
                "notes/fix.md:1:1: (document): a document stands in one of the folders policies, "
                "procedures and guidelines, or is plan.md; move it there"
            ),
        ),
    ],
)
def test_what_is_wrong_in_a_markdown_file_is_told_at_its_place(name: str, text: str, fault: str) -> None:
    assert fault in faults_of(small() | {name: text})


def test_a_text_stands_only_once() -> None:
    files = small(("    title: Fix it\n", "    title: Fix it\n    text: Here\n")) | {"procedures/fix.md": "And here"}
    (fault,) = faults_of(files)
    assert fault.startswith("procedures/fix.md:1:1: procedures.fix: has a text already at plan.yaml:")


def test_a_control_character_in_a_text_is_refused() -> None:
    (fault,) = faults_of(small() | {"plan.md": "Ring the bell \x07"})
    assert "plan.md:1:1: text: contains a control character" in fault


def test_a_directory_gives_its_documents_and_passes_over_a_readme(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(small()["plan.yaml"])
    (tmp_path / "README.md").write_text("Read me")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "main.md").write_text(POLICY)
    texts, faults = read_directory(tmp_path)
    assert (sorted(texts), faults) == (["plan.yaml", "policies/main.md"], [])


def test_the_framework_is_a_chain_and_takes_from_the_plan_what_a_document_leaves_out() -> None:
    found = {document.key: document for document in documents(example_plan())}
    assert found["plan"].parent == "policy:incident-management"
    assert found["procedure:service-outage"].parent == "plan"
    assert found["guideline:first-update"].parent == "procedure:service-outage"
    assert found["procedure:service-outage"].approver == found["plan"].approver
    assert found["procedure:service-outage"].review_interval_days == 365
    assert found["procedure:security-incident"].classification == "confidential"
    assert all(document.parent is None or document.parent in found for document in found.values())
