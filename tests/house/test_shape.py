"""The house keeps its shape: short files that say what they are for, one page per room, exact names."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, SOURCE, modules, name_of, parsed

CEILING = 400
LONGER: dict[str, str] = {}
"""Files over the ceiling, each with the reason why it is better whole."""

ROOMS = sorted(path.name for path in SOURCE.iterdir() if (path / "__init__.py").is_file())

VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "handler", "handlers", "process"}
TERMS: dict[str, str] = {
    "route_handlers": "Litestar's word for what a route calls",
}
"""Names that contain a vague word because somebody else's interface or the field uses it."""


def words_of(name: str) -> set[str]:
    return set(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().split("_"))


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_says_at_its_head_what_it_is_for(path: Path) -> None:
    said = ast.get_docstring(parsed(path))
    assert said, f"{name_of(path)} needs one sentence at its head: what is it for?"
    assert said.splitlines()[0].rstrip().endswith((".", "…", "?")), "the head of a module is a sentence"


def test_no_file_has_grown_past_the_ceiling() -> None:
    files = [path for path in SOURCE.rglob("*") if path.suffix in {".py", ".html", ".css", ".js"}]
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in files if "vendor" not in path.parts}
    grown = {name: length for name, length in lengths.items() if length > CEILING and name not in LONGER}
    assert not grown, f"split these along what they are about, or say in LONGER why not: {grown}"
    needless = {name for name in LONGER if lengths.get(name, 0) <= CEILING}
    assert not needless, f"no longer over the ceiling: take them off LONGER: {needless}"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_has_a_page_that_introduces_it(room: str) -> None:
    page = SOURCE / room / "README.md"
    assert page.is_file(), f"{name_of(page)} is missing: purpose, words, events, what it listens to, how to try it"
    assert len(page.read_text().split()) >= 60, "that is not an introduction yet"


def test_names_say_something() -> None:
    found = []
    for path in modules():
        places = [(path.stem, 1)] + [
            (node.name, node.lineno)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        ]
        found += [
            f"{name_of(path)}:{line}: {name}" for name, line in places if words_of(name) & VAGUE and name not in TERMS
        ]
    assert not found, f"call these by what they do: {found}"


def test_tests_have_sentences_for_names() -> None:
    tests = [path for path in modules(ROOT / "tests") if path.name.startswith("test_")]
    short = [
        f"{name_of(path)}:{node.lineno}: {node.name}"
        for path in tests
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(words_of(node.name)) < 4
    ]
    assert not short, f"a test's name is the sentence it proves: {short}"


def test_a_silenced_checker_gives_its_reason() -> None:
    """`# type: ignore[code]  # why` and `# noqa: CODE  # why`; never without either."""
    mark = re.compile(r"#\s*(type:\s*ignore|noqa)(?P<rest>[^\n]*)")
    good = re.compile(r"^(\[[a-z-, ]+\]|:\s*[A-Z]+[0-9]+(,\s*[A-Z]+[0-9]+)*)\s*\(?#?\s*\S.{4,}")
    bare = []
    for path in [*modules(), *modules(ROOT / "tests")]:
        if path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            hit = mark.search(line)
            if hit and not good.match(hit["rest"].strip()):
                bare.append(f"{name_of(path)}:{number}: {line.strip()}")
    assert not bare, "\n".join(["say the code and the reason:", *bare])
