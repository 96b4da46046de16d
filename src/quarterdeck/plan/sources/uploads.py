"""What somebody uploads or pastes → texts by name: single files, a folder, or a zip. Everything in it is hostile.

Only texts are read, and of an archive no more than a plan may have: a small zip cannot unfold into a large one.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from quarterdeck.kernel.errors import Invalid
from quarterdeck.plan.rules.reading import FOLDERS, MAX_BYTES, MAX_FILES, MAX_TOTAL, read

MAX_UPLOAD = 16_000_000
"""Bytes of a request: a folder of texts with the pictures in it."""
_MOST_ENTRIES = 5_000
_YAML, _PROSE = (".yaml", ".yml"), (".md", ".markdown")
_ODD = re.compile(r"[^A-Za-z0-9._/ -]+")
_NAMELESS = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Upload:
    """One file as it came, with the name that the browser or the archive gave it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class Brought:
    """`plan`: the files of a plan, to be taken as they are; `prose`: texts to make one of."""

    kind: Literal["plan", "prose"]
    texts: dict[str, str]
    left_aside: tuple[str, ...]
    """What is no text of either kind, with why."""


def brought(uploads: Iterable[Upload]) -> Brought:
    """The texts of all uploads. Raises `Invalid` with every fault: too many, too long, no UTF-8, no zip, nothing."""
    texts: dict[str, str] = {}
    aside: list[str] = []
    faults: list[str] = []
    for name, data in _unpacked(uploads, aside, faults):
        if len(texts) >= MAX_FILES:
            faults.append(f"{name}: more than {MAX_FILES} texts; import them in parts")
            break
        text = _decoded(name, data, faults)
        if text is not None:
            texts[_unlike(name, texts)] = text
    total = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts.values())
    if total > MAX_TOTAL:
        faults.append(f"{total:,} bytes in all are more than {MAX_TOTAL:,}; import them in parts")
    if not texts and not faults:
        faults.append("there is no Markdown and no YAML in it; choose files, a folder or a zip, or paste a text")
    if faults:
        raise Invalid("This cannot be imported. Nothing was kept of it.", tuple(faults[:100]))
    texts = _without_shared_folder(texts)
    if _is_plan(texts):
        names = {name for name in texts if _belongs(name)}
        aside += [f"{name}: no part of a plan's files" for name in texts if name not in names]
        return Brought("plan", {name: texts[name] for name in names}, tuple(aside))
    return Brought("prose", texts, tuple(aside))


def _unpacked(uploads: Iterable[Upload], aside: list[str], faults: list[str]) -> Iterator[tuple[str, bytes]]:
    for upload in uploads:
        name = _clean(upload.name)
        if name.lower().endswith(".zip"):
            yield from _of_zip(name, upload.data, aside, faults)
        elif _is_hidden(name):
            continue
        elif not name.lower().endswith((*_YAML, *_PROSE)):
            aside.append(f"{name}: no Markdown and no YAML")
        elif len(upload.data) > MAX_BYTES:
            faults.append(f"{name}: {len(upload.data):,} bytes are more than {MAX_BYTES:,}; split the file")
        else:
            yield name, upload.data


def _of_zip(archive: str, data: bytes, aside: list[str], faults: list[str]) -> Iterator[tuple[str, bytes]]:
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        entries = opened.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        faults.append(f"{archive}: is no zip file that can be read; make it anew, or send the files themselves")
        return
    if len(entries) > _MOST_ENTRIES:
        faults.append(f"{archive}: {len(entries):,} entries are more than {_MOST_ENTRIES:,}; leave out what is no text")
        return
    total = 0
    for entry in entries:
        name = _clean(entry.filename)
        if entry.is_dir() or _is_hidden(name):
            continue
        if not name.lower().endswith((*_YAML, *_PROSE)):
            aside.append(f"{name}: no Markdown and no YAML")
            continue
        content = _entry(opened, entry, name, faults)
        total += len(content)
        if total > 2 * MAX_TOTAL:
            faults.append(f"{archive}: its texts are more than {MAX_TOTAL:,} bytes; import them in parts")
            return
        if content:
            yield name, content


def _entry(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, faults: list[str]) -> bytes:
    """At most one byte more than a file may have, whatever the archive claims."""
    try:
        if entry.flag_bits & 1:
            faults.append(f"{name}: is locked with a password; make the zip without one")
            return b""
        with opened.open(entry) as file:
            content = file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zipfile.LargeZipFile):
        faults.append(f"{name}: cannot be read from the zip; make it anew")
        return b""
    except Exception as error:  # zlib, bz2 and lzma each have errors of their own
        if type(error).__module__ not in ("zlib", "_lzma", "lzma"):
            raise
        faults.append(f"{name}: cannot be read from the zip; make it anew")
        return b""
    if len(content) > MAX_BYTES:
        faults.append(f"{name}: is longer than {MAX_BYTES:,} bytes; split the file")
        return b""
    return content


def _clean(name: str) -> str:
    """A relative path of ordinary characters: no drive, no way up, nothing that turns the text around."""
    parts = [part.strip() for part in _NAMELESS.sub("", name).replace("\\", "/").split("/")]
    kept = [_ODD.sub("-", part)[:100] for part in parts if part not in ("", ".", "..") and not part.endswith(":")]
    return "/".join(kept[-4:]) or "text.md"


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _decoded(name: str, data: bytes, faults: list[str]) -> str | None:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        faults.append(f"{name}:{line}: is not UTF-8 from here on; save it as UTF-8")
        return None
    if "\x00" in text:
        faults.append(f"{name}: holds a NUL character; remove it")
        return None
    return text


def _unlike(name: str, taken: Iterable[str]) -> str:
    """Two files of one name are two files."""
    stem, dot, ending = name.rpartition(".")
    found, number = name, 2
    while found in set(taken):
        found, number = f"{stem}-{number}{dot}{ending}", number + 1
    return found


def _without_shared_folder(texts: dict[str, str]) -> dict[str, str]:
    while texts and all("/" in name for name in texts) and len({name.partition("/")[0] for name in texts}) == 1:
        if next(iter(texts)).partition("/")[0] in FOLDERS:
            break
        texts = {name.partition("/")[2]: text for name, text in texts.items()}
    return texts


def _belongs(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return name.endswith(_YAML) or name == "plan.md" or (folder in FOLDERS and file.endswith(".md"))


def _is_plan(texts: dict[str, str]) -> bool:
    """Whether these are the files of a plan: YAML with sections that only a plan has."""
    structured = {name: text for name, text in texts.items() if name.endswith(_YAML)}
    found = read(structured).document if structured else {}
    return sum(section in found for section in ("posts", "roles", "severity", "types", "procedures", "escalation")) >= 2
