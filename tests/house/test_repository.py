"""What may stand in git: our own text, no one else's files, no registry's address, no dead link."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, name_of, texts, tracked

# Put together here, so that this file does not hold what it looks for.
REGISTRIES = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
    )
)

LINK = re.compile(r"(?<!\!)\[[^\]]*\]\(([^)\s]+)\)|!\[[^\]]*\]\(([^)\s]+)\)")


def test_no_file_names_the_host_of_a_package_registry() -> None:
    found = [f"{name_of(path)}: {host}" for path, text in texts() for host in REGISTRIES if host in text]
    assert not found, f"packages are named, registries are not: {found}"


def test_no_third_party_file_is_in_git() -> None:
    """Borrowed files are fetched by lock and hash (hatch_build.py); binaries are pictures of our own, in docs."""
    strange = [
        name_of(path)
        for path in tracked()
        if {"vendor", "node_modules", "dist", "site-packages"} & set(path.relative_to(ROOT).parts)
        or path.name.endswith((".min.js", ".min.css", ".woff", ".woff2", ".ttf", ".whl", ".so", ".jar", ".map"))
        or (path.suffix in {".png", ".jpg", ".gif", ".ico", ".pdf"} and "docs" not in path.parts)
    ]
    assert not strange, f"borrow through frontend/package.json instead: {strange}"


def test_no_file_carries_anothers_licence() -> None:
    marks = ("SPDX-" + "License-Identifier", r"Copyright \(c\) \d", "Permission is hereby" + " granted")
    mark = re.compile("|".join(marks))
    found = [name_of(path) for path, text in texts() if path.name != "LICENSE" and mark.search(text)]
    assert not found, f"these look like somebody else's: {found}"


def test_every_link_between_pages_leads_somewhere() -> None:
    dead = []
    for path, text in texts(".md"):
        prose = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
        for match in LINK.finditer(prose):
            target = match[1] or match[2]
            if re.match(r"[a-z]+:", target):
                continue
            page, _, anchor = target.partition("#")
            there = (path.parent / page).resolve() if page else path
            if not there.exists():
                dead.append(f"{name_of(path)}: {target}")
            elif anchor and there.suffix == ".md" and anchor not in anchors(there):
                dead.append(f"{name_of(path)}: {target} (no such heading)")
    assert not dead, f"dead links: {dead}"


def anchors(page: Path) -> set[str]:
    """Headings as the anchors that a forge makes of them."""
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ["bin/quarterdeck", "bin/check", "bin/lock", ".ci/run", "bin/venv"])
def test_a_script_parses_and_can_be_run(name: str) -> None:
    import os
    import subprocess

    path = ROOT / name
    shell = "bash" if path.read_text().startswith("#!/bin/bash") else "sh"
    subprocess.run([shell, "-n", str(path)], check=True)
    if name != "bin/venv":  # sourced, never run
        assert os.access(path, os.X_OK), f"chmod +x {name}"
