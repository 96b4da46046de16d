"""A value changed in the files at its place: one line differs, everything else is byte for byte what people wrote."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.editing import GONE, edited, rearranged
from quarterdeck.plan.rules.faults import Path
from quarterdeck.plan.rules.reading import read
from tests.plan.texts import example_files, small

FILES = example_files()


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from leaves(one, (*path, place))
    else:
        yield path, value


LEAVES = [
    (path, value) for path, value in leaves(read(FILES).document) if not (isinstance(value, str) and "\n" in value)
]
ON_ONE_LINE = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=40).map(str.strip).filter(bool),
    st.sampled_from(
        ["no", "12:30", "# x", "a: b", "- a", "null", "15 min", "{x}", "[", "'", '"', "a #b", "*a", "&b", "|", "%"]
    ),
    st.integers(1, 10_000),
    st.booleans(),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(LEAVES), ON_ONE_LINE)
def test_changing_one_value_changes_only_its_line(leaf: tuple[Path, Any], value: Any) -> None:
    path, _ = leaf
    new = edited(FILES, [(path, value)])
    here: Any = read(new).document
    for part in path:
        here = here[part]
    assert here == value and type(here) is type(value)
    changed = [name for name in FILES if FILES[name] != new[name]]
    assert len(changed) <= 1 and set(new) == set(FILES)
    for name in changed:
        before, after = FILES[name].split("\n"), new[name].split("\n")
        different = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        assert len(different) == 1
        was, becomes = different[0]
        assert ("#" not in was.partition(" # ")[1]) or becomes.endswith(was.partition(" # ")[2])


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(LEAVES))
def test_setting_what_stands_there_already_changes_no_byte_of_the_plan_it_means(leaf: tuple[Path, Any]) -> None:
    path, value = leaf
    assert read(edited(FILES, [(path, value)])).document == read(FILES).document


COMMENTED = """\
# Who does what.
procedures:
  fix: # the only one
    title: Fix it
    steps:
      # look first
      - id: look   # with your eyes
        title: Look
        evidence: |
          What you saw,
          and when.

      - id: mend
        role: lead  # always
        after: [look]
      # and last of all
      - { id: tell, role: lead } # short
"""
STEPS: Path = ("procedures", "fix", "steps")


def one(changes: list[tuple[Path, Any]]) -> str:
    return edited({"plan.yaml": COMMENTED}, changes)["plan.yaml"]


@pytest.mark.parametrize(
    ("path", "value", "was", "becomes"),
    [
        ((*STEPS, 1, "role"), "a: b", "role: lead  # always", 'role: "a: b"  # always'),
        ((*STEPS, 0, "title"), "Look twice", "title: Look\n", "title: Look twice\n"),
        ((*STEPS, 2, "id"), "say", "{ id: tell,", "{ id: say,"),
        ((*STEPS, 2, "within"), "5 min", "role: lead } # short", "role: lead, within: 5 min } # short"),
        ((*STEPS, 2, "role"), GONE, "{ id: tell, role: lead }", "{ id: tell }"),
        ((*STEPS, 1, "within"), 10, "after: [look]\n", "after: [look]\n        within: 10\n"),
        ((*STEPS, 1, "after"), ["look", "tell"], "after: [look]", "after: [look, tell]"),
        ((*STEPS, 1, "after"), GONE, "        after: [look]\n", ""),
        ((*STEPS, 0, "evidence"), "What you saw,\nand where.", "and when.\n", "and where.\n"),
        ((*STEPS, 0, "evidence"), GONE, "        evidence: |\n          What you saw,\n          and when.\n", ""),
        ((*STEPS, 0, "title"), "Two\nlines", "title: Look\n", "title: |-\n          Two\n          lines\n"),
        (
            (*STEPS, 1, "role"),
            "two\nlines",
            "role: lead  # always",
            'role: "two\\nlines"  # always',
        ),
        (("posts", "boss", "title"), "Boss", " # short\n", " # short\nposts:\n  boss:\n    title: Boss\n"),
    ],
)
def test_a_value_is_written_in_the_manner_of_its_place(path: Path, value: Any, was: str, becomes: str) -> None:
    expected = COMMENTED.replace(was, becomes, 1)
    if (path, value) == ((*STEPS, 0, "evidence"), "What you saw,\nand where."):
        assert one([(path, value)]).replace("|-", "|") == expected
    else:
        assert one([(path, value)]) == expected


def test_steps_are_moved_added_and_taken_away_with_the_comments_above_them() -> None:
    moved = rearranged({"plan.yaml": COMMENTED}, STEPS, [1, 0, 2])["plan.yaml"]
    assert moved.index("id: mend") < moved.index("# look first") < moved.index("id: look   # with your eyes")
    assert sorted(moved.split("\n")) == sorted(COMMENTED.split("\n"))
    fewer = rearranged({"plan.yaml": COMMENTED}, STEPS, [0, 2])["plan.yaml"]
    assert "mend" not in fewer and "# and last of all" in fewer and "# with your eyes" in fewer
    more = rearranged(
        {"plan.yaml": COMMENTED}, STEPS, [0, {"id": "new", "title": "A: new one", "after": ["look"]}, 1, 2]
    )
    assert (
        more["plan.yaml"].replace('      - id: new\n        title: "A: new one"\n        after: [look]\n', "")
        == COMMENTED
    )


def test_a_document_in_markdown_keeps_its_prose_when_its_keys_change_and_the_other_way_round() -> None:
    name = "policies/incident-management.md"
    new = edited(FILES, [(("policies", "incident-management", "review_interval_days"), 180)])
    assert new[name] == FILES[name].replace("review_interval_days: 365", "review_interval_days: 180")
    text = read(FILES).document["policies"]["incident-management"]["text"]
    longer = edited(FILES, [(("policies", "incident-management", "text"), f"{text}\n\nAnd this.")])
    assert longer[name] == FILES[name].rstrip("\n") + "\n\nAnd this.\n"
    bare = edited({**small(), "guidelines/x.md": "# Say it\n"}, [(("guidelines", "x", "owner"), "boss")])
    assert bare["guidelines/x.md"] == "---\nowner: boss\n---\n\n# Say it\n"


def test_what_cannot_be_changed_alone_is_refused_and_sent_to_the_files() -> None:
    with pytest.raises(Invalid, match="without touching"):
        edited({"plan.yaml": "a: [\n"}, [(("a",), 1)])
    with pytest.raises(Invalid, match="without touching"):
        edited({"plan.yaml": "a: 1\n"}, [(("a", "b"), 1)])
