"""A directory of YAML and Markdown files → texts by name. Follows no link out of it and reads ordinary files only."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.faults import Fault, Place, dotted
from quarterdeck.plan.rules.reading import FOLDERS, MAX_BYTES, MAX_FILES, is_prose

ENDINGS = (".yaml", ".yml", ".md")
_DEEPEST = 4


def read_directory(directory: Path) -> tuple[dict[str, str], list[Fault]]:
    """The texts by name relative to the directory, and a fault for each file that cannot be read.

    Hidden files and directories, files with other endings, and Markdown outside the folders of documents (a README) are
    passed over. Raises `Invalid` if there is no such directory.
    """
    return _read(directory, ENDINGS, only_documents=True)


def read_prose_directory(directory: Path) -> dict[str, str]:
    """All Markdown and YAML in a directory, by name, wherever it stands. Raises `Invalid` for what cannot be read."""
    texts, faults = _read(directory, (".md", ".markdown", *ENDINGS), only_documents=False)
    if faults:
        raise Invalid("The directory cannot be read whole.", tuple(map(str, faults)))
    if not texts:
        raise Invalid(f"There is no Markdown in {directory}.")
    return texts


def _read(directory: Path, endings: tuple[str, ...], *, only_documents: bool) -> tuple[dict[str, str], list[Fault]]:
    if not directory.is_dir():
        raise Invalid(f"{directory} is no directory. Give the directory that holds plan.yaml.")
    root = directory.resolve()
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    for number, path in enumerate(_candidates(root, endings, only_documents=only_documents)):
        name = path.relative_to(root).as_posix()
        if number == MAX_FILES:
            faults.append(_fault(name, f"more than {MAX_FILES} files", "join some of them"))
            break
        text = _text(root, path, name)
        if isinstance(text, Fault):
            faults.append(text)
        else:
            texts[name] = text
    return texts, faults


def _candidates(root: Path, endings: tuple[str, ...], *, only_documents: bool) -> Iterator[Path]:
    for folder, folders, names in os.walk(root, followlinks=False):
        deep = len(Path(folder).relative_to(root).parts) >= _DEEPEST
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.endswith(endings) or name.startswith("."):
                continue
            path = Path(folder) / name
            known = path.relative_to(root).as_posix() == "plan.md" or path.parent.name in FOLDERS
            if not (only_documents and is_prose(name)) or known:
                yield path


def _text(root: Path, path: Path, name: str) -> str | Fault:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root):
            return _fault(name, "is a link that leads out of the directory", "put the file itself here")
        # Opened without waiting: a pipe with nobody at its other end must not hold us up.
        with open(real, "rb", opener=lambda at, flags: os.open(at, flags | os.O_NONBLOCK)) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                return _fault(name, "is no ordinary file", "remove it")
            if found.st_size > MAX_BYTES:
                return _fault(name, f"{found.st_size:,} bytes are more than {MAX_BYTES:,}", "split the file")
            data = file.read(MAX_BYTES + 1)
    except (OSError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "links in a circle"
        return _fault(name, f"cannot be read: {reason}", "make it readable, or remove it")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        return Fault(Place(name, line, column), dotted(()), "is not UTF-8 from here on", "save it as UTF-8")


def _fault(name: str, problem: str, remedy: str) -> Fault:
    return Fault(Place(name, 1, 1), dotted(()), problem, remedy)
