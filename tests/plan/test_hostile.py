"""Hostile files end in a clear fault: no bomb unfolds, no tag is honoured, nothing outside the directory is read."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.checking import check
from quarterdeck.plan.sources.directory import read_directory
from tests.plan.texts import faults_of

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n"
CORPUS = [
    ("billion laughs", BOMB, "plan.yaml:1:4: a: anchors (`&name`) are not allowed"),
    ("alias alone", "name: *x\n", "plan.yaml:1:7: name: aliases (`*name`) are not allowed"),
    ("python object", "name: !!python/object/apply:os.system [id]\n", "1:7: name: tags (`!name`) are not allowed"),
    ("tag on the root", "!!set {a, b}\n", "1:1: (document): tags (`!name`) are not allowed"),
    ("merge key", "posts:\n  <<: {a: 1}\n", "2:3: posts: `<<` cannot be a key"),
    ("deep lists", "name: " + "[" * 100_000, "name.0.0"),
    ("deep maps", "name: " + "{a: " * 100_000, "name.a.a"),
    ("deep lists in a short file", "name: " + "[" * 20_000, "name.0.0"),
    ("closed deep maps in a short file", "name: " + "{a: " * 9_000 + "}" * 9_000, "name.a.a"),
    ("deep unknown keys", "? " * 100_000, "nested deeper than 20"),
    ("too large", "# " + "x" * 1_000_000, "1,000,002 bytes are more than 1,000,000; split the file"),
    ("two documents", "name: a\n---\nname: b\n", "2:1: (document): a second document begins here"),
    ("a list", "- name\n", "1:1: (document): the file is no map"),
    ("one word", "name\n", "1:1: (document): the file is no map"),
    ("a number as key", "posts:\n  1: {}\n", "2:3: posts: `1` cannot be a key"),
    ("a list as key", "[a, b]: c\n", "1:1: (document): a key must be text"),
    ("a tab", "name:\n\tx\n", "2:1: (document): not YAML"),
    ("an open quote", 'name: "x\n', "(document): not YAML"),
    ("a control character", "name: a\x07b\n", "1:1: (document): not YAML: unacceptable character"),
    ("an escaped control character", 'name: "a\\0b"\n', "1:7: name: contains a control character"),
    ("half a character", 'name: "\\ud800"\n', "1:7: name: contains a control character or half a character"),
    ("a huge number", "review_interval_days: " + "9" * 5000, "review_interval_days: "),
    ("nothing but a comment", "# hello\n", "1:1: name: is missing"),
    ("empty", "", "1:1: name: is missing"),
]


@pytest.mark.parametrize(("text", "fault"), [pytest.param(*case[1:], id=case[0]) for case in CORPUS])
def test_a_hostile_file_is_refused_with_its_place(text: str, fault: str) -> None:
    faults = faults_of({"plan.yaml": text})
    assert any(fault in line for line in faults), faults[:3]


@pytest.mark.parametrize(
    "name", ["../plan.yaml", "/etc/plan.yaml", "plan.txt", "a b.yaml", "", "x" * 300 + ".yaml", "a/../b.yaml"]
)
def test_a_file_name_that_could_lead_astray_is_refused(name: str) -> None:
    assert "is no name for a plan file" in faults_of({name: "name: x\n"})[0]


def test_too_many_files_and_too_much_in_all_are_refused() -> None:
    assert "201 files are more than 200" in faults_of({f"f{n}.yaml": "" for n in range(201)})[0]
    assert any("in all are more than" in line for line in faults_of({f"f{n}.yaml": "#" * 900_000 for n in range(3)}))
    assert "there are no YAML files" in faults_of({})[0]


@given(st.dictionaries(st.sampled_from(["plan.yaml", "types.yaml"]), st.text(max_size=200), min_size=1))
def test_any_text_is_read_or_refused_but_never_breaks_the_check(files: dict[str, str]) -> None:
    assert check(files).faults


_KEYS = [
    "name",
    "posts",
    "roles",
    "types",
    "severity",
    "matrix",
    "impact",
    "routing",
    "escalation",
    "levels",
    "x",
    "match",
]
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["a", "post:a", "SEV1", "", "="]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(st.sampled_from(_KEYS), _VALUES, max_size=6))
def test_any_shape_is_checked_to_the_end(document: dict[str, object]) -> None:
    import json

    assert check({"plan.yaml": json.dumps(document)}).faults


def test_a_link_out_of_the_directory_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("name: secret\n")
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "plan.yaml").symlink_to(tmp_path / "secret.yaml")
    (plan / "loop.yaml").symlink_to("loop.yaml")
    (plan / "away").symlink_to(tmp_path)
    texts, faults = read_directory(plan)
    assert texts == {}
    assert [str(fault) for fault in faults] == [
        "loop.yaml:1:1: (document): cannot be read: links in a circle; make it readable, or remove it",
        "plan.yaml:1:1: (document): is a link that leads out of the directory; put the file itself here",
    ]


def test_a_pipe_does_not_hold_the_check_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "is no ordinary file" in str(read_directory(tmp_path)[1][0])


def test_bytes_that_are_no_text_are_named_where_they_stand(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_bytes(b"name: a\nscope: \xff\n")
    assert (
        str(read_directory(tmp_path)[1][0]) == "plan.yaml:2:8: (document): is not UTF-8 from here on; save it as UTF-8"
    )


def test_hidden_files_and_other_endings_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.yaml").write_text("x: 1")
    (tmp_path / ".hidden.yaml").write_text("x: 1")
    (tmp_path / "README.md").write_text("# x")
    (tmp_path / "plan.yaml").write_text("name: x\n")
    assert read_directory(tmp_path) == ({"plan.yaml": "name: x\n"}, [])


def test_a_directory_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is no directory"):
        read_directory(tmp_path / "nowhere")
