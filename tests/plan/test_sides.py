"""Files side by side: lines that stayed, went, came, the words that are others; bounded whatever is compared."""

import time
from itertools import pairwise

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from quarterdeck.plan.rules.matching import matched
from quarterdeck.plan.rules.sides import LONGEST, MOST_ROWS, FileSides, Row, sides


def one(old: str | None, new: str | None) -> FileSides:
    (found,) = sides(*({} if text is None else {"a.yaml": text} for text in (old, new)))
    return found


def written(row: Row) -> str:
    """`-old | +new` with the words that differ in brackets."""
    if row.left_out:
        return f"… {row.left_out}"
    cells = []
    for line in (row.old, row.new):
        said = "" if line is None else "".join(f"[{p.text}]" if p.differs else p.text for p in line.parts)
        cells.append("" if line is None else f"{line.number} {said}")
    return " | ".join(cells)


def test_a_changed_word_is_marked_in_its_line_on_both_sides() -> None:
    found = one("SEV1:\n  update_every: 30\nend\n", "SEV1:\n  update_every: 15\nend\n")
    assert [(row.kind, written(row)) for row in found.rows] == [
        ("same", "1 SEV1: | 1 SEV1:"),
        ("changed", "2   update_every: [30] | 2   update_every: [15]"),
        ("same", "3 end | 3 end"),
    ]
    assert (found.went, found.came) == (1, 1)


def test_what_came_and_went_stands_alone_and_numbers_follow_each_side() -> None:
    found = one("a: 1\nb: two words here\n", "a: 1\nquite: other\nb: two words there\nc\n")
    assert [(row.kind, written(row)) for row in found.rows] == [
        ("same", "1 a: 1 | 1 a: 1"),
        ("came", " | 2 quite: other"),
        ("changed", "2 b: two words [here] | 3 b: two words [there]"),
        ("came", " | 4 c"),
    ]


def test_lines_far_from_any_change_are_left_out_and_counted() -> None:
    lines = [f"line {n}" for n in range(40)]
    changed = [*lines[:20], "new", *lines[20:]]
    rows = one("\n".join(lines), "\n".join(changed)).rows
    assert [written(row) for row in rows][:2] == ["… 17", "18 line 17 | 18 line 17"]
    assert written(rows[-1]) == "… 17"
    assert len(rows) == 1 + 3 + 1 + 3 + 1


def test_a_file_that_is_new_or_gone_is_shown_whole() -> None:
    assert [row.kind for row in one(None, "a\nb\n").rows] == ["came", "came"]
    assert (one("a\n", None).after, [row.kind for row in one("a\n", None).rows]) == (False, ["went"])


def test_equal_files_are_not_shown_and_line_ends_alone_give_no_rows() -> None:
    assert sides({"a": "x\n"}, {"a": "x\n"}) == ()
    assert one("a\nb\n", "a\r\nb\r\n").rows == ()


def test_an_item_that_moved_is_not_read_as_a_change_of_everything_between() -> None:
    block = [f"  - id: s{n}\n    title: T{n}\n" for n in range(6)]
    moved = [block[1], block[2], block[3], block[4], block[5], block[0]]
    found = one("".join(block), "".join(moved))
    assert (found.went, found.came) == (2, 2)


@for_all(st.lists(st.sampled_from("abcdé "), max_size=30), st.lists(st.sampled_from("abcdé "), max_size=30))
def test_the_rows_give_back_both_texts(old: list[str], new: list[str]) -> None:
    texts = ["\n".join(side) for side in (old, new)]
    for found in sides({"a": texts[0]}, {"a": texts[1]}):
        for side, text in zip(("old", "new"), texts, strict=True):
            lines = [getattr(row, side) for row in found.rows if not row.left_out and getattr(row, side)]
            shown = {line.number: "".join(part.text for part in line.parts) for line in lines}
            assert all(text.splitlines()[n - 1] == said for n, said in shown.items())
            assert [line.number for line in lines] == sorted(shown)


@for_all(st.lists(st.sampled_from("abcdef"), max_size=60), st.lists(st.sampled_from("abcdef"), max_size=60))
@settings(max_examples=50)
def test_matches_are_equal_and_keep_their_order(old: list[str], new: list[str]) -> None:
    pairs = matched(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


HEAVY = 12_000


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["a"] * HEAVY, ["b", "a"] * (HEAVY // 2)),
        ([f"{n % 97}" for n in range(HEAVY)], [f"{n % 101}" for n in range(HEAVY)]),
        ([f"old {n}" for n in range(HEAVY)], [f"new {n}" for n in range(HEAVY)]),
        (["x" * 900_000], ["y" * 900_000]),
        ([f"{n}" for n in range(HEAVY)], [f"{n}" for n in reversed(range(HEAVY))]),
    ],
    ids=["one line over and over", "few lines", "all others", "one long line", "reversed"],
)
def test_texts_made_to_be_slow_are_compared_in_bounded_time(old: list[str], new: list[str]) -> None:
    began = time.perf_counter()
    found = one("\n".join(old), "\n".join(new))
    assert time.perf_counter() - began < 4
    assert len(found.rows) <= MOST_ROWS
    assert all(len(part.text) < LONGEST + 60 for row in found.rows if row.old for part in row.old.parts)
