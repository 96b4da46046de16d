"""What people upload, hostile or not: texts by name, or every fault at once; nothing unfolds into more than it may."""

import io
import zipfile
from collections.abc import Mapping

import pytest

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.reading import MAX_BYTES
from quarterdeck.plan.sources.uploads import Brought, Upload, brought
from tests.plan.texts import SMALL

PLAYBOOK = b"# Playbook: Phishing\n\n1. Find who got it.\n"


def zipped(entries: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return made.getvalue()


def of(entries: Mapping[str, bytes]) -> Brought:
    return brought([Upload(name, data) for name, data in entries.items()])


def faults(entries: Mapping[str, bytes]) -> tuple[str, ...]:
    with pytest.raises(Invalid) as refusal:
        of(entries)
    return refusal.value.errors


def test_files_a_folder_and_a_zip_give_the_same_texts() -> None:
    files = {"plan/playbooks/phishing.md": PLAYBOOK, "plan/about.md": b"# About\n", "plan/logo.png": b"\x89PNG"}
    found = of(files)
    assert (found.kind, sorted(found.texts)) == ("prose", ["about.md", "playbooks/phishing.md"])
    assert found.left_aside == ("plan/logo.png: no Markdown and no YAML",)
    assert of({"all.zip": zipped(files)}) == found


def test_the_files_of_a_plan_are_taken_as_they_are() -> None:
    found = of({"home/plan.yaml": SMALL.encode(), "home/guidelines/first.md": b"# First\n", "home/README.md": b"x"})
    assert (found.kind, sorted(found.texts)) == ("plan", ["guidelines/first.md", "plan.yaml"])
    assert found.texts["plan.yaml"] == SMALL
    assert found.left_aside == ("README.md: no part of a plan's files",)
    assert of({"info.yml": b"COMPANY: Acme\n", "during.md": PLAYBOOK}).kind == "prose"


def test_two_files_of_one_name_are_two_texts() -> None:
    uploads = [Upload("index.md", b"# One\n"), Upload("index.md", b"# Two\n")]
    assert brought(uploads).texts == {"index.md": "# One\n", "index-2.md": "# Two\n"}


@pytest.mark.parametrize(
    ("name", "becomes"),
    [
        ("../../etc/passwd.md", "etc/passwd.md"),
        ("/root/plan.md", "root/plan.md"),
        ("C:\\plans\\our plan.md", "plans/our plan.md"),
        ("gnp.\u202edm.md", "gnp.dm.md"),
        ("Größe?.md", "Gr-e-.md"),
        ("a/b/c/d/e/f.md", "c/d/e/f.md"),
    ],
)
def test_a_name_leads_nowhere_else(name: str, becomes: str) -> None:
    found = brought([Upload(name, b"# x\n"), Upload("other.md", b"# y\n")])
    assert sorted(found.texts) == sorted([becomes, "other.md"])


def test_every_fault_is_named_with_what_to_do() -> None:
    assert faults({}) == ("there is no Markdown and no YAML in it; choose files, a folder or a zip, or paste a text",)
    assert "not UTF-8" in faults({"a.md": b"ok\n\xff\xfe"})[0]
    assert faults({"a.md": b"ok\n\xff\xfe"})[0].startswith("a.md:2:")
    assert "NUL" in faults({"a.md": b"a\x00b"})[0]
    assert "no zip file" in faults({"a.zip": b"PK nonsense"})[0]
    assert "split the file" in faults({"a.md": b"x" * (MAX_BYTES + 1)})[0]
    assert "in all" in faults({f"{n}.md": b"x" * MAX_BYTES for n in range(3)})[0]
    assert "more than 200 texts" in faults({f"{n}.md": b"x" for n in range(201)})[0]
    assert len(faults({"a.md": b"\xff", "b.md": b"\xff", "c.zip": b"x"})) == 3


def test_a_small_zip_unfolds_into_nothing_large() -> None:
    bomb = zipped({"bomb.md": b"x" * 50_000_000})
    assert len(bomb) < 100_000
    assert "longer than" in faults({"bomb.zip": bomb})[0]
    many = zipped({f"{n}.md": b"y" * 900_000 for n in range(30)})
    assert any("import them in parts" in one for one in faults({"many.zip": many}))
    assert "entries" in faults({"wide.zip": zipped({f"{n}.txt": b"" for n in range(5_001)})})[0]


def test_a_damaged_or_locked_zip_is_refused_in_words() -> None:
    whole = bytearray(zipped({"a.md": PLAYBOOK * 200}))
    whole[45] ^= 0xFF
    assert "cannot be read from the zip" in faults({"a.zip": bytes(whole)})[0]
    locked = bytearray(zipped({"a.md": b"x"}))
    at = locked.rindex(b"PK\x01\x02")
    locked[at + 8] |= 1
    assert "locked with a password" in faults({"a.zip": bytes(locked)})[0]
    assert of({"a.zip": zipped({"__MACOSX/a.md": b"x", ".hidden/b.md": b"x", "c.md": b"# c\n"})}).texts == {
        "c.md": "# c\n"
    }
